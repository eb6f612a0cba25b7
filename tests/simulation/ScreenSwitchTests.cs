using System.Security.Cryptography;
using NodaTime;
using Quartier.Board;
using Quartier.Gateway.Domain.Registry;
using Quartier.Gateway.Store;
using Quartier.Provisioning;
using Quartier.Simulator;
using Quartier.Simulator.Boards;
using Quartier.Simulator.Demo;
using Quartier.Wire;
using Xunit;

namespace Quartier.Tests.Simulation;

/// <summary>A screen in service without TLS is given the root by its gateway and goes over to TLS by itself; whatever stands in the way,
/// it stays in service.</summary>
public sealed class ScreenSwitchTests : IDisposable
{
    private static readonly byte[] Root = [.. Enumerable.Range(0, 600).Select(i => (byte)i)];
    private static readonly byte[] Another = [.. Enumerable.Range(0, 700).Select(i => (byte)(i * 3))];

    private readonly Simulator.Simulation run = new(12, Quarter.UsualStart, people: false);
    private int restarts;

    public ScreenSwitchTests()
    {
        Assert.True(new IdentityFile(Screen.Flash).Save(new DeviceIdentity
        {
            Kind = IdentityKind.Screen, DeviceId = QuarterScreen.Device, Place = "Quartierszentrale", MqttHost = "gateway", MqttPort = 1883,
            MqttUser = QuarterScreen.Device, MqttPassword = DemoQuarter.ScreenSecret,
        }));
        Pass(5);
        Screen.Restart();
        Screen.Restarted += () => restarts++;
        Pass(30);
        Assert.Equal((LinkState.Up, false), (State, Identity.MqttTls));
    }

    private QuarterScreen Screen => run.Quarter.Screen;

    private LinkState State => Screen.Board.Board.Link.Step(0);

    private DeviceIdentity Identity => new IdentityFile(Screen.Flash).TryLoad(out var identity) ? identity : throw new InvalidOperationException("no identity");

    private ScreenTransportState? Known => run.Gateway.Database.Read(db => ScreenTransports.Find(db, QuarterScreen.Device));

    public void Dispose() => run.Dispose();

    [Fact]
    public void A_screen_in_service_goes_over_to_TLS_and_stays_when_the_plain_port_is_closed()
    {
        Assert.Equal((false, false), (Known!.IsEncrypted, Known.Said));
        Offer(Root);
        Pass(120);
        Assert.Equal((LinkState.Up, true, 8883), (State, Identity.MqttTls, Identity.MqttPort));
        Assert.Equal((1, true), (restarts, Known!.HasSwitched));
        Assert.Equal(SHA256.HashData(Root), Identity.RootDigest);
        run.Gateway.EndPlain();
        Pass(24 * 3600);
        Assert.Equal((LinkState.Up, 1), (State, restarts));
        Assert.Equal(0, run.Gateway.Database.Read(ScreenTransports.CountPlain));
    }

    [Fact]
    public void Nobody_who_stands_there_is_cut_off()
    {
        Offer(Root);
        for (var second = 0; second < 300; second += 20)
        {
            Screen.Press(Key.Next);
            Pass(20);
            Assert.Equal(0, restarts);
        }

        Pass(90);
        Assert.True(Identity.MqttTls);
    }

    [Fact]
    public void A_blocked_port_leaves_the_screen_in_service_and_the_page_says_why_and_it_tries_again()
    {
        run.Link.Line.IsTlsBlocked = true;
        Offer(Root);
        Pass(90);
        Assert.NotEqual(LinkState.Up, State);
        Pass(360);
        Assert.Equal((LinkState.Up, false), (State, Identity.MqttTls));
        Assert.Equal((false, 1, SwitchFault.NoConnection), (Known!.HasSwitched, Known.Trials, Known.Fault));

        // In an hour, then after two more: half an hour of silence in a day is the most that a wrong firewall costs.
        Pass(4_000);
        Assert.Equal(2, Known.Trials);
        run.Link.Line.IsTlsBlocked = false;
        Pass(3_600);
        Assert.False(Identity.MqttTls);
        Pass(4_000);
        Assert.Equal((LinkState.Up, true), (State, Identity.MqttTls));
        Assert.True(Known.HasSwitched);
    }

    [Fact]
    public void Whoever_pulls_the_plug_after_mending_the_firewall_does_not_wait()
    {
        run.Link.Line.IsTlsBlocked = true;
        Offer(Root);
        Pass(450);
        Assert.Equal(1, Known!.Trials);
        run.Link.Line.IsTlsBlocked = false;
        Screen.Chip.Machine.Restart(ResetReason.Unknown);
        Pass(60);
        Assert.Equal((LinkState.Up, true), (State, Identity.MqttTls));
    }

    /// <summary>The screen gave TLS up, and then the administrator ended what it went back to.</summary>
    [Fact]
    public void A_screen_that_went_back_finds_TLS_when_the_plain_port_is_closed_under_it()
    {
        run.Link.Line.IsTlsBlocked = true;
        Offer(Root);
        Pass(450);
        run.Link.Line.IsTlsBlocked = false;
        run.Gateway.EndPlain();
        Pass(60);
        Assert.NotEqual(LinkState.Up, State);
        Pass(1_200);
        Assert.Equal((LinkState.Up, true), (State, Identity.MqttTls));
    }

    [Fact]
    public void A_root_that_is_not_the_gateways_leaves_the_screen_in_service()
    {
        Offer(Root);
        run.Gateway.Expect(Another);
        Pass(450);
        Assert.Equal((LinkState.Up, false), (State, Identity.MqttTls));
        Assert.Equal((1, SwitchFault.NotVerified), (Known!.Trials, Known.Fault));

        // The right one does not wait for the next trial's turn.
        Offer(Another);
        Pass(120);
        Assert.Equal((LinkState.Up, true), (State, Identity.MqttTls));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_damaged_root_changes_nothing(int damage)
    {
        var payload = new byte[ScreenFormat.PayloadBytesMax];
        var length = new RootOffer { Port = 8883, TimePort = 1883, IssuedAt = run.Quarter.World.Now.ToUnixTimeSeconds(), Root = Root }.Encode(payload);
        payload[length / 2] ^= (byte)damage;
        var cut = payload[..(length - 1 + damage)];
        var files = Screen.Flash.Names.ToArray();
        run.Gateway.Publish(new Publication(ScreenTopics.Build(QuarterScreen.Device, ScreenTopics.Root), cut, Retain: false));
        Pass(600);
        Assert.Equal((0, LinkState.Up, false), (restarts, State, Identity.MqttTls));
        Assert.Equal(files, Screen.Flash.Names);
    }

    [Fact]
    public void A_peer_that_holds_the_board_in_a_handshake_costs_three_starts()
    {
        run.Gateway.OfferRoot(Root, timePort: 0);
        run.Link.Reset();
        while (!Screen.Way.WantsRestart)
        {
            Pass(1);
        }

        run.Link.Line.IsStranger = true;
        while (Screen.Way.IsTrial || restarts < 3)
        {
            Pass(10);
            Assert.InRange(restarts, 0, 4);
        }

        run.Link.Line.IsStranger = false;
        Pass(150);
        Assert.Equal((LinkState.Up, SwitchFault.Stopped), (State, Known!.Fault));
        Assert.False(Identity.MqttTls);
    }

    /// <summary>Whoever is on the network can block the port and offer what he likes: a screen that has spoken TLS never speaks without.</summary>
    [Fact]
    public void Once_over_TLS_there_is_no_way_back_but_the_cable()
    {
        Offer(Root);
        Pass(120);
        run.Link.Line.IsTlsBlocked = true;
        run.Link.Reset();
        Pass(2 * 24 * 3600);
        Assert.Equal((true, 1), (Identity.MqttTls, restarts));
        run.Link.Line.IsTlsBlocked = false;
        Pass(180);
        Assert.Equal(LinkState.Up, State);
    }

    [Fact]
    public void Another_authority_is_taken_over_TLS_and_given_up_again_when_it_does_not_hold()
    {
        Offer(Root);
        Pass(120);
        run.Gateway.OfferRoot(Another);
        run.Gateway.Expect(Root);
        run.Link.Reset();
        Pass(500);
        Assert.Equal((LinkState.Up, 1), (State, Known!.Trials));
        Assert.Equal(SHA256.HashData(Root), Identity.RootDigest);
        run.Gateway.Expect(Another);
        Screen.Chip.Machine.Restart(ResetReason.Unknown);
        Pass(120);
        Assert.Equal(LinkState.Up, State);
        Assert.Equal(SHA256.HashData(Another), Identity.RootDigest);
    }

    /// <summary>A chip that believes it is 1970: the offer's own day is the floor.</summary>
    [Fact]
    public void The_trial_verifies_before_anybody_has_told_the_time()
    {
        run.Link.Line.CertificateFromUnixMs = (run.Quarter.World.Now - Duration.FromDays(1)).ToUnixTimeMilliseconds();
        run.Gateway.OfferRoot(Root, timePort: 0);
        run.Link.Reset();
        while (!Screen.Way.WantsRestart)
        {
            Pass(1);
        }

        Screen.Chip.Time.IsReachable = false;
        Screen.Chip.Time.Lose();
        run.Link.Line.IsTimeSilent = true;
        Pass(120);
        Assert.False(Screen.Board.Board.Clock.TryGetUtc(out _));
        Assert.Equal((LinkState.Up, true), (State, Identity.MqttTls));
    }

    private void Offer(byte[] root)
    {
        run.Gateway.OfferRoot(root);
        run.Link.Reset();
    }

    private void Pass(int seconds) => run.Advance(Duration.FromSeconds(seconds));
}
