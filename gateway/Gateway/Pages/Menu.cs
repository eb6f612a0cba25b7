using System.Security.Claims;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Pages;

public sealed record MenuLink(string Path, string German, string English, params string[] Roles);

/// <summary>The main menu: each person sees the pages of their roles.</summary>
public static class Menu
{
    private static readonly MenuLink[] Links =
    [
        new("/now", "Jetzt", "Now", Roles.Street, Roles.Admin),
        new("/board", "Schlafkapseln", "Pods", Roles.Street, Roles.Admin),
        new("/deliveries", "Zustellungen", "Deliveries", Roles.Street, Roles.Admin),
        new("/offers", "Angebote", "Offers", Roles.Editor, Roles.Admin),
        new("/fleet", "Geräte", "Devices", Roles.Facility, Roles.Admin),
        new("/refusals", "Abgelehnt", "Refused", Roles.Facility, Roles.Admin),
        new("/planning", "Planung", "Planning", Roles.Planner, Roles.Admin),
        new("/provider", "Anbieten", "Offering", Roles.Provider),
        new("/connections", "Verbindungen", "Connections", Roles.Admin),
        new("/accounts", "Konten", "Accounts", Roles.Admin),
        new("/audit", "Protokoll", "Audit log", Roles.Admin),
    ];

    public static IReadOnlyList<MenuLink> For(ClaimsPrincipal person) => [.. Links.Where(link => link.Roles.Any(person.IsInRole))];

    /// <summary>Pages outside the menu are everybody's.</summary>
    public static bool IsOpenTo(ClaimsPrincipal person, string path) =>
        Links.All(link => !new PathString(path).StartsWithSegments(link.Path) || link.Roles.Any(person.IsInRole));

    /// <summary>Whether a person's start page shows a fault. Who watches over pods or devices sees them all; others those of their own pages.</summary>
    public static bool Shows(ClaimsPrincipal person, Fault fault) =>
        person.IsInRole(Roles.Street) || person.IsInRole(Roles.Facility) || person.IsInRole(Roles.Admin)
        || (fault.Page is { } page && IsOpenTo(person, page));
}
