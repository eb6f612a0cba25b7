using NodaTime;
using Quartier.Board;
using Quartier.Gateway.Ingest;
using Quartier.Gateway.Store;
using Quartier.Kiosk;
using Quartier.Provisioning;
using Quartier.Simulator;
using Quartier.Simulator.Boards;
using Quartier.Simulator.Demo;
using Quartier.Wire;
using Xunit;

namespace Quartier.Tests.Simulation;

/// <summary>The screen on a chip with one task, little memory, a clock that begins in 1970 and a watchdog beside it.</summary>
public sealed class ScreenBoardTests : IDisposable
{
    /// <summary>A TLS handshake on this chip, see docs/protocol.md.</summary>
    private const long HandshakeMs = 4_100;
    private const long LookUpMs = 7_000;
    private const int TimePort = 1883;

    private readonly Simulator.Simulation run = new(11, Quarter.UsualStart, people: false);

    private QuarterScreen Screen => run.Quarter.Screen;

    private SimulatedChip Chip => Screen.Chip;

    private LinkState State => Screen.Board.Board.Link.Step(0);

    public void Dispose() => run.Dispose();

    [Fact]
    public void With_a_gateway_that_answers_a_handshake_is_the_longest_stop()
    {
        SetUp(tls: true);
        Pass(30);
        Assert.Equal(LinkState.Up, State);
        Assert.InRange(Chip.Interpreter.LongestStopMs, 4_000, HandshakeMs);
    }

    /// <summary>The old firmware stood still until somebody pulled the plug.</summary>
    [Fact]
    public void An_hour_with_a_stranger_at_the_gateway_s_address_stops_neither_keys_nor_picture()
    {
        SetUp(tls: true);
        Pass(30);
        run.Link.Line.IsStranger = true;
        run.Link.Reset();
        for (var press = 0; press < 12; press++)
        {
            Pass(300);
            var dimmed = Screen.Board.BacklightPercent;
            Screen.Press(Key.Next);
            Pass(1);
            Assert.True(Screen.Board.BacklightPercent > dimmed, $"press {press}: {dimmed} %");
        }

        Assert.NotEqual(LinkState.Up, State);
        Assert.Equal(0, Chip.Machine.WatchdogResets);
        Assert.InRange(Chip.Interpreter.LongestStopMs, 1, HandshakeMs);
        run.Link.Line.IsStranger = false;
        Pass(135);
        Assert.Equal(LinkState.Up, State);
    }

    [Fact]
    public void A_screen_that_cannot_ask_is_stopped_for_good_and_started_again_by_the_watchdog()
    {
        SetUp(tls: true, timePort: 0);
        Pass(30);
        run.Link.Line.IsStranger = true;
        run.Link.Reset();
        Pass(3_600);
        Assert.InRange(Chip.Machine.WatchdogResets, 15, 20);
        Assert.InRange(Chip.Interpreter.LongestStopMs, 150_000, SimulatedMachine.WatchdogMs);
        run.Link.Line.IsStranger = false;
        Pass(200);
        Assert.Equal(LinkState.Up, State);
    }

    [Fact]
    public void A_silent_name_server_stops_the_board_for_one_look_up_of_the_link_and_one_of_the_clock()
    {
        run.Link.Line.IsNameServerSilent = true;
        SetUp(tls: false);
        var stopped = 0;
        for (var second = 0; second < 3_600; second++)
        {
            Pass(1);
            stopped += Chip.Interpreter.IsStopped ? 1 : 0;
        }

        Assert.InRange(Chip.Interpreter.LongestStopMs, LookUpMs, 2 * LookUpMs);
        Assert.InRange(stopped, 100, 400);
        Assert.Equal(0, Chip.Machine.WatchdogResets);
        run.Link.Line.IsNameServerSilent = false;
        Pass(130);
        Assert.Equal(LinkState.Up, State);
    }

    /// <summary>A press during a handshake is served when it ends.</summary>
    [Fact]
    public void A_key_pressed_during_a_handshake_is_not_lost()
    {
        SetUp(tls: true);
        while (!Chip.Interpreter.IsStopped)
        {
            Pass(1);
        }

        Screen.Press(Key.Select);
        var before = Screen.App.View.Page;
        Pass(1);
        Assert.Equal(before, Screen.App.View.Page);
        Pass(6);
        Assert.NotEqual(before, Screen.App.View.Page);
    }

    /// <summary>A fresh chip believes that it is 1970, and no certificate holds then.</summary>
    [Fact]
    public void A_certificate_of_the_identity_s_day_holds_before_anybody_has_told_the_time()
    {
        Chip.Time.IsReachable = false;
        Chip.Time.Lose();
        run.Link.Line.CertificateFromUnixMs = (run.Quarter.World.Now - Duration.FromDays(1)).ToUnixTimeMilliseconds();
        SetUp(tls: true, timePort: 0);
        Pass(30);
        Assert.Equal(LinkState.Up, State);
    }

    [Fact]
    public void The_gateway_tells_the_time_and_the_public_servers_are_not_asked()
    {
        Chip.Time.IsReachable = false;
        SetUp(tls: false);
        Pass(10);
        Assert.True(Screen.Board.Board.Clock.TryGetUtc(out var told));
        Assert.InRange(told - run.Quarter.World.Now.ToUnixTimeSeconds(), -1, 1);
        Assert.False(Chip.Time.IsOn);
    }

    [Fact]
    public void Where_the_gateway_is_silent_the_public_servers_tell_it_and_where_nobody_does_no_time_is_shown()
    {
        run.Link.Line.IsHalfOpen = true;
        Chip.Time.IsReachable = false;
        SetUp(tls: false);
        Pass(600);
        Assert.False(Screen.Board.Board.Clock.TryGetUtc(out _));
        Chip.Time.IsReachable = true;
        Screen.Wifi.InRange = false;
        Pass(5);
        Screen.Wifi.InRange = true;
        Pass(70);
        Assert.True(Screen.Board.Board.Clock.TryGetUtc(out var told));
        Assert.InRange(told - run.Quarter.World.Now.ToUnixTimeSeconds(), -1, 1);
    }

    [Fact]
    public void A_hundred_lost_sessions_keep_no_memory()
    {
        SetUp(tls: true);
        Pass(30);
        var free = Chip.Memory.Free;
        for (var i = 0; i < 100; i++)
        {
            run.Link.Reset();
            Pass(150);
        }

        Assert.Equal(LinkState.Up, State);
        Assert.Equal(free, Chip.Memory.Free);
        Assert.Equal(free, Chip.Memory.Least);
        Assert.True(Screen.Board.Board.Power.TryGetFreeHeap(out var told));
        Assert.Equal(free, told);
    }

    [Theory]
    [InlineData(5_000, 0)]
    [InlineData(3_000_000, 1)]
    public void A_message_longer_than_any_of_ours_ends_the_session_and_one_longer_than_the_memory_the_board(int bytes, int restarts)
    {
        var restarted = 0;
        SetUp(tls: false);
        Screen.Restarted += () => restarted++;
        Pass(30);
        run.Gateway.Publish(new Publication(ScreenTopics.Build(QuarterScreen.Device, ScreenTopics.Entry), new byte[bytes], Retain: false));
        run.Advance(Duration.FromMilliseconds(100));
        Assert.NotEqual(LinkState.Up, State);
        Assert.Equal(restarts, restarted);
        Pass(30);
        Assert.Equal(LinkState.Up, State);
    }

    /// <summary>Four seconds of handshake, one frame from the cable: it waits in the UART and is answered afterwards.</summary>
    [Fact]
    public void What_the_cable_says_during_a_stop_is_kept_up_to_the_buffer()
    {
        var cable = new ScriptedCable();
        var uart = new Uart(run.Quarter.World, cable);
        var buffer = new byte[4_096];
        cable.Say(640);
        uart.Notice();
        Assert.InRange(uart.Read(buffer, 0, buffer.Length), 1, 12);
        run.Advance(Duration.FromMilliseconds(50));
        Assert.InRange(uart.Read(buffer, 0, buffer.Length), 500, 600);
        run.Advance(Duration.FromMilliseconds(10));
        uart.Read(buffer, 0, buffer.Length);
        Assert.Equal(0, uart.Lost);

        cable.Say(3_000);
        uart.Notice();
        run.Advance(Duration.FromSeconds(4));
        Assert.Equal(Uart.BufferBytes, uart.Read(buffer, 0, buffer.Length));
        Assert.Equal(3_000 - Uart.BufferBytes, uart.Lost);
    }

    [Fact]
    public void A_write_takes_a_buffer_and_the_next_waits_until_it_has_left()
    {
        var uart = new Uart(run.Quarter.World, new ScriptedCable());
        var bytes = new byte[4_096];
        Assert.Equal(Uart.BufferBytes, uart.Write(bytes, 0, bytes.Length));
        Assert.Equal(0, uart.Write(bytes, 0, 1));
        run.Advance(Duration.FromMilliseconds(178));
        Assert.Equal(1, uart.Write(bytes, 0, 1));
    }

    [Fact]
    public void The_graphics_heap_holds_a_picture_and_its_own_books() =>
        Assert.True(GraphicsHeap.BytesFor(SimulatedKioskBoard.Width, SimulatedKioskBoard.Height) > (SimulatedKioskBoard.Width * SimulatedKioskBoard.Height * 2) + 256);

    private void SetUp(bool tls, int timePort = TimePort)
    {
        Assert.True(new IdentityFile(Screen.Flash).Save(new DeviceIdentity
        {
            Kind = IdentityKind.Screen, DeviceId = QuarterScreen.Device, Place = "Quartierszentrale", MqttHost = "gateway", MqttPort = tls ? 8883 : 1883,
            MqttTls = tls, MqttUser = QuarterScreen.Device, MqttPassword = DemoQuarter.ScreenSecret, RootDigest = new byte[tls ? Sha256.DigestBytes : 0],
            IssuedAt = (run.Quarter.World.Now - Duration.FromHours(1)).ToUnixTimeSeconds(), TimePort = timePort,
        }));
        if (Screen.Wifi.State != WifiState.Connected)
        {
            // The house's network is stored when it has worked once.
            Pass(5);
        }

        Screen.Restart();
    }

    private void Pass(int seconds) => run.Advance(Duration.FromSeconds(seconds));

    private sealed class ScriptedCable : ISerialLine
    {
        private int waiting;

        public void Say(int bytes) => waiting += bytes;

        public int Read(byte[] buffer, int offset, int count)
        {
            var taken = Math.Min(count, waiting);
            waiting -= taken;
            return taken;
        }

        public int Write(byte[] buffer, int offset, int count) => count;
    }
}
