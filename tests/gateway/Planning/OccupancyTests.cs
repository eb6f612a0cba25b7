using NodaTime.Text;
using Quartier.Gateway.Domain.PodNights;
using Quartier.Gateway.Outputs.Planning;
using Quartier.Wire;
using Xunit;

namespace Quartier.Tests.Gateway.Planning;

public class OccupancyTests
{
    private static Night NightAt(string utc) => Night.Containing(InstantPattern.ExtendedIso.Parse(utc).Value);

    [Theory]
    [InlineData("2026-11-16T17:00:00Z", "2026-11-16")]
    [InlineData("2026-11-16T23:30:00Z", "2026-11-16")]
    [InlineData("2026-11-17T10:59:59Z", "2026-11-16")]
    [InlineData("2026-11-17T11:00:00Z", "2026-11-17")]
    [InlineData("2026-07-01T09:59:59Z", "2026-06-30")]
    [InlineData("2026-07-01T10:00:00Z", "2026-07-01")]
    [InlineData("2026-10-25T00:30:00Z", "2026-10-24")]
    public void A_night_runs_from_noon_to_noon_in_Berlin(string utc, string night) => Assert.Equal(night, NightAt(utc).ToString());

    [Fact]
    public void A_stay_across_midnight_and_noon_is_one_pod_night_of_the_night_it_began()
    {
        using var desk = new ReleaseStore();
        foreach (var (at, occupancy) in new[]
        {
            ("2026-11-16T20:00:00Z", Occupancy.Occupied),
            ("2026-11-17T02:00:00Z", Occupancy.Occupied),
            ("2026-11-17T05:00:00Z", Occupancy.Unknown),
            ("2026-11-17T12:30:00Z", Occupancy.Occupied),
            ("2026-11-17T13:00:00Z", Occupancy.Free),
        })
        {
            desk.Hear(ReleaseStore.Pod1, at, occupancy);
        }

        Assert.Equal((1, 1), (desk.Count("2026-11-16", "2026-11-16"), desk.Count("2026-11-01", "2026-11-30")));
        desk.Hear(ReleaseStore.Pod1, "2026-11-17T22:00:00Z", Occupancy.Occupied);
        desk.Hear(ReleaseStore.Pod2, "2026-11-17T22:00:00Z", Occupancy.Unknown);
        Assert.Equal((1, 2), (desk.Count("2026-11-17", "2026-11-17"), desk.Count("2026-11-01", "2026-11-30")));
    }

    [Fact]
    public void A_report_that_arrives_late_counts_for_the_night_in_which_the_stay_began()
    {
        using var desk = new ReleaseStore();
        desk.Hear(ReleaseStore.Pod1, "2026-11-17T11:30:00Z", Occupancy.Occupied, ageMinutes: 240);
        Assert.Equal(1, desk.Count("2026-11-16", "2026-11-16"));
    }

    [Theory]
    [InlineData("2026-W47", "2026-11-16", "2026-11-22", "2026-W48")]
    [InlineData("2026-W53", "2026-12-28", "2027-01-03", "2027-W01")]
    [InlineData("2025-W01", "2024-12-30", "2025-01-05", "2025-W02")]
    [InlineData("2026-11", "2026-11-01", "2026-11-30", "2026-12")]
    [InlineData("2026-12", "2026-12-01", "2026-12-31", "2027-01")]
    public void A_period_names_its_nights(string name, string first, string last, string next)
    {
        var period = ReleasePeriod.TryParse(name)!;
        Assert.Equal((first, last), (period.First.ToString(), period.Last.ToString()));
        Assert.Equal(next, period.Next().Name);
        if (period.Kind == PeriodKind.Week)
        {
            Assert.Equal(name, ReleasePeriod.WeekOf(period.Last).Name);
        }
    }

    [Theory]
    [InlineData("2026-W54")]
    [InlineData("2025-W53")]
    [InlineData("2026-W00")]
    [InlineData("2026-13")]
    [InlineData("2026-1")]
    [InlineData("2026-W5")]
    [InlineData("26-W10")]
    [InlineData("")]
    [InlineData("2026-W10-1")]
    [InlineData("2026- 1")]
    public void Other_texts_name_no_period(string name) => Assert.Null(ReleasePeriod.TryParse(name));
}
