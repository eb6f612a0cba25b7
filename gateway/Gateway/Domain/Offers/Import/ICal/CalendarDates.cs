using NodaTime;

namespace Quartier.Gateway.Domain.Offers.Import.ICal;

/// <summary>When an event begins, how long it lasts and how it repeats, with a warning for whatever cannot be read.</summary>
internal sealed class CalendarDates(CalendarZones zones, List<string> warnings, Instant now)
{
    /// <summary>No date of an offer lasts or moves so long; beyond it there is no calendar left to compute in.</summary>
    public const int DaysMax = 366 * 100;

    private const int TimesADayMax = 24;

    internal sealed record Dates(CalendarTime Start, SeriesLength? Length);

    /// <summary>A date that only names a day means that day's date of the series.</summary>
    public static LocalDateTime LocalIn(CalendarTime time, CalendarTime series) =>
        time.IsDay && !series.IsDay ? time.Local.Date.At(series.Local.TimeOfDay) : time.In(series.Zone);

    public static Occurrence Single(CalendarTime start, SeriesLength? length) =>
        ScheduleRules.Between(new Schedule([], [new Series(start.Zone, start.Local, start.IsDay, length, null)], []), Instant.MinValue, Instant.MaxValue)[0];

    public void Warn(string warning) => warnings.Add(warning);

    public bool TryTime(ContentLine line, out CalendarTime time) => CalendarTime.TryParse(line.Value, line.Parameter("TZID"), zones, out time);

    public Dates? DatesOf(string key, CalendarComponent part)
    {
        var startLine = part.First("DTSTART");
        if (startLine is null || !CalendarTime.TryParse(startLine.Value, startLine.Parameter("TZID"), zones, out var start))
        {
            return null;
        }

        if (!start.IsDay && start.Zone == BerlinTime.ZoneId && BerlinTime.IsInGap(start.Local))
        {
            warnings.Add($"time-in-clock-change: {key}");
        }

        return new Dates(start, LengthOf(key, part, start));
    }

    /// <summary>RFC 5545 §3.6.1: DTEND, else DURATION, else a day for dates and nothing for times.</summary>
    private SeriesLength? LengthOf(string key, CalendarComponent part, CalendarTime start)
    {
        var whole = start.IsDay ? new SeriesLength(Days: 1) : null;
        if (part.First("DTEND") is { } endLine)
        {
            if (!CalendarTime.TryParse(endLine.Value, endLine.Parameter("TZID"), zones, out var end))
            {
                warnings.Add($"end-malformed: {key}");
                return whole;
            }

            if (Period.DaysBetween(start.Local.Date, end.Local.Date) > DaysMax)
            {
                warnings.Add($"end-malformed: {key}");
                return whole;
            }

            if (start.IsDay)
            {
                var days = Period.DaysBetween(start.Local.Date, end.Local.Date) + (end.IsDay ? 0 : 1);
                if (days < 0)
                {
                    warnings.Add($"end-before-start: {key}");
                }

                return days > 0 ? new SeriesLength(Days: days) : whole;
            }

            var endsAt = end.IsDay ? BerlinTime.StartOf(end.Local.Date) : end.At;
            if (endsAt < start.At)
            {
                warnings.Add($"end-before-start: {key}");
                return null;
            }

            return new SeriesLength(ExactSeconds: (long)(endsAt - start.At).TotalSeconds);
        }

        if (part.Value("DURATION") is not { } written)
        {
            return whole;
        }

        if (CalendarDuration.TryParse(written, out var length) && length is { Days: >= 0, ExactSeconds: >= 0 })
        {
            return length;
        }

        warnings.Add($"duration-malformed: {key}");
        return whole;
    }

    /// <summary>Null: the first date alone. What cannot be expanded rightly is not expanded, and a warning says so.</summary>
    public string? RuleOf(string key, CalendarComponent master, LocalDateTime start, LocalDateTime? cutFrom)
    {
        var lines = master.All("RRULE").ToList();
        if (lines.Count == 0)
        {
            return null;
        }

        if (lines.Count > 1)
        {
            warnings.Add($"second-rule-ignored: {key}");
        }

        var written = lines[0].Value.Trim();
        if (!Recurrence.TryParse(written, out var rule, out var fault))
        {
            warnings.Add($"rule-malformed: {key} ({fault})");
            return null;
        }

        var timesADay = Math.Max(1, rule.ByHour.Count) * Math.Max(1, rule.ByMinute.Count) * Math.Max(1, rule.BySecond.Count);
        if (rule.Frequency < RecurrenceFrequency.Daily || timesADay > TimesADayMax)
        {
            warnings.Add($"rule-too-fine: {key}");
            return null;
        }

        if (RecurrenceRules.StepsBefore(rule, start, BerlinTime.DayOf(now)) > RecurrenceRules.StepsBeforeMax)
        {
            warnings.Add($"rule-too-long: {key}");
            return null;
        }

        if (master.First("EXRULE") is not null)
        {
            warnings.Add($"rule-with-exrule: {key}");
            return null;
        }

        return cutFrom is { } cut ? $"{written};UNTIL={CalendarTime.Write(cut.PlusSeconds(-1))}" : written;
    }

    /// <summary>The dates of an RDATE or EXDATE line; a PERIOD value also has a length of its own.</summary>
    public IEnumerable<Dates> Times(string key, ContentLine line)
    {
        foreach (var value in line.Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var parts = value.Split('/');
            SeriesLength? length = null;
            if (CalendarTime.TryParse(parts[0], line.Parameter("TZID"), zones, out var time) && (parts.Length == 1 || TryPeriod(time, parts[1], line, out length)))
            {
                yield return new Dates(time, length);
            }
            else
            {
                warnings.Add($"{line.Name.ToLowerInvariant()}-malformed: {key}");
            }
        }
    }

    private bool TryPeriod(CalendarTime start, string written, ContentLine line, out SeriesLength? length)
    {
        length = null;
        if (CalendarTime.TryParse(written, line.Parameter("TZID"), zones, out var end) && end.At >= start.At && Period.DaysBetween(start.Local.Date, end.Local.Date) <= DaysMax)
        {
            length = new SeriesLength(ExactSeconds: (long)(end.At - start.At).TotalSeconds);
        }
        else if (CalendarDuration.TryParse(written, out var lasting) && lasting is { Days: >= 0, ExactSeconds: >= 0 })
        {
            length = lasting;
        }

        return length is not null;
    }
}
