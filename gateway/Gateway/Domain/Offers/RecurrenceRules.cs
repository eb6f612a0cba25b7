using NodaTime;
using NodaTime.Calendars;

namespace Quartier.Gateway.Domain.Offers;

/// <summary>
/// Expands recurrence rules into local dates (RFC 5545 §3.3.10). Pure and bounded: a rule that never matches (30 February)
/// stops after <see cref="EmptyPeriodsMax"/> periods, an infinite one at the end of the window.
/// </summary>
public static class RecurrenceRules
{
    public const int EmptyPeriodsMax = 3_000;

    private const int PeriodsMax = 200_000;

    /// <summary>
    /// Local starts in ascending order up to and including <paramref name="lastDay"/>. Whoever needs none before <paramref name="firstDay"/>
    /// is spared the years before it, but not all earlier dates: a rule with COUNT has to be counted from its start.
    /// </summary>
    public static IEnumerable<LocalDateTime> Expand(Recurrence rule, LocalDateTime start, bool startCounts, DateTimeZone zone, LocalDate firstDay, LocalDate lastDay)
    {
        var given = 0;
        var startGiven = false;
        if (startCounts)
        {
            given = 1;
            startGiven = true;
            if (IsWithinUntil(rule, start, zone))
            {
                yield return start;
            }
        }

        var empty = 0;
        for (var period = FirstPeriod(rule, start.Date, firstDay); period < PeriodsMax && empty < EmptyPeriodsMax; period++)
        {
            if (!TryPeriodStart(rule, start, period, out var periodStart) || periodStart.PlusDays(-7) > lastDay)
            {
                yield break;
            }

            empty++;
            foreach (var candidate in Candidates(rule, start, periodStart))
            {
                if (candidate < start || (candidate == start && startGiven))
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

    private static int FirstPeriod(Recurrence rule, LocalDate start, LocalDate firstDay)
    {
        if (rule.Count is not null || firstDay <= start)
        {
            return 0;
        }

        var distance = rule.Frequency switch
        {
            RecurrenceFrequency.Yearly => firstDay.Year - start.Year,
            RecurrenceFrequency.Monthly => ((firstDay.Year - start.Year) * 12) + firstDay.Month - start.Month,
            RecurrenceFrequency.Weekly => Period.DaysBetween(start, firstDay) / 7,
            _ => Period.DaysBetween(start, firstDay),
        };
        return Math.Max(0, (distance / rule.Interval) - 1);
    }

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

    private static IEnumerable<LocalDateTime> Candidates(Recurrence rule, LocalDateTime start, LocalDate periodStart)
    {
        var days = Days(rule, start, periodStart);
        var times = Times(rule, start);
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
        var wanted = rule.ByDay.Count > 0 ? rule.ByDay.Select(day => day.Day).ToHashSet() : [start.DayOfWeek];
        for (var i = 0; i < 7; i++)
        {
            var day = weekStart.PlusDays(i);
            if (wanted.Contains(day.DayOfWeek) && MatchesMonth(rule, day) && MatchesWeekNo(rule, day))
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
