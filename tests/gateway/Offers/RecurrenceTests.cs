using System.Net;
using NodaTime;
using Quartier.Gateway.Domain.Offers;
using Quartier.Gateway.Domain.Offers.Import;
using Quartier.Tests.Support;
using Xunit;

namespace Quartier.Tests.Gateway.Offers;

/// <summary>Recurrence rules: examples of RFC 5545 §3.8.5.3 among them; and what is bounded.</summary>
public sealed class RecurrenceTests
{
    [Theory]
    [InlineData("FREQ=YEARLY;BYWEEKNO=-1;BYDAY=MO;COUNT=4", "2019-12-23 2020-12-28 2021-12-27 2022-12-26")] // 2020 has 53 weeks.
    [InlineData("FREQ=YEARLY;BYWEEKNO=-2;BYDAY=TU;COUNT=3", "2019-12-17 2020-12-22 2021-12-21")]
    [InlineData("FREQ=YEARLY;BYWEEKNO=-53;BYDAY=MO;COUNT=2", "2019-12-30 2025-12-29")] // Only years of 53 weeks have a 53rd from the end: their first, which begins in December.
    [InlineData("FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO;COUNT=2", "2020-12-28 2026-12-28")]
    public void A_negative_week_number_counts_from_the_end_of_its_year(string text, string days)
    {
        Assert.True(Recurrence.TryParse(text, out var rule, out _));
        var start = new LocalDateTime(2019, 12, 2, 10, 0);
        var found = RecurrenceRules.Expand(rule, start, startCounts: false, BerlinTime.Zone, start.Date, new LocalDate(2030, 1, 1));
        Assert.Equal(days, string.Join(' ', found.Select(date => date.ToString("uuuu-MM-dd", null))));
    }

    [Theory]
    [InlineData("FREQ=DAILY;INTERVAL=10;COUNT=5", "1997-09-02", "1997-09-02 1997-09-12 1997-09-22 1997-10-02 1997-10-12")]
    [InlineData("FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH", "1997-09-02", "1997-09-02 1997-09-04 1997-09-16 1997-09-18 1997-09-30 1997-10-02 1997-10-14 1997-10-16")]
    [InlineData("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO", "1997-08-05", "1997-08-05 1997-08-10 1997-08-19 1997-08-24")]
    [InlineData("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", "1997-08-05", "1997-08-05 1997-08-17 1997-08-19 1997-08-31")]
    [InlineData("FREQ=MONTHLY;COUNT=6;BYDAY=-2MO", "1997-09-22", "1997-09-22 1997-10-20 1997-11-17 1997-12-22 1998-01-19 1998-02-16")]
    [InlineData("FREQ=MONTHLY;BYMONTHDAY=-3;COUNT=6", "1997-09-28", "1997-09-28 1997-10-29 1997-11-28 1997-12-29 1998-01-29 1998-02-26")]
    [InlineData("FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3", "1997-09-04", "1997-09-04 1997-10-07 1997-11-06")]
    [InlineData("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13;COUNT=4", "1998-02-13", "1998-02-13 1998-03-13 1998-11-13 1999-08-13")]
    [InlineData("FREQ=MONTHLY;COUNT=4", "2026-01-31", "2026-01-31 2026-03-31 2026-05-31 2026-07-31")]
    [InlineData("FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200", "1997-01-01", "1997-01-01 1997-04-10 1997-07-19 2000-01-01 2000-04-09 2000-07-18 2003-01-01 2003-04-10 2003-07-19 2006-01-01")]
    [InlineData("FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO;COUNT=3", "1997-05-12", "1997-05-12 1998-05-11 1999-05-17")]
    [InlineData("FREQ=YEARLY;BYDAY=20MO;COUNT=3", "1997-05-19", "1997-05-19 1998-05-18 1999-05-17")]
    [InlineData("FREQ=YEARLY;BYMONTH=1;BYDAY=SU;COUNT=3", "1998-01-04", "1998-01-04 1998-01-11 1998-01-18")]
    [InlineData("FREQ=DAILY;UNTIL=19970905", "1997-09-02", "1997-09-02 1997-09-03 1997-09-04 1997-09-05")]
    public void A_rule_gives_the_days_of_the_standard(string text, string start, string expected)
    {
        Assert.True(Recurrence.TryParse(text, out var rule, out _));
        var first = NodaTime.Text.LocalDatePattern.Iso.Parse(start).Value.At(new LocalTime(9, 0));
        var days = RecurrenceRules.Expand(rule, first, true, BerlinTime.Zone, first.Date, first.Date.PlusYears(12)).Select(local => local.Date.ToString("uuuu-MM-dd", null));
        Assert.Equal(expected, string.Join(' ', days));
    }

    [Fact]
    public void Skipping_the_years_before_a_window_changes_no_date_in_it()
    {
        foreach (var text in new[] { "FREQ=DAILY;INTERVAL=3", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH", "FREQ=MONTHLY;INTERVAL=5;BYDAY=-1FR", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "FREQ=MONTHLY;BYDAY=TU;BYSETPOS=-1" })
        {
            Assert.True(Recurrence.TryParse(text, out var rule, out _));
            var start = new LocalDateTime(2001, 3, 7, 10, 0);
            var (from, to) = (new LocalDate(2026, 1, 1), new LocalDate(2033, 1, 1));
            var slow = RecurrenceRules.Expand(rule, start, false, BerlinTime.Zone, start.Date, to).Where(local => local.Date >= from);
            var quick = RecurrenceRules.Expand(rule, start, false, BerlinTime.Zone, from, to).Where(local => local.Date >= from);
            Assert.Equal(slow, quick);
        }
    }

    [Theory]
    [InlineData("FREQ=DAILY;COUNT=12000")]
    [InlineData("FREQ=DAILY;INTERVAL=3;BYDAY=MO,TH;COUNT=1200")]
    [InlineData("FREQ=DAILY;BYHOUR=8,10,17;BYSETPOS=1,-1;COUNT=19000")]
    [InlineData("FREQ=DAILY;BYMONTH=5;COUNT=800")]
    [InlineData("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE,SU;WKST=SU;COUNT=2000")]
    [InlineData("FREQ=WEEKLY;BYDAY=TU;BYWEEKNO=3,20,-1;COUNT=100")]
    [InlineData("FREQ=MONTHLY;COUNT=310")]
    [InlineData("FREQ=MONTHLY;INTERVAL=5;BYMONTH=1,6,9;BYMONTHDAY=2,27;COUNT=40")]
    [InlineData("FREQ=MONTHLY;BYDAY=-1FR,-2MO;COUNT=620")]
    [InlineData("FREQ=MONTHLY;BYDAY=1MO,-4MO;COUNT=600")]
    [InlineData("FREQ=MONTHLY;BYMONTHDAY=31,-1;COUNT=400")]
    [InlineData("FREQ=YEARLY;COUNT=30")]
    [InlineData("FREQ=YEARLY;BYMONTH=3,11;BYHOUR=9,10;BYSETPOS=-1,2;COUNT=60")]
    [InlineData("FREQ=YEARLY;BYWEEKNO=-1;BYDAY=WE;COUNT=30")]
    public void Counting_by_cycles_gives_the_dates_that_counting_one_by_one_gives(string text)
    {
        Assert.True(Recurrence.TryParse(text, out var rule, out _));
        var last = new LocalDate(2033, 1, 1);
        foreach (var start in new[] { new LocalDateTime(2001, 3, 7, 10, 0), new LocalDateTime(2000, 12, 31, 8, 0), new LocalDateTime(2003, 5, 28, 17, 0) })
        {
            foreach (var from in new[] { new LocalDate(2001, 9, 1), new LocalDate(2024, 2, 29), new LocalDate(2026, 1, 1), new LocalDate(2030, 6, 7) })
            {
                foreach (var startCounts in new[] { true, false })
                {
                    var slow = RecurrenceRules.Expand(rule, start, startCounts, BerlinTime.Zone, start.Date, last).Where(local => local.Date >= from);
                    var quick = RecurrenceRules.Expand(rule, start, startCounts, BerlinTime.Zone, from, last).Where(local => local.Date >= from);
                    Assert.Equal(slow, quick);
                }
            }
        }
    }

    /// <summary>UNTIL in UTC asks the zone once a candidate: that is the work, without a clock.</summary>
    [Theory]
    [InlineData("FREQ=DAILY;COUNT=1000000")]
    [InlineData("FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR;COUNT=1000000")]
    [InlineData("FREQ=WEEKLY;COUNT=1000000")]
    [InlineData("FREQ=MONTHLY;BYDAY=-1SU;COUNT=1000000")]
    [InlineData("FREQ=YEARLY;COUNT=1000000")]
    public void A_series_of_a_million_dates_since_1900_is_not_counted_one_by_one(string text)
    {
        Assert.True(Recurrence.TryParse(text + ";UNTIL=89991231T000000Z", out var rule, out _));
        var zone = new CountingZone();
        var today = new LocalDate(2026, 11, 28);
        var next = RecurrenceRules.Expand(rule, new LocalDateTime(1900, 1, 1, 10, 0), true, zone, today, today.PlusYears(9)).First(local => local.Date >= today);
        Assert.InRange(next.Date, today, today.PlusYears(1));
        Assert.InRange(zone.Asked, 1, 30);
    }

    [Fact]
    public void The_next_date_of_a_series_that_is_running_all_the_time_is_found_without_listing_the_others()
    {
        var now = Instant.FromUtc(2026, 11, 28, 8, 0);
        var series = new Series(BerlinTime.ZoneId, new LocalDateTime(1950, 1, 1, 10, 0), false, new SeriesLength(Days: 20_000), "FREQ=DAILY");
        var schedule = new Schedule([], [series], []);
        Assert.Single(ScheduleRules.Next(schedule, now, 1));
        var before = GC.GetAllocatedBytesForCurrentThread();
        var next = ScheduleRules.Next(schedule, now, 1);
        // The first of twenty thousand dates costs little, listing all of them millions.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 200_000);
        Assert.Equal(now - Duration.FromDays(20_000), Assert.Single(next).Start, (left, right) => (left - right).Days is 0);
    }

    [SharedDataFact]
    public void Long_counted_series_of_the_field_are_read_with_their_dates()
    {
        var now = Instant.FromUtc(2026, 11, 28, 8, 0);
        var reading = FeedReader.Read(File.ReadAllBytes(SharedData.PathTo("cases", "offers", "40-lange-zaehlserien.ics")), new ImportSettings(now) { FileName = "k.ics" });
        Assert.Equal(200, reading.Items.Count);
        Assert.All(reading.Items, item => Assert.Equal(Instant.FromUtc(2026, 11, 28, 10, 0), ScheduleRules.Next(item.Schedule, now, 1)[0].Start));
    }

    [Fact]
    public void A_file_whose_series_cost_minutes_to_count_is_refused_with_what_to_do()
    {
        var events = Enumerable.Range(0, 2_000).Select(i => $"BEGIN:VEVENT\r\nUID:u{i}\r\nSUMMARY:S{i}\r\nDTSTART:20000101T100000Z\r\nRRULE:FREQ=DAILY;BYMONTH=1,2,3;COUNT=100000\r\nEND:VEVENT\r\n");
        var reading = FeedReader.Read(
            System.Text.Encoding.UTF8.GetBytes($"BEGIN:VCALENDAR\r\n{string.Concat(events)}END:VCALENDAR\r\n"), new ImportSettings(Instant.FromUtc(2026, 11, 28, 8, 0)) { FileName = "k.ics" });
        Assert.Equal(RefusalClass.TooRepetitive, reading.Refusal?.Class);
        Assert.Contains("UNTIL", reading.Refusal!.RemedyGerman, StringComparison.Ordinal);
    }

    private sealed class CountingZone() : DateTimeZone("counting", isFixed: true, Offset.Zero, Offset.Zero)
    {
        private static readonly NodaTime.TimeZones.ZoneInterval Always = new("counting", null, null, Offset.Zero, Offset.Zero);

        public int Asked { get; private set; }

        public override NodaTime.TimeZones.ZoneInterval GetZoneInterval(Instant instant)
        {
            Asked++;
            return Always;
        }
    }

    [Theory]
    [InlineData("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30")]
    [InlineData("FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=4")]
    public void A_rule_that_never_matches_ends(string text)
    {
        Assert.True(Recurrence.TryParse(text, out var rule, out _));
        Assert.Empty(RecurrenceRules.Expand(rule, new LocalDateTime(2026, 1, 1, 0, 0), false, BerlinTime.Zone, new LocalDate(2026, 1, 1), new LocalDate(9000, 1, 1)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("INTERVAL=2")]
    [InlineData("FREQ=FORTNIGHTLY")]
    [InlineData("FREQ=DAILY;INTERVAL=0")]
    [InlineData("FREQ=WEEKLY;BYDAY=XX")]
    [InlineData("FREQ=MONTHLY;BYMONTHDAY=32")]
    [InlineData("FREQ=DAILY;UNTIL=morgen")]
    public void An_unreadable_rule_says_so(string text) => Assert.False(Recurrence.TryParse(text, out _, out _));

    [Fact]
    public void Public_holidays_follow_easter()
    {
        foreach (var day in new[] { "2026-04-03", "2026-05-14", "2027-03-29", "2027-05-17", "2027-05-27", "2028-04-14", "2030-06-20", "2027-01-06", "2026-11-01" })
        {
            Assert.True(HolidayRules.IsPublicHoliday(NodaTime.Text.LocalDatePattern.Iso.Parse(day).Value), day);
        }

        Assert.False(HolidayRules.IsPublicHoliday(new LocalDate(2026, 12, 24)));
    }

    [Theory]
    [InlineData("127.0.0.1", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("172.20.0.1", false)]
    [InlineData("192.168.1.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("::1", false)]
    [InlineData("::ffff:127.0.0.1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("64:ff9b::7f00:1", false)]
    [InlineData("2002:7f00:1::", false)]
    [InlineData("9.9.9.9", true)]
    [InlineData("2620:fe::fe", true)]
    public void Only_public_addresses_are_fetched_from(string address, bool expected) => Assert.Equal(expected, FeedFetch.IsPublic(IPAddress.Parse(address)));

    [Fact]
    public async Task The_gateways_own_network_is_refused_before_a_connection()
    {
        using var fetch = new FeedFetch(allowPrivate: false);
        var (content, _, refusal) = await fetch.Get(new Uri("http://localhost:9/feed.xml"), CancellationToken.None);
        Assert.Null(content);
        Assert.Equal(RefusalClass.Unreachable, refusal?.Class);
    }
}
