using NodaTime;
using Quartier.Gateway.Domain.Alerts;
using Quartier.Simulator.Boards;
using Quartier.Simulator.Faults;
using Quartier.Wire;
using Xunit;

namespace Quartier.Tests.Simulation;

/// <summary>No alarm is lost in an outage, and none hides behind the one before: the pod's firmware over the air into the gateway's cases.</summary>
public sealed class OutageTests : IDisposable
{
    private readonly Simulator.Simulation run = new(
        42, Quarter.UsualStart, radio: new RadioConditions { UplinkLossPermille = 0, DownlinkLossPermille = 0 }, people: false);

    private Pod Karlsplatz => run.Quarter.PodNamed("Karlsplatz");

    public void Dispose() => run.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Smoke_of_four_minutes_in_an_outage_of_three_hours_arrives_when_the_radio_is_back(bool resetMeanwhile)
    {
        Pass(10);
        run.Quarter.Server.Conditions.Cut = true;
        Smoke(minutes: 4);
        Pass(56);
        if (resetMeanwhile)
        {
            Karlsplatz.Restart(run.Quarter.World);
        }

        // More than two hours after its end, and after the reset.
        Pass(130);
        Assert.Empty(Smokes());
        run.Quarter.Server.Conditions.Cut = false;
        Pass(31);
        var told = Assert.Single(Smokes());
        Assert.NotNull(told.EndedAt);
        Assert.True(told.IsOpen);
        Pass(30);
        Assert.False(Karlsplatz.App.Alarms.Shows(AlarmKind.Smoke));
    }

    [Fact]
    public void Of_five_fires_in_an_outage_the_first_and_the_newest_arrive()
    {
        Pass(10);
        run.Quarter.Server.Conditions.Cut = true;
        for (var fire = 0; fire < 5; fire++)
        {
            Smoke(minutes: 4);
            Pass(10);
        }

        Assert.Equal(3, Karlsplatz.App.Alarms.Between(AlarmKind.Smoke));
        run.Quarter.Server.Conditions.Cut = false;
        Pass(61);
        var smoke = Smokes().Single();
        Assert.Single(run.Gateway.Database.Read(db => AlertsTable.History(db, smoke.Id)), item => item.What == "called-again");
        Assert.False(Karlsplatz.App.Alarms.Shows(AlarmKind.Smoke));
        Assert.Equal(0, Karlsplatz.App.Alarms.Between(AlarmKind.Smoke));
    }

    [Fact]
    public void A_fire_that_begins_while_the_one_before_is_taken_calls_again()
    {
        Pass(10);
        Smoke(minutes: 2);
        var first = Smokes().Single();
        run.Gateway.Database.Write(db => AlertCases.Acknowledge(db, first.Id, "anna", run.Quarter.World.Now));
        Pass(5);
        var before = Calls(first.Id);
        Karlsplatz.Scene.SetSmoke(true);
        Pass(1);
        Assert.Null(Smokes().Single().AcknowledgedAt);
        Assert.Equal(first.Id, Smokes().Single().Id);
        Assert.Equal(before + 1, Calls(first.Id));
    }

    private int Calls(long id) => run.Gateway.Database.Read(db => AlertsTable.History(db, id)).Count(item => item.What is "raised" or "called-again");

    private IReadOnlyList<Alert> Smokes() =>
        [.. run.Gateway.Database.Read(db => AlertsTable.Open(db).Concat(AlertsTable.Closed(db, 99))).Where(alert => alert.Kind == AlertKind.Smoke)];

    private void Smoke(int minutes)
    {
        Karlsplatz.Scene.SetSmoke(true);
        Pass(minutes);
        Karlsplatz.Scene.SetSmoke(false);
        Pass(1);
    }

    private void Pass(int minutes) => run.Advance(Duration.FromMinutes(minutes));
}
