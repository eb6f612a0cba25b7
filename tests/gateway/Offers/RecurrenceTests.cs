using System.Net;
using NodaTime;
using Quartier.Gateway.Domain.Offers;
using Quartier.Gateway.Domain.Offers.Import;
using Xunit;

namespace Quartier.Tests.Gateway.Offers;

/// <summary>Recurrence rules: examples of RFC 5545 §3.8.5.3 among them; and what is bounded.</summary>
public sealed class RecurrenceTests
{
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
