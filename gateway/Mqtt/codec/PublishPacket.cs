using System.Buffers.Binary;

namespace Quartier.Mqtt;

/// <summary>PUBLISH, §3.3, as it lies in the receive buffer: topic | [packet identifier] | [version 5: properties] | payload.
/// Flags: duplicate 3 | QoS 2..1 | retain 0. The topic's text is not yet checked.</summary>
public readonly ref struct PublishPacket
{
    /// <summary>Empty only in version 5 with a <see cref="TopicAlias"/>.</summary>
    public ReadOnlySpan<byte> TopicUtf8 { get; private init; }

    public ReadOnlySpan<byte> Payload { get; private init; }

    /// <summary>0 at QoS 0.</summary>
    public ushort Id { get; private init; }

    public Qos Qos { get; private init; }

    public bool Retain { get; private init; }

    public bool Duplicate { get; private init; }

    public MessageProperties Properties { get; private init; }

    /// <summary>Null when there is none; 0 is not allowed and not yet refused.</summary>
    public uint? TopicAlias { get; private init; }

    /// <summary>Reads version 3.1.1.</summary>
    public static bool TryRead(Frame frame, out PublishPacket packet) => Read(frame, MqttVersion.V311, out packet) == ReasonCode.Success;

    public static ReasonCode Read(Frame frame, MqttVersion version, out PublishPacket packet)
    {
        packet = default;
        var flags = frame.Flags;
        var qos = (flags >> 1) & 3;
        var duplicate = (flags & 8) != 0;
        var rest = frame.Body;
        if (qos == 3 || (qos == 0 && duplicate) || !MqttText.TryTakeBytes(ref rest, out var topic) || !TryTakeId(ref rest, qos, out var id))
        {
            return ReasonCode.MalformedPacket;
        }

        var properties = MessageProperties.None;
        uint? alias = null;
        var fault = version == MqttVersion.V5 ? MessageProperties.Read(ref rest, PropertySets.Publish, out properties, out alias) : ReasonCode.Success;
        if (fault == ReasonCode.Success && topic.IsEmpty && alias is null)
        {
            fault = ReasonCode.ProtocolError;
        }

        packet = new PublishPacket
        {
            TopicUtf8 = topic, Payload = rest, Id = id, Qos = (Qos)qos, Retain = (flags & 1) != 0, Duplicate = duplicate, Properties = properties, TopicAlias = alias,
        };
        return fault;
    }

    private static bool TryTakeId(scoped ref ReadOnlySpan<byte> rest, int qos, out ushort id)
    {
        id = 0;
        if (qos == 0)
        {
            return true;
        }

        if (rest.Length < 2)
        {
            return false;
        }

        id = BinaryPrimitives.ReadUInt16BigEndian(rest);
        rest = rest[2..];
        return id != 0;
    }
}
