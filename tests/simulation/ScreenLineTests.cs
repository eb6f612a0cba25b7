using NodaTime;
using Quartier.Board;
using Quartier.Provisioning;
using Quartier.Simulator;
using Quartier.Simulator.Boards;
using Quartier.Wire;
using Xunit;

namespace Quartier.Tests.Simulation;

/// <summary>The screen over lines as they are in a shop window's back room, with the limits of the device's MQTT library.</summary>
public sealed class ScreenLineTests : IDisposable
{
    private const int Offers = 480;
    private readonly Simulator.Simulation run = new(42, Quarter.UsualStart, people: false);
    private int wants;

    public ScreenLineTests()
    {
        run.Gateway.Database.Write(db => ManyOffers.Import(db, Offers, Quarter.UsualStart));
        run.Gateway.Judged += (envelope, _) => wants += envelope.Topic.EndsWith(ScreenTopics.Want, StringComparison.Ordinal) ? 1 : 0;
    }

    private LinkState State => run.Quarter.Screen.Board.Board.Link.Step(0);

    private int Shown => run.Quarter.Screen.App.Catalogue.Count;

    public void Dispose() => run.Dispose();

    /// <summary>A call that left before would be heard by the gateway from a screen that is not on its network.</summary>
    [Fact]
    public void A_screen_that_starts_again_is_off_the_Wi_Fi_before_its_new_name_is_used()
    {
        run.Advance(Duration.FromMinutes(1));
        var screen = run.Quarter.Screen;
        Assert.True(new IdentityFile(screen.Flash).Save(new DeviceIdentity
        {
            Kind = IdentityKind.Screen, DeviceId = "eingang-1", Place = "Eingang", MqttHost = "gateway", MqttPort = 1883, MqttUser = "eingang-1", MqttPassword = "x",
        }));
        var states = new List<WifiState>();
        screen.Provisioned += _ => states.Add(screen.Wifi.State);
        screen.Restart();
        Assert.Equal([WifiState.Connecting], states);
    }

    /// <summary>Half a minute is the budget where nothing is slow; elsewhere the line's own time and a quarter of it.</summary>
    [Theory]
    [InlineData(0, 10)]
    [InlineData(100_000, 100)]
    [InlineData(4_000, 1_000)]
    [InlineData(1_000, 1_000)]
    public void A_full_catalogue_arrives_in_the_line_s_own_time_and_nothing_twice(int bytesPerSecond, int roundTripMs)
    {
        (run.Link.Line.BytesPerSecond, run.Link.Line.RoundTripMs) = (bytesPerSecond, roundTripMs);
        var seconds = Whole();
        Assert.Equal(0, run.Link.Lost);
        Assert.Equal((Shown + ScreenWant.EntriesMax - 1) / ScreenWant.EntriesMax, wants);
        var own = bytesPerSecond == 0 ? 0 : run.Link.BytesDown / (double)bytesPerSecond;
        Assert.True(seconds < 30 + (own * 1.25), $"{seconds} s, the line alone {own:F0} s");
    }

    [Fact]
    public void A_day_at_one_kilobyte_a_second_with_a_change_an_hour_ends_with_the_last_one_on_show()
    {
        (run.Link.Line.BytesPerSecond, run.Link.Line.RoundTripMs) = (1_000, 1_000);
        Whole();
        var before = run.Link.BytesDown;
        for (var hour = 0; hour < 24; hour++)
        {
            run.Gateway.Database.Write(db => ManyOffers.Import(db, Offers, run.Quarter.World.Now, changed: hour));
            Pass(3_600);
        }

        Assert.Equal(Newest(), Convert.ToHexStringLower(run.Quarter.Screen.App.Catalogue.Digest));
        Assert.InRange(run.Link.BytesDown - before, 24 * 200, 24 * 3_000);
    }

    [Fact]
    public void An_hour_on_a_dead_line_is_noticed_shown_and_over_by_itself()
    {
        Whole();
        run.Link.Line.IsHalfOpen = true;
        Pass(121);
        Assert.NotEqual(LinkState.Up, State);
        Pass(3_600);
        Assert.True(Shown >= Offers);
        Assert.NotEmpty(run.Quarter.Screen.Sketch.Words);
        run.Link.Line.IsHalfOpen = false;
        Pass(135);
        Assert.Equal(LinkState.Up, State);
    }

    /// <summary>What a session has to say finds a dead line sooner than its ping does.</summary>
    [Fact]
    public void A_line_that_dies_while_entries_are_awaited_is_given_up_after_a_minute()
    {
        (run.Link.Line.BytesPerSecond, run.Link.Line.RoundTripMs) = (4_000, 1_000);
        Pass(20);
        Assert.Equal(0, Shown);
        run.Link.Line.IsHalfOpen = true;
        Pass(67);
        Assert.NotEqual(LinkState.Up, State);
        run.Link.Line.IsHalfOpen = false;
        Assert.True(Whole() < 180);
    }

    [Fact]
    public void A_broker_that_dies_in_mid_sync_costs_one_request_and_not_the_catalogue()
    {
        (run.Link.Line.BytesPerSecond, run.Link.Line.RoundTripMs) = (4_000, 100);
        Pass(20);
        Assert.Equal(0, Shown);
        run.Link.Reset();
        Pass(10);
        run.Link.Reset();
        Whole();
        Assert.InRange(wants, Shown / ScreenWant.EntriesMax, (Shown / ScreenWant.EntriesMax) + 3);
    }

    [Fact]
    public void What_is_sent_again_by_the_library_is_counted_once()
    {
        run.Link.Line.RoundTripMs = 1_500;
        Whole();
        Pass(900);
        Assert.Equal(LinkState.Up, State);
        Assert.Equal((Shown + ScreenWant.EntriesMax - 1) / ScreenWant.EntriesMax, wants);
    }

    private double Whole()
    {
        var start = run.Quarter.World.NowMs;
        while (Shown < Offers)
        {
            Pass(1);
            Assert.True(run.Quarter.World.NowMs - start < 1_800_000, $"half an hour, {wants} requests, {run.Link.BytesDown} bytes, {run.Link.Lost} lost");
        }

        return (run.Quarter.World.NowMs - start) / 1000.0;
    }

    private string Newest() => run.Gateway.Database.Read(db => Quartier.Gateway.Domain.Offers.CatalogueTable.Screen(db, QuarterScreen.Device)!.Target);

    private void Pass(int seconds) => run.Advance(Duration.FromSeconds(seconds));
}
