using NodaTime;

namespace Quartier.Gateway.Domain.Offers.Import.ICal;

/// <summary>The dates of one series that were moved or called off (RFC 5545 §3.8.4.4), one alone or with all that follow.</summary>
internal sealed class ChangedDates(string key, CalendarComponent master, CalendarTime masterStart, CalendarEvents events)
{
    private readonly List<DateChange> changes = [];
    private readonly List<SeriesShift> shifts = [];

    public IReadOnlyList<DateChange> Changes => changes.OrderBy(change => change.Original).ToList();

    public IReadOnlyList<SeriesShift> Shifts => shifts.OrderBy(shift => shift.From).ToList();

    /// <summary>From this local start on the series was called off.</summary>
    public LocalDateTime? CutFrom { get; private set; }

    public bool IsEmpty => changes.Count == 0 && shifts.Count == 0 && CutFrom is null;

    public void Take(CalendarComponent part)
    {
        var line = part.First("RECURRENCE-ID")!;
        if (!events.TryTime(line, out var original))
        {
            events.Warn($"recurrence-id-malformed: {key}");
            return;
        }

        var local = CalendarEvents.LocalIn(original, masterStart);
        var at = BerlinTime.Resolve(local, BerlinTime.ZoneOf(masterStart.Zone));
        var isRange = string.Equals(line.Parameter("RANGE"), "THISANDFUTURE", StringComparison.OrdinalIgnoreCase);
        if (CalendarEvents.IsCancelled(part))
        {
            changes.Add(new DateChange(at, null));
            CutFrom = isRange ? CutFrom is { } earlier ? LocalDateTime.Min(earlier, local) : local : CutFrom;
        }
        else if (events.DatesOf(key, part) is { } dates)
        {
            WarnOfDetails(part);
            if (isRange)
            {
                shifts.Add(new SeriesShift(local, Period.Between(local, dates.Start.In(masterStart.Zone), PeriodUnits.Seconds).Seconds, dates.Length));
            }
            else
            {
                changes.Add(new DateChange(at, CalendarEvents.Single(dates.Start, dates.Length)));
            }
        }
        else
        {
            events.Warn($"changed-date-malformed: {key}");
        }
    }

    /// <summary>An offer has one title and place for all its dates; where a date has its own, people are told that it is not shown.</summary>
    private void WarnOfDetails(CalendarComponent part)
    {
        var isTitle = part.First("SUMMARY") is not null && CalendarEvents.TitleOf(part) != CalendarEvents.TitleOf(master);
        var isPlace = part.First("LOCATION") is not null && part.Value("LOCATION") != master.Value("LOCATION");
        if (isTitle || isPlace)
        {
            events.Warn($"changed-date-differs: {key}");
        }
    }
}
