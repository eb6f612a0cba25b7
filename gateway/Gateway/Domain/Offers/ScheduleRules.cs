using NodaTime;

namespace Quartier.Gateway.Domain.Offers;

/// <summary>From a schedule to its dates. Pure; the caller names the window.</summary>
public static class ScheduleRules
{
    /// <summary>How far ahead a next date is looked for: a leap day's distance over a century without one, and some.</summary>
    public static readonly Duration HorizonMax = Duration.FromDays(366 * 9);

    private const int OccurrencesMax = 20_000;

    /// <summary>Dates that are not over at <paramref name="from"/> and begin before <paramref name="to"/>, ascending.</summary>
    public static IReadOnlyList<Occurrence> Between(Schedule schedule, Instant from, Instant to)
    {
        var moved = schedule.Changes.Select(change => change.Original).ToHashSet();
        var found = new SortedSet<Occurrence>(ByStart.Instance);
        foreach (var occurrence in schedule.Once.Concat(schedule.Changes.Select(change => change.Replacement).OfType<Occurrence>()))
        {
            if (!occurrence.IsOverAt(from) && occurrence.Start < to)
            {
                found.Add(occurrence);
            }
        }

        foreach (var series in schedule.Series)
        {
            foreach (var occurrence in Expand(series, from, to).Where(dated => !moved.Contains(dated.Original)).Select(dated => dated.Occurrence))
            {
                if (!occurrence.IsOverAt(from) && occurrence.Start < to)
                {
                    found.Add(occurrence);
                }

                if (found.Count >= OccurrencesMax)
                {
                    break;
                }
            }
        }

        return found.ToList();
    }

    /// <summary>The next dates that are not over at <paramref name="from"/>, at most <paramref name="count"/>.</summary>
    public static IReadOnlyList<Occurrence> Next(Schedule schedule, Instant from, int count)
    {
        foreach (var days in new[] { 31, 400, 366 * 9 })
        {
            var found = Between(schedule, from, from + Duration.FromDays(days));
            if (found.Count >= count || days == 366 * 9 || schedule.Series.Count == 0)
            {
                return (schedule.Series.Count == 0 ? Between(schedule, from, Instant.MaxValue) : found).Take(count).ToList();
            }
        }

        return [];
    }

    /// <summary>R7: everything it names is over. An offer without any date is never over.</summary>
    public static bool IsOver(Schedule schedule, Instant at) => !schedule.IsEmpty && Next(schedule, at, 1).Count == 0;

    /// <summary>Dates that were called off, inside the window.</summary>
    public static IReadOnlyList<Instant> CalledOff(Schedule schedule, Instant from, Instant to) =>
        schedule.Changes.Where(change => change.Replacement is null && change.Original >= from && change.Original < to)
            .Select(change => change.Original).Order().ToList();

    private readonly record struct Dated(Instant Original, Occurrence Occurrence);

    private static IEnumerable<Dated> Expand(Series series, Instant from, Instant to)
    {
        var zone = BerlinTime.ZoneOf(series.Zone);
        var firstDay = FirstDay(series, from);
        var lastDay = to == Instant.MaxValue ? new LocalDate(9000, 1, 1) : to.InZone(zone).Date.PlusDays(1);
        if (series.LastDay is { } last && last.PlusDays(1) < lastDay)
        {
            lastDay = last.PlusDays(1);
        }

        var removed = series.RemovedDates.ToHashSet();
        IEnumerable<LocalDateTime> starts = series.Rule is null
            ? [series.Start]
            : Recurrence.TryParse(series.Rule, out var rule, out _)
                ? RecurrenceRules.Expand(rule, series.Start, series.StartCounts, zone, firstDay, lastDay)
                : [series.Start];
        foreach (var start in starts.Concat(series.ExtraDates))
        {
            if (removed.Contains(start) || (series.AllDay && removed.Contains(start.Date.AtMidnight())))
            {
                continue;
            }

            var occurrence = At(series, start, zone, out var original);
            var day = BerlinTime.DayOf(occurrence.Start);
            if ((series.FirstDay is not { } first || day >= first) && (series.LastDay is not { } end || day <= end) && !IsClosed(series, day))
            {
                yield return new Dated(original, occurrence);
            }
        }
    }

    /// <summary>No date before this day can still be running: its length, moved dates and the zones' distance are allowed for.</summary>
    private static LocalDate FirstDay(Series series, Instant from)
    {
        if (from <= Instant.FromUtc(1900, 1, 1, 0, 0) || series.Shifts.Count > 0)
        {
            return series.Start.Date;
        }

        var length = series.Length ?? new SeriesLength();
        var seconds = length.LocalSeconds + length.ExactSeconds;
        return BerlinTime.DayOf(from).PlusDays(-3 - length.Days - (int)Math.Min(seconds / NodaConstants.SecondsPerDay, 100_000));
    }

    private static bool IsClosed(Series series, LocalDate day) =>
        (series.ClosedOnPublicHolidays && HolidayRules.IsPublicHoliday(day)) || (series.ClosedInSchoolHolidays && HolidayRules.IsSchoolHoliday(day));

    private static Occurrence At(Series series, LocalDateTime start, DateTimeZone zone, out Instant original)
    {
        var length = series.Length;
        var local = start;
        original = BerlinTime.Resolve(start, zone);
        foreach (var shift in series.Shifts)
        {
            if (start >= shift.From)
            {
                local = start.PlusSeconds(shift.LocalSeconds);
                length = shift.Length;
            }
        }

        var begins = BerlinTime.Resolve(local, zone);
        if (length is null)
        {
            return new Occurrence(begins, null, series.AllDay);
        }

        var ends = length is { Days: 0, LocalSeconds: 0 }
            ? begins
            : BerlinTime.Resolve(local.PlusDays(length.Days).PlusSeconds(length.LocalSeconds), zone);
        return new Occurrence(begins, ends.PlusTicks(length.ExactSeconds * NodaConstants.TicksPerSecond), series.AllDay);
    }

    private sealed class ByStart : IComparer<Occurrence>
    {
        public static readonly ByStart Instance = new();

        public int Compare(Occurrence? x, Occurrence? y)
        {
            var start = x!.Start.CompareTo(y!.Start);
            return start != 0 ? start : Nullable.Compare(x.End, y.End);
        }
    }
}
