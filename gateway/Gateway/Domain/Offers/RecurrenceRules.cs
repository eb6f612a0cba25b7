using NodaTime;
using NodaTime.Calendars;

namespace Quartier.Gateway.Domain.Offers;

/// <summary>
/// Expands recurrence rules into local dates (RFC 5545 §3.3.10). Pure and bounded, in work as in results: a rule that never matches
/// (30 February) stops after <see cref="EmptyPeriodsMax"/> periods, any other after <see cref="StepsMax"/> days looked at, an infinite
/// one at the end of the window. Years before the window are skipped, also under COUNT where <see cref="RecurrenceCycles"/> can count them.
/// </summary>
public static class RecurrenceRules
{
    public const int EmptyPeriodsMax = 3_000;

    /// <summary>A rule that has to be counted for longer is not taken in: it would be counted again with every look.</summary>
    public const int StepsBeforeMax = 10_000;

    private const int StepsMax = 200_000;

    /// <summary>
    /// Local starts in ascending order up to and including <paramref name="lastDay"/>. Whoever needs none before <paramref name="firstDay"/>
    /// is spared the years before it, but not all earlier dates.
    /// </summary>
    public static IEnumerable<LocalDateTime> Expand(Recurrence rule, LocalDateTime start, bool startCounts, DateTimeZone zone, LocalDate firstDay, LocalDate lastDay)
    {
        var (first, given) = FirstPeriod(rule, start, startCounts, firstDay);
        if (startCounts)
        {
            given = Math.Max(given, 1);
            if (IsWithinUntil(rule, start, zone))
            {
                yield return start;
            }
        }

        var times = Times(rule, start);
        var daysEach = DaysEach(rule.Frequency);
        var empty = 0;
        var steps = 0;
        for (var period = first; steps < StepsMax && empty < EmptyPeriodsMax; period++, steps += daysEach)
        {
            if (!TryPeriodStart(rule, start, period, out var periodStart) || periodStart.PlusDays(-7) > lastDay)
            {
                yield break;
            }

            empty++;
            if (rule.Frequency <= RecurrenceFrequency.Daily && !MatchesDaily(rule, periodStart))
            {
                continue;
            }

            foreach (var candidate in Candidates(rule, start, periodStart, times))
            {
                if (candidate < start || (candidate == start && startCounts))
                {
                    continue;
                }

                if (given >= (rule.Count ?? int.MaxValue) || !IsWithinUntil(rule, candidate, zone) || candidate.Date > lastDay)
                {
                    yield break;
                }

                empty = 0;
                given++;
                yield return candidate;
            }
        }
    }

    /// <summary>How many days (weeks, for a weekly rule) have to be looked at one by one before the dates from <paramref name="day"/> on are known: the work that a
    /// rule with COUNT costs each time it is asked, where its dates cannot be counted by a cycle.</summary>
    public static int StepsBefore(Recurrence rule, LocalDateTime start, LocalDate day) =>
        rule.Count is null || day <= start.Date || RecurrenceCycles.IsKnown(rule, start)
            ? 0
            : Math.Min(StepsMax, Period.DaysBetween(start.Date, day) / (rule.Frequency == RecurrenceFrequency.Weekly ? 7 : 1) / rule.Interval);

    /// <summary>The first period to look at, and how many dates were given before it.</summary>
    private static (int Period, int Given) FirstPeriod(Recurrence rule, LocalDateTime start, bool startCounts, LocalDate firstDay)
    {
        if (firstDay <= start.Date)
        {
            return (0, 0);
        }

        var distance = rule.Frequency switch
        {
            RecurrenceFrequency.Yearly => firstDay.Year - start.Year,
            RecurrenceFrequency.Monthly => ((firstDay.Year - start.Year) * 12) + firstDay.Month - start.Month,
            RecurrenceFrequency.Weekly => Period.DaysBetween(start.Date, firstDay) / 7,
            _ => Period.DaysBetween(start.Date, firstDay),
        };
        var first = Math.Max(0, (distance / rule.Interval) - 1);
        if (rule.Count is not { } count)
        {
            return (first, 0);
        }

        if (first < 2 || !RecurrenceCycles.IsKnown(rule, start))
        {
            return (0, 0);
        }

        // Period 0 may begin before the start; whole cycles follow it.
        var length = RecurrenceCycles.Length(rule);
        var cycles = (first - 1) / length;
        long given = InPeriod(rule, start, 0).Count(candidate => candidate > start || (candidate == start && !startCounts)) + (startCounts ? 1 : 0);
        given += (long)cycles * Enumerable.Range(1, length).Sum(period => InPeriod(rule, start, period).Count());
        return cycles == 0 ? (0, 0) : (1 + (cycles * length), (int)Math.Min(given, count));
    }

    private static IEnumerable<LocalDateTime> InPeriod(Recurrence rule, LocalDateTime start, int period) =>
        TryPeriodStart(rule, start, period, out var first) ? Candidates(rule, start, first, Times(rule, start)) : [];

    private static int DaysEach(RecurrenceFrequency frequency) => frequency switch
    {
        RecurrenceFrequency.Yearly => 366,
        RecurrenceFrequency.Monthly => 31,
        RecurrenceFrequency.Weekly => 7,
        _ => 1,
    };

    private static bool IsWithinUntil(Recurrence rule, LocalDateTime local, DateTimeZone zone) =>
        (rule.UntilInstant is not { } instant || BerlinTime.Resolve(local, zone) <= instant)
        && (rule.UntilLocal is not { } until || local <= until)
        && (rule.UntilDay is not { } day || local.Date <= day);

    private static bool TryPeriodStart(Recurrence rule, LocalDateTime start, int period, out LocalDate first)
    {
        first = start.Date;
        var steps = (long)period * rule.Interval;
        if (steps > 3_000_000)
        {
            return false;
        }

        switch (rule.Frequency)
        {
            case RecurrenceFrequency.Yearly:
                if (start.Year + steps > 9000)
                {
                    return false;
                }

                first = new LocalDate((int)(start.Year + steps), 1, 1);
                return true;
            case RecurrenceFrequency.Monthly:
                if (steps > 80_000)
                {
                    return false;
                }

                first = new LocalDate(start.Year, start.Month, 1).PlusMonths((int)steps);
                return true;
            case RecurrenceFrequency.Weekly:
                if (steps > 300_000)
                {
                    return false;
                }

                first = WeekStartOf(start.Date, rule.WeekStart).PlusWeeks((int)steps);
                return true;
            default:
                if (steps > 2_000_000)
                {
                    return false;
                }

                first = start.Date.PlusDays((int)steps);
                return true;
        }
    }

    private static LocalDate WeekStartOf(LocalDate day, IsoDayOfWeek weekStart) =>
        day.DayOfWeek == weekStart ? day : day.Previous(weekStart);

    private static IEnumerable<LocalDateTime> Candidates(Recurrence rule, LocalDateTime start, LocalDate periodStart, List<LocalTime> times)
    {
        var days = Days(rule, start, periodStart);
        var all = days.Distinct().Order().SelectMany(day => times.Select(time => day.At(time))).ToList();
        if (rule.BySetPos.Count == 0)
        {
            return all;
        }

        var chosen = new SortedSet<LocalDateTime>();
        foreach (var position in rule.BySetPos)
        {
            var index = position > 0 ? position - 1 : all.Count + position;
            if (index >= 0 && index < all.Count)
            {
                chosen.Add(all[index]);
            }
        }

        return chosen;
    }

    private static List<LocalTime> Times(Recurrence rule, LocalDateTime start)
    {
        var hours = rule.ByHour.Count > 0 ? rule.ByHour : [start.Hour];
        var minutes = rule.ByMinute.Count > 0 ? rule.ByMinute : [start.Minute];
        var seconds = rule.BySecond.Count > 0 ? rule.BySecond : [start.Second];
        return (from hour in hours
                from minute in minutes
                from second in seconds
                select new LocalTime(hour, minute, Math.Min(second, 59))).Distinct().Order().ToList();
    }

    private static IEnumerable<LocalDate> Days(Recurrence rule, LocalDateTime start, LocalDate periodStart) => rule.Frequency switch
    {
        RecurrenceFrequency.Yearly => YearDays(rule, start, periodStart.Year),
        RecurrenceFrequency.Monthly => MatchesMonth(rule, periodStart) ? MonthDays(rule, start, periodStart) : [],
        RecurrenceFrequency.Weekly => WeekDays(rule, start, periodStart),
        _ => MatchesDaily(rule, periodStart) ? [periodStart] : [],
    };

    private static bool MatchesMonth(Recurrence rule, LocalDate day) => rule.ByMonth.Count == 0 || rule.ByMonth.Contains(day.Month);

    private static bool MatchesMonthDay(Recurrence rule, LocalDate day)
    {
        var length = day.Calendar.GetDaysInMonth(day.Year, day.Month);
        return rule.ByMonthDay.Count == 0 || rule.ByMonthDay.Any(wanted => (wanted > 0 ? wanted : length + 1 + wanted) == day.Day);
    }

    private static bool MatchesWeekday(Recurrence rule, LocalDate day) => rule.ByDay.Count == 0 || rule.ByDay.Any(wanted => wanted.Day == day.DayOfWeek);

    private static bool MatchesYearDay(Recurrence rule, LocalDate day)
    {
        var length = day.Calendar.GetDaysInYear(day.Year);
        return rule.ByYearDay.Count == 0 || rule.ByYearDay.Any(wanted => (wanted > 0 ? wanted : length + 1 + wanted) == day.DayOfYear);
    }

    private static bool MatchesDaily(Recurrence rule, LocalDate day) =>
        MatchesMonth(rule, day) && MatchesMonthDay(rule, day) && MatchesYearDay(rule, day) && MatchesWeekday(rule, day);

    private static IEnumerable<LocalDate> WeekDays(Recurrence rule, LocalDateTime start, LocalDate weekStart)
    {
        if (!MatchesWeekNo(rule, weekStart))
        {
            yield break;
        }

        for (var i = 0; i < 7; i++)
        {
            var day = weekStart.PlusDays(i);
            if ((rule.ByDay.Count > 0 ? MatchesWeekday(rule, day) : day.DayOfWeek == start.DayOfWeek) && MatchesMonth(rule, day))
            {
                yield return day;
            }
        }
    }

    /// <summary>BYWEEKNO belongs to YEARLY in RFC 5545; HSDS 3 also allows it on WEEKLY, so it filters there.</summary>
    private static bool MatchesWeekNo(Recurrence rule, LocalDate day)
    {
        if (rule.ByWeekNo.Count == 0)
        {
            return true;
        }

        var weeks = WeekYearRules.ForMinDaysInFirstWeek(4, rule.WeekStart);
        var length = weeks.GetWeeksInWeekYear(weeks.GetWeekYear(day));
        var number = weeks.GetWeekOfWeekYear(day);
        return rule.ByWeekNo.Any(wanted => (wanted > 0 ? wanted : length + 1 + wanted) == number);
    }

    private static IEnumerable<LocalDate> MonthDays(Recurrence rule, LocalDateTime start, LocalDate month)
    {
        var days = DaysOf(month, month.PlusMonths(1));
        if (rule.ByDay.Count > 0)
        {
            return ByOrdinal(days, rule.ByDay).Where(day => MatchesMonthDay(rule, day));
        }

        return rule.ByMonthDay.Count > 0 ? days.Where(day => MatchesMonthDay(rule, day)) : days.Where(day => day.Day == start.Day);
    }

    private static IEnumerable<LocalDate> YearDays(Recurrence rule, LocalDateTime start, int year)
    {
        var first = new LocalDate(year, 1, 1);
        if (rule.ByYearDay.Count > 0)
        {
            return DaysOf(first, first.PlusYears(1)).Where(day => MatchesDaily(rule, day));
        }

        if (rule.ByWeekNo.Count > 0)
        {
            var weekday = rule.ByDay.Count > 0 ? rule : rule with { ByDay = [new WeekdayOrdinal(start.DayOfWeek, 0)] };
            var weeks = WeekYearRules.ForMinDaysInFirstWeek(4, rule.WeekStart);
            return DaysOf(first.PlusDays(-7), first.PlusYears(1).PlusDays(7))
                .Where(day => weeks.GetWeekYear(day) == year && MatchesWeekNo(rule, day) && MatchesWeekday(weekday, day) && MatchesMonth(rule, day) && MatchesMonthDay(rule, day));
        }

        if (rule.ByDay.Count > 0 && rule.ByMonth.Count == 0 && rule.ByMonthDay.Count == 0)
        {
            return ByOrdinal(DaysOf(first, first.PlusYears(1)), rule.ByDay);
        }

        var months = rule.ByMonth.Count > 0 ? rule.ByMonth : rule.ByMonthDay.Count > 0 || rule.ByDay.Count > 0 ? Enumerable.Range(1, 12).ToList() : [start.Month];
        return months.SelectMany(month => MonthDays(rule, start, new LocalDate(year, month, 1)));
    }

    private static List<LocalDate> DaysOf(LocalDate first, LocalDate end)
    {
        var days = new List<LocalDate>();
        for (var day = first; day < end; day = day.PlusDays(1))
        {
            days.Add(day);
        }

        return days;
    }

    private static IEnumerable<LocalDate> ByOrdinal(List<LocalDate> days, IReadOnlyList<WeekdayOrdinal> wanted)
    {
        foreach (var part in wanted)
        {
            var same = days.Where(day => day.DayOfWeek == part.Day).ToList();
            if (part.Ordinal == 0)
            {
                foreach (var day in same)
                {
                    yield return day;
                }
            }
            else
            {
                var index = part.Ordinal > 0 ? part.Ordinal - 1 : same.Count + part.Ordinal;
                if (index >= 0 && index < same.Count)
                {
                    yield return same[index];
                }
            }
        }
    }
}
