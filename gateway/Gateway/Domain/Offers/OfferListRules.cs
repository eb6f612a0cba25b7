using NodaTime;

namespace Quartier.Gateway.Domain.Offers;

/// <summary>One page of the editors' list.</summary>
/// <param name="Page">From 1; the nearest there is to the one that was asked for.</param>
/// <param name="Found">How many the query found on all pages.</param>
public sealed record OfferListPage(IReadOnlyList<OfferRow> Rows, int Page, int Pages, int Found, int Total);

/// <summary>What of all offers an editor sees. Pure.</summary>
public static class OfferListRules
{
    public const int RowsEach = 50;

    public static OfferListPage PageOf(IReadOnlyList<ListedOffer> offers, OfferQuery query, ScreenContents contents)
    {
        var found = offers.Where(offer => Matches(offer.View, query) && Matches(offer, query, contents))
            .OrderBy(offer => offer.Next?.Start ?? Instant.MaxValue).ThenBy(offer => offer.Title, StringComparer.Ordinal)
            .ToList();
        var pages = Math.Max(1, (found.Count + RowsEach - 1) / RowsEach);
        var page = Math.Clamp(query.Page ?? 1, 1, pages);
        var rows = found.Skip((page - 1) * RowsEach).Take(RowsEach).Select(offer => new OfferRow(offer.View, offer.Next, offer.Problems, PlacesOf(offer, contents)));
        return new OfferListPage([.. rows], page, pages, found.Count, offers.Count);
    }

    private static bool Matches(OfferView view, OfferQuery query) =>
        (string.IsNullOrWhiteSpace(query.Q) || view.Texts.Values.Any(text => Contains(text.Title, query.Q) || Contains(text.Text, query.Q)) || Contains(view.Lead.Place ?? "", query.Q))
        && (string.IsNullOrEmpty(query.Category) || CategoryWords.Slug(view.Category) == query.Category)
        && (string.IsNullOrEmpty(query.Source) || view.Offer.Source == query.Source);

    private static bool Matches(ListedOffer offer, OfferQuery query, ScreenContents contents) => query.Show switch
    {
        "all" => true,
        "hidden" => IsOut(offer),
        "problems" => IsShown(offer) && offer.Problems.Count > 0,
        "full" => PlacesOf(offer, contents) is { TooFull.Count: > 0 },
        _ => IsShown(offer),
    };

    private static OfferPlaces? PlacesOf(ListedOffer offer, ScreenContents contents) => IsShown(offer) ? contents.Of(offer.View.Offer.Id) : null;

    private static bool IsOut(ListedOffer offer) => offer.View.Offer.Edit.Hidden || offer.View.Offer.Withdrawn;

    private static bool IsShown(ListedOffer offer) => !IsOut(offer) && (offer.View.Schedule.IsEmpty || offer.Next is not null);

    private static bool Contains(string text, string wanted) => text.Contains(wanted.Trim(), StringComparison.OrdinalIgnoreCase);
}
