using NodaTime;
using Quartier.Board;
using Quartier.Gateway.Domain.Shelters;
using Quartier.Simulator.Boards;
using Quartier.Simulator.Faults;
using Quartier.Simulator.Radio;
using Quartier.Wire;
using Xunit;

namespace Quartier.Tests.Simulation;

/// <summary>What a stranger would try in the window, in virtual time and through the gateway's own store.</summary>
public sealed class AcceptanceTests : IDisposable
{
    private readonly Simulator.Simulation run = new(
        42, Quarter.UsualStart, radio: new RadioConditions { UplinkLossPermille = 0, DownlinkLossPermille = 0 }, people: false);

    private static string Topic => $"application/{ChirpStackEvent.ApplicationId}/device/{PodIdentity.Demo[0].DevEui}/command/down";

    private Boards.PodView Karlsplatz => new(run, "Karlsplatz");

    public void Dispose() => run.Dispose();

    [Fact]
    public void Entering_and_locking_shows_occupied_with_its_reason_within_five_seconds()
    {
        MakeFree();
        Karlsplatz.Scene.Enter();
        Karlsplatz.Scene.Lock();
        Pass(5);
        Assert.Equal((Occupancy.Occupied, OccupancyReason.Locked), (Karlsplatz.Report.Occupancy, Karlsplatz.Report.Reason));
    }

    [Fact]
    public void Leaving_shows_free_only_when_flap_motion_and_air_agree()
    {
        MakeFree();
        Karlsplatz.Scene.Enter();
        Karlsplatz.Scene.Lock();
        Pass(90 * 60);
        Karlsplatz.Scene.Leave();
        Pass(150);
        Assert.NotEqual(Occupancy.Free, Karlsplatz.Report.Occupancy);
        Pass(20 * 60);
        Assert.Equal((Occupancy.Free, OccupancyReason.Aired), (Karlsplatz.Report.Occupancy, Karlsplatz.Report.Reason));
        Assert.True(Karlsplatz.Scene.Ppm < 800);
    }

    [Fact]
    public void A_forgotten_flap_ends_in_unknown_with_its_reason()
    {
        MakeFree();
        Karlsplatz.Scene.Enter();
        Karlsplatz.Scene.Lock();
        Pass(30 * 60);
        Karlsplatz.Scene.Leave(forgetFlap: true);
        Pass(20 * 60);
        Assert.Equal((Occupancy.Unknown, OccupancyReason.DoorLeftOpen), (Karlsplatz.Report.Occupancy, Karlsplatz.Report.Reason));
    }

    [Fact]
    public void Smoke_is_in_the_store_at_once_and_its_confirmation_back_at_the_device()
    {
        MakeFree();
        Karlsplatz.Scene.SetSmoke(true);
        Pass(2);
        Assert.Contains(AlarmKind.Smoke, Karlsplatz.Alarms);
        Pass(15);
        Assert.False(Karlsplatz.Pod.App.Alarms[AlarmKind.Smoke].Open);
        Karlsplatz.Scene.SetSmoke(false);
        Pass(60);
        Assert.DoesNotContain(AlarmKind.Smoke, Karlsplatz.Alarms);
    }

    [Fact]
    public void Sos_lights_the_lamp_sent_and_then_confirmed()
    {
        MakeFree();
        Karlsplatz.Scene.PressSos();
        run.Advance(Duration.FromMilliseconds(100));
        Assert.Equal(LampSign.Sent, Karlsplatz.Pod.Board.LampShows);
        Pass(15);
        Assert.Equal(LampSign.Confirmed, Karlsplatz.Pod.Board.LampShows);
        Assert.True(Karlsplatz.Report.Sos);
    }

    [Fact]
    public void Cold_alarms_while_somebody_is_inside()
    {
        MakeFree();
        Karlsplatz.Scene.SetCold(true);
        Pass(10 * 60);
        Assert.DoesNotContain(AlarmKind.Cold, Karlsplatz.Alarms);
        Karlsplatz.Scene.Enter();
        Karlsplatz.Scene.Lock();
        Pass(5 * 60);
        Assert.Contains(AlarmKind.Cold, Karlsplatz.Alarms);
    }

    [Fact]
    public void A_cut_radio_holds_an_alarm_back_and_never_loses_it()
    {
        MakeFree();
        run.Quarter.Server.Conditions.Cut = true;
        Karlsplatz.Scene.SetSmoke(true);
        Pass(3600);
        Assert.DoesNotContain(AlarmKind.Smoke, Karlsplatz.Alarms);
        Assert.True(Karlsplatz.Pod.App.Alarms[AlarmKind.Smoke].Open);
        run.Quarter.Server.Conditions.Cut = false;
        Pass(6 * 60);
        Assert.Contains(AlarmKind.Smoke, Karlsplatz.Alarms);
        Assert.True(Karlsplatz.Report.Smoke);
    }

    [Fact]
    public void With_a_third_of_all_frames_lost_every_alarm_still_arrives_and_is_confirmed()
    {
        run.Quarter.Server.Conditions.UplinkLossPermille = 333;
        run.Quarter.Server.Conditions.DownlinkLossPermille = 333;
        MakeFree();
        for (var i = 0; i < 5; i++)
        {
            Karlsplatz.Scene.SetSmoke(true);
            Pass(50 * 60);
            Assert.False(Karlsplatz.Pod.App.Alarms[AlarmKind.Smoke].Open, $"round {i}");
            Karlsplatz.Scene.SetSmoke(false);
            Pass(50 * 60);
        }

        Assert.Equal(0, run.Gateway.Refused);
    }

    [Fact]
    public void Confirmations_that_nobody_fetched_do_not_pile_up_nor_arrive_late()
    {
        MakeFree();
        var confirmed = 0;
        Karlsplatz.Pod.Modem.Received += () => confirmed++;
        run.Quarter.Server.Conditions.DownlinkLossPermille = 1000;
        var waitsMost = 0;
        run.Gateway.Judged += (_, _) => waitsMost = Math.Max(waitsMost, run.Quarter.Server.QueueLength(Karlsplatz.Pod.Modem.DevEui));
        Karlsplatz.Scene.SetSmoke(true);
        Karlsplatz.Scene.PressSos();
        Pass(30 * 60);
        Assert.Equal(0, confirmed);
        Assert.InRange(waitsMost, 0, 2);

        // The confirmation of a telling that was never repeated: after ten minutes it is worth nothing.
        var fresh = $$"""{"devEui":"{{Karlsplatz.Pod.Modem.DevEui}}","fPort":11,"data":"AAE=","expiresAt":"{{run.Quarter.World.Now}}"}""";
        run.Quarter.Server.Command(Topic, System.Text.Encoding.UTF8.GetBytes(fresh));
        Pass(1);
        Assert.False(run.Quarter.Server.TryAnswer(Karlsplatz.Pod.Modem.DevEui, out _, out _));
        Assert.Equal(0, run.Quarter.Server.QueueLength(Karlsplatz.Pod.Modem.DevEui));

        run.Quarter.Server.Conditions.DownlinkLossPermille = 0;
        Pass(12 * 60);
        Assert.False(Karlsplatz.Pod.App.Alarms[AlarmKind.Smoke].Open);
        Assert.False(Karlsplatz.Pod.App.Alarms[AlarmKind.Sos].Open);
    }

    [Fact]
    public void The_screen_names_its_place_and_a_cut_wifi_keeps_it_readable_until_it_comes_back_by_itself()
    {
        Pass(60);
        Assert.Equal(LinkState.Up, run.Quarter.Screen.Board.Board.Link.Step(0));
        Assert.Contains(run.Quarter.Screen.Sketch.Words, words => words.Contains("Alter Eselsberg ·", StringComparison.Ordinal));
        run.Quarter.Screen.Wifi.InRange = false;
        Pass(3600);
        Assert.NotEmpty(run.Quarter.Screen.Sketch.Words);
        Assert.Equal(LinkState.Down, run.Quarter.Screen.Board.Board.Link.Step(0));
        run.Quarter.Screen.Wifi.InRange = true;
        Pass(60);
        Assert.Equal(LinkState.Up, run.Quarter.Screen.Board.Board.Link.Step(0));
    }

    [Fact]
    public void Events_of_the_simulated_network_server_are_what_a_real_one_writes()
    {
        var seen = new List<string>();
        run.Quarter.Server.Publish += (topic, payload) => seen.Add(System.Text.Encoding.UTF8.GetString(payload));
        Pass(60);
        Assert.Contains(seen, json => json.Contains("\"fCnt\":0", StringComparison.Ordinal) && json.Contains("+00:00\"", StringComparison.Ordinal) && json.Contains("\"confirmed\":false", StringComparison.Ordinal));
        Assert.Contains(seen, json => !json.Contains("fCnt", StringComparison.Ordinal));
    }

    private void MakeFree()
    {
        Pass(60);
        foreach (var pod in run.Quarter.Pods)
        {
            pod.Scene.LookIn(30_000);
        }

        Pass(10 * 60);
        Assert.Equal(Occupancy.Free, Karlsplatz.Pod.App.Occupancy.State);
    }

    private void Pass(int seconds) => run.Advance(Duration.FromSeconds(seconds));
}
