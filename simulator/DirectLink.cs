using System.Text;
using Quartier.Board;
using Quartier.Gateway.Ingest;
using Quartier.Kiosk;
using Quartier.Simulator.Boards;
using Quartier.Simulator.World;
using Quartier.Wire;

namespace Quartier.Simulator;

/// <summary>A screen's MQTT session with the gateway inside the world, with the limits of the device's link and of its library: a clean
/// session, presence by last will; what arrives is acknowledged before anybody reads it and waits in a queue that does not grow; what
/// goes out at QoS 1 is sent again after a second, twice, and then given up, and an acknowledgement after that is seen by nobody; a
/// ping goes out only when nothing else did for a minute.</summary>
public sealed class DirectLink : IWakingLink
{
    private const int OnTheirWayMax = 8;
    private const int AttemptsMax = 3;
    private const long ResendMs = 1_000;
    private const long KeepAliveMs = 60_000;
    private const long ConnectMsMax = 180_000;
    private const long BackoffMsMin = 2_000;
    private const long BackoffMsMax = 120_000;
    /// <summary>From a publish at the broker to its PUBACK: the commit.</summary>
    private const long CommitMs = 15;
    private const long WillMs = 1_500;
    /// <summary>One and a half times the keep alive without a packet.</summary>
    private const long BrokerNoticesMs = 90_000;
    private const int AcknowledgementBytes = 4;
    private const int PingBytes = 2;

    private readonly VirtualWorld world;
    private readonly string device;
    private readonly SimulatedChip chip;
    private readonly GatewayName name;
    private readonly GatewayCall call;
    private readonly DirectTime time;
    private readonly SlowLine upward;
    private readonly SlowLine downward;
    private readonly LinkLife life = new();
    private readonly Queue<Publication> waiting = new();
    private readonly Queue<int> acknowledged = new();
    private GatewayInProcess? gateway;
    private bool up;
    private bool connecting;
    private long connectingSinceMs;
    private int connection;
    private int sessions;
    private int onTheirWay;
    private long retryAtMs;
    private long backoffMs = BackoffMsMin;
    private long sentAtMs;
    private long pingAtMs;

    public DirectLink(VirtualWorld world, string device, SimulatedChip chip)
    {
        (this.world, this.device, this.chip) = (world, device, chip);
        name = new GatewayName(chip, Line);
        call = new GatewayCall(world, chip, name, Line);
        time = new DirectTime(world, chip, name, Line);
        upward = new SlowLine(world, Line, number => number == connection);
        downward = new SlowLine(world, Line, number => number == connection);
        chip.Wifi.Changed += OnWifi;
    }

    public event Action? Arrived;

    public LineConditions Line { get; } = new();

    public ScreenLines Lines => new(this, time);

    /// <summary>MQTT packets to the screen, without TCP.</summary>
    public long BytesDown => downward.Bytes;

    public long BytesUp => upward.Bytes;

    /// <summary>Messages that found the link's queue full.</summary>
    public int Lost { get; private set; }

    public void Attach(GatewayInProcess to)
    {
        gateway = time.Gateway = to;
        to.Subscribe(Hear);
    }

    /// <summary>The screen starts with this identity.</summary>
    public void Use(DeviceIdentity identity)
    {
        call.Tls = identity.MqttTls;
        call.Asks = identity.TimePort > 0;
        name.Forget();
    }

    public LinkState Step(long uptimeMs)
    {
        if (up && (life.IsDead(world.NowMs) || (pingAtMs > 0 && world.NowMs - pingAtMs >= KeepAliveMs)))
        {
            End(BrokerNoticesMs);
        }

        if (up && pingAtMs == 0 && world.NowMs - sentAtMs >= KeepAliveMs)
        {
            Ping();
        }

        if (connecting && world.NowMs - connectingSinceMs >= ConnectMsMax)
        {
            connecting = false;
            call.Close();
        }

        if (!up && !connecting && chip.Wifi.State == WifiState.Connected && world.NowMs >= retryAtMs)
        {
            Begin();
        }

        return up ? LinkState.Up : chip.Wifi.State == WifiState.Connected ? LinkState.Connecting : LinkState.Down;
    }

    public bool Publish(string topic, byte[] payload, int length, int qos, int token)
    {
        if (!up || gateway is null || (qos > 0 && onTheirWay == OnTheirWayMax))
        {
            return false;
        }

        world.Trace.Write(device, topic[(topic.LastIndexOf('/') + 1)..], $"{length} bytes");
        var message = new Outgoing(topic, payload[..length], qos, token);
        if (qos > 0)
        {
            onTheirWay++;
            life.Sent(world.NowMs);
        }

        Send(connection, message);
        return true;
    }

    public bool TryAcknowledged(out int token) => acknowledged.TryDequeue(out token);

    public bool TryReceive(MqttMessage into)
    {
        if (!up || !waiting.TryDequeue(out var oldest))
        {
            return false;
        }

        into.Topic = oldest.Topic;
        into.Length = Math.Min(oldest.Payload.Length, MqttMessage.PayloadBytesMax);
        Array.Copy(oldest.Payload, into.Payload, into.Length);
        return true;
    }

    /// <summary>The broker's process ends: the connection is reset, and nothing that was on its way arrives.</summary>
    public void Reset()
    {
        if (up)
        {
            End(WillMs);
            Arrived?.Invoke();
        }
    }

    private static int PacketBytes(string topic, byte[] payload)
    {
        var rest = 2 + Encoding.UTF8.GetByteCount(topic) + 2 + payload.Length;
        return 1 + (rest < 128 ? 1 : 2) + rest;
    }

    private void Send(int mine, Outgoing message)
    {
        message.Attempts++;
        sentAtMs = world.NowMs;
        upward.Carry(mine, PacketBytes(message.Topic, message.Payload), () =>
        {
            gateway!.Take(message.Topic, message.Payload, device);
            if (message.Qos > 0)
            {
                world.After(CommitMs, () => downward.Carry(mine, AcknowledgementBytes, () => Acknowledge(message)));
            }
        });
        if (message.Qos > 0)
        {
            world.After(ResendMs, () => Again(mine, message));
        }
    }

    private void Again(int mine, Outgoing message)
    {
        if (mine != connection || message.IsDone)
        {
            return;
        }

        if (message.Attempts < AttemptsMax)
        {
            Send(mine, message);
            return;
        }

        message.IsDone = true;
        onTheirWay--;
    }

    private void Acknowledge(Outgoing message)
    {
        if (message.IsDone)
        {
            return;
        }

        message.IsDone = true;
        onTheirWay--;
        backoffMs = BackoffMsMin;
        life.Heard(world.NowMs, onTheirWay == 0);
        acknowledged.Enqueue(message.Token);
        Arrived?.Invoke();
    }

    private void Hear(Publication publication)
    {
        if (!up || !ScreenTopics.TryParse(publication.Topic, out var named, out var leaf) || named != device || !ScreenTopics.IsDown(leaf))
        {
            return;
        }

        var mine = connection;
        downward.Carry(mine, PacketBytes(publication.Topic, publication.Payload), () =>
        {
            sentAtMs = world.NowMs;
            upward.Carry(mine, AcknowledgementBytes, () => { });
            life.Heard(world.NowMs, onTheirWay == 0);
            if (publication.Payload.Length > MqttMessage.PayloadBytesMax)
            {
                TooLong(publication.Payload.Length);
                return;
            }

            if (waiting.Count == ScreenDialogue.InboundMax)
            {
                Lost++;
                return;
            }

            waiting.Enqueue(publication);
            world.Trace.Write(device, leaf, $"{publication.Payload.Length} bytes");
            Arrived?.Invoke();
        });
    }

    /// <summary>The library takes the memory before the link sees the message.</summary>
    private void TooLong(int bytes)
    {
        if (!chip.Managed.TryTake(bytes))
        {
            chip.Machine.Restart(ResetReason.Unknown);
            return;
        }

        chip.Managed.Give(bytes);
        End(WillMs);
    }

    private void Ping()
    {
        var mine = connection;
        pingAtMs = sentAtMs = world.NowMs;
        upward.Carry(mine, PingBytes, () => downward.Carry(mine, PingBytes, () => pingAtMs = 0));
    }

    private void OnWifi()
    {
        retryAtMs = world.NowMs;
        backoffMs = BackoffMsMin;
        if (chip.Wifi.State != WifiState.Connected)
        {
            connecting = false;
            End(WillMs);
        }
    }

    private void Begin()
    {
        var mine = ++connection;
        (connecting, connectingSinceMs) = (true, world.NowMs);
        retryAtMs = world.NowMs + backoffMs;
        backoffMs = Math.Min(backoffMs * 2, BackoffMsMax);
        call.Begin(connects => Connect(mine, connects));
    }

    private void Connect(int mine, bool connects)
    {
        if (mine != connection || !connecting)
        {
            return;
        }

        connecting = false;
        if (connects && gateway is not null)
        {
            up = true;
            (onTheirWay, pingAtMs, sentAtMs) = (0, 0, world.NowMs);
            life.Begin();
            upward.Clear();
            downward.Clear();
            waiting.Clear();
            sessions++;
            Tell(online: true);
        }

        Arrived?.Invoke();
    }

    private void End(long brokerNoticesMs)
    {
        connection++;
        call.Close();
        if (up)
        {
            up = false;
            var ended = sessions;
            world.After(brokerNoticesMs, () =>
            {
                if (ended == sessions)
                {
                    Tell(online: false);
                }
            });
        }
    }

    private void Tell(bool online)
    {
        if (gateway is not null)
        {
            var payload = new byte[16];
            var length = new ScreenPresence { Online = online }.Encode(payload);
            gateway.Take(ScreenTopics.Build(device, ScreenTopics.Presence), payload[..length], device);
        }
    }

    private sealed class Outgoing(string topic, byte[] payload, int qos, int token)
    {
        public string Topic { get; } = topic;

        public byte[] Payload { get; } = payload;

        public int Qos { get; } = qos;

        public int Token { get; } = token;

        public int Attempts { get; set; }

        /// <summary>Acknowledged, or given up.</summary>
        public bool IsDone { get; set; }
    }
}
