namespace Quartier.Gateway.Pages;

/// <summary>A sentence or two in red above every page, and the page that says more.</summary>
public sealed record Banner(string German, string English, MenuLink Link);

/// <returns>Null: nothing to be said at the moment.</returns>
public delegate Banner? CurrentBanner();
