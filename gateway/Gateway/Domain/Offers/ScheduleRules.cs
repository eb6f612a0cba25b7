using NodaTime;

namespace Quartier.Gateway.Domain.Offers;

/// <summary>From a schedule to its dates. Pure; the caller names the window.</summary>
public static class ScheduleRules
{
    /// <summary>How far ahead a next date is looked for: a leap day's distance over a century without one, and some.</summary>
    public static readonly Duration HorizonMax = Duration.FromDays(366 * 9);

    private const int OccurrencesMax = 20_000;

    private const int ShiftedMax = 2_000;

    /// <summary>No date lasts longer or is moved further.</summary>
    private const int DaysApartMax = 100_000;

    /// <summary>Dates that are not over at <paramref name="from"/> and begin before <paramref name="to"/>, ascending.</summary>
    public static IReadOnlyList<Occurrence> Between(Schedule schedule, Instant from, Instant to) => [.. Find(schedule, from, to, OccurrencesMax)];

    /// <summary>The next dates that are not over at <paramref name="from"/>, at most <paramref name="count"/>.</summary>
    public static IReadOnlyList<Occurrence> Next(Schedule schedule, Instant from, int count) =>
        [.. Find(schedule, from, schedule.Series.Count == 0 ? Instant.MaxValue : from + HorizonMax, count).Take(count)];

    /// <summary>R7: everything it names is over. An offer without any date is never over.</summary>
    public static bool IsOver(Schedule schedule, Instant at) => !schedule.IsEmpty && Next(schedule, at, 1).Count == 0;

    /// <summary>What each look at its dates from this day on costs (<see cref="RecurrenceRules.StepsBefore"/>).</summary>
    public static int StepsBefore(Schedule schedule, Instant at) => schedule.Series.Sum(series =>
        Recurrence.TryParse(series.Rule ?? "", out var rule, out _) ? RecurrenceRules.StepsBefore(rule, series.Start, BerlinTime.DayOf(at)) : 0);

    /// <summary>Dates that were called off, inside the window.</summary>
    public static IReadOnlyList<Instant> CalledOff(Schedule schedule, Instant from, Instant to) =>
        schedule.Changes.Where(change => change is { Replacement: null, Apart: false } && change.Original >= from && change.Original < to)
            .Select(change => change.Original).Order().ToList();

    private readonly record struct Dated(Instant Original, Occurrence Occurrence);

    /// <param name="max">The earliest so many of each series are enough; there may be more in the result.</param>
    private static SortedSet<Occurrence> Find(Schedule schedule, Instant from, Instant to, int max)
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
            // A shift puts later dates before earlier ones, as far as it reaches.
            var enough = series.Shifts.Count == 0 ? max : Math.Max(max, ShiftedMax);
            foreach (var starts in new[] { ByRule(series, from, to), series.ExtraDates })
            {
                found.UnionWith(Dates(series, starts)
                    .Where(dated => !moved.Contains(dated.Original) && !dated.Occurrence.IsOverAt(from) && dated.Occurrence.Start < to)
                    .Select(dated => dated.Occurrence)
                    .Take(ReferenceEquals(starts, series.ExtraDates) ? OccurrencesMax : enough));
            }
        }

        return found;
    }

    private static IEnumerable<LocalDateTime> ByRule(Series series, Instant from, Instant to)
    {
        if (series.Rule is null || !Recurrence.TryParse(series.Rule, out var rule, out _))
        {
            return [series.Start];
        }

        var zone = BerlinTime.ZoneOf(series.Zone);
        var lastDay = to == Instant.MaxValue ? new LocalDate(9000, 1, 1) : to.InZone(zone).Date.PlusDays(1 + Days(-series.Shifts.Select(shift => shift.LocalSeconds).Append(0).Min()));
        if (series.LastDay is { } last && last.PlusDays(1) < lastDay)
        {
            lastDay = last.PlusDays(1);
        }

        return RecurrenceRules.Expand(rule, series.Start, series.StartCounts, zone, FirstDay(series, from), lastDay);
    }

    private static IEnumerable<Dated> Dates(Series series, IEnumerable<LocalDateTime> starts)
    {
        var zone = BerlinTime.ZoneOf(series.Zone);
        var removed = series.RemovedDates.ToHashSet();
        foreach (var start in starts)
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
        var earliest = from <= Instant.FromUtc(1900, 1, 1, 0, 0)
            ? series.Start.Date
            : BerlinTime.DayOf(from).PlusDays(-3 - Days(series.Shifts.Select(shift => shift.LocalSeconds + SecondsOf(shift.Length)).Append(SecondsOf(series.Length)).Max()));
        return series.FirstDay is { } valid && valid.PlusDays(-3) > earliest && series.Shifts.Count == 0 ? valid.PlusDays(-3) : earliest;
    }

    private static long SecondsOf(SeriesLength? length) => length is null ? 0 : (length.Days * (long)NodaConstants.SecondsPerDay) + length.LocalSeconds + length.ExactSeconds;

    private static int Days(long seconds) => (int)Math.Clamp((seconds + NodaConstants.SecondsPerDay - 1) / NodaConstants.SecondsPerDay, 0, DaysApartMax);

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
