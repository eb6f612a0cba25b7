using System.Buffers.Binary;

namespace Quartier.Mqtt;

/// <summary>PUBACK, PUBREC, PUBREL, PUBCOMP and (version 3.1.1) UNSUBACK: packet identifier, in version 5 then [reason code | [properties]].</summary>
public static class AckPacket
{
    /// <summary>Reads version 3.1.1; false when flags or length are wrong.</summary>
    public static bool TryRead(Frame frame, out ushort id) => Read(frame, MqttVersion.V311, out id) == ReasonCode.Success;

    /// <returns>Whether the packet is well-formed; what its own reason code says makes no difference to the broker.</returns>
    public static ReasonCode Read(Frame frame, MqttVersion version, out ushort id)
    {
        id = 0;
        var flags = frame.Type == PacketType.PubRel ? 2 : 0;
        var rest = frame.Body;
        if (frame.Flags != flags || rest.Length < 2 || (version == MqttVersion.V311 && rest.Length > 2))
        {
            return ReasonCode.MalformedPacket;
        }

        id = BinaryPrimitives.ReadUInt16BigEndian(rest);
        if (id == 0)
        {
            return ReasonCode.MalformedPacket;
        }

        return rest.Length > 3 ? SkipProperties(rest[3..]) : ReasonCode.Success;
    }

    private static ReasonCode SkipProperties(ReadOnlySpan<byte> rest)
    {
        var fault = PropertyReader.Take(ref rest, PropertySets.Acknowledgement).Skip();
        return fault == ReasonCode.Success && !rest.IsEmpty ? ReasonCode.MalformedPacket : fault;
    }
}

/// <summary>A client's DISCONNECT, §3.14: nothing in version 3.1.1, in version 5 [reason code | [properties]].</summary>
/// <param name="SessionExpirySeconds">Replaces what CONNECT said; null leaves it.</param>
public readonly record struct DisconnectPacket(ReasonCode Reason, uint? SessionExpirySeconds)
{
    public static ReasonCode Read(Frame frame, MqttVersion version, out DisconnectPacket packet)
    {
        packet = default;
        var rest = frame.Body;
        if (frame.Flags != 0 || (version == MqttVersion.V311 && !rest.IsEmpty))
        {
            return ReasonCode.MalformedPacket;
        }

        if (rest.IsEmpty)
        {
            return ReasonCode.Success;
        }

        packet = new DisconnectPacket((ReasonCode)rest[0], null);
        rest = rest[1..];
        return rest.IsEmpty ? ReasonCode.Success : ReadProperties(rest, ref packet);
    }

    private static ReasonCode ReadProperties(ReadOnlySpan<byte> rest, ref DisconnectPacket packet)
    {
        var reader = PropertyReader.Take(ref rest, PropertySets.Disconnect);
        while (reader.Next())
        {
            if (reader.Id == PropertyId.SessionExpiry)
            {
                packet = packet with { SessionExpirySeconds = reader.Number };
            }
        }

        return reader.Fault == ReasonCode.Success && !rest.IsEmpty ? ReasonCode.MalformedPacket : reader.Fault;
    }
}
