using System.Buffers.Binary;

namespace Quartier.Mqtt;

/// <summary>Message that the broker publishes when a client goes without DISCONNECT (§3.1.2.5).</summary>
public sealed record MqttWill(string Topic, byte[] Payload, Qos Qos = Qos.AtLeastOnce, bool Retain = false);

/// <summary>How a CONNECT reads.</summary>
public enum ConnectReading
{
    Valid,

    /// <summary>Close without CONNACK (MQTT-3.1.4-1).</summary>
    Malformed,

    /// <summary>A protocol or level other than MQTT 4: CONNACK code 1 (MQTT-3.1.2-2).</summary>
    OtherVersion,

    /// <summary>No client id with CleanSession 0: CONNACK code 2 (MQTT-3.1.3-8).</summary>
    MissingClientId,
}

/// <summary>CONNECT, §3.1: "MQTT" | level 4 | flags | keep alive | client id | [will topic | will message] | [user] | [password].
/// Flags: user 7 | password 6 | will retain 5 | will QoS 4..3 | will 2 | clean session 1 | reserved 0.</summary>
public sealed record ConnectPacket(string ClientId, bool CleanSession, ushort KeepAliveSeconds, MqttWill? Will, string? User, byte[]? Password)
{
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

        if (body[0] != 4)
        {
            return ConnectReading.OtherVersion;
        }

        if (body.Length < 4)
        {
            return ConnectReading.Malformed;
        }

        var flags = body[1];
        var keepAlive = BinaryPrimitives.ReadUInt16BigEndian(body[2..]);
        var payload = body[4..];
        if (!FlagsAgree(flags) || !TryReadPayload(payload, flags, keepAlive, out packet))
        {
            return ConnectReading.Malformed;
        }

        return packet!.ClientId.Length == 0 && !packet.CleanSession ? ConnectReading.MissingClientId : ConnectReading.Valid;
    }

    private static bool FlagsAgree(byte flags)
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

        return (flags & 0x80) != 0 || (flags & 0x40) == 0;
    }

    private static bool TryReadPayload(ReadOnlySpan<byte> rest, byte flags, ushort keepAlive, out ConnectPacket? packet)
    {
        packet = null;
        if (!MqttText.TryTake(ref rest, out var clientId))
        {
            return false;
        }

        MqttWill? will = null;
        if ((flags & 0x04) != 0)
        {
            if (!MqttText.TryTake(ref rest, out var topic) || !TopicFilter.IsTopicName(topic) || !MqttText.TryTakeBytes(ref rest, out var message))
            {
                return false;
            }

            will = new MqttWill(topic, message.ToArray(), (Qos)((flags >> 3) & 3), (flags & 0x20) != 0);
        }

        string? user = null;
        if ((flags & 0x80) != 0)
        {
            if (!MqttText.TryTake(ref rest, out var name))
            {
                return false;
            }

            user = name;
        }

        byte[]? password = null;
        if ((flags & 0x40) != 0)
        {
            if (!MqttText.TryTakeBytes(ref rest, out var secret))
            {
                return false;
            }

            password = secret.ToArray();
        }

        packet = new ConnectPacket(clientId, (flags & 0x02) != 0, keepAlive, will, user, password);
        return rest.IsEmpty;
    }

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
