namespace Quartier.Mqtt;

/// <summary>Limits of the broker; every one holds per client unless it says otherwise.</summary>
public sealed record BrokerOptions
{
    /// <summary>Largest packet, header included.</summary>
    public int PacketBytesMax { get; init; } = 256 * 1024;

    /// <summary>Largest CONNECT, its will included: all that somebody whom nobody knows yet can make the broker hold.</summary>
    public int ConnectBytesMax { get; init; } = 16 * 1024;

    /// <summary>Smallest limit that an MQTT 5 client may set for packets to it, so that CONNACK always fits.</summary>
    public int ClientPacketBytesMin { get; init; } = 128;

    /// <summary>Connections at once, over all clients; a further one gets CONNACK code 3.</summary>
    public int ConnectionsMax { get; init; } = 20_000;

    /// <summary>Time from accept to a complete CONNECT.</summary>
    public TimeSpan ConnectWithin { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Time in which an MQTT 5 client has to take the DISCONNECT that tells it why.</summary>
    public TimeSpan FarewellWithin { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often keep alive and <see cref="ConnectWithin"/> are looked at.</summary>
    public TimeSpan SweepPeriod { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Publishes taken in but not yet committed by the intake; beyond it the connection is not read.</summary>
    public int UncommittedMax { get; init; } = 1024;

    /// <summary>QoS 2 packet identifiers between PUBLISH and PUBREL; beyond it the connection is closed.</summary>
    public int UnreleasedMax { get; init; } = 1024;

    /// <summary>QoS 1 deliveries sent and not yet acknowledged by the client.</summary>
    public int InFlightMax { get; init; } = 256;

    /// <summary>Topic aliases that an MQTT 5 client may define.</summary>
    public ushort TopicAliasMax { get; init; } = 32;

    /// <summary>QoS 1 and 2 publishes that an MQTT 5 client may have on their way to us, as CONNACK tells it.</summary>
    public ushort ReceiveMaximum => (ushort)Math.Min(ushort.MaxValue, Math.Min(UncommittedMax, UnreleasedMax));

    /// <summary>Longest keep alive of an MQTT 5 client; one that asks for more, or for none, is told this.</summary>
    public ushort KeepAliveSecondsMax { get; init; } = 3_600;

    /// <summary>How long a session outlives its connection at most, whatever its client asks for.</summary>
    public uint SessionExpirySecondsMax { get; init; } = 7 * 24 * 3_600;

    /// <summary>Messages waiting for the client. A message that finds the queue full is not queued, counted and logged once until the queue is empty again.</summary>
    public int QueueMessagesMax { get; init; } = 2_000;

    /// <summary>Bytes of payload and properties waiting for the client; same policy.</summary>
    public int QueueBytesMax { get; init; } = 4 * 1024 * 1024;

    /// <summary>Subscriptions of one client; a further one is answered with 0x80.</summary>
    public int SubscriptionsMax { get; init; } = 64;

    /// <summary>Levels of a topic filter; a deeper one is answered with 0x80.</summary>
    public int FilterLevelsMax { get; init; } = 16;

    /// <summary>Characters of a client id; a longer one is refused with code 2.</summary>
    public int ClientIdCharactersMax { get; init; } = 128;

    /// <summary>Takeovers of one log-in in a minute that happen at once; two devices with one identity take each other's connection for ever.</summary>
    public int TakeoversFree { get; init; } = 10;

    /// <summary>How long each further takeover in that minute waits behind the one before it.</summary>
    public TimeSpan TakeoverPause { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Retained messages over all clients.</summary>
    public int RetainedMax { get; init; } = 10_000;

    /// <summary>Bytes of their topics, payloads and properties.</summary>
    public long RetainedBytesMax { get; init; } = 32 * 1024 * 1024;

    /// <summary>Persistent sessions without a connection; the one that is away longest makes room.</summary>
    public int AwaySessionsMax { get; init; } = 10_000;
}
