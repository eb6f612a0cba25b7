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
    private const string Full = @"(?<![0-9.])(?:(?<y>[0-9]{4})-(?<m>[0-9]{2})-(?<d>[0-9]{2})(?![0-9])|(?<d>[0-9]{1,2})\.\s?(?<m>[0-9]{1,2})\.(?:(?:\s?(?<y>[0-9]{4})|(?<y>[0-9]{2}))(?![0-9]|[.:][0-9]|\s?(?:Uhr|h\b)))?|(?<d>[0-9]{1,2})\.?\s?(?<month>" + Month + @")\b\.?(?:\s(?<y>[0-9]{4})(?![0-9]))?)";

    [GeneratedRegex(Full, RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex FullDay();

    [GeneratedRegex(@"(?<![0-9.])(?<d>[0-9]{1,2})\.\s*(?<join>/|–|—|-|\+|&|bis|und)\s*$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex BareDayBefore();

    [GeneratedRegex(@"^\s*(?<join>/|–|—|-|\+|&|bis|und)\s*(?:zum\s+)?(?:(?:mo|di|mi|do|fr|sa|so|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag)\.?,?\s*(?:(?:den|dem)\s+)?)?$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex JoinBetween();

    [GeneratedRegex(@"^\s*(?:,|/|\+|&|und|,\s*und)\s*(?:(?:mo|di|mi|do|fr|sa|so|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag)\.?,?\s*(?:(?:den|dem|am)\s+)?)?$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex ListBetween();

    [GeneratedRegex(@"(?<![\p{L}])(?<w>\p{L}{2,10})\.?,?\s*(?:(?:den|dem|am|the)\s+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex WeekdayBefore();

    [GeneratedRegex(@"\bbis\s+(?:zum\s+|einschließlich\s+)?(?:(?:mo|di|mi|do|fr|sa|so|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag)\.?,?\s*)?(?:(?:den|dem)\s+)?$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex EndAloneBefore();

    /// <summary>What stands further back in a title is not searched: no person writes so, and the search must stay short.</summary>
    private const int LengthMax = 300;

    /// <summary>The dates a title names, or none. Reference is the day of publication, else of the fetch.</summary>
    public static IReadOnlyList<Occurrence> Find(string title, LocalDate reference) => Find(title, reference, out _, out _, out _);

    /// <summary>As above; tells too (R5, R1) whether a weekday in front does not fit, whether the clock change skips the time, and which clock times were not used.</summary>
    public static IReadOnlyList<Occurrence> Find(string whole, LocalDate reference, out bool weekdayMismatch, out bool movedOutOfGap, out IReadOnlyList<string> ignored)
    {
        weekdayMismatch = movedOutOfGap = false;
        ignored = [];
        var title = whole.Length > LengthMax ? whole[..LengthMax] : whole;
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
                var weekday = WeekdayBefore().Match(title[..from]) is { Success: true } word ? FeedDates.WeekdayOf(word.Groups["w"].Value) : IsoDayOfWeek.None;
                weekdayMismatch = weekday != IsoDayOfWeek.None && weekday != days[0].DayOfWeek;
                return WithClock(title[..from] + " \u241F " + title[to..], days, apart, out movedOutOfGap, out ignored);
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
        var year = match.Groups["y"].Success ? Number(match, "y") : yearOfOther;
        return FeedDates.TryDay(year < 100 ? 2000 + year : year, month, Number(match, "d"), reference, out day);
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
            return BareDays(title, bare, day, ref from, out apart);
        }

        if (ListAt(title, matches, index, reference) is { Count: > 1 } list)
        {
            apart = true;
            to = matches[index + list.Count - 1].Index + matches[index + list.Count - 1].Length;
            return list;
        }

        if (index + 1 < matches.Count && JoinBetween().IsMatch(title[to..matches[index + 1].Index]))
        {
            var second = matches[index + 1];
            if (match.Groups["y"].Success || !second.Groups["y"].Success)
            {
                if (TryDay(second, day, second.Groups["y"].Success ? Number(second, "y") : null, out var last) && last > day)
                {
                    to = second.Index + second.Length;
                    return Range(day, last);
                }
            }
            else if (TryDay(second, reference, null, out var last) && FirstBefore(match, last) is { } start)
            {
                to = second.Index + second.Length;
                return Range(start, last);
            }
        }

        return [day];
    }

    /// <summary>"12./13.12.", "24. bis 26. Dezember", "5./12./19.12.": days without month before one with it.</summary>
    private static List<LocalDate> BareDays(string title, Match bare, LocalDate last, ref int from, out bool apart)
    {
        apart = IsPair(bare);
        from = bare.Index;
        if (FirstOf(Number(bare, "d"), last) is not { } first)
        {
            return [last];
        }

        if (!apart)
        {
            return Range(first, last);
        }

        var days = new List<LocalDate> { first, last };
        while (BareDayBefore().Match(title[..from]) is { Success: true } more && IsPair(more) && FirstOf(Number(more, "d"), days[0]) is { } earlier)
        {
            from = more.Index;
            days.Insert(0, earlier);
        }

        return days;
    }

    /// <summary>"5.12., 12.12. und 19.12.": whole dates in ascending order, joined by commas or like a pair. A year at the end counts for all.</summary>
    private static List<LocalDate> ListAt(string title, List<Match> matches, int index, LocalDate reference)
    {
        var end = index;
        while (end + 1 < matches.Count && end - index < DaysMax
            && ListBetween().IsMatch(title[(matches[end].Index + matches[end].Length)..matches[end + 1].Index]))
        {
            end++;
        }

        var days = new List<LocalDate>();
        if (matches[end].Groups["y"].Success && !matches[index].Groups["y"].Success)
        {
            for (var i = end; i >= index; i--)
            {
                var day = i < end ? FirstBefore(matches[i], days[0]) : TryDay(matches[i], reference, null, out var last) ? last : null;
                if (day is not { } found)
                {
                    return [];
                }

                days.Insert(0, found);
            }

            return days;
        }

        for (var i = index; i <= end && TryDay(matches[i], days.Count > 0 ? days[^1] : reference, null, out var next) && (days.Count == 0 || next > days[^1]); i++)
        {
            days.Add(next);
        }

        return days;
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

    private static List<LocalDate> Range(LocalDate first, LocalDate last)
    {
        var days = new List<LocalDate>();
        for (var day = first; day <= last && days.Count <= 400; day = day.PlusDays(1))
        {
            days.Add(day);
        }

        return days;
    }

    private static List<Occurrence> WithClock(string rest, List<LocalDate> days, bool apart, out bool movedOutOfGap, out IReadOnlyList<string> ignored)
    {
        movedOutOfGap = false;
        var clocks = TitleClocks.Find(rest, out ignored);
        if (clocks.Count > 0)
        {
            var each = days.Count <= DaysMax ? days : [days[0]];
            movedOutOfGap = each.Any(day => clocks.Any(clock => FeedDates.TryTime(day, clock.Start.Hour, clock.Start.Minute, 0, out var begins) && BerlinTime.IsInGap(begins)));
            return each.SelectMany(day => clocks.Select(clock => Timed(day, clock.Start, clock.End))).ToList();
        }

        var isOneSpan = !apart || Period.DaysBetween(days[0], days[^1]) == days.Count - 1;
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

    private static int Number(Match match, string group) => int.Parse(match.Groups[group].Value, NumberStyles.None, CultureInfo.InvariantCulture);
}
