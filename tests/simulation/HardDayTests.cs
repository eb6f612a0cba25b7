using NodaTime;
using Quartier.Gateway.Domain.Alerts;
using Quartier.Gateway.Host;
using Quartier.Gateway.Store.Outbox;
using Quartier.Simulator.Checks;
using Quartier.Tests.Support;
using Xunit;

namespace Quartier.Tests.Simulation;

/// <summary>A day with a fault in every duty, a set clock, a dead channel, an outage and three fires, as the team hears it.</summary>
public sealed class HardDayTests(HardDayTests.Lived lived) : IClassFixture<HardDayTests.Lived>
{
    [Fact]
    public void The_notices_of_a_hard_day_are_what_a_street_worker_would_sign()
    {
        Golden.Matches("tests/simulation/golden/hard-day.txt", lived.Day.List());
    }

    [Fact]
    public void Every_fire_of_a_hard_day_calls_at_once_and_nothing_is_lost()
    {
        Assert.Equal(4, lived.Day.NewFires.Count);
        foreach (var fire in lived.Day.NewFires)
        {
            foreach (var person in Simulator.Scenarios.HardDay.Team)
            {
                Assert.Contains(lived.Day.Notices, notice =>
                    notice.Message.Subject.EndsWith(person, StringComparison.Ordinal)
                    && notice.Headline.StartsWith("ALARM", StringComparison.Ordinal)
                    && notice.At >= fire
                    && notice.At - fire <= Duration.FromMilliseconds(Simulator.TeamPost.RoundMs));
            }
        }

        Assert.All(lived.Day.Notices, notice => Assert.Equal(OutboxState.Sent, notice.Message.State));
        Assert.Empty(lived.Day.Run.Gateway.Database.Read(AlertsTable.Open));
        Assert.Equal(0, lived.Day.Run.Gateway.Refused);
        Assert.All(lived.Day.Run.Checkers.Where(checker => checker is AlarmsArrive or NeverFreeWhileOccupied), checker => Assert.Empty(checker.Violations));
    }

    [Fact]
    public void Each_fault_of_a_hard_day_is_red_while_it_lasts_and_all_is_well_at_its_end()
    {
        Assert.Equal(
            Duties.All.Select(duty => duty.FaultName).Append("channel " + ChannelNames.Team).Append("clock").Order(StringComparer.Ordinal),
            lived.Day.Red.Select(line => line.Name).Order(StringComparer.Ordinal));
        Assert.Empty(lived.Day.Run.Gateway.Health.Red(lived.Day.Run.Gateway.Clock.Now));
    }

    /// <summary>One day for all questions about it.</summary>
    public sealed class Lived : IDisposable
    {
        public Lived() => Day.Live();

        internal HardDay Day { get; } = new(42);

        public void Dispose() => Day.Dispose();
    }
}
