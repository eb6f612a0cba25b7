using System.Collections.Concurrent;
using System.Net.Security;
using Quartier.Board;
using Quartier.Gateway.Host;
using Quartier.Kiosk;
using Quartier.Mqtt;
using Quartier.Simulator.Boards;
using Quartier.Simulator.World;
using Quartier.Wire;
using BoardMessage = Quartier.Board.MqttMessage;

namespace Quartier.Simulator.Window;

/// <summary>The screen's MQTT session at the real broker, with the limits of the device's link: a clean session, so that what is not
/// acknowledged when it ends is forgotten, and queues that do not grow. Its times are the network's own, so resends, pings and patience
/// are not the device's: in a time-lapse they would end every session. The application polls it from the world's thread; the network
/// runs on others.</summary>
internal sealed class ScreenUplink : IWakingLink, IAsyncDisposable
{
    private const int OnTheirWayMax = 8;

    private readonly VirtualWorld world;
    private readonly SimulatedWifi wifi;
    private readonly UdpTime time;
    private readonly ConcurrentQueue<Quartier.Mqtt.MqttMessage> received = new();
    private readonly ConcurrentQueue<int> acknowledged = new();
    private readonly List<Task> leaving = [];
    private BrokerSession? session;
    private Account account = new(ScreenSession.Demo, "127.0.0.1", 0, "");
    private SslClientAuthenticationOptions? tls;
    private bool connecting;
    private int onTheirWay;

    public ScreenUplink(VirtualWorld world, SimulatedChip chip)
    {
        (this.world, wifi) = (world, chip.Wifi);
        time = new UdpTime(wifi);
        wifi.Changed += () => session?.SetCable(wifi.State == WifiState.Connected);
    }

    public event Action? Arrived;

    public ScreenLines Lines => new(this, time);

    /// <param name="port">Of the gateway's broker, and as UDP where it tells the time.</param>
    public void Connect(int port)
    {
        account = account with { Port = port };
        time.Use(account.Host, port);
        connecting = true;
        Open();
    }

    /// <summary>The screen has been given another identity over its service port: the session under the one before ends.</summary>
    /// <param name="flash">Where the root lies that the identity names.</param>
    public void Use(DeviceIdentity identity, IFlash flash)
    {
        var given = new Account(ScreenSession.Of(identity), identity.MqttHost, identity.MqttPort, Convert.ToHexString(identity.RootDigest));
        if (account == given)
        {
            return;
        }

        account = given;
        tls = RootTrust.Of(identity, flash);
        time.Use(identity.MqttHost, identity.TimePort);
        if (connecting && session is { } before)
        {
            session = null;
            leaving.Add(before.DisposeAsync().AsTask());
            received.Clear();
            acknowledged.Clear();
            Open();
        }
    }

    private void Open()
    {
        var screen = account.Screen;
        var options = new MqttClientOptions
        {
            Host = account.Host,
            Port = account.Port,
            ClientId = screen.Device,
            User = screen.User,
            Password = screen.Password,
            Tls = tls,
            CleanSession = true,
            // The broker lives in the world's time, this connection in the network's: a time-lapse would time it out.
            KeepAliveSeconds = 0,
            Will = screen.Will,
        };
        session = new BrokerSession(options, screen.Subscriptions, Take, client => Announce(client, screen), Wake);
        session.SetCable(wifi.State == WifiState.Connected);
        session.Start();
    }

    public LinkState Step(long uptimeMs) =>
        session is { IsUp: true } ? LinkState.Up : wifi.State == WifiState.Connected ? LinkState.Connecting : LinkState.Down;

    public bool Publish(string topic, byte[] payload, int length, int qos, int token)
    {
        if (session is not { IsUp: true } open || (qos > 0 && Volatile.Read(ref onTheirWay) == OnTheirWayMax))
        {
            return false;
        }

        world.Trace.Write(QuarterScreen.Device, topic[(topic.LastIndexOf('/') + 1)..], $"{length} bytes");
        Send(open.Client, topic, payload[..length], qos, token);
        return true;
    }

    public LinkFault LastFault => session?.LastFault ?? LinkFault.None;

    public bool TryAcknowledged(out int token) => acknowledged.TryDequeue(out token);

    public bool TryReceive(BoardMessage into)
    {
        if (!received.TryDequeue(out var oldest))
        {
            return false;
        }

        into.Topic = oldest.Topic;
        into.Length = Math.Min(oldest.Payload.Length, BoardMessage.PayloadBytesMax);
        Array.Copy(oldest.Payload, into.Payload, into.Length);
        world.Trace.Write(QuarterScreen.Device, oldest.Topic[(oldest.Topic.LastIndexOf('/') + 1)..], $"{oldest.Payload.Length} bytes");
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        time.Dispose();
        if (session is not null)
        {
            await session.DisposeAsync();
        }

        await Task.WhenAll(leaving);
    }

    private void Send(MqttClient client, string topic, byte[] payload, int qos, int token)
    {
        var sending = client.PublishAsync(topic, payload, (Qos)qos);
        if (qos > 0)
        {
            Interlocked.Increment(ref onTheirWay);
            sending.ContinueWith(
                done =>
                {
                    Interlocked.Decrement(ref onTheirWay);
                    if (done.IsCompletedSuccessfully)
                    {
                        acknowledged.Enqueue(token);
                        Wake();
                    }
                },
                TaskScheduler.Default);
        }
    }

    private void Take(Quartier.Mqtt.MqttMessage message)
    {
        // What does not fit is asked for again.
        if (received.Count < ScreenDialogue.InboundMax)
        {
            received.Enqueue(message);
        }

        Wake();
    }

    private async Task Announce(MqttClient client, ScreenSession screen)
    {
        await client.PublishAsync(screen.PresenceTopic, screen.Online, Qos.AtLeastOnce, retain: true);
        Wake();
    }

    private void Wake() => world.Post(() => Arrived?.Invoke());

    private sealed record Account(ScreenSession Screen, string Host, int Port, string Root);
}
