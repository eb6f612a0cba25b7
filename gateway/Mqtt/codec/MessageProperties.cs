using System.Buffers;

namespace Quartier.Mqtt;

/// <summary>What MQTT 5 says about a message besides its payload. An MQTT 3.1.1 message has nothing of it.</summary>
/// <param name="Travelling">Content type, response topic, correlation data, payload format and user properties as they were sent,
/// one behind the other: the broker hands them on and does not look into them.</param>
/// <param name="ExpirySeconds">How long the message is worth delivering after it was received; null for ever.</param>
public sealed record MessageProperties(byte[] Travelling, uint? ExpirySeconds)
{
    public static MessageProperties None { get; } = new([], null);

    /// <summary>Reads the properties of a PUBLISH (<paramref name="other"/> is its topic alias) or of a will (its delay).</summary>
    /// <param name="other">Null when that property is not there.</param>
    internal static ReasonCode Read(scoped ref ReadOnlySpan<byte> body, ulong allowed, out MessageProperties properties, out uint? other)
    {
        uint? expiry = null;
        other = null;
        ArrayBufferWriter<byte>? travelling = null;
        var reader = PropertyReader.Take(ref body, allowed);
        while (reader.Next())
        {
            if (reader.Id is PropertyId.TopicAlias or PropertyId.WillDelay)
            {
                other = reader.Number;
            }
            else if (reader.Id == PropertyId.MessageExpiry)
            {
                expiry = reader.Number;
            }
            else if (reader.Id == PropertyId.ResponseTopic && !TopicFilter.IsTopicName(reader.Bytes))
            {
                // MQTT-3.3.2-14: a topic, not a filter.
                properties = None;
                return ReasonCode.ProtocolError;
            }
            else
            {
                (travelling ??= new ArrayBufferWriter<byte>()).Write(reader.Raw);
            }
        }

        properties = travelling is null && expiry is null ? None : new MessageProperties(travelling?.WrittenSpan.ToArray() ?? [], expiry);
        return reader.Fault;
    }
}
