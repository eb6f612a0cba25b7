using NodaTime;
using Quartier.Gateway.Domain.Offers.Import;

namespace Quartier.Gateway.Domain.Offers;

/// <summary>An offer as it is shown: its items as one, with the editors' changes on top.</summary>
public sealed record OfferView(Offer Offer, OfferItem Lead, Schedule Schedule, IReadOnlyDictionary<string, OfferText> Texts, OfferCategory Category, OfferFlags Flags, string? Url)
{
    public string Language => Lead.Language;

    /// <summary>The title in the wanted language, else German, else the offer's own; always one line.</summary>
    public string TitleIn(string language) => FeedText.Line(TextIn(language).Title);

    public OfferText TextIn(string language) =>
        Texts.TryGetValue(language, out var text) ? text : Texts.TryGetValue("de", out var german) ? german : Texts[Lead.Language];

    /// <summary>The lead item is that of the next date, so that link and text belong to what comes (R9).</summary>
    public static OfferView Of(Offer offer, Instant now)
    {
        var lead = offer.Items.FirstOrDefault(item => item.Schedule.IsEmpty || !ScheduleRules.IsOver(item.Schedule, now)) ?? offer.Items[^1];
        var schedule = offer.Items.Count == 1
            ? lead.Schedule
            : new Schedule(
                offer.Items.SelectMany(item => item.Schedule.Once).ToList(),
                offer.Items.SelectMany(item => item.Schedule.Series).ToList(),
                offer.Items.SelectMany(item => item.Schedule.Changes).ToList());
        var texts = new SortedDictionary<string, OfferText>(StringComparer.Ordinal) { [lead.Language] = new OfferText(lead.Title, lead.Text) };
        foreach (var (language, text) in lead.Translations.Concat(offer.Edit.Texts))
        {
            texts[language] = text;
        }

        return new OfferView(offer, lead, schedule, texts, offer.Edit.Category ?? CategoryRules.CategoryOf(lead), lead.Flags, lead.Url);
    }

    /// <summary>Whether residents may see it at all at this moment.</summary>
    public bool IsShownAt(Instant now) => !Offer.Edit.Hidden && !Offer.Withdrawn && !ScheduleRules.IsOver(Schedule, now);
}
