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

    public static OfferListPage PageOf(IReadOnlyList<Offer> offers, OfferQuery query, Instant now)
    {
        var found = offers.Select(offer => OfferView.Of(offer, now))
            .Where(view => Matches(view, query))
            .Select(view => (View: view, Next: ScheduleRules.Next(view.Schedule, now, 1).FirstOrDefault()))
            .Where(dated => Matches(dated.View, dated.Next, query))
            .OrderBy(dated => dated.Next?.Start ?? Instant.MaxValue).ThenBy(dated => dated.View.TitleIn("de"), StringComparer.Ordinal)
            .ToList();
        var pages = Math.Max(1, (found.Count + RowsEach - 1) / RowsEach);
        var page = Math.Clamp(query.Page ?? 1, 1, pages);
        // Looking for problems draws every letter: for the rows that are shown only.
        var rows = found.Skip((page - 1) * RowsEach).Take(RowsEach).Select(dated => new OfferRow(dated.View, dated.Next, CatalogueRules.Problems(dated.View)));
        return new OfferListPage([.. rows], page, pages, found.Count, offers.Count);
    }

    private static bool Matches(OfferView view, OfferQuery query) =>
        (string.IsNullOrWhiteSpace(query.Q) || view.Texts.Values.Any(text => Contains(text.Title, query.Q) || Contains(text.Text, query.Q)) || Contains(view.Lead.Place ?? "", query.Q))
        && (string.IsNullOrEmpty(query.Category) || CategoryWords.Slug(view.Category) == query.Category)
        && (string.IsNullOrEmpty(query.Source) || view.Offer.Source == query.Source);

    private static bool Matches(OfferView view, Occurrence? next, OfferQuery query)
    {
        var isOut = view.Offer.Edit.Hidden || view.Offer.Withdrawn;
        var isShown = !isOut && (view.Schedule.IsEmpty || next is not null);
        return query.Show switch
        {
            "all" => true,
            "hidden" => isOut,
            "problems" => isShown && CatalogueRules.Problems(view).Count > 0,
            _ => isShown,
        };
    }

    private static bool Contains(string text, string wanted) => text.Contains(wanted.Trim(), StringComparison.OrdinalIgnoreCase);
}
