using Quartier.Board;
using Quartier.Kiosk;
using Quartier.Mqtt;
using Quartier.Provisioning;
using Quartier.Simulator.Boards;
using Quartier.Simulator.Faults;
using Quartier.Simulator.World;
using Quartier.Wire;
using MqttMessage = Quartier.Board.MqttMessage;

namespace Quartier.Simulator;

/// <summary>A screen's MQTT session with the gateway inside the world, with the limits of the device's link and of its library: a clean
/// session, presence by last will; what arrives is acknowledged before anybody reads it and waits in a queue that does not grow; what
/// goes out at QoS 1 is sent again after a second, twice, and then given up, and an acknowledgement after that is seen by nobody; a
/// ping goes out only when nothing else did for a minute.</summary>
public sealed class WorldLink : IWakingLink
{
    private const int OnTheirWayMax = 8;
    private const int AttemptsMax = 3;
    private const long ResendMs = 1_000;
    private const long KeepAliveMs = 60_000;
    private const long ConnectMsMax = 180_000;
    private const long BackoffMsMin = 2_000;
    private const long BackoffMsMax = 120_000;
    /// <summary>The library's patience for CONNACK.</summary>
    private const long ConnAckMsMax = 30_000;
    /// <summary>From an end on this side of a network that stands to the broker's side of it.</summary>
    private const long HangUpMs = 1_500;
    private const ushort KeepAliveSeconds = (ushort)(KeepAliveMs / 1_000);

    private readonly VirtualWorld world;
    private readonly SimulatedChip chip;
    private readonly GatewayName name;
    private readonly GatewayCall call;
    private readonly DirectTime time;
    private readonly SlowLine upward;
    private readonly SlowLine downward;
    private readonly LinkLife life = new();
    private readonly Queue<(string Topic, byte[] Payload)> waiting = new();
    private readonly Dictionary<ushort, Outgoing> unacknowledged = [];
    private readonly Queue<int> acknowledged = new();
    private GatewayInProcess? gateway;
    private ScreenSession session = ScreenSession.Demo;
    private BrokerLine? line;
    private ushort lastId;
    private bool up;
    private bool connecting;
    private long connectingSinceMs;
    private int connection;
    private int onTheirWay;
    private long retryAtMs;
    private long backoffMs = BackoffMsMin;
    private long sentAtMs;
    private long pingAtMs;

    public WorldLink(VirtualWorld world, SimulatedChip chip)
    {
        (this.world, this.chip) = (world, chip);
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
        gateway = time.Gateway = call.Gateway = to;
    }

    /// <summary>The screen starts with this identity.</summary>
    public void Use(DeviceIdentity identity)
    {
        session = ScreenSession.Of(identity);
        call.Tls = identity.MqttTls;
        call.Asks = identity.TimePort > 0;
        name.Forget();
        LastFault = LinkFault.None;
    }

    public LinkFault LastFault { get; private set; }

    public LinkState Step(long uptimeMs)
    {
        if (up && (life.IsDead(world.NowMs) || (pingAtMs > 0 && world.NowMs - pingAtMs >= KeepAliveMs)))
        {
            End();
        }

        if (up && pingAtMs == 0 && world.NowMs - sentAtMs >= KeepAliveMs)
        {
            Ping();
        }

        if (connecting && world.NowMs - connectingSinceMs >= ConnectMsMax)
        {
            End();
        }

        if (!up && !connecting && chip.Wifi.State == WifiState.Connected && world.NowMs >= retryAtMs)
        {
            Begin();
        }

        return up ? LinkState.Up : chip.Wifi.State == WifiState.Connected ? LinkState.Connecting : LinkState.Down;
    }

    public bool Publish(string topic, byte[] payload, int length, int qos, int token)
    {
        if (!up || (qos > 0 && onTheirWay == OnTheirWayMax))
        {
            return false;
        }

        world.Trace.Write(session.Device, topic[(topic.LastIndexOf('/') + 1)..], $"{length} bytes");
        var message = new Outgoing(topic, payload[..length], (Qos)qos, qos > 0 ? NextId() : (ushort)0, token);
        if (qos > 0)
        {
            onTheirWay++;
            unacknowledged[message.Id] = message;
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

    /// <summary>The connection is reset, and nothing that was on its way arrives.</summary>
    public void Reset()
    {
        if (up)
        {
            End();
            Arrived?.Invoke();
        }
    }

    private ushort NextId() => lastId = lastId == ushort.MaxValue ? (ushort)1 : (ushort)(lastId + 1);

    private void Say(int mine, byte[] packet)
    {
        sentAtMs = world.NowMs;
        var to = line!;
        upward.Carry(mine, packet.Length, () => to.Send(packet));
    }

    private void Send(int mine, Outgoing message)
    {
        message.Attempts++;
        Say(mine, ClientPackets.Publish(message.Topic, message.Payload, message.Qos, message.Id, duplicate: message.Attempts > 1));
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

        Forget(message);
    }

    private void Forget(Outgoing message)
    {
        message.IsDone = true;
        unacknowledged.Remove(message.Id);
        onTheirWay--;
    }

    private void Acknowledge(ushort id)
    {
        if (!unacknowledged.TryGetValue(id, out var message))
        {
            return;
        }

        Forget(message);
        backoffMs = BackoffMsMin;
        life.Heard(world.NowMs, onTheirWay == 0);
        acknowledged.Enqueue(message.Token);
        Arrived?.Invoke();
    }

    /// <summary>A packet of the broker's has come over the line.</summary>
    private void Hear(int mine, byte[] packet)
    {
        switch (ClientPackets.TypeOf(packet))
        {
            case PacketType.ConnAck:
                Answered(mine, ClientPackets.IsAccepted(packet));
                break;
            case PacketType.PubAck:
                Acknowledge(ClientPackets.AcknowledgedBy(packet));
                break;
            case PacketType.PingResp:
                pingAtMs = 0;
                break;
            case PacketType.Publish when ClientPackets.TryReadPublish(packet, out var topic, out var payload, out var id):
                Say(mine, ClientPackets.Acknowledge(id));
                Take(topic, payload);
                break;
        }
    }

    private void Take(string topic, byte[] payload)
    {
        life.Heard(world.NowMs, onTheirWay == 0);
        if (payload.Length > MqttMessage.PayloadBytesMax)
        {
            TooLong(payload.Length);
            return;
        }

        if (waiting.Count == ScreenDialogue.InboundMax)
        {
            Lost++;
            return;
        }

        waiting.Enqueue((topic, payload));
        world.Trace.Write(session.Device, topic[(topic.LastIndexOf('/') + 1)..], $"{payload.Length} bytes");
        Arrived?.Invoke();
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
        End();
    }

    private void Ping()
    {
        pingAtMs = world.NowMs;
        Say(connection, ClientPackets.Ping);
    }

    private void OnWifi()
    {
        retryAtMs = world.NowMs;
        backoffMs = BackoffMsMin;
        if (chip.Wifi.State != WifiState.Connected)
        {
            End();
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

        if (!connects || gateway?.TryConnect(isScreen: true, call.Tls, packet => downward.Carry(mine, packet.Length, () => Hear(mine, packet)), () => downward.Carry(mine, 0, Ended)) is not { } opened)
        {
            LastFault = connects ? LinkFault.NoConnection : call.Fault;
            Ended();
            return;
        }

        upward.Clear();
        downward.Clear();
        line = opened;
        Say(mine, new ConnectPacket(session.Device, CleanSession: true, KeepAliveSeconds, session.Will, session.User, session.Password).ToBytes());
        world.After(ConnAckMsMax, () => Answered(mine, accepted: false));
    }

    /// <summary>To CONNECT, by the broker or by patience's end.</summary>
    private void Answered(int mine, bool accepted)
    {
        if (mine != connection || !connecting)
        {
            return;
        }

        if (!accepted)
        {
            LastFault = LinkFault.Refused;
            Ended();
            return;
        }

        (connecting, up) = (false, true);
        (onTheirWay, pingAtMs) = (0, 0);
        life.Begin();
        waiting.Clear();
        Say(mine, SubscribePacket.Write(NextId(), session.Subscriptions));
        Say(mine, ClientPackets.Publish(session.PresenceTopic, session.Online, Qos.AtLeastOnce, NextId(), retain: true));
        Arrived?.Invoke();
    }

    /// <summary>The broker's side has ended, or never began.</summary>
    private void Ended()
    {
        End();
        Arrived?.Invoke();
    }

    /// <summary>This side gives the attempt or the session up. The broker learns of it where the network still carries the end.</summary>
    private void End()
    {
        connection++;
        (up, connecting) = (false, false);
        unacknowledged.Clear();
        call.Close();
        if (line is { } left && !Line.IsHalfOpen && chip.Wifi.State == WifiState.Connected)
        {
            world.After(HangUpMs, left.HangUp);
        }

        line = null;
    }

    private sealed class Outgoing(string topic, byte[] payload, Qos qos, ushort id, int token)
    {
        public string Topic { get; } = topic;

        public byte[] Payload { get; } = payload;

        public Qos Qos { get; } = qos;

        public ushort Id { get; } = id;

        public int Token { get; } = token;

        public int Attempts { get; set; }

        /// <summary>Acknowledged, or given up.</summary>
        public bool IsDone { get; set; }
    }
}
