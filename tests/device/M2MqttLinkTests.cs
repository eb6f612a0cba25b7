using System.Net;
using System.Net.Sockets;
using System.Text;
using nanoFramework.M2Mqtt;
using Quartier.Board;
using Quartier.Kiosk;
using Quartier.Kiosk.Esp32;
using Quartier.Wire;
using Xunit;

namespace Quartier.Tests.Device;

/// <summary>The device's own link over the library's API and behaviour.</summary>
[Collection("network")]
public sealed class M2MqttLinkTests
{
    private const string Secret = "0123456789abcdef0123456789abcdef";
    private readonly MqttPlatform platform = new();
    private M2MqttLink link;
    private int token;

    [Fact]
    public void All_that_is_asked_for_at_once_waits_for_the_application()
    {
        Connect();
        for (var i = 0; i < ScreenDialogue.InboundMax; i++)
        {
            Client.Deliver("quartier/v1/eselsberg-1/entry", [(byte)i]);
        }

        var message = new MqttMessage();
        for (var i = 0; i < ScreenDialogue.InboundMax; i++)
        {
            Assert.True(link.TryReceive(message), $"message {i} is lost, and the library has acknowledged it");
            Assert.Equal(i, message.Payload[0]);
        }
    }

    [Fact]
    public void A_refused_password_leaves_nothing_that_spins()
    {
        platform.Peer = Peer.Refuses;
        Begin();
        Until(() => platform.Clients.Count == 1 && link.Step(platform.NowMs) == LinkState.Down);
        Until(() => Client.IsClosed);
        Assert.False(Client.IsSpinning);
    }

    [Fact]
    public void An_attempt_that_hangs_is_given_up_and_closed_and_never_takes_the_place_of_the_next()
    {
        platform.Peer = Peer.Silent;
        Begin();
        Until(() => platform.Clients.Count == 1);
        var hanging = Client;
        Pass(179);
        Assert.False(hanging.IsClosed);
        platform.Peer = Peer.Accepts;
        Pass(2);
        Until(() => hanging.IsClosed);
        Until(() => link.Step(platform.NowMs) == LinkState.Up);
        Assert.NotSame(hanging, Client);
        Assert.False(Client.IsClosed);
    }

    [Fact]
    public void A_connection_whose_other_end_is_gone_is_given_up_when_an_acknowledgement_is_45_seconds_late()
    {
        Connect();
        var dead = Client;
        platform.IsHalfOpen = true;
        Assert.True(Publish(1));
        Pass(44);
        Assert.Equal(LinkState.Up, link.Step(platform.NowMs));
        Pass(1);
        Assert.NotEqual(LinkState.Up, link.Step(platform.NowMs));
        Until(() => dead.IsClosed);
        Assert.False(dead.WasClosedInHandler);
    }

    /// <summary>The outbox's repetitions count as sending, so that the library never pings.</summary>
    [Fact]
    public void Repeating_what_is_not_acknowledged_does_not_keep_a_dead_connection_up()
    {
        Connect();
        platform.IsHalfOpen = true;
        for (var second = 0; second < 120 && link.Step(platform.NowMs) == LinkState.Up; second++)
        {
            if (second % 30 == 0)
            {
                Publish(1);
            }

            Pass(1);
        }

        Assert.InRange(platform.NowMs, 45_000, 47_000);
    }

    [Fact]
    public void On_a_slow_line_entries_are_a_sign_of_life_and_late_acknowledgements_are_not_the_end()
    {
        Connect();
        platform.AcknowledgesAtOnce = false;
        Publish(1);
        for (var entry = 0; entry < 20; entry++)
        {
            Pass(10);
            Client.Deliver("quartier/v1/eselsberg-1/entry", [1]);
            Assert.Equal(LinkState.Up, link.Step(platform.NowMs));
        }
    }

    [Fact]
    public void A_question_is_sent_once_and_needs_no_place_among_those_that_wait()
    {
        Connect();
        platform.AcknowledgesAtOnce = false;
        while (Publish(1))
        {
            Assert.True(token < 20);
        }

        Assert.True(Publish(0));
        Pass(5);
        Assert.Single(Client.Sent, sent => sent.Qos == 0);
    }

    [Fact]
    public void Only_an_acknowledgement_is_reported_and_never_the_library_s_failure()
    {
        Connect();
        platform.AcknowledgesAtOnce = false;
        Publish(1);
        Pass(5);
        Assert.False(link.TryAcknowledged(out _));
        platform.AcknowledgesAtOnce = true;
        Publish(1);
        Pass(1);
        Assert.True(link.TryAcknowledged(out var reported));
        Assert.Equal(2, reported);
    }

    [Fact]
    public void A_message_longer_than_any_of_ours_ends_the_connection()
    {
        Connect();
        var poisoned = Client;
        poisoned.Deliver("quartier/v1/eselsberg-1/entry", new byte[MqttMessage.PayloadBytesMax + 1]);
        Assert.NotEqual(LinkState.Up, link.Step(platform.NowMs));
        Until(() => poisoned.IsClosed);
        Assert.False(poisoned.WasClosedInHandler);
        Assert.False(link.TryReceive(new MqttMessage()));
    }

    [Fact]
    public void A_session_that_was_given_up_is_not_heard_any_more()
    {
        Connect();
        var old = Client;
        platform.IsHalfOpen = true;
        Publish(1);
        Pass(46);
        Until(() => old.IsClosed);
        platform.IsHalfOpen = false;
        Settle(() => link.Step(platform.NowMs) == LinkState.Up && !ReferenceEquals(old, Client));
        Publish(1);
        for (ushort id = 1; id < 20; id++)
        {
            old.Acknowledge(id);
        }

        Assert.False(link.TryAcknowledged(out _));
    }

    [Fact]
    public void A_session_is_clean_so_that_nothing_old_comes_before_anybody_asked()
    {
        Connect();
        Assert.True(Client.CleanSession);
    }

    [Fact]
    public void The_gateway_s_name_is_looked_up_once_and_again_only_after_connecting_to_it_failed()
    {
        platform.Names["gateway.example"] = "192.0.2.7";
        Connect("gateway.example");
        Assert.Equal("192.0.2.7", Client.Host);
        for (var cut = 0; cut < 3; cut++)
        {
            Client.Close();
            Settle(() => platform.Clients.Count == cut + 2 && link.Step(platform.NowMs) == LinkState.Up);
        }

        Assert.Single(platform.LookUps);
        (platform.Peer, platform.Names["gateway.example"]) = (Peer.Unreachable, "192.0.2.8");
        Client.Close();
        Settle(() => platform.LookUps.Count > 1);
        platform.Peer = Peer.Accepts;
        Settle(() => link.Step(platform.NowMs) == LinkState.Up);
        Assert.Equal("192.0.2.8", Client.Host);
    }

    [Fact]
    public void A_name_that_cannot_be_looked_up_is_tried_again_after_a_pause()
    {
        Begin("nowhere.example");
        Until(() => platform.LookUps.Count == 1 && link.Step(platform.NowMs) == LinkState.Down);
        platform.Names["nowhere.example"] = "192.0.2.9";
        Settle(() => link.Step(platform.NowMs) == LinkState.Up);
    }

    /// <summary>The longest that keys and picture stand still by our own doing: a handshake begins only with a gateway that answered a
    /// moment before, so that it takes the handshake's own time; whoever takes the connection and says nothing is never met.</summary>
    [Theory]
    [InlineData(Secret, true)]
    [InlineData("another secret", false)]
    [InlineData(null, false)]
    public async Task No_handshake_begins_before_the_gateway_has_answered_a_question_that_only_it_can(string? gatewaySecret, bool begins)
    {
        using var gateway = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        gateway.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        platform.Peer = begins ? Peer.Accepts : Peer.Silent;
        Begin("127.0.0.1", ((IPEndPoint)gateway.LocalEndPoint).Port, tls: true);
        for (var question = 0; question < (begins ? 1 : 3); question++)
        {
            await AnswerAsync(gateway, gatewaySecret);
        }

        Until(() => link.Step(platform.NowMs) == (begins ? LinkState.Up : LinkState.Down));
        Assert.Equal(begins ? LinkFault.None : LinkFault.NoAnswer, link.LastFault);
        Assert.Equal(begins ? 1 : 0, platform.Clients.Count);
        Assert.All(platform.Clients, client => Assert.True(client.IsSecure));
    }

    [Fact]
    public void A_gateway_that_answers_nowhere_is_not_asked()
    {
        platform.Peer = Peer.Accepts;
        Begin("127.0.0.1", questionPort: 0, tls: true);
        Until(() => link.Step(platform.NowMs) == LinkState.Up);
        Assert.Single(platform.Clients);
    }

    /// <summary>What an administrator is told of a trial that failed: the firewall, or the certificate.</summary>
    [Theory]
    [InlineData(true, LinkFault.NotVerified)]
    [InlineData(false, LinkFault.NoConnection)]
    public void A_handshake_that_fails_is_told_apart_from_a_port_that_cannot_be_reached(bool takesConnections, LinkFault told)
    {
        using var port = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        port.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        if (takesConnections)
        {
            port.Listen();
        }

        platform.Peer = Peer.Unreachable;
        Begin("127.0.0.1", tls: true, port: ((IPEndPoint)port.LocalEndPoint).Port);
        Until(() => link.Step(platform.NowMs) == LinkState.Down);
        Assert.Equal(told, link.LastFault);
    }

    [Fact]
    public void A_name_that_is_not_found_and_a_password_that_is_refused_are_told()
    {
        Begin("nowhere.example");
        Until(() => link.Step(platform.NowMs) == LinkState.Down);
        Assert.Equal(LinkFault.NoName, link.LastFault);
        platform.Peer = Peer.Refuses;
        Begin();
        Until(() => link.Step(platform.NowMs) == LinkState.Down);
        Assert.Equal(LinkFault.Refused, link.LastFault);
    }

    private static async Task AnswerAsync(Socket gateway, string? secret)
    {
        var question = new byte[Liveness.QuestionBytesMax];
        var received = await gateway.ReceiveFromAsync(question, new IPEndPoint(IPAddress.Any, 0)).WaitAsync(TimeSpan.FromSeconds(30));
        if (secret is null)
        {
            return;
        }

        Assert.True(Liveness.TryReadQuestion(question, received.ReceivedBytes, out var at, out var length));
        Assert.Equal("eselsberg-1", Encoding.UTF8.GetString(question, at, length));
        var (hmac, key, answer) = (new HmacSha256(), new byte[Liveness.KeyBytes], new byte[Liveness.AnswerBytes]);
        Liveness.DeriveKey(hmac, Encoding.UTF8.GetBytes(secret), secret.Length, key);
        Liveness.WriteAnswer(hmac, key, question, received.ReceivedBytes, answer);
        await gateway.SendToAsync(answer, received.RemoteEndPoint);
    }

    private MqttClient Client => platform.Clients[^1];

    private void Connect(string host = "192.0.2.1")
    {
        Begin(host);
        Until(() => link.Step(platform.NowMs) == LinkState.Up);
    }

    private void Begin(string host = "192.0.2.1", int questionPort = 0, bool tls = false, int port = 0)
    {
        link = new M2MqttLink(new LinkSettings
        {
            Gateway = new GatewayAddress(host), Port = port > 0 ? port : tls ? 8883 : 1883, QuestionPort = questionPort, Tls = tls, User = "eselsberg-1", Password = Secret, ClientId = "eselsberg-1",
            PresenceTopic = "quartier/v1/eselsberg-1/presence", OfflineWill = "offline", Online = [1], Subscriptions = ["quartier/v1/eselsberg-1/entry"],
        });
        link.Step(platform.NowMs);
    }

    private bool Publish(int qos) => link.Publish("quartier/v1/eselsberg-1/telemetry", new byte[8], 8, qos, qos == 0 ? 0 : ++token);

    private void Pass(int seconds)
    {
        for (var second = 0; second < seconds; second++)
        {
            platform.Advance(1000);
            link.Step(platform.NowMs);
        }
    }

    /// <summary>The platform's time goes on while nobody is connecting.</summary>
    private void Settle(Func<bool> holds) => Until(() =>
    {
        if (!holds() && link.Step(platform.NowMs) != LinkState.Connecting)
        {
            platform.Advance(1000);
        }

        return holds();
    });

    /// <summary>Connecting and closing run on threads of their own; their end is awaited, in steps that take no time of the platform.</summary>
    private static void Until(Func<bool> holds) => Assert.True(SpinWait.SpinUntil(holds, TimeSpan.FromSeconds(30)));
}
