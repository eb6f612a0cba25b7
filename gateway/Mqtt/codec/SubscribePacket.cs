using System.Buffers.Binary;

namespace Quartier.Mqtt;

/// <summary>What a subscriber gets of what is retained already, §3.8.3.1.</summary>
public enum RetainHandling : byte
{
    Send = 0,
    SendWhenNew = 1,
    DoNotSend = 2,
}

/// <summary>Options of one subscription; MQTT 3.1.1 knows the QoS only.</summary>
/// <param name="NoLocal">What the client itself publishes does not come back to it.</param>
/// <param name="RetainAsPublished">Messages keep the retain flag with which they were sent.</param>
public readonly record struct SubscriptionOptions(Qos Qos, bool NoLocal = false, bool RetainAsPublished = false, RetainHandling RetainHandling = RetainHandling.Send);

/// <summary>One line of a SUBSCRIBE. The filter's text is well-formed UTF-8, its wildcards are not yet checked.</summary>
public readonly record struct SubscriptionRequest(string Filter, SubscriptionOptions Options)
{
    public SubscriptionRequest(string filter, Qos qos)
        : this(filter, new SubscriptionOptions(qos))
    {
    }
}

/// <summary>SUBSCRIBE §3.8 and UNSUBSCRIBE §3.10: packet identifier, in version 5 properties, then filters.
/// The options of a filter in version 5: reserved 7..6 | retain handling 5..4 | retain as published 3 | no local 2 | QoS 1..0.</summary>
public static class SubscribePacket
{
    /// <summary>Begins the filter of a subscription that several clients share.</summary>
    public const string SharedPrefix = "$share/";

    public static ReasonCode Read(Frame frame, MqttVersion version, out ushort id, out List<SubscriptionRequest> requests)
    {
        requests = [];
        var rest = frame.Body;
        if (!TryTakeId(frame, ref rest, out id))
        {
            return ReasonCode.MalformedPacket;
        }

        if (TakeProperties(ref rest, version, PropertySets.Subscribe) is var fault && fault != ReasonCode.Success)
        {
            return fault;
        }

        while (!rest.IsEmpty)
        {
            if (!MqttText.TryTake(ref rest, out var filter) || filter.Length == 0 || rest.IsEmpty)
            {
                return ReasonCode.MalformedPacket;
            }

            if (ReadOptions(rest[0], version, filter, out var options) is var wrong && wrong != ReasonCode.Success)
            {
                return wrong;
            }

            requests.Add(new SubscriptionRequest(filter, options));
            rest = rest[1..];
        }

        return requests.Count > 0 ? ReasonCode.Success : ReasonCode.ProtocolError;
    }

    public static ReasonCode ReadUnsubscribe(Frame frame, MqttVersion version, out ushort id, out List<string> filters)
    {
        filters = [];
        var rest = frame.Body;
        if (!TryTakeId(frame, ref rest, out id))
        {
            return ReasonCode.MalformedPacket;
        }

        if (TakeProperties(ref rest, version, PropertySets.Unsubscribe) is var fault && fault != ReasonCode.Success)
        {
            return fault;
        }

        while (!rest.IsEmpty)
        {
            if (!MqttText.TryTake(ref rest, out var filter) || filter.Length == 0)
            {
                return ReasonCode.MalformedPacket;
            }

            filters.Add(filter);
        }

        return filters.Count > 0 ? ReasonCode.Success : ReasonCode.ProtocolError;
    }

    public static byte[] Write(ushort id, IEnumerable<SubscriptionRequest> requests)
    {
        var body = new BodyWriter();
        body.Number(id);
        foreach (var request in requests)
        {
            body.Text(request.Filter);
            body.Byte((byte)request.Options.Qos);
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

    private static ReasonCode ReadOptions(byte bits, MqttVersion version, string filter, out SubscriptionOptions options)
    {
        options = new SubscriptionOptions((Qos)(bits & 3), (bits & 4) != 0, (bits & 8) != 0, (RetainHandling)((bits >> 4) & 3));
        if ((bits & 3) == 3 || (version == MqttVersion.V311 && bits > 2) || (bits & 0xC0) != 0)
        {
            return ReasonCode.MalformedPacket;
        }

        var wrong = (int)options.RetainHandling == 3 || (options.NoLocal && filter.StartsWith(SharedPrefix, StringComparison.Ordinal));
        return wrong ? ReasonCode.ProtocolError : ReasonCode.Success;
    }

    private static ReasonCode TakeProperties(scoped ref ReadOnlySpan<byte> rest, MqttVersion version, ulong allowed)
    {
        if (version == MqttVersion.V311)
        {
            return ReasonCode.Success;
        }

        var reader = PropertyReader.Take(ref rest, allowed);
        while (reader.Next())
        {
            if (reader.Id == PropertyId.SubscriptionIdentifier)
            {
                return ReasonCode.SubscriptionIdentifiersNotSupported;
            }
        }

        return reader.Fault;
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
