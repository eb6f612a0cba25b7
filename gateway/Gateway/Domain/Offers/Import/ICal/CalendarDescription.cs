using System.Globalization;
using System.Text.RegularExpressions;
using NodaTime;

namespace Quartier.Gateway.Domain.Offers.Import.ICal;

/// <summary>What an event says about itself besides its dates: texts, place, contact and sort.</summary>
internal sealed partial class CalendarDescription(ImportSettings settings, CalendarDates dates, string? calendarName)
{
    [GeneratedRegex(@"[+(]?[0-9][0-9\s()/.-]{4,24}[0-9]", RegexOptions.CultureInvariant)]
    private static partial Regex Phone();

    /// <summary>A SUMMARY may carry line breaks (RFC 5545 §3.8.1.12); they are kept here and become spaces where it is shown.</summary>
    public static string TitleOf(CalendarComponent part) => Plain(part.Value("SUMMARY"));

    public static string? LineOrNull(string? value) => FeedText.LineOrNull(Plain(value));

    public Instant? UpdatedOf(CalendarComponent part) => part.First("LAST-MODIFIED") is { } modified && dates.TryTime(modified, out var at) ? at.At : null;

    private static string Plain(string? value) => FeedText.FromText(ContentLines.Unescape(value ?? ""));

    /// <summary>Outlook keeps the formatted text beside the plain one, and sometimes instead of it.</summary>
    private static string TextOf(CalendarComponent part, List<ContentLine> descriptions)
    {
        var text = Plain(descriptions.Count > 0 ? descriptions[0].Value : "");
        return text.Length > 0 ? text : Plain(part.Value("X-ALT-DESC"));
    }

    public OfferItem Item(string key, CalendarComponent part, Schedule schedule)
    {
        var summaries = part.All("SUMMARY").ToList();
        var descriptions = part.All("DESCRIPTION").ToList();
        var language = FeedLinks.FirstSubtag(summaries[0].Parameter("LANGUAGE")) ?? settings.Language;
        var text = TextOf(part, descriptions);
        var translations = new SortedDictionary<string, OfferText>(StringComparer.Ordinal);
        foreach (var summary in summaries.Skip(1))
        {
            var tag = FeedLinks.FirstSubtag(summary.Parameter("LANGUAGE"));
            if (tag is not null && tag != language)
            {
                var translated = descriptions.FirstOrDefault(line => FeedLinks.FirstSubtag(line.Parameter("LANGUAGE")) == tag)?.Value;
                translations[tag] = new OfferText(FeedText.Line(Plain(summary.Value)), Plain(translated));
            }
        }

        return new OfferItem(key, key, settings.Kind ?? OfferKind.Event, language, TitleOf(part), text, schedule)
        {
            KeyIsGiven = part.First("UID") is not null,
            Url = FeedLinks.Resolve(part.Value("URL"), settings.SourceUrl),
            Place = LineOrNull(part.Value("LOCATION")),
            Provider = LineOrNull(part.First("ORGANIZER")?.Parameter("CN")) ?? calendarName,
            Phone = PhoneOf(part),
            Categories = Rss.RssReader.Distinct(part.All("CATEGORIES").SelectMany(line => ContentLines.List(line.Value)).Select(FeedText.FromText)),
            Attachments = Rss.RssReader.Distinct(part.All("ATTACH").Where(line => line.Parameter("VALUE") is null or "URI").Select(line => FeedLinks.Resolve(line.Value, settings.SourceUrl))),
            Point = PointOf(key, part.Value("GEO")),
            Translations = translations,
            Flags = CategoryRules.FlagsOf(TitleOf(part) + "\n" + text),
            Updated = UpdatedOf(part),
        };
    }

    private static string? PhoneOf(CalendarComponent part)
    {
        var contact = FeedText.Line(Plain(part.Value("CONTACT")));
        var match = Phone().Match(contact);
        return match.Success ? match.Value : null;
    }

    private GeoPoint? PointOf(string key, string? written)
    {
        var parts = (written ?? "").Split(';');
        if (parts.Length != 2
            || !double.TryParse(parts[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var latitude)
            || !double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var longitude))
        {
            return null;
        }

        if (new GeoPoint(latitude, longitude) is { IsReal: true } point)
        {
            return point;
        }

        dates.Warn($"point-out-of-range: {key}");
        return null;
    }
}
