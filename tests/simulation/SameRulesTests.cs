using NodaTime;
using Quartier.Board;
using Quartier.Gateway.Domain.Registry;
using Quartier.Gateway.Ingest;
using Quartier.Mqtt;
using Quartier.Simulator.Boards;
using Quartier.Simulator.Demo;
using Quartier.Wire;
using Xunit;

namespace Quartier.Tests.Simulation;

/// <summary>A simulated screen fares at the simulated gateway as a real one does at the real broker.</summary>
public sealed class SameRulesTests : IDisposable
{
    private readonly Simulator.Simulation run = new(5, Quarter.UsualStart, people: false);
    private readonly List<string> judged = [];

    public SameRulesTests()
    {
        run.Gateway.Judged += (envelope, _) => judged.Add(envelope.Topic);
        Pass(60);
        Assert.Equal(LinkState.Up, State);
        judged.Clear();
    }

    private IMqttLink Link => run.Quarter.Screen.Board.Board.Link;

    private LinkState State => Link.Step(0);

    public void Dispose() => run.Dispose();

    [Fact]
    public void A_screen_whose_secret_was_revoked_is_cut_and_stays_out_until_it_has_another()
    {
        run.Gateway.Database.Write(db => Credentials.Remove(db, QuarterScreen.Device, MqttRights.Screen));
        Pass(1);
        Assert.NotEqual(LinkState.Up, State);
        Assert.Contains(ScreenTopics.Build(QuarterScreen.Device, ScreenTopics.Presence), judged);
        judged.Clear();
        for (var minute = 0; minute < 30; minute++)
        {
            Pass(60);
            Assert.NotEqual(LinkState.Up, State);
        }

        Assert.DoesNotContain(judged, topic => topic.StartsWith(ScreenTopics.Prefix, StringComparison.Ordinal));
        run.Gateway.Database.Write(db => Credentials.Put(db, QuarterScreen.Device, MqttRights.Screen, DemoQuarter.ScreenSecret));
        Pass(180);
        Assert.Equal(LinkState.Up, State);
    }

    [Theory]
    [InlineData(QuarterScreen.Device, QuarterScreen.Device, "wrong")]
    [InlineData("eingang-1", QuarterScreen.Device, DemoQuarter.ScreenSecret)]
    public void A_screen_with_a_wrong_secret_or_another_s_name_is_not_let_in(string device, string user, string secret)
    {
        run.Link.Use(new DeviceIdentity { DeviceId = device, MqttUser = user, MqttPassword = secret });
        run.Link.Reset();
        for (var minute = 0; minute < 10; minute++)
        {
            Pass(60);
            Assert.NotEqual(LinkState.Up, State);
        }
    }

    [Fact]
    public void What_a_screen_publishes_on_another_s_topic_goes_nowhere_and_is_not_sent_again()
    {
        var other = ScreenTopics.Build("eingang-1", ScreenTopics.Hello);
        var own = ScreenTopics.Build(QuarterScreen.Device, ScreenTopics.Usage);
        var before = run.Link.BytesUp;
        Assert.True(Link.Publish(other, new byte[500], 500, 1, 7001));
        Assert.True(Link.Publish(own, new byte[4], 4, 1, 7002));
        Pass(5);
        Assert.Equal(LinkState.Up, State);
        Assert.DoesNotContain(other, judged);
        Assert.Contains(own, judged);
        Assert.InRange(run.Link.BytesUp - before, 500, 999);
    }

    [Fact]
    public void A_payload_over_the_broker_s_limit_ends_the_connection_and_reaches_nobody()
    {
        var topic = ScreenTopics.Build(QuarterScreen.Device, ScreenTopics.Usage);
        var most = new BrokerOptions().PacketBytesMax;
        Assert.True(Link.Publish(topic, new byte[most], most, 1, 7003));
        run.Advance(Duration.FromMilliseconds(100));
        Assert.NotEqual(LinkState.Up, State);
        Assert.DoesNotContain(topic, judged);
        Pass(60);
        Assert.Equal(LinkState.Up, State);
    }

    [Fact]
    public void What_was_retained_is_there_after_a_restart_and_connections_are_not()
    {
        var presence = ScreenTopics.Build(QuarterScreen.Device, ScreenTopics.Presence);
        run.Gateway.Stop();
        Pass(1);
        Assert.NotEqual(LinkState.Up, State);
        run.Gateway.Start();
        Assert.Contains(presence, run.Gateway.Retained());
        Pass(180);
        Assert.Equal(LinkState.Up, State);
    }

    /// <summary>An evening with a fire, an outage and a screen that is cut off, every second and with the quiet seconds left out.</summary>
    [Fact]
    public void Rounds_of_duties_that_are_left_out_would_have_done_nothing()
    {
        Assert.Equal(Evening(skips: false), Evening(skips: true));
    }

    private static string Evening(bool skips)
    {
        using var run = new Simulator.Simulation(9, Quarter.UsualStart, gateway: new Simulator.GatewayConditions { SkipsQuietRounds = skips });
        run.Advance(Duration.FromMinutes(20));
        run.Quarter.Pods[0].Scene.SetSmoke(true);
        run.Advance(Duration.FromMinutes(17));
        run.Quarter.Pods[0].Scene.SetSmoke(false);
        run.Quarter.Server.Conditions.Cut = true;
        run.Advance(Duration.FromMinutes(35));
        run.Quarter.Server.Conditions.Cut = false;
        run.Run(Duration.FromMinutes(20));
        return run.Quarter.World.Trace.HashSoFar();
    }

    private void Pass(int seconds) => run.Advance(Duration.FromSeconds(seconds));
}
