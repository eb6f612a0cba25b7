using System.Globalization;
using System.Text;
using Ical.Net.CalendarComponents;
using Ical.Net.DataTypes;
using NodaTime;
using NodaTime.Text;
using Quartier.Gateway.Domain.Offers;
using Quartier.Gateway.Domain.Offers.Import;
using Quartier.Tests.Support;
using Xunit;
using Duration = NodaTime.Duration;
using Period = NodaTime.Period;

namespace Quartier.Tests.Gateway.Offers;

/// <summary>
/// Ical.Net as a second opinion on rules about which RFC 5545 leaves no doubt: each start is a date of its rule, UNTIL has the form of
/// DTSTART, and no time falls into the hour of the clock changes, which §3.3.5 reads and §3.3.10 leaves out.
/// </summary>
public sealed class RecurrenceOpinionTests
{
    private const int RulesEach = 150;

    private static readonly LocalDate To = new(2031, 1, 1);
    private static readonly LocalDatePattern Day = LocalDatePattern.CreateWithInvariantCulture("uuuuMMdd");
    private static readonly LocalDateTimePattern Local = LocalDateTimePattern.CreateWithInvariantCulture("uuuuMMdd'T'HHmmss");
    private static readonly InstantPattern Utc = InstantPattern.CreateWithInvariantCulture("uuuuMMdd'T'HHmmss'Z'");
    private static readonly LocalTime[] Times = [new(0, 0), new(1, 59, 59), new(3, 0), new(9, 30), new(18, 0), new(23, 45)];

    [Theory]
    [InlineData("DAILY", 1, 150)]
    [InlineData("WEEKLY", 2, 60)]
    [InlineData("MONTHLY", 3, 20)]
    [InlineData("YEARLY", 4, 5)]
    public void A_library_of_calendars_expands_seeded_rules_to_the_same_dates(string frequency, int seed, int datesEach)
    {
        var gen = new Gen((ulong)seed);
        var compared = 0;
        for (var i = 0; i < RulesEach; i++)
        {
            var lines = Lines(frequency, gen);
            var text = $"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:u\r\nDTSTAMP:20260101T000000Z\r\nSUMMARY:S\r\n{lines}END:VEVENT\r\nEND:VCALENDAR\r\n";
            var (ours, theirs) = (Ours(text), Theirs(text));
            Assert.True(ours.SequenceEqual(theirs), $"{lines}only ours: {string.Join(' ', ours.Except(theirs).Take(5))}\nonly theirs: {string.Join(' ', theirs.Except(ours).Take(5))}");
            compared += ours.Count;
        }

        Assert.True(compared > datesEach * RulesEach, $"{compared} dates");
    }

    private static List<Instant> Ours(string text)
    {
        var reading = FeedReader.Read(Encoding.UTF8.GetBytes(text), new ImportSettings(Instant.FromUtc(2026, 11, 21, 8, 0)) { FileName = "k.ics" });
        Assert.Empty(reading.Warnings);
        return [.. ScheduleRules.Between(Assert.Single(reading.Items).Schedule, Instant.MinValue, BerlinTime.StartOf(To)).Select(date => date.Start)];
    }

    private static List<Instant> Theirs(string text)
    {
        var end = BerlinTime.StartOf(To);
        return [.. Ical.Net.Calendar.Load(text)!.GetOccurrences<CalendarEvent>().Select(date => StartOf(date.Period.StartTime)).TakeWhile(start => start < end)];
    }

    private static Instant StartOf(CalDateTime time) =>
        time.HasTime ? Instant.FromDateTimeUtc(time.AsUtc) : BerlinTime.StartOf(new LocalDate(time.Year, time.Month, time.Day));

    private static string Lines(string frequency, Gen gen)
    {
        var start = new LocalDate(2024, 1, 1).PlusDays(gen.Next(900)).At(gen.Pick(Times));
        var isDay = gen.Chance(150);
        var interval = gen.Chance(500) ? 1 : gen.Next(2, 6);
        var rule = $"FREQ={frequency}{(interval > 1 ? string.Create(CultureInfo.InvariantCulture, $";INTERVAL={interval}") : "")}{By(frequency, start.Date, gen)}";
        var step = frequency switch
        {
            "DAILY" => Period.FromDays(interval),
            "WEEKLY" => Period.FromWeeks(interval),
            "MONTHLY" => Period.FromMonths(interval),
            _ => Period.FromYears(interval),
        };
        LocalDateTime Later(int most) => Enumerable.Repeat(step, gen.Next(1, most)).Aggregate(start, (date, by) => date + by);
        rule += gen.Next(3) switch
        {
            0 => string.Create(CultureInfo.InvariantCulture, $";COUNT={gen.Next(1, 120)}"),
            1 => $";UNTIL={Until(Later(frequency == "YEARLY" ? 5 : 80), isDay, gen)}",
            _ => "",
        };
        var removed = Enumerable.Range(0, gen.Next(4)).Select(_ => Later(12));
        return isDay
            ? $"DTSTART;VALUE=DATE:{Day.Format(start.Date)}\r\nRRULE:{rule}\r\n" + string.Concat(removed.Select(date => $"EXDATE;VALUE=DATE:{Day.Format(date.Date)}\r\n"))
            : $"DTSTART;TZID=Europe/Berlin:{Local.Format(start)}\r\nRRULE:{rule}\r\n" + string.Concat(removed.Select(date => $"EXDATE;TZID=Europe/Berlin:{Local.Format(date)}\r\n"));
    }

    /// <summary>On a date of the series, which is then the last one, or a second before it.</summary>
    private static string Until(LocalDateTime last, bool isDay, Gen gen) =>
        isDay ? Day.Format(last.Date) : Utc.Format(BerlinTime.Resolve(last, BerlinTime.Zone) - Duration.FromSeconds(gen.Next(2)));

    /// <summary>Parts that the start itself meets: RFC 5545 §3.8.5.3 leaves open what a series is whose start is not a date of its rule.</summary>
    private static string By(string frequency, LocalDate start, Gen gen) => (frequency, gen.Next(5)) switch
    {
        ("DAILY", 0) => $";BYDAY={Weekdays(start, gen)}",
        ("DAILY", 1) => $";BYMONTHDAY={MonthDays(start, gen)}",
        ("DAILY", 2) => $";BYMONTH={Months(start, gen)}",
        ("WEEKLY", 0 or 1) => $";BYDAY={Weekdays(start, gen)}",
        ("WEEKLY", 2) => $";BYDAY={Weekdays(start, gen)};WKST={gen.Pick(["SU", "MO", "WE"])}",
        ("MONTHLY", 0 or 1) => $";BYMONTHDAY={MonthDays(start, gen)}",
        ("MONTHLY", 2) => $";BYDAY={Name(start)}{Position(";BYSETPOS=", start, gen)}",
        ("MONTHLY", 3) => $";BYDAY={Place(start, gen)}",
        ("YEARLY", 0) => string.Create(CultureInfo.InvariantCulture, $";BYMONTH={start.Month};BYDAY={Place(start, gen)}"),
        ("YEARLY", 1) => $";BYMONTH={Months(start, gen)};BYMONTHDAY={MonthDays(start, gen)}",
        ("YEARLY", 2) => $";BYMONTH={Months(start, gen)}",
        _ => "",
    };

    private static string Weekdays(LocalDate start, Gen gen) =>
        string.Join(',', Enumerable.Range(0, gen.Next(1, 4)).Select(i => Name(i == 0 ? start : start.PlusDays(gen.Next(7)))).Distinct());

    private static string Months(LocalDate start, Gen gen) =>
        string.Join(',', Enumerable.Range(0, gen.Next(1, 4)).Select(i => i == 0 ? start.Month : gen.Next(1, 13)).Distinct());

    private static string MonthDays(LocalDate start, Gen gen)
    {
        var own = gen.Chance(500) ? start.Day : start.Day - 1 - start.Calendar.GetDaysInMonth(start.Year, start.Month);
        return string.Join(',', Enumerable.Range(0, gen.Next(1, 4)).Select(i => i == 0 ? own : (gen.Chance(500) ? 1 : -1) * gen.Next(1, 32)).Distinct());
    }

    /// <summary>"2TU" or "-3TU": which of its weekday the start is in its month, from either end.</summary>
    private static string Place(LocalDate start, Gen gen) => $"{Position("", start, gen)}{Name(start)}";

    private static string Position(string before, LocalDate start, Gen gen)
    {
        var fromEnd = (start.Calendar.GetDaysInMonth(start.Year, start.Month) - start.Day) / 7;
        return string.Create(CultureInfo.InvariantCulture, $"{before}{(gen.Chance(500) ? ((start.Day - 1) / 7) + 1 : -1 - fromEnd)}");
    }

    private static string Name(LocalDate day) => day.DayOfWeek.ToString()[..2].ToUpperInvariant();
}
