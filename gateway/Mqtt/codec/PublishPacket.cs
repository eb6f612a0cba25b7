using System.Buffers.Binary;

namespace Quartier.Mqtt;

/// <summary>PUBLISH, §3.3, as it lies in the receive buffer: topic | [packet identifier] | payload.
/// Flags: duplicate 3 | QoS 2..1 | retain 0. The topic's text is not yet checked.</summary>
public readonly ref struct PublishPacket
{
    public ReadOnlySpan<byte> TopicUtf8 { get; private init; }

    public ReadOnlySpan<byte> Payload { get; private init; }

    /// <summary>0 at QoS 0.</summary>
    public ushort Id { get; private init; }

    public Qos Qos { get; private init; }

    public bool Retain { get; private init; }

    public bool Duplicate { get; private init; }

    public static bool TryRead(Frame frame, out PublishPacket packet)
    {
        packet = default;
        var flags = frame.Flags;
        var qos = (flags >> 1) & 3;
        var duplicate = (flags & 8) != 0;
        var rest = frame.Body;
        if (qos == 3 || (qos == 0 && duplicate) || !MqttText.TryTakeBytes(ref rest, out var topic) || topic.IsEmpty)
        {
            return false;
        }

        ushort id = 0;
        if (qos > 0)
        {
            if (rest.Length < 2)
            {
                return false;
            }

            id = BinaryPrimitives.ReadUInt16BigEndian(rest);
            if (id == 0)
            {
                return false;
            }

            rest = rest[2..];
        }

        packet = new PublishPacket { TopicUtf8 = topic, Payload = rest, Id = id, Qos = (Qos)qos, Retain = (flags & 1) != 0, Duplicate = duplicate };
        return true;
    }
}
