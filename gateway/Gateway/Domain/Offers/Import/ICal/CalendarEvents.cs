using System.Globalization;
using NodaTime;

namespace Quartier.Gateway.Domain.Offers.Import.ICal;

/// <summary>
/// The events of one UID. Usually they are one event with its changed dates (RFC 5545 §3.8.4.4) and become one item; a date with a title or
/// place of its own becomes an item of its own, and so do separate events to which a calendar gave one UID.
/// </summary>
internal sealed class CalendarEvents(CalendarDates dates, CalendarDescription describe, CountingLimit counting, CalendarOutcomes outcomes, bool isCancelling)
{
    public void Read(string key, List<CalendarComponent> parts)
    {
        var changed = Newest(parts.Where(part => part.First("RECURRENCE-ID") is not null), part => $"{part.First("RECURRENCE-ID")!.Parameter("TZID")}|{part.Value("RECURRENCE-ID")}");
        var masters = parts.Where(part => part.First("RECURRENCE-ID") is null).ToList();
        if (masters.Count == 0)
        {
            ReadChangedOnly(key, changed);
            return;
        }

        ReadMasters(key, Standing(key, masters), changed);
    }

    /// <summary>CLASS other than PUBLIC: RFC 5545 §3.8.1.3 has unknown words treated as PRIVATE.</summary>
    public static bool IsPrivate(CalendarComponent part) =>
        (part.Value("CLASS") ?? part.Value("X-CALENDARSERVER-ACCESS"))?.Trim() is { Length: > 0 } written && !string.Equals(written, "PUBLIC", StringComparison.OrdinalIgnoreCase);

    public bool IsCancelled(CalendarComponent part) =>
        isCancelling || string.Equals(part.Value("STATUS")?.Trim(), "CANCELLED", StringComparison.OrdinalIgnoreCase) || CalledOffTitles.IsCancelled(CalendarDescription.TitleOf(part));

    private static int SequenceOf(CalendarComponent part) => int.TryParse(part.Value("SEQUENCE"), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    /// <summary>LAST-MODIFIED, else DTSTAMP: both are in UTC and sort as they are written.</summary>
    private static string ChangedOf(CalendarComponent part) => (part.Value("LAST-MODIFIED") ?? part.Value("DTSTAMP") ?? "").Trim();

    private static string StartOf(CalendarComponent part) => $"{part.First("DTSTART")?.Parameter("TZID")}|{part.Value("DTSTART")}";

    private static List<CalendarComponent> Newest(IEnumerable<CalendarComponent> parts, Func<CalendarComponent, string> by) =>
        parts.GroupBy(by).Select(group => group.MaxBy(part => (SequenceOf(part), ChangedOf(part)))!).ToList();

    /// <summary>
    /// Of several events with one UID and no RECURRENCE-ID: where each has a SEQUENCE or LAST-MODIFIED of its own they are states of one event and
    /// the newest counts; else they are separate dates to which the calendar gave one UID, and of those with one start the newest counts.
    /// </summary>
    private List<CalendarComponent> Standing(string key, List<CalendarComponent> masters)
    {
        var isHistory = masters.Select(part => (SequenceOf(part), part.Value("LAST-MODIFIED")?.Trim())).Distinct().Count() == masters.Count;
        var standing = Newest(masters, part => isHistory ? "" : StartOf(part));
        outcomes.Skipped.AddRange(masters.Where(part => !standing.Exists(other => ReferenceEquals(other, part)))
            .Select(part => new Skipped(key, SkipReason.Duplicate, IsPrivate(part) ? "" : CalendarDescription.TitleOf(part)) { Of = key }));
        return standing;
    }

    /// <summary>A calendar may list only the changed dates of a series; then each stands for itself. Those called off may be known from an earlier calendar.</summary>
    private void ReadChangedOnly(string key, List<CalendarComponent> changed)
    {
        var open = changed.Where(part => !IsPrivate(part)).ToList();
        if (open.Count == 0)
        {
            LeaveOut(key, changed[0], SkipReason.Private);
            return;
        }

        var called = open.Where(IsCancelled).ToList();
        var off = called.Select(part => dates.TryTime(part.First("RECURRENCE-ID")!, out var time) ? time.At : (Instant?)null).OfType<Instant>().ToList();
        if (off.Count > 0)
        {
            outcomes.CalledOff.Add(new CalledOff(key, CalendarDescription.TitleOf(called[0])) { Dates = off });
        }

        if (called.Count == open.Count)
        {
            outcomes.Skipped.Add(new Skipped(key, SkipReason.Cancelled, CalendarDescription.TitleOf(called[0])));
            return;
        }

        ReadMasters(key, open.Where(part => !IsCancelled(part)).ToList(), []);
    }

    private void ReadMasters(string key, List<CalendarComponent> masters, List<CalendarComponent> changed)
    {
        var (standing, left) = Examine(masters);
        if (standing.Count == 0)
        {
            LeaveOut(key, left[0].Part, left[0].Reason);
            return;
        }

        foreach (var (part, reason) in left)
        {
            outcomes.Skipped.Add(new Skipped(KeyOf(key, part), reason, reason == SkipReason.Private ? "" : CalendarDescription.TitleOf(part)));
        }

        var series = standing.Find(part => part.First("RRULE") is not null || part.First("RDATE") is not null) ?? standing[0];
        var group = 0;
        foreach (var alike in standing.GroupBy(part => (ImportRules.Fold(CalendarDescription.TitleOf(part)), ImportRules.Fold(part.Value("LOCATION")))))
        {
            var own = group++ == 0 ? key : KeyOf(key, alike.First());
            var schedules = alike.Select(part => SeriesOf(key, part, ReferenceEquals(part, series) ? changed : [])).OfType<Schedule>().ToList();
            var schedule = schedules.Count == 1 ? schedules[0]
                : new Schedule([.. schedules.SelectMany(one => one.Once).OrderBy(date => date.Start)], [.. schedules.SelectMany(one => one.Series)], [.. schedules.SelectMany(one => one.Changes)]);
            Add(describe.Item(own, alike.First(), schedule));
        }
    }

    private (List<CalendarComponent> Standing, List<(CalendarComponent Part, string Reason)> Left) Examine(List<CalendarComponent> masters)
    {
        var examined = masters.Select(part => (Part: part, Reason: ReasonAgainst(part))).ToList();
        return (examined.Where(pair => pair.Reason is null).Select(pair => pair.Part).ToList(), examined.Where(pair => pair.Reason is not null).Select(pair => (pair.Part, pair.Reason!)).ToList());
    }

    private string? ReasonAgainst(CalendarComponent part)
    {
        if (IsPrivate(part))
        {
            return SkipReason.Private;
        }

        var title = CalendarDescription.TitleOf(part);
        return IsCancelled(part) ? SkipReason.Cancelled
            : CalledOffTitles.IsPostponed(title) ? SkipReason.Postponed
            : title.Length == 0 ? SkipReason.NoTitle
            : part.First("DTSTART") is null ? SkipReason.NoDate
            : dates.TryTime(part.First("DTSTART")!, out _) ? null
            : SkipReason.MalformedDate;
    }

    private void Add(OfferItem item)
    {
        outcomes.Items.Add(item);
        counting.Take(item);
    }

    private static string KeyOf(string key, CalendarComponent part) => OfferItem.DateKey(key, FeedText.Line(part.Value("RECURRENCE-ID") ?? part.Value("DTSTART")));

    /// <summary>What was published once and is private or called off now leaves the screens.</summary>
    private void LeaveOut(string key, CalendarComponent part, string reason)
    {
        var title = reason == SkipReason.Private ? "" : CalendarDescription.TitleOf(part);
        outcomes.Skipped.Add(new Skipped(key, reason, title));
        if (reason is SkipReason.Cancelled or SkipReason.Postponed or SkipReason.Private)
        {
            outcomes.CalledOff.Add(new CalledOff(key, title) { Reason = reason, Updated = describe.UpdatedOf(part) });
        }
    }

    private Schedule? SeriesOf(string key, CalendarComponent master, List<CalendarComponent> overrides)
    {
        if (dates.DatesOf(key, master) is not { } first)
        {
            return null;
        }

        var (start, length) = first;
        var changed = new ChangedDates(key, master, start, dates, IsCancelled);
        foreach (var part in overrides)
        {
            changed.Take(part);
        }

        foreach (var (part, date) in changed.Own)
        {
            Add(describe.Item(KeyOf(key, part), part.Over(master), Schedule.Single(date)));
        }

        var rule = dates.RuleOf(key, master, start.Local, changed.CutFrom);
        var extra = master.All("RDATE").SelectMany(line => dates.Times(key, line)).ToList();
        var periods = extra.Where(time => time.Length is not null).Select(time => CalendarDates.Single(time.Start, time.Length)).ToList();
        var removed = master.All("EXDATE").SelectMany(line => dates.Times(key, line)).ToList();
        if (rule is null && extra.Count == 0 && changed.IsEmpty && removed.Count == 0)
        {
            return Schedule.Single(CalendarDates.Single(start, length));
        }

        var series = new Series(start.Zone, start.Local, start.IsDay, length, rule)
        {
            ExtraDates = extra.Where(time => time.Length is null).Select(time => CalendarDates.LocalIn(time.Start, start)).ToList(),
            RemovedDates = removed.Select(time => CalendarDates.LocalIn(time.Start, start)).ToList(),
            Shifts = changed.Shifts,
        };
        return new Schedule(periods, [series], changed.Changes);
    }
}
