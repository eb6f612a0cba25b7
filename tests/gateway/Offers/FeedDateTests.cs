using NodaTime;
using Quartier.Gateway.Domain.Offers;
using Quartier.Gateway.Domain.Offers.Import;
using Xunit;

namespace Quartier.Tests.Gateway.Offers;

/// <summary>R1 to R6: how people and systems write dates, in fields and in titles.</summary>
public sealed class FeedDateTests
{
    private static readonly LocalDate Published = new(2026, 11, 20);

    [Theory]
    [InlineData("12.12.2026 15 Uhr", "2026-12-12T15:00:00+01:00")]
    [InlineData("12.12.2026, 15.30 Uhr", "2026-12-12T15:30:00+01:00")]
    [InlineData("12.12.2026, 17h", "2026-12-12T17:00:00+01:00")]
    [InlineData("12.12.2026 19h30", "2026-12-12T19:30:00+01:00")]
    [InlineData("12.12.26, 24 Uhr", "2026-12-13T00:00:00+01:00")]
    [InlineData("Sa, 12. Dezember 2026, 15.00 Uhr", "2026-12-12T15:00:00+01:00")]
    [InlineData("Samstag, den 12.12.2026 um 15:00 Uhr", "2026-12-12T15:00:00+01:00")]
    [InlineData("12.Dezember 2026 um 9 Uhr", "2026-12-12T09:00:00+01:00")]
    [InlineData("12 Dec 2026 3 pm", "2026-12-12T15:00:00+01:00")]
    [InlineData("2026-12-12 12:15 AM", "2026-12-12T00:15:00+01:00")]
    [InlineData("December 12, 2026 15:00", "2026-12-12T15:00:00+01:00")]
    [InlineData("2026/12/12 15:00", "2026-12-12T15:00:00+01:00")]
    [InlineData("2026-12-12T15", "2026-12-12T15:00:00+01:00")]
    [InlineData("20261212T1500", "2026-12-12T15:00:00+01:00")]
    [InlineData("20261212T240000", "2026-12-13T00:00:00+01:00")]
    [InlineData("2026-12-12T15:00:00.250+0100", "2026-12-12T15:00:00+01:00")]
    [InlineData("2026-12-12T15:00:00Z[UTC]", "2026-12-12T16:00:00+01:00")]
    [InlineData("Sat, 12 Dec 2026 15:00 CEST", "2026-12-12T14:00:00+01:00")]
    [InlineData("Sat, 12 Jun 2027 15:00 MEZ", "2027-06-12T16:00:00+02:00")]
    [InlineData("Sat, 12 Dec 2026 15:00:00 GMT+0100 (CET)", "2026-12-12T15:00:00+01:00")]
    [InlineData("Sat, 12 Dec 2026 15:00:00 EST", "2026-12-12T21:00:00+01:00")]
    [InlineData("2026-10-25T02:30:00", "2026-10-25T02:30:00+02:00")]
    public void A_field_with_a_time_is_that_moment(string text, string local)
    {
        Assert.True(FeedDates.TryParse(text, out var date));
        Assert.Equal((local, false), (BerlinTime.Local(date.At), date.IsDayOnly));
    }

    [Theory]
    [InlineData("12. Dezember 2026")]
    [InlineData("Sa., 12. Dez. 2026")]
    [InlineData("12 Dec 26")]
    [InlineData("December 12th, 2026")]
    [InlineData("20261212")]
    [InlineData("12.12.")]
    public void A_field_without_a_time_is_that_day(string text)
    {
        Assert.True(FeedDates.TryParse(text, out var date, Published));
        Assert.Equal((new LocalDate(2026, 12, 12), true), (date.Day, date.IsDayOnly));
    }

    [Theory]
    [InlineData("12.12.")] // Without a year it needs a reference, which a time stamp does not have.
    [InlineData("12.12.2026 15")]
    [InlineData("12.12.2026 25 Uhr")]
    [InlineData("12.12.2026 13 pm")]
    [InlineData("12.12.2026 15:60")]
    [InlineData("2026-12-12T24:00:01")]
    [InlineData("bis 12. Dezember 2026")]
    [InlineData("2.12")]
    [InlineData("12/12/2026")]
    [InlineData("Sat, 12 Dec 2026 15:00:00 XYZ")]
    [InlineData("29.2.2027")]
    [InlineData("1797080400")]
    [InlineData("0000-12-12")]
    [InlineData("99999-12-12")]
    public void What_could_mean_something_else_is_no_date(string text) => Assert.False(FeedDates.TryParse(text, out _));

    [Theory]
    [InlineData("Mon, 12 Dec 2026 15:00:00 +0100", true)]
    [InlineData("Sta, 12 Dec 2026 15:00:00 +0100", true)]
    [InlineData("Sat, 12 Dec 2026 15:00:00 +0100", false)]
    [InlineData("12 Dec 2026 15:00:00 +0100", false)]
    public void A_wrong_weekday_is_told_and_ignored(string text, bool mismatch)
    {
        Assert.True(FeedDates.TryParse(text, out var date));
        Assert.Equal((mismatch, "2026-12-12T14:00:00Z"), (date.WeekdayMismatch, BerlinTime.Utc(date.At)));
    }

    [Theory]
    [InlineData("Kino am 5.12. um 20.15", "2026-12-05T20:15")]
    [InlineData("Spiel 7.1.27 um 19h30", "2027-01-07T19:30")]
    [InlineData("Spiel 7.1.27, 19 Uhr 30", "2027-01-07T19:30")]
    [InlineData("Party 5 December 2026, 7:30 pm", "2026-12-05T19:30")]
    [InlineData("Donnerstag, 31. Dezember, 23:30 Uhr bis 0:30 Uhr", "2026-12-31T23:30 2027-01-01T00:30")]
    [InlineData("Sa. 12.12.2026 | 14:00 - 17:00 Uhr | Café", "2026-12-12T14:00 2026-12-12T17:00")]
    [InlineData("Kurs 5.12.2026, 14–16 Uhr für Kinder 6–10 Jahre", "2026-12-05T14:00 2026-12-05T16:00")]
    [InlineData("Fahrt 12.12.2026 (Anmeldung bis 1.12.2026)", "2026-12-12 2026-12-13")]
    [InlineData("Anmeldung bis 1.12.: Fahrt am 12.12.", "2026-12-12 2026-12-13")]
    [InlineData("Kurs 12./13./14.12.", "2026-12-12 2026-12-15")]
    [InlineData("Kurs 5./12./19.12., 10–12 Uhr", "2026-12-05T10:00 2026-12-05T12:00, 2026-12-12T10:00 2026-12-12T12:00, 2026-12-19T10:00 2026-12-19T12:00")]
    [InlineData("Kurs 5.12., 12.12. und 19.12.", "2026-12-05 2026-12-06, 2026-12-12 2026-12-13, 2026-12-19 2026-12-20")]
    [InlineData("Kurs 19.12., 2.1. und 9.1.2027", "2026-12-19 2026-12-20, 2027-01-02 2027-01-03, 2027-01-09 2027-01-10")]
    [InlineData("Lager vom 30.12. bis 2.1.", "2026-12-30 2027-01-03")]
    [InlineData("Treff 12.12. und 19.12.2026", "2026-12-12 2026-12-13, 2026-12-19 2026-12-20")]
    [InlineData("Schalttag 29.2.", "2028-02-29 2028-03-01")]
    public void A_title_names_its_dates(string title, string expected) => Assert.Equal(expected, string.Join(", ", TitleDates.Find(title, Published).Select(Written)));

    [Theory]
    [InlineData("Angebot 2.12")]
    [InlineData("Montag bis Freitag, 9–12")]
    [InlineData("Heute 15 Uhr")]
    [InlineData("3. Advent")]
    [InlineData("Jeden 1. Dienstag")]
    [InlineData("geöffnet bis einschließlich 15.1.2027")]
    public void A_title_may_name_none(string title) => Assert.Empty(TitleDates.Find(title, Published));

    [Theory]
    [InlineData("Mo 12.12., 15 Uhr: Backen", true, false)]
    [InlineData("Sa 12.12., 15 Uhr: Backen", false, false)]
    [InlineData("Nachtwanderung 28.3.2027, 2:30 Uhr", false, true)]
    [InlineData("Nachtwanderung am Sonntag, den 28.3.2027, 4 Uhr", false, false)]
    public void A_title_tells_of_a_wrong_weekday_and_of_the_clock_change(string title, bool mismatch, bool gap)
    {
        Assert.Single(TitleDates.Find(title, Published, out var weekday, out var moved, out _));
        Assert.Equal((mismatch, gap), (weekday, moved));
    }

    private static string Written(Occurrence occurrence)
    {
        string Part(Instant at) => BerlinTime.Local(at)[..(occurrence.AllDay ? 10 : 16)];
        return occurrence.End is { } end ? $"{Part(occurrence.Start)} {Part(end)}" : Part(occurrence.Start);
    }
}
