namespace Quartier.Mqtt;

/// <summary>What SUBSCRIBE and UNSUBSCRIBE of an admitted client do.</summary>
internal sealed class SubscriptionHandler(MqttBroker broker, ConnectPacket connect, ClientRights rights, Session session, ClientLink link)
{
    /// <summary>MQTT 3.1.1 has one refusal for every reason.</summary>
    private const byte Refusal311 = 0x80;

    /// <returns>Why the connection ends, or null.</returns>
    public CloseReason? Subscribe(Frame frame)
    {
        if (CloseReasons.Of(SubscribePacket.Read(frame, connect.Version, out var id, out var requests)) is { } end)
        {
            return end;
        }

        var codes = new byte[requests.Count];
        var greeted = new bool[requests.Count];
        for (var i = 0; i < codes.Length; i++)
        {
            var isNew = !session.Subscriptions.ContainsKey(requests[i].Filter);
            codes[i] = Grant(requests[i]);
            greeted[i] = codes[i] < (byte)ReasonCode.Unspecified && requests[i].Options.RetainHandling switch
            {
                RetainHandling.Send => true,
                RetainHandling.SendWhenNew => isNew,
                _ => false,
            };
        }

        lock (session.Sync)
        {
            if (connect.Version == MqttVersion.V5)
            {
                PacketWriter.WriteSubAck5(link.Control, id, codes);
            }
            else
            {
                PacketWriter.WriteSubAck(link.Control, id, codes);
            }
        }

        for (var i = 0; i < codes.Length; i++)
        {
            if (greeted[i])
            {
                DeliverRetained(session.Subscriptions[requests[i].Filter], (Qos)codes[i]);
            }
        }

        return null;
    }

    /// <returns>Why the connection ends, or null.</returns>
    public CloseReason? Unsubscribe(Frame frame)
    {
        if (CloseReasons.Of(SubscribePacket.ReadUnsubscribe(frame, connect.Version, out var id, out var filters)) is { } end)
        {
            return end;
        }

        var codes = new byte[filters.Count];
        for (var i = 0; i < codes.Length; i++)
        {
            if (session.Subscriptions.Remove(filters[i], out var filter))
            {
                broker.Subscriptions.Remove(session, filter);
            }
            else
            {
                codes[i] = (byte)ReasonCode.NoSubscriptionExisted;
            }
        }

        lock (session.Sync)
        {
            if (connect.Version == MqttVersion.V5)
            {
                PacketWriter.WriteUnsubAck5(link.Control, id, codes);
            }
            else
            {
                PacketWriter.WriteAck(link.Control, PacketType.UnsubAck, id);
            }
        }

        return null;
    }

    private byte Grant(SubscriptionRequest request)
    {
        if (Refuse(request.Filter, out var filter) is var (code, why))
        {
            broker.Refusals.Subscriptions.Note(connect.ClientId, log => log.NotGranted(connect.ClientId, request.Filter, why));
            return connect.Version == MqttVersion.V5 ? (byte)code : Refusal311;
        }

        var granted = request.Options.Qos == Qos.AtMostOnce ? Qos.AtMostOnce : Qos.AtLeastOnce;
        session.Subscriptions[filter!.Text] = filter;
        broker.Subscriptions.Add(session, filter, request.Options with { Qos = granted });
        return (byte)granted;
    }

    private (ReasonCode Code, string Why)? Refuse(string text, out TopicFilter? filter)
    {
        if (!TopicFilter.TryParse(text, out filter))
        {
            return (ReasonCode.TopicFilterInvalid, "not a topic filter");
        }

        if (text.StartsWith(SubscribePacket.SharedPrefix, StringComparison.Ordinal))
        {
            return (ReasonCode.SharedSubscriptionsNotSupported, "shared subscriptions are not offered");
        }

        if (filter!.Levels.Count > broker.Options.FilterLevelsMax)
        {
            return (ReasonCode.TopicFilterInvalid, "too many levels");
        }

        if (!rights.MaySubscribe(filter))
        {
            return (ReasonCode.NotAuthorized, "no right");
        }

        return session.Subscriptions.Count >= broker.Options.SubscriptionsMax && !session.Subscriptions.ContainsKey(text)
            ? (ReasonCode.QuotaExceeded, "too many subscriptions")
            : null;
    }

    private void DeliverRetained(TopicFilter filter, Qos granted)
    {
        foreach (var publish in broker.Retained.Matching(filter))
        {
            session.Deliver(new Delivery(publish, publish.Qos < granted ? publish.Qos : granted, Retain: true));
        }
    }
}
