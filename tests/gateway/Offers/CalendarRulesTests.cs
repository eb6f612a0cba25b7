using System.Text;
using NodaTime;
using Quartier.Gateway.Domain.Offers;
using Quartier.Gateway.Domain.Offers.Import;
using Xunit;

namespace Quartier.Tests.Gateway.Offers;

/// <summary>iCalendar on vectors of our own: what is read, and what is told where it is not read.</summary>
public sealed class CalendarRulesTests
{
    private static readonly ImportSettings Settings = new(Instant.FromUtc(2026, 11, 21, 8, 0)) { FileName = "k.ics" };
    private static readonly Instant From = Instant.FromUtc(2026, 1, 1, 0, 0);
    private static readonly Instant To = Instant.FromUtc(2029, 1, 1, 0, 0);

    [Theory]
    [InlineData("DTSTART{B}:20261018T023000|RRULE:FREQ=WEEKLY;COUNT=3", "2026-10-18T00:30:00Z 2026-10-25T00:30:00Z 2026-11-01T01:30:00Z")] // Of two ambiguous times the first.
    [InlineData("DTSTART{B}:20261020T180000|RRULE:FREQ=WEEKLY;UNTIL=20261103T170000Z", "2026-10-20T16:00:00Z 2026-10-27T17:00:00Z 2026-11-03T17:00:00Z")]
    [InlineData("DTSTART{B}:20261020T180000|RRULE:FREQ=WEEKLY;UNTIL=20261103T165959Z", "2026-10-20T16:00:00Z 2026-10-27T17:00:00Z")]
    [InlineData("DTSTART{B}:20261020T180000|RRULE:FREQ=WEEKLY;UNTIL=20261103T180000", "2026-10-20T16:00:00Z 2026-10-27T17:00:00Z 2026-11-03T17:00:00Z")]
    [InlineData("DTSTART{B}:20261020T180000|RRULE:FREQ=WEEKLY;UNTIL=20261103", "2026-10-20T16:00:00Z 2026-10-27T17:00:00Z 2026-11-03T17:00:00Z")]
    [InlineData("DTSTART{B}:20260505T140000|RRULE:FREQ=WEEKLY;COUNT=3|EXDATE;VALUE=DATE:20260512", "2026-05-05T12:00:00Z 2026-05-19T12:00:00Z")]
    [InlineData("DTSTART{B}:20260505T140000|RRULE:FREQ=WEEKLY;COUNT=3|EXDATE:20260512T120000Z", "2026-05-05T12:00:00Z 2026-05-19T12:00:00Z")]
    [InlineData("DTSTART{B}:20260505T140000|RRULE:FREQ=WEEKLY;COUNT=3|EXDATE;TZID=America/New_York:20260512T080000", "2026-05-05T12:00:00Z 2026-05-19T12:00:00Z")]
    [InlineData("DTSTART{B}:20260505T140000|RRULE:FREQ=WEEKLY;COUNT=4|EXDATE{B}:20260512T140000,20260505T140000", "2026-05-19T12:00:00Z 2026-05-26T12:00:00Z")]
    [InlineData("DTSTART{B}:20260505T140000|RDATE{B}:20260505T140000,20260506T140000", "2026-05-05T12:00:00Z 2026-05-06T12:00:00Z")]
    [InlineData("DTSTART:20260130T100000Z|RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=3", "2026-01-30T10:00:00Z 2026-02-27T10:00:00Z 2026-03-31T10:00:00Z")]
    [InlineData("DTSTART:20260131T100000Z|RRULE:FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3", "2026-01-31T10:00:00Z 2026-02-28T10:00:00Z 2026-03-31T10:00:00Z")]
    [InlineData("DTSTART:20260501T100000Z|RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,FR;WKST=SU;COUNT=4", "2026-05-01T10:00:00Z 2026-05-10T10:00:00Z 2026-05-15T10:00:00Z 2026-05-24T10:00:00Z")]
    [InlineData("dtstart;tzid=\"Europe/Berlin\":20260602t100000", "2026-06-02T08:00:00Z")]
    [InlineData("DTSTART;TZID=/mozilla.org/20070129_1/Europe/Berlin:20260602T100000", "2026-06-02T08:00:00Z")]
    [InlineData("DTSTART;TZID=Eastern Standard Time:20260602T100000", "2026-06-02T14:00:00Z")]
    [InlineData("DTSTART;TZID=GMT+0200:20260602T100000", "2026-06-02T08:00:00Z")]
    [InlineData("DTSTART;TZID=Europe/Berlin:20260602T100000Z", "2026-06-02T10:00:00Z")]
    public void An_event_has_the_dates_of_the_standard(string lines, string starts)
    {
        var item = Assert.Single(Read(Event(lines)).Items);
        Assert.Equal(starts, string.Join(' ', Dates(item).Select(date => BerlinTime.Utc(date.Start))));
    }

    [Theory]
    [InlineData("DTSTART{B}:20260328T120000|DURATION:P1D", "2026-03-29T12:00:00+02:00")] // A day by the calendar,
    [InlineData("DTSTART{B}:20260328T120000|DURATION:PT24H", "2026-03-29T13:00:00+02:00")] // a day by the clock.
    [InlineData("DTSTART{B}:20260602T100000|DURATION:P1W", "2026-06-09T10:00:00+02:00")]
    [InlineData("DTSTART{B}:20260602T100000|DTEND;VALUE=DATE:20260603", "2026-06-03T00:00:00+02:00")]
    [InlineData("DTSTART;VALUE=DATE:20260602|DURATION:P3D", "2026-06-05T00:00:00+02:00")]
    [InlineData("DTSTART;VALUE=DATE:20260602", "2026-06-03T00:00:00+02:00")]
    [InlineData("DTSTART{B}:20260602T100000|DTEND:20260602T093000Z", "2026-06-02T11:30:00+02:00")]
    public void An_event_ends_when_it_says(string lines, string end) => Assert.Equal(end, BerlinTime.Local(Dates(Read(Event(lines)).Items[0])[0].End!.Value));

    [Fact]
    public void A_rule_that_would_have_to_be_counted_day_by_day_for_a_century_is_told()
    {
        var reading = Read(Event("DTSTART:19000101T100000Z|RRULE:FREQ=DAILY;BYMONTH=1,2,3;COUNT=100000"));
        Assert.Equal(["rule-too-long: u"], reading.Warnings);
        Assert.Empty(Dates(Assert.Single(reading.Items)));
    }

    [Theory]
    [InlineData("DTSTART:20260602T100000Z|RRULE:FREQ=HOURLY;COUNT=4", "rule-too-fine: u")]
    [InlineData("DTSTART:20260602T100000Z|RRULE:FREQ=DAILY;BYHOUR=1,2,3,4,5;BYMINUTE=0,10,20,30,40,50", "rule-too-fine: u")]
    [InlineData("DTSTART:20260602T100000Z|RRULE:FREQ=WEEKLY;BYDAY=1TU", "rule-malformed: u (BYDAY)")]
    [InlineData("DTSTART:20260602T100000Z|RRULE:FREQ=WEEKLY;COUNT=0", "rule-malformed: u (COUNT=0)")]
    [InlineData("DTSTART:20260602T100000Z|RRULE:FREQ=DAILY|EXRULE:FREQ=WEEKLY", "rule-with-exrule: u")]
    [InlineData("DTSTART;TZID=Mond/Krater:20260602T120000", "zone-unknown: Mond/Krater")]
    [InlineData("DTSTART:20260602T100000Z|DURATION:-PT1H", "duration-malformed: u")]
    [InlineData("DTSTART:20260602T100000Z|DTEND:20260602T090000Z", "end-before-start: u")]
    [InlineData("DTSTART;VALUE=DATE:20260602|DTEND;VALUE=DATE:20260601", "end-before-start: u")]
    [InlineData("DTSTART:20260602T100000Z|EXDATE:morgen", "exdate-malformed: u")]
    [InlineData("DTSTART:20260602T100000Z|RDATE;VALUE=PERIOD:20260603T100000Z/gestern", "rdate-malformed: u")]
    public void What_cannot_be_expanded_rightly_is_told_and_gives_the_first_date_alone(string lines, string warning)
    {
        var reading = Read(Event(lines));
        Assert.Equal([warning], reading.Warnings);
        Assert.Equal("2026-06-02", BerlinTime.Local(Assert.Single(Dates(Assert.Single(reading.Items))).Start)[..10]);
    }

    [Theory]
    [InlineData("DTSTART;VALUE=DATE:99991231")]
    [InlineData("DTSTART:99991231T235959Z|DURATION:P1D")]
    [InlineData("DTSTART:20260230T100000Z")]
    [InlineData("DTSTART:20260602T256000Z")]
    [InlineData("DTSTART:")]
    public void A_date_that_does_not_exist_leaves_its_event_out_and_nothing_else(string lines)
    {
        var reading = Read(Event(lines) + Event("DTSTART:20260602T100000Z", "gut"));
        Assert.Equal((SkipReason.MalformedDate, "gut"), (Assert.Single(reading.Skipped).Reason, Assert.Single(reading.Items).Key));
    }

    [Fact]
    public void A_period_has_its_own_length()
    {
        var item = Read(Event("DTSTART:20260602T100000Z|DTEND:20260602T110000Z|RDATE;VALUE=PERIOD:20260603T100000Z/PT3H,20260604T100000Z/20260604T103000Z")).Items[0];
        Assert.Equal([60, 180, 30], Dates(item).Select(date => (int)(date.End!.Value - date.Start).TotalMinutes));
    }

    [Fact]
    public void A_change_with_range_moves_or_ends_all_that_follow()
    {
        const string Series = "DTSTART{B}:20260317T140000|DTEND{B}:20260317T160000|RRULE:FREQ=WEEKLY;COUNT=4";
        var moved = Read(Event(Series) + Event("RECURRENCE-ID;RANGE=THISANDFUTURE{B}:20260324T140000|DTSTART{B}:20260325T090000|DTEND{B}:20260325T100000")).Items[0];
        Assert.Equal(["2026-03-17T13:00:00Z", "2026-03-25T08:00:00Z", "2026-04-01T07:00:00Z", "2026-04-08T07:00:00Z"], Dates(moved).Select(date => BerlinTime.Utc(date.Start)));
        Assert.Equal("2026-04-08T08:00:00Z", BerlinTime.Utc(Dates(moved)[3].End!.Value));
        var ended = Read(Event(Series) + Event("RECURRENCE-ID;RANGE=THISANDFUTURE{B}:20260331T140000|DTSTART{B}:20260331T140000|STATUS:CANCELLED")).Items[0];
        Assert.Equal(["2026-03-17T13:00:00Z", "2026-03-24T13:00:00Z"], Dates(ended).Select(date => BerlinTime.Utc(date.Start)));
    }

    [Fact]
    public void Of_two_states_of_an_event_the_higher_sequence_counts_then_the_later_change()
    {
        var reading = Read(Event("DTSTART:20260602T100000Z|SEQUENCE:1") + Event("DTSTART:20260603T100000Z|SEQUENCE:2|LAST-MODIFIED:20260101T000000Z") + Event("DTSTART:20260604T100000Z|SEQUENCE:2|LAST-MODIFIED:20260102T000000Z"));
        Assert.Equal("2026-06-04T10:00:00Z", BerlinTime.Utc(Dates(Assert.Single(reading.Items))[0].Start));
        Assert.Equal([SkipReason.Duplicate, SkipReason.Duplicate], reading.Skipped.Select(item => item.Reason));
    }

    [Fact]
    public void Tasks_and_journals_are_named_and_left_out()
    {
        var reading = Read("BEGIN:VTODO\nUID:t\nSUMMARY:Aufgabe\nEND:VTODO\n" + Event("DTSTART:20260602T100000Z"));
        Assert.Equal(("t", SkipReason.NotAnEvent, "Aufgabe"), (reading.Skipped[0].Item, reading.Skipped[0].Reason, reading.Skipped[0].Title));
        Assert.Single(reading.Items);
    }

    [Fact]
    public void Events_without_uid_keep_their_identity_when_their_order_changes()
    {
        const string First = "BEGIN:VEVENT\nSUMMARY:A\nDTSTART:20260602T100000Z\nEND:VEVENT\n", Second = "BEGIN:VEVENT\nSUMMARY:B\nDTSTART:20260602T100000Z\nEND:VEVENT\n";
        var before = ImportRules.Plan("s", [], Read(First + Second), Settings.Now).ToStore;
        Assert.All(ImportRules.Plan("s", before, Read(Second + First), Settings.Now).Changes, change => Assert.Equal(ChangeKind.Unchanged, change.Kind));
    }

    [Fact]
    public void A_fold_may_split_names_letters_and_emoji_and_escapes_are_undone_once()
    {
        byte[] bytes = [.. "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nSUM\r\n MARY:K\u00E4se "u8, 0xF0, 0x9F, .. "\r\n\t"u8, 0x98, 0x80, .. "\\, a\\\\n\\;b\r\nCATEGORIES:x\\,y,z\\\\,w\r\nDTSTART:20260602T100000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"u8];
        var item = Assert.Single(FeedReader.Read(bytes, Settings).Items);
        Assert.Equal("Käse 😀, a\\n;b", item.Title);
        Assert.Equal(["x,y", "z\\", "w"], item.Categories);
    }

    [Theory]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    [InlineData("utf-8")]
    public void A_byte_order_mark_decides(string name)
    {
        var encoding = Encoding.GetEncoding(name);
        var text = "BEGIN:VCALENDAR\n" + Event("DTSTART:20260602T100000Z", "Größe") + "END:VCALENDAR\n";
        Assert.Equal("Größe", Assert.Single(FeedReader.Read([.. encoding.GetPreamble(), .. encoding.GetBytes(text)], Settings).Items).Key);
    }

    [Theory]
    [InlineData("BEGIN:VCALENDAR\nEND:VCALENDAR\nRest\n", RefusalClass.NotWellFormed, "line 3, column 1")]
    [InlineData("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nEND:VCALENDAR\nEND:VEVENT\n", RefusalClass.NotWellFormed, "line 4, column 1")]
    [InlineData("BEGIN:VCALENDAR\nBEGIN:VEVENT\n", RefusalClass.Truncated, "line 2, column 1")]
    [InlineData("BEGIN:VFREEBUSY\nEND:VFREEBUSY\n", RefusalClass.WrongFormat, "line 1")]
    public void A_broken_calendar_is_refused_whole_with_its_place(string text, string refusal, string place)
    {
        var reading = FeedReader.Read(Encoding.UTF8.GetBytes(text), Settings);
        Assert.Equal((refusal, place), (reading.Refusal?.Class, reading.Refusal?.Place));
        Assert.Empty(reading.Items);
    }

    private static IReadOnlyList<Occurrence> Dates(OfferItem item) => ScheduleRules.Between(item.Schedule, From, To);

    private static Reading Read(string events)
    {
        var reading = FeedReader.Read(Encoding.UTF8.GetBytes($"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{events}END:VCALENDAR\n".Replace("\n", "\r\n", StringComparison.Ordinal)), Settings);
        Assert.Null(reading.Refusal);
        return reading;
    }

    private static string Event(string lines, string uid = "u") =>
        $"BEGIN:VEVENT\nUID:{uid}\nDTSTAMP:20260101T000000Z\nSUMMARY:S\n{lines.Replace("{B}", ";TZID=Europe/Berlin", StringComparison.Ordinal).Replace('|', '\n')}\nEND:VEVENT\n";
}
