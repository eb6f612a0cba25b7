using System.Text.Json;
using NodaTime;
using NodaTime.Text;
using Quartier.Gateway.Domain.Offers;
using Quartier.Tests.Support;
using Xunit;

namespace Quartier.Tests.Gateway.Offers;

/// <summary>R17's calendar: computed holidays against the published table, school holidays with the free days beside them.</summary>
public sealed class HolidayTests
{
    [SharedDataFact]
    public void The_public_holidays_of_five_years_are_those_of_the_table_and_no_other_day()
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(SharedData.PathTo("feeds", "calendar", "bw-feiertage-2026-2030.json")));
        var expected = json.RootElement.GetProperty("holidays").EnumerateArray().Select(day => day.GetProperty("date").GetString()!).ToHashSet();
        for (var day = new LocalDate(2026, 1, 1); day.Year <= 2030; day = day.PlusDays(1))
        {
            Assert.True(expected.Contains(LocalDatePattern.Iso.Format(day)) == HolidayRules.IsPublicHoliday(day), $"{day:uuuu-MM-dd}");
        }
    }

    /// <summary>A second opinion for the years that no table covers yet.</summary>
    [Fact]
    public void A_library_of_public_holidays_agrees_for_a_generation()
    {
        var theirs = new PublicHoliday.GermanPublicHoliday { State = PublicHoliday.GermanPublicHoliday.States.BW };
        for (var day = new LocalDate(2018, 1, 1); day.Year <= 2050; day = day.PlusDays(1))
        {
            Assert.True(theirs.IsPublicHoliday(day.ToDateTimeUnspecified()) == HolidayRules.IsPublicHoliday(day), $"{day:uuuu-MM-dd}");
        }
    }

    [SharedDataFact]
    public void Every_published_day_without_school_is_one()
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(SharedData.PathTo("feeds", "calendar", "bw-schulferien-2026-27.json")));
        foreach (var period in json.RootElement.GetProperty("periods").EnumerateArray())
        {
            var last = LocalDatePattern.Iso.Parse(period.GetProperty("last_day").GetString()!).Value;
            for (var day = LocalDatePattern.Iso.Parse(period.GetProperty("first_day").GetString()!).Value; day <= last; day = day.PlusDays(1))
            {
                Assert.True(HolidayRules.IsSchoolHoliday(day), $"{day:uuuu-MM-dd}");
            }
        }
    }

    [Theory]
    [InlineData(2026, 10, 24, true)] // The weekend before.
    [InlineData(2026, 11, 1, true)]
    [InlineData(2026, 10, 23, false)]
    [InlineData(2026, 11, 2, false)]
    [InlineData(2027, 3, 28, true)] // Between Maundy Thursday and the Easter holidays.
    [InlineData(2027, 4, 4, true)]
    [InlineData(2027, 4, 5, false)]
    [InlineData(2027, 5, 15, true)] // Whitsun's weekend and Monday.
    [InlineData(2027, 9, 12, true)]
    [InlineData(2027, 1, 16, false)] // Any weekend.
    public void Free_days_beside_school_holidays_belong_to_them(int year, int month, int day, bool expected) =>
        Assert.Equal(expected, HolidayRules.IsSchoolHoliday(new LocalDate(year, month, day)));
}
