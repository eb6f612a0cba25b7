using System.Globalization;
using System.Text.RegularExpressions;
using NodaTime;

namespace Quartier.Gateway.Domain.Offers.Import;

/// <summary>
/// Dates in titles (R2, R5, R6): "Sa 12.12., 15 Uhr", "7. Januar 2027 um 19.30 Uhr", "28.12.–2.1.", "9–12". A day and month without year
/// needs both dots; an end alone ("bis 15.1.2027") is no start. Ranges and pairs with clock times give one date for each day.
/// </summary>
public static partial class TitleDates
{
    private const int DaysMax = 31;

    private const string Month = @"(?:januar|jänner|jan|februar|feb|märz|maerz|mär|mrz|april|apr|mai|juni|jun|juli|jul|august|aug|september|sept|sep|oktober|okt|november|nov|dezember|dez|january|february|march|may|june|july|october|oct|december|dec)";

    /// <summary>A day; within a range or pair the first may lack month and year ("12./13.12.", "24. bis 26. Dezember").</summary>
    private const string Full = @"(?<![\d.])(?:(?<y>\d{4})-(?<m>\d{2})-(?<d>\d{2})(?!\d)|(?<d>\d{1,2})\.\s?(?<m>\d{1,2})\.(?:(?:\s?(?<y>\d{4})|(?<y>\d{2}))(?!\d|[.:]\d|\s?(?:Uhr|h\b)))?|(?<d>\d{1,2})\.?\s?(?<month>" + Month + @")\b\.?(?:\s(?<y>\d{4})(?!\d))?)";

    [GeneratedRegex(Full, RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex FullDay();

    [GeneratedRegex(@"(?<![\d.])(?<d>\d{1,2})\.\s*(?<join>/|–|—|-|\+|&|bis|und)\s*$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex BareDayBefore();

    [GeneratedRegex(@"^\s*(?<join>/|–|—|-|\+|&|bis|und)\s*(?:zum\s+)?(?:(?:mo|di|mi|do|fr|sa|so|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag)\.?,?\s*(?:(?:den|dem)\s+)?)?$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex JoinBetween();

    [GeneratedRegex(@"\bbis\s+(?:zum\s+|einschließlich\s+)?(?:(?:mo|di|mi|do|fr|sa|so|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag)\.?,?\s*)?(?:(?:den|dem)\s+)?$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex EndAloneBefore();

    [GeneratedRegex(@"(?<![\d.,:])(?<h1>[01]?\d|2[0-4])(?:[:.](?<n1>[0-5]\d))?\s*(?:Uhr|h)?\s*(?<p1>[ap]\.?m\.?)?\s*(?:–|—|-|bis)\s*(?<h2>[01]?\d|2[0-4])(?:[:.](?<n2>[0-5]\d))?(?!\d|[.:]\d|\.\s?\p{L})\s*(?<p2>[ap]\.?m\b\.?)?(?<unit>\s*(?:Uhr|h)\b)?(?!\s*(?:Jahre|J\.|Personen|Plätze|Kinder|Klasse|€|Euro|%))", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex ClockRange();

    [GeneratedRegex(@"(?<![\d.,:])(?:(?<h1>[01]?\d|2[0-4])[:.](?<n1>[0-5]\d)\s*(?:Uhr|h)\b|(?<h1>[01]?\d|2[0-4])\s*(?:Uhr|h)\b|(?<h1>[01]?\d|2[0-4]):(?<n1>[0-5]\d)(?!\d)\s*(?<p1>[ap]\.?m\b\.?)?|(?<h1>1[0-2]|0?\d)(?:[:.](?<n1>[0-5]\d))?\s*(?<p1>[ap]\.?m\b\.?))", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex SingleClock();

    /// <summary>The dates a title names, or none. Reference is the day of publication, else of the fetch.</summary>
    public static IReadOnlyList<Occurrence> Find(string title, LocalDate reference)
    {
        var matches = FullDay().Matches(title).Cast<Match>().ToList();
        for (var i = 0; i < matches.Count; i++)
        {
            if (!IsPlausible(matches[i], reference) || (EndAloneBefore().IsMatch(title[..matches[i].Index]) && !IsSecondOfRange(title, matches, i, reference)))
            {
                continue;
            }

            var days = DaysAt(title, matches, i, reference, out var from, out var to, out var apart);
            if (days.Count > 0)
            {
                return WithClock(title[..from] + " \u241F " + title[to..], days, apart);
            }
        }

        return [];
    }

    private static bool IsSecondOfRange(string title, List<Match> matches, int index, LocalDate reference)
    {
        var before = title[..matches[index].Index];
        return BareDayBefore().IsMatch(before) || (index > 0 && IsPlausible(matches[index - 1], reference));
    }

    private static bool IsPlausible(Match match, LocalDate reference) => TryDay(match, reference, null, out _);

    private static bool TryDay(Match match, LocalDate reference, int? yearOfOther, out LocalDate day)
    {
        var month = match.Groups["month"].Success ? FeedDates.MonthOf(match.Groups["month"].Value) : Number(match, "m");
        return TryDay(match.Groups["y"].Success ? Number(match, "y") : yearOfOther, month, Number(match, "d"), reference, out day);
    }

    private static bool TryDay(int? year, int month, int dayOfMonth, LocalDate reference, out LocalDate day)
    {
        if (year is { } given)
        {
            return FeedDates.TryDay(given < 100 ? 2000 + given : given, month, dayOfMonth, out day);
        }

        // Without year: the first such day on or after the reference; a leap day may need some years.
        for (var candidate = reference.Year; candidate <= reference.Year + 8; candidate++)
        {
            if (FeedDates.TryDay(candidate, month, dayOfMonth, out day) && day >= reference)
            {
                return true;
            }
        }

        day = default;
        return false;
    }

    /// <summary>The day, pair or range that the match belongs to; apart tells a pair or list from a range.</summary>
    private static List<LocalDate> DaysAt(string title, List<Match> matches, int index, LocalDate reference, out int from, out int to, out bool apart)
    {
        var match = matches[index];
        from = match.Index;
        to = match.Index + match.Length;
        apart = false;
        if (!TryDay(match, reference, null, out var day))
        {
            return [];
        }

        if (BareDayBefore().Match(title[..from]) is { Success: true } bare)
        {
            from = bare.Index;
            apart = IsPair(bare);
            var first = FirstOf(Number(bare, "d"), day);
            return first is { } start ? Span(start, day, apart) : [day];
        }

        if (index + 1 < matches.Count && JoinBetween().Match(title[to..matches[index + 1].Index]) is { Success: true } join)
        {
            var second = matches[index + 1];
            if (match.Groups["y"].Success || !second.Groups["y"].Success)
            {
                if (TryDay(second, day, second.Groups["y"].Success ? Number(second, "y") : null, out var last) && last > day)
                {
                    to = second.Index + second.Length;
                    apart = IsPair(join);
                    return Span(day, last, apart);
                }
            }
            else if (TryDay(second, reference, null, out var last) && FirstBefore(match, last) is { } start)
            {
                to = second.Index + second.Length;
                apart = IsPair(join);
                return Span(start, last, apart);
            }
        }

        return [day];
    }

    private static bool IsPair(Match match) => match.Groups["join"].Value.ToLowerInvariant() is "/" or "+" or "&" or "und";

    /// <summary>"30./31.12." and "30. – 2.1.": a bare day lies in the month of the second, or in the one before.</summary>
    private static LocalDate? FirstOf(int dayOfMonth, LocalDate second)
    {
        var month = dayOfMonth < second.Day ? second : second.PlusMonths(-1);
        return FeedDates.TryDay(month.Year, month.Month, dayOfMonth, out var first) ? first : null;
    }

    /// <summary>"30.12.–2.1.2027": the year stands only with the last day; the first is the nearest such day before it.</summary>
    private static LocalDate? FirstBefore(Match match, LocalDate last)
    {
        var month = match.Groups["month"].Success ? FeedDates.MonthOf(match.Groups["month"].Value) : Number(match, "m");
        foreach (var year in new[] { last.Year, last.Year - 1 })
        {
            if (FeedDates.TryDay(year, month, Number(match, "d"), out var first) && first < last)
            {
                return first;
            }
        }

        return null;
    }

    private static List<LocalDate> Span(LocalDate first, LocalDate last, bool apart)
    {
        if (apart)
        {
            return [first, last];
        }

        var days = new List<LocalDate>();
        for (var day = first; day <= last && days.Count <= 400; day = day.PlusDays(1))
        {
            days.Add(day);
        }

        return days;
    }

    private static List<Occurrence> WithClock(string rest, List<LocalDate> days, bool apart)
    {
        if (TryClock(rest, out var start, out var end))
        {
            var each = days.Count <= DaysMax ? days : [days[0]];
            return each.Select(day => Timed(day, start, end)).ToList();
        }

        var isOneSpan = !apart || days.Count < 2 || Period.DaysBetween(days[0], days[^1]) == 1;
        return isOneSpan
            ? [new Occurrence(BerlinTime.StartOf(days[0]), BerlinTime.StartOf(days[^1].PlusDays(1)), true)]
            : days.Select(day => new Occurrence(BerlinTime.StartOf(day), BerlinTime.StartOf(day.PlusDays(1)), true)).ToList();
    }

    /// <summary>R4: a pair of clock times whose end is earlier than its start ends on the next day; 24:00 is the next midnight.</summary>
    private static Occurrence Timed(LocalDate day, (int Hour, int Minute) start, (int Hour, int Minute)? end)
    {
        FeedDates.TryTime(day, start.Hour, start.Minute, 0, out var begins);
        Instant? ends = null;
        if (end is { } clock && FeedDates.TryTime(day, clock.Hour, clock.Minute, 0, out var closes))
        {
            ends = BerlinTime.Resolve(closes <= begins ? closes.PlusDays(1) : closes);
        }

        return new Occurrence(BerlinTime.Resolve(begins), ends, false);
    }

    private static bool TryClock(string text, out (int Hour, int Minute) start, out (int Hour, int Minute)? end)
    {
        if (TryRange(text, explicitly: true, out start, out end) || TrySingle(text, out start))
        {
            return true;
        }

        return TryRange(text, explicitly: false, out start, out end);
    }

    /// <summary>Explicit ranges carry a unit, minutes or am/pm; a bare "9–12" is taken only where nothing clearer stands in the title.</summary>
    private static bool TryRange(string text, bool explicitly, out (int Hour, int Minute) start, out (int Hour, int Minute)? end)
    {
        end = null;
        foreach (Match match in ClockRange().Matches(text))
        {
            var isExplicit = match.Groups["unit"].Success || match.Groups["n1"].Success || match.Groups["n2"].Success || match.Groups["p2"].Success;
            if (isExplicit == explicitly && TryHour(match, "1", match.Groups["p1"].Success ? "p1" : "p2", out start) && TryHour(match, "2", "p2", out var last))
            {
                end = last;
                return true;
            }
        }

        start = default;
        return false;
    }

    private static bool TrySingle(string text, out (int Hour, int Minute) start)
    {
        foreach (Match match in SingleClock().Matches(text))
        {
            if (TryHour(match, "1", "p1", out start))
            {
                return true;
            }
        }

        start = default;
        return false;
    }

    private static bool TryHour(Match match, string which, string half, out (int Hour, int Minute) clock)
    {
        var hour = Number(match, "h" + which);
        var minute = match.Groups["n" + which].Success ? Number(match, "n" + which) : 0;
        clock = (hour, minute);
        if (match.Groups[half].Success && match.Groups[half].Length > 0)
        {
            if (hour is 0 or > 12)
            {
                return false;
            }

            var isAfternoon = match.Groups[half].Value[0] is 'p' or 'P';
            clock = ((hour % 12) + (isAfternoon ? 12 : 0), minute);
        }

        return hour < 24 || minute == 0;
    }

    private static int Number(Match match, string group) => int.Parse(match.Groups[group].Value, NumberStyles.None, CultureInfo.InvariantCulture);
}
