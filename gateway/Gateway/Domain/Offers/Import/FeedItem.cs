using System.Globalization;
using System.Text.RegularExpressions;
using NodaTime;

namespace Quartier.Gateway.Domain.Offers.Import;

/// <summary>One item of RSS or Atom after its markup is gone: texts are plain, dates and places still as written.</summary>
internal sealed record FeedItem(int Number)
{
    public string? Id { get; init; }

    public string Title { get; init; } = "";

    public string Text { get; init; } = "";

    public string? Link { get; init; }

    public string Language { get; init; } = "de";

    public string? EventStart { get; init; }

    public string? EventEnd { get; init; }

    public string? CalendarStart { get; init; }

    public string? CalendarEnd { get; init; }

    public string? Published { get; init; }

    public string? Updated { get; init; }

    public string? Location { get; init; }

    public string? Provider { get; init; }

    public IReadOnlyList<string> Categories { get; init; } = [];

    public IReadOnlyList<string> Hints { get; init; } = [];

    public IReadOnlyList<string> Attachments { get; init; } = [];

    public string? Point { get; init; }

    public bool IsDraft { get; init; }

    public string Label => Id ?? string.Create(CultureInfo.InvariantCulture, $"item {Number}");
}

/// <summary>What all items of one feed share.</summary>
internal sealed record Feed(string Format, string? Name, string? Title, IReadOnlyList<FeedItem> Items)
{
    public IReadOnlyList<string> Deleted { get; init; } = [];

    public string? NextPage { get; init; }

    public List<string> Warnings { get; init; } = [];
}

/// <summary>From feed items to offer items by the rules R2 to R8 and R13; pure.</summary>
internal static partial class FeedItemRules
{
    [GeneratedRegex(@"\s@\s+(?<place>[^@]+)$|\(Ort:\s*(?<place>[^()]+)\)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex PlaceInTitle();

    [GeneratedRegex(@"ehrenamt|freiwillig|engagement|volunteer", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex VolunteeringName();

    public static Reading Read(Feed feed, ImportSettings settings)
    {
        var warnings = new List<string>(feed.Warnings);
        var kind = settings.Kind ?? (VolunteeringName().IsMatch($"{feed.Title} {feed.Name}") ? OfferKind.Volunteering : OfferKind.Event);
        var examined = feed.Items.Select(raw => new Examined(raw, Examine(raw, kind, settings, warnings, out var item), item)).ToList();
        var skipped = WithoutDuplicates(examined);
        var standing = examined.Where(entry => entry.Skip is null).ToList();
        return new Reading(feed.Format)
        {
            SourceName = feed.Name,
            Items = standing.Where(entry => entry.Reason is null).Select(entry => entry.Item!).ToList(),
            Skipped = skipped,
            CalledOff = standing.Where(entry => entry.Reason is SkipReason.Cancelled or SkipReason.Postponed).Select(entry => CalledOffBy(entry.Item!, entry.Reason!)).ToList(),
            Over = standing.Where(entry => entry.Reason == SkipReason.Past).Select(entry => entry.Item!).ToList(),
            Deleted = feed.Deleted,
            Warnings = warnings,
            NextPage = feed.NextPage,
        };
    }

    private static string? Examine(FeedItem raw, OfferKind kind, ImportSettings settings, List<string> warnings, out OfferItem? item)
    {
        item = null;
        if (raw.IsDraft)
        {
            return SkipReason.Draft;
        }

        if (raw.Title.Length == 0)
        {
            return SkipReason.NoTitle;
        }

        var place = raw.Location ?? (PlaceInTitle().Match(raw.Title) is { Success: true } match ? FeedText.LineOrNull(match.Groups["place"].Value) : null);
        var fault = Dates(raw, settings, warnings, out var occurrences);
        var schedule = occurrences.Count == 0 ? Schedule.None : new Schedule(occurrences, [], []);
        var key = raw.Id ?? raw.Link ?? StandInKey(raw.Title, schedule, place);
        item = new OfferItem(key, raw.Label, kind, raw.Language, raw.Title, raw.Text, schedule)
        {
            KeyIsGiven = raw.Id is not null,
            Url = raw.Link,
            Place = place,
            Provider = raw.Provider,
            Categories = raw.Categories,
            Hints = raw.Hints,
            Attachments = raw.Attachments,
            Point = PointOf(raw, warnings),
            Flags = CategoryRules.FlagsOf(raw.Title + "\n" + raw.Text),
            Updated = UpdatedOf(raw),
            MayJoin = true,
        };
        if (CalledOffTitles.IsCancelled(raw.Title))
        {
            return SkipReason.Cancelled;
        }

        if (CalledOffTitles.IsPostponed(raw.Title))
        {
            return SkipReason.Postponed;
        }

        if (occurrences.Count == 0)
        {
            if (kind != OfferKind.Event && fault == SkipReason.MalformedDate)
            {
                warnings.Add($"date-malformed: {raw.Label}");
            }

            return kind == OfferKind.Event ? fault : null;
        }

        return !settings.KeepPast && ScheduleRules.IsOver(schedule, settings.WindowStart) ? SkipReason.Past : null;
    }

    private static Instant? UpdatedOf(FeedItem raw) =>
        FeedDates.TryParse(raw.Updated, out var updated) ? updated.At : FeedDates.TryParse(raw.Published, out var published) ? published.At : null;

    /// <summary>R8: without id and link, title, start and place stand in, compared without case and repeated spaces.</summary>
    private static string StandInKey(string title, Schedule schedule, string? place)
    {
        var start = schedule.Once.Count == 0 ? "" : BerlinTime.Utc(schedule.Once[0].Start);
        return $"{FeedText.Line(title).ToLowerInvariant()}|{start}|{FeedText.Line(place).ToLowerInvariant()}";
    }

    /// <summary>R2: event module, xcal, publication date if the source says so, date in the title. Null: at least one date was found.</summary>
    private static string? Dates(FeedItem raw, ImportSettings settings, List<string> warnings, out IReadOnlyList<Occurrence> occurrences)
    {
        var malformed = false;
        var reference = FeedDates.TryParse(raw.Published, out var published) ? published.Day : BerlinTime.DayOf(settings.Now);
        var candidates = new List<(string? Start, string? End)> { (raw.EventStart, raw.EventEnd), (raw.CalendarStart, raw.CalendarEnd) };
        if (settings.PubDateIsStart)
        {
            candidates.Add((raw.Published, null));
        }

        foreach (var (start, end) in candidates)
        {
            if (string.IsNullOrWhiteSpace(start))
            {
                continue;
            }

            if (FeedDates.TryParse(start, out var from, reference))
            {
                Warn(raw, from.WeekdayMismatch, from.MovedOutOfGap, warnings);
                occurrences = [Occurs(raw, from, end, warnings)];
                return null;
            }

            malformed = true;
        }

        occurrences = TitleDates.Find(raw.Title, reference, out var weekdayMismatch, out var movedOutOfGap, out var ignored);
        warnings.AddRange(ignored.Select(clock => $"clock-time-ignored: {raw.Label} ({clock})"));
        Warn(raw, weekdayMismatch, movedOutOfGap, warnings);
        return occurrences.Count > 0 ? null : malformed ? SkipReason.MalformedDate : SkipReason.NoDate;
    }

    private static void Warn(FeedItem raw, bool weekdayMismatch, bool movedOutOfGap, List<string> warnings)
    {
        if (weekdayMismatch)
        {
            warnings.Add($"weekday-mismatch: {raw.Label}");
        }

        if (movedOutOfGap)
        {
            warnings.Add($"time-in-clock-change: {raw.Label}");
        }
    }

    private static Occurrence Occurs(FeedItem raw, FeedDate from, string? endText, List<string> warnings)
    {
        FeedDate? to = null;
        if (!string.IsNullOrWhiteSpace(endText))
        {
            if (FeedDates.TryParse(endText, out var read, from.Day))
            {
                Warn(raw, read.WeekdayMismatch, read.MovedOutOfGap, warnings);
                to = read;
            }
            else
            {
                warnings.Add($"end-malformed: {raw.Label}");
            }
        }

        if (to is not null && (to.At < from.At && !(to.IsDayOnly && to.Day == from.Day)))
        {
            warnings.Add($"end-before-start: {raw.Label}");
            to = null;
        }

        if (from.IsDayOnly)
        {
            var lastDay = to?.Day ?? from.Day;
            return new Occurrence(from.At, BerlinTime.StartOf(lastDay.PlusDays(1)), true);
        }

        // A start with a clock time and an end that is only a day: the same day says nothing, a later day runs to its end.
        var end = to is null || (to.IsDayOnly && to.Day == from.Day) ? (Instant?)null : to.IsDayOnly ? BerlinTime.StartOf(to.Day.PlusDays(1)) : to.At;
        return new Occurrence(from.At, end, false);
    }

    private static GeoPoint? PointOf(FeedItem raw, List<string> warnings)
    {
        var parts = (raw.Point ?? "").Split([' ', ',', '\n', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 0)
        {
            return null;
        }

        if (parts.Length < 2
            || !double.TryParse(parts[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var latitude)
            || !double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var longitude))
        {
            warnings.Add($"point-malformed: {raw.Label}");
            return null;
        }

        if (new GeoPoint(latitude, longitude) is { IsReal: true } point)
        {
            return point;
        }

        warnings.Add($"point-out-of-range: {raw.Label}");
        return null;
    }

    private static CalledOff CalledOffBy(OfferItem item, string reason) => new(item.Key, CalledOffTitles.Without(item.Title))
    {
        Reason = reason,
        Link = item.Url,
        Place = item.Place,
        Start = item.Schedule.Once.FirstOrDefault()?.Start,
        Updated = item.Updated,
    };

    /// <summary>
    /// R8: of two items with one identity the newer wins, else the first, whatever becomes of it: the newer may be over or called off.
    /// Gives what is left out, in the order of the feed.
    /// </summary>
    private static List<Skipped> WithoutDuplicates(List<Examined> examined)
    {
        var kept = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < examined.Count; i++)
        {
            if (examined[i].Item is not { } item)
            {
                examined[i].Skip = new Skipped(examined[i].Raw.Label, examined[i].Reason!, examined[i].Raw.Title);
                continue;
            }

            if (!kept.TryGetValue(item.Key, out var other))
            {
                kept[item.Key] = i;
                continue;
            }

            var (winner, loser) = IsNewer(examined[i], examined[other]) ? (i, other) : (other, i);
            kept[item.Key] = winner;
            examined[loser].Skip = new Skipped(examined[loser].Raw.Label, SkipReason.Duplicate, examined[loser].Raw.Title) { Of = examined[winner].Raw.Label };
        }

        return examined.Select(entry => entry.Skip ?? (entry.Reason is { } reason ? new Skipped(entry.Raw.Label, reason, entry.Raw.Title) : null)).OfType<Skipped>().ToList();
    }

    /// <summary>Where the source dates neither of two, a cancellation counts: a date that does not take place must not be shown.</summary>
    private static bool IsNewer(Examined entry, Examined other) => (entry.Item!.Updated, other.Item!.Updated) switch
    {
        ({ } updated, { } earlier) when updated != earlier => updated > earlier,
        ({ }, null) => true,
        (null, { }) => false,
        _ => entry.Reason == SkipReason.Cancelled && other.Reason != SkipReason.Cancelled,
    };

    /// <param name="Reason">Why it would be left out; null where it stands.</param>
    /// <param name="Item">Null where the item has nothing to be known by.</param>
    private sealed record Examined(FeedItem Raw, string? Reason, OfferItem? Item)
    {
        public Skipped? Skip { get; set; }
    }
}
