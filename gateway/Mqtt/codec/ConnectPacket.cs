using System.Buffers.Binary;

namespace Quartier.Mqtt;

/// <summary>Message that the broker publishes when a client goes without DISCONNECT (§3.1.2.5).</summary>
public sealed record MqttWill(string Topic, byte[] Payload, Qos Qos = Qos.AtLeastOnce, bool Retain = false)
{
    /// <summary>MQTT 5: how long the broker waits for the client to come back first.</summary>
    public uint DelaySeconds { get; init; }

    public MessageProperties Properties { get; init; } = MessageProperties.None;
}

/// <summary>How a CONNECT reads.</summary>
public enum ConnectReading
{
    Valid,

    /// <summary>Close without CONNACK (MQTT-3.1.4-1).</summary>
    Malformed,

    /// <summary>A protocol or level other than MQTT 4 and 5: CONNACK code 1 (MQTT-3.1.2-2).</summary>
    OtherVersion,

    /// <summary>Version 3.1.1, no client id with CleanSession 0: CONNACK code 2 (MQTT-3.1.3-8).</summary>
    MissingClientId,

    /// <summary>Version 5, and the rest cannot be read: CONNACK 0x81, then close.</summary>
    Malformed5,

    /// <summary>Version 5, and something stands where it may not: CONNACK 0x82, then close.</summary>
    ProtocolError5,

    /// <summary>Version 5 with an authentication method; none is offered: CONNACK 0x8C.</summary>
    AuthenticationMethod5,
}

/// <summary>CONNECT, §3.1: "MQTT" | level 4 or 5 | flags | keep alive | [5: properties] | client id | [[5: will properties] | will topic | will message] | [user] | [password].
/// Flags: user 7 | password 6 | will retain 5 | will QoS 4..3 | will 2 | clean session (5: clean start) 1 | reserved 0.</summary>
public sealed record ConnectPacket(string ClientId, bool CleanSession, ushort KeepAliveSeconds, MqttWill? Will, string? User, byte[]? Password)
{
    /// <summary>A session that never expires, where the broker allows it.</summary>
    public const uint NeverExpires = uint.MaxValue;

    public MqttVersion Version { get; init; } = MqttVersion.V311;

    /// <summary>How long the session outlives its connection. In version 3.1.1 that is what CleanSession says: not at all, or for ever.</summary>
    public uint SessionExpirySeconds { get; init; } = CleanSession ? 0 : NeverExpires;

    /// <summary>Deliveries at QoS 1 that the client takes before it has acknowledged the first.</summary>
    public ushort ReceiveMaximum { get; init; } = ushort.MaxValue;

    /// <summary>Longest packet that the client takes, header included.</summary>
    public uint PacketBytesMax { get; init; } = uint.MaxValue;

    private static ReadOnlySpan<byte> Protocol => "MQTT"u8;

    public static ConnectReading Read(ReadOnlySpan<byte> body, out ConnectPacket? packet)
    {
        packet = null;
        if (!MqttText.TryTakeBytes(ref body, out var protocol) || body.Length < 1)
        {
            return ConnectReading.Malformed;
        }

        if (!protocol.SequenceEqual(Protocol))
        {
            // MQTT 3.1 called itself MQIsdp; such a client understands code 1. Anything else is not MQTT.
            return protocol.SequenceEqual("MQIsdp"u8) ? ConnectReading.OtherVersion : ConnectReading.Malformed;
        }

        if (body[0] is not (4 or 5))
        {
            return ConnectReading.OtherVersion;
        }

        var version = (MqttVersion)body[0];
        var fault = Read(body[1..], version, out packet);
        return fault switch
        {
            ReasonCode.Success when packet!.ClientId.Length == 0 && !packet.CleanSession && version == MqttVersion.V311 => ConnectReading.MissingClientId,
            ReasonCode.Success => ConnectReading.Valid,
            _ when version == MqttVersion.V311 => ConnectReading.Malformed,
            ReasonCode.BadAuthenticationMethod => ConnectReading.AuthenticationMethod5,
            ReasonCode.ProtocolError => ConnectReading.ProtocolError5,
            _ => ConnectReading.Malformed5,
        };
    }

    private static ReasonCode Read(ReadOnlySpan<byte> body, MqttVersion version, out ConnectPacket? packet)
    {
        packet = null;
        if (body.Length < 3 || !FlagsAgree(body[0], version))
        {
            return ReasonCode.MalformedPacket;
        }

        var flags = body[0];
        var head = new ConnectPacket("", (flags & 0x02) != 0, BinaryPrimitives.ReadUInt16BigEndian(body[1..]), null, null, null) { Version = version };
        var rest = body[3..];
        if (version == MqttVersion.V5 && ReadProperties(ref rest, ref head) is var fault && fault != ReasonCode.Success)
        {
            return fault;
        }

        return ReadPayload(rest, flags, head, out packet);
    }

    private static bool FlagsAgree(byte flags, MqttVersion version)
    {
        var hasWill = (flags & 0x04) != 0;
        var willQos = (flags >> 3) & 3;
        if ((flags & 0x01) != 0 || willQos == 3)
        {
            return false;
        }

        if (!hasWill && (flags & 0x38) != 0)
        {
            return false;
        }

        // Version 5 allows a password without a user.
        return (flags & 0x80) != 0 || (flags & 0x40) == 0 || version == MqttVersion.V5;
    }

    private static ReasonCode ReadProperties(scoped ref ReadOnlySpan<byte> rest, ref ConnectPacket packet)
    {
        packet = packet with { SessionExpirySeconds = 0 };
        var (method, data) = (false, false);
        var reader = PropertyReader.Take(ref rest, PropertySets.Connect);
        while (reader.Next())
        {
            switch (reader.Id)
            {
                case PropertyId.SessionExpiry:
                    packet = packet with { SessionExpirySeconds = reader.Number };
                    break;
                case PropertyId.ReceiveMaximum or PropertyId.MaximumPacketSize when reader.Number == 0:
                    return ReasonCode.ProtocolError;
                case PropertyId.ReceiveMaximum:
                    packet = packet with { ReceiveMaximum = (ushort)reader.Number };
                    break;
                case PropertyId.MaximumPacketSize:
                    packet = packet with { PacketBytesMax = reader.Number };
                    break;
                case PropertyId.AuthenticationMethod:
                    method = true;
                    break;
                case PropertyId.AuthenticationData:
                    data = true;
                    break;
            }
        }

        if (reader.Fault != ReasonCode.Success)
        {
            return reader.Fault;
        }

        return method ? ReasonCode.BadAuthenticationMethod : data ? ReasonCode.ProtocolError : ReasonCode.Success;
    }

    private static ReasonCode ReadPayload(ReadOnlySpan<byte> rest, byte flags, ConnectPacket head, out ConnectPacket? packet)
    {
        packet = null;
        if (!MqttText.TryTake(ref rest, out var clientId))
        {
            return ReasonCode.MalformedPacket;
        }

        MqttWill? will = null;
        if ((flags & 0x04) != 0 && ReadWill(ref rest, flags, head.Version, out will) is var fault && fault != ReasonCode.Success)
        {
            return fault;
        }

        string? user = null;
        if ((flags & 0x80) != 0)
        {
            if (!MqttText.TryTake(ref rest, out var name))
            {
                return ReasonCode.MalformedPacket;
            }

            user = name;
        }

        byte[]? password = null;
        if ((flags & 0x40) != 0)
        {
            if (!MqttText.TryTakeBytes(ref rest, out var secret))
            {
                return ReasonCode.MalformedPacket;
            }

            password = secret.ToArray();
        }

        packet = head with { ClientId = clientId, Will = will, User = user, Password = password };
        return rest.IsEmpty ? ReasonCode.Success : ReasonCode.MalformedPacket;
    }

    private static ReasonCode ReadWill(scoped ref ReadOnlySpan<byte> rest, byte flags, MqttVersion version, out MqttWill? will)
    {
        will = null;
        var properties = MessageProperties.None;
        uint? delay = null;
        if (version == MqttVersion.V5 && MessageProperties.Read(ref rest, PropertySets.Will, out properties, out delay) is var fault && fault != ReasonCode.Success)
        {
            return fault;
        }

        if (!MqttText.TryTake(ref rest, out var topic) || !TopicFilter.IsTopicName(topic) || !MqttText.TryTakeBytes(ref rest, out var message))
        {
            return ReasonCode.MalformedPacket;
        }

        will = new MqttWill(topic, message.ToArray(), (Qos)((flags >> 3) & 3), (flags & 0x20) != 0) { DelaySeconds = delay ?? 0, Properties = properties };
        return ReasonCode.Success;
    }

    /// <summary>Writes version 3.1.1, which is what our own client speaks.</summary>
    public byte[] ToBytes()
    {
        var flags = (CleanSession ? 0x02 : 0) | (User is null ? 0 : 0x80) | (Password is null ? 0 : 0x40);
        if (Will is not null)
        {
            flags |= 0x04 | ((int)Will.Qos << 3) | (Will.Retain ? 0x20 : 0);
        }

        var body = new BodyWriter();
        body.Bytes(Protocol);
        body.Byte(4);
        body.Byte((byte)flags);
        body.Number(KeepAliveSeconds);
        body.Text(ClientId);
        if (Will is not null)
        {
            body.Text(Will.Topic);
            body.Bytes(Will.Payload);
        }

        if (User is not null)
        {
            body.Text(User);
        }

        if (Password is not null)
        {
            body.Bytes(Password);
        }

        return body.ToPacket(0x10);
    }

    /// <summary>The password stays out of logs.</summary>
    public override string ToString() => $"CONNECT {ClientId}{(User is null ? "" : " as " + User)}{(CleanSession ? " clean" : "")} keep alive {KeepAliveSeconds} s";
}
