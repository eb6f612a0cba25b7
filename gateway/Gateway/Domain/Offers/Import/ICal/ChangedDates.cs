using NodaTime;

namespace Quartier.Gateway.Domain.Offers.Import.ICal;

/// <summary>The dates of one series that were moved or called off (RFC 5545 §3.8.4.4), one alone or with all that follow.</summary>
internal sealed class ChangedDates(string key, CalendarComponent master, CalendarTime masterStart, CalendarDates dates, Func<CalendarComponent, bool> isCancelled)
{
    private readonly List<DateChange> changes = [];
    private readonly List<SeriesShift> shifts = [];
    private readonly List<(CalendarComponent Part, Occurrence Date)> own = [];

    public IReadOnlyList<DateChange> Changes => changes.OrderBy(change => change.Original).ToList();

    public IReadOnlyList<SeriesShift> Shifts => shifts.OrderBy(shift => shift.From).ToList();

    /// <summary>Dates with a title or place of their own: each is an entry of its own.</summary>
    public IReadOnlyList<(CalendarComponent Part, Occurrence Date)> Own => own;

    /// <summary>From this local start on the series was called off.</summary>
    public LocalDateTime? CutFrom { get; private set; }

    public bool IsEmpty => changes.Count == 0 && shifts.Count == 0 && CutFrom is null;

    public void Take(CalendarComponent part)
    {
        var line = part.First("RECURRENCE-ID")!;
        if (!dates.TryTime(line, out var original))
        {
            dates.Warn($"recurrence-id-malformed: {key}");
            return;
        }

        var local = CalendarDates.LocalIn(original, masterStart);
        var at = BerlinTime.Resolve(local, BerlinTime.ZoneOf(masterStart.Zone));
        var isRange = string.Equals(line.Parameter("RANGE"), "THISANDFUTURE", StringComparison.OrdinalIgnoreCase);
        var isPrivate = CalendarEvents.IsPrivate(part);
        if (isPrivate || isCancelled(part) || CalledOffTitles.IsPostponed(CalendarDescription.TitleOf(part)))
        {
            changes.Add(new DateChange(at, null) { Apart = isPrivate });
            CutFrom = isRange ? CutFrom is { } earlier ? LocalDateTime.Min(earlier, local) : local : CutFrom;
        }
        else if (dates.DatesOf(key, part) is { } moved)
        {
            Move(part, local, at, moved, isRange);
        }
        else
        {
            dates.Warn($"changed-date-malformed: {key}");
        }
    }

    private void Move(CalendarComponent part, LocalDateTime local, Instant at, CalendarDates.Dates to, bool isRange)
    {
        var moved = to.Start.In(masterStart.Zone);
        if (Math.Abs(Period.DaysBetween(local.Date, moved.Date)) > CalendarDates.DaysMax)
        {
            dates.Warn($"changed-date-malformed: {key}");
        }
        else if (isRange)
        {
            // An offer has one title and place for all its dates; people are told where those of the later ones are not shown.
            if (HasOwnDetails(part))
            {
                dates.Warn($"changed-date-differs: {key}");
            }

            shifts.Add(new SeriesShift(local, Period.Between(local, moved, PeriodUnits.Seconds).Seconds, to.Length));
        }
        else if (HasOwnDetails(part))
        {
            changes.Add(new DateChange(at, null) { Apart = true });
            own.Add((part, CalendarDates.Single(to.Start, to.Length)));
        }
        else
        {
            changes.Add(new DateChange(at, CalendarDates.Single(to.Start, to.Length)));
        }
    }

    private bool HasOwnDetails(CalendarComponent part) => Differs(part, "SUMMARY") || Differs(part, "LOCATION");

    private bool Differs(CalendarComponent part, string name) =>
        part.Value(name) is { } own && ImportRules.Fold(CalendarDescription.LineOrNull(own)) is { Length: > 0 } said && said != ImportRules.Fold(CalendarDescription.LineOrNull(master.Value(name)));
}
