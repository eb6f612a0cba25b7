using System.Buffers.Binary;

namespace Quartier.Mqtt;

/// <summary>One line of a SUBSCRIBE. The filter's text is well-formed UTF-8, its wildcards are not yet checked.</summary>
public readonly record struct SubscriptionRequest(string Filter, Qos Qos);

/// <summary>SUBSCRIBE §3.8 and UNSUBSCRIBE §3.10: packet identifier, then filters.</summary>
public static class SubscribePacket
{
    public static bool TryRead(Frame frame, out ushort id, out List<SubscriptionRequest> requests)
    {
        requests = [];
        var rest = frame.Body;
        if (!TryTakeId(frame, ref rest, out id))
        {
            return false;
        }

        while (!rest.IsEmpty)
        {
            if (!MqttText.TryTake(ref rest, out var filter) || filter.Length == 0 || rest.IsEmpty || rest[0] > 2)
            {
                return false;
            }

            requests.Add(new SubscriptionRequest(filter, (Qos)rest[0]));
            rest = rest[1..];
        }

        return requests.Count > 0;
    }

    public static bool TryReadUnsubscribe(Frame frame, out ushort id, out List<string> filters)
    {
        filters = [];
        var rest = frame.Body;
        if (!TryTakeId(frame, ref rest, out id))
        {
            return false;
        }

        while (!rest.IsEmpty)
        {
            if (!MqttText.TryTake(ref rest, out var filter) || filter.Length == 0)
            {
                return false;
            }

            filters.Add(filter);
        }

        return filters.Count > 0;
    }

    /// <summary>The identifier of PUBACK, PUBREC, PUBREL, PUBCOMP or UNSUBACK; false when flags or length are wrong.</summary>
    public static bool TryReadAck(Frame frame, out ushort id)
    {
        id = 0;
        var flags = frame.Type == PacketType.PubRel ? 2 : 0;
        if (frame.Flags != flags || frame.Body.Length != 2)
        {
            return false;
        }

        id = BinaryPrimitives.ReadUInt16BigEndian(frame.Body);
        return id != 0;
    }

    public static byte[] Write(ushort id, IEnumerable<SubscriptionRequest> requests)
    {
        var body = new BodyWriter();
        body.Number(id);
        foreach (var request in requests)
        {
            body.Text(request.Filter);
            body.Byte((byte)request.Qos);
        }

        return body.ToPacket(0x82);
    }

    public static byte[] WriteUnsubscribe(ushort id, IEnumerable<string> filters)
    {
        var body = new BodyWriter();
        body.Number(id);
        foreach (var filter in filters)
        {
            body.Text(filter);
        }

        return body.ToPacket(0xA2);
    }

    private static bool TryTakeId(Frame frame, ref ReadOnlySpan<byte> rest, out ushort id)
    {
        id = 0;
        if (frame.Flags != 2 || rest.Length < 2)
        {
            return false;
        }

        id = BinaryPrimitives.ReadUInt16BigEndian(rest);
        rest = rest[2..];
        return id != 0;
    }
}
