using Microsoft.AspNetCore.WebUtilities;

namespace Quartier.Gateway.Domain.Offers;

/// <summary>What of the list an editor wants to see, as it stands in the address.</summary>
/// <param name="Q">Words in title, text or place.</param>
/// <param name="Page">From 1.</param>
public sealed record OfferQuery(string? Q, string? Category, string? Source, string? Show, int? Page)
{
    public string ListAddress => Address("/offers/list", Page);

    public string PageAddress(int page) => Address("/offers", page);

    private string Address(string path, int? page) => QueryHelpers.AddQueryString(path, new Dictionary<string, string?>
    {
        ["q"] = Given(Q),
        ["category"] = Given(Category),
        ["source"] = Given(Source),
        ["show"] = Given(Show),
        ["page"] = page is > 1 ? page.Value.ToString(System.Globalization.CultureInfo.InvariantCulture) : null,
    });

    private static string? Given(string? value) => string.IsNullOrEmpty(value) ? null : value;
}
