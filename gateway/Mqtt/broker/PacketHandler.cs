using System.Buffers;

namespace Quartier.Mqtt;

/// <summary>What an admitted client's packets do. <see cref="Take"/> runs on the connection's read loop.</summary>
internal sealed class PacketHandler
{
    private readonly MqttBroker broker;
    private readonly BrokerConnection connection;
    private readonly ConnectPacket connect;
    private readonly ClientRights rights;
    private readonly CommitLine commits;
    private readonly TopicNames names = new();
    private readonly List<ClientLink> touched = [];
    private PublishBatch batch = new();
    private bool intakeFailed;

    public PacketHandler(MqttBroker broker, BrokerConnection connection, ConnectPacket connect, ClientRights rights, Session session, ClientLink link)
    {
        this.broker = broker;
        this.connection = connection;
        this.connect = connect;
        this.rights = rights;
        Session = session;
        Link = link;
        commits = new CommitLine(Settle, broker.Options.UncommittedMax);
    }

    public Session Session { get; }

    public ClientLink Link { get; }

    public long PublishesWithoutRight { get; private set; }

    public Task CommitsDrained => commits.Drained;

    /// <summary>Handles every whole packet in the buffer.</summary>
    /// <returns>Why the connection ends, or null.</returns>
    public CloseReason? Take(ReadOnlySequence<byte> buffer, out SequencePosition consumed)
    {
        var reader = new FrameReader(buffer, broker.Options.PacketBytesMax);
        CloseReason? end = null;
        while (end is null)
        {
            var status = reader.Next(out var frame);
            if (status == FrameStatus.Incomplete)
            {
                break;
            }

            end = status switch
            {
                FrameStatus.TooLarge => CloseReason.PacketTooLarge,
                FrameStatus.Malformed => CloseReason.MalformedPacket,
                _ => Handle(frame),
            };
        }

        consumed = reader.Consumed;
        SubmitPublishes();
        Link.Flush();
        return end;
    }

    /// <summary>Back-pressure: waits while the client does not read what it is sent, or has too much uncommitted.</summary>
    public async ValueTask WhenReadyForMoreAsync()
    {
        await Link.WhenWritable().ConfigureAwait(false);
        await commits.WhenRoom().ConfigureAwait(false);
    }

    private CloseReason? Handle(Frame frame)
    {
        switch (frame.Type)
        {
            case PacketType.Publish:
                return TakePublish(frame);
            case PacketType.PubAck:
                if (!SubscribePacket.TryReadAck(frame, out var acknowledged))
                {
                    return CloseReason.MalformedPacket;
                }

                Session.Acknowledge(acknowledged);
                return null;
            case PacketType.PubRel:
                if (!SubscribePacket.TryReadAck(frame, out var released))
                {
                    return CloseReason.MalformedPacket;
                }

                Session.Release(released);
                Acknowledge(PacketType.PubComp, released);
                return null;
            case PacketType.Subscribe:
                return TakeSubscribe(frame);
            case PacketType.Unsubscribe:
                return TakeUnsubscribe(frame);
            case PacketType.PingReq when frame.Flags == 0 && frame.Body.IsEmpty:
                lock (Session.Sync)
                {
                    PacketWriter.WriteEmpty(Link.Control, PacketType.PingResp);
                }

                return null;
            case PacketType.Disconnect when frame.Flags == 0 && frame.Body.IsEmpty:
                return CloseReason.ClientDisconnected;
            case PacketType.Connect:
                return CloseReason.SecondConnect;
            case PacketType.PingReq or PacketType.Disconnect:
                return CloseReason.MalformedPacket;
            default:
                // PUBREC and PUBCOMP too: nothing is ever sent at QoS 2.
                return CloseReason.UnexpectedPacket;
        }
    }

    private CloseReason? TakePublish(Frame frame)
    {
        if (!PublishPacket.TryRead(frame, out var packet))
        {
            return CloseReason.MalformedPacket;
        }

        if (!names.TryGet(packet.TopicUtf8, out var name))
        {
            return CloseReason.TopicNameInvalid;
        }

        if (packet.Qos == Qos.ExactlyOnce && !Session.TryReceive(packet.Id))
        {
            batch.AddAcknowledgement(packet.Qos, packet.Id);
            return null;
        }

        if (packet.Qos == Qos.ExactlyOnce && Session.UnreleasedCount > broker.Options.UnreleasedMax)
        {
            return CloseReason.TooManyUnreleased;
        }

        if (!(name.MayPublish ??= AskRight(name)))
        {
            PublishesWithoutRight++;
            batch.AddAcknowledgement(packet.Qos, packet.Id);
            return null;
        }

        batch.Add(
            new InboundPublish(connect.ClientId, connect.User, name, packet.Payload.ToArray())
            {
                Qos = packet.Qos,
                Retain = packet.Retain,
                Duplicate = packet.Duplicate,
                ReceivedAt = broker.Time.GetUtcNow(),
            },
            packet.Id);
        return null;
    }

    private bool AskRight(TopicName name)
    {
        var may = rights.MayPublish(name.Text);
        if (!may)
        {
            broker.Log.NoRightToPublish(connect.ClientId, name.Text);
        }

        return may;
    }

    private CloseReason? TakeSubscribe(Frame frame)
    {
        if (!SubscribePacket.TryRead(frame, out var id, out var requests))
        {
            return CloseReason.MalformedPacket;
        }

        SubmitPublishes();
        Span<byte> codes = requests.Count <= 64 ? stackalloc byte[requests.Count] : new byte[requests.Count];
        for (var i = 0; i < requests.Count; i++)
        {
            codes[i] = Grant(requests[i]);
        }

        lock (Session.Sync)
        {
            PacketWriter.WriteSubAck(Link.Control, id, codes);
        }

        for (var i = 0; i < requests.Count; i++)
        {
            if (codes[i] != Refusal)
            {
                DeliverRetained(Session.Subscriptions[requests[i].Filter], (Qos)codes[i]);
            }
        }

        return null;
    }

    private const byte Refusal = 0x80;

    private byte Grant(SubscriptionRequest request)
    {
        var why = !TopicFilter.TryParse(request.Filter, out var filter) ? "not a topic filter"
            : filter!.Levels.Count > broker.Options.FilterLevelsMax ? "too many levels"
            : !rights.MaySubscribe(filter) ? "no right"
            : Session.Subscriptions.Count >= broker.Options.SubscriptionsMax && !Session.Subscriptions.ContainsKey(filter.Text) ? "too many subscriptions"
            : null;
        if (why is not null)
        {
            broker.Log.NotGranted(connect.ClientId, request.Filter, why);
            return Refusal;
        }

        var granted = request.Qos == Qos.AtMostOnce ? Qos.AtMostOnce : Qos.AtLeastOnce;
        Session.Subscriptions[filter!.Text] = filter;
        broker.Subscriptions.Add(Session, filter, granted);
        return (byte)granted;
    }

    private void DeliverRetained(TopicFilter filter, Qos granted)
    {
        foreach (var publish in broker.Retained.Matching(filter))
        {
            Session.Deliver(new Delivery(publish, Lower(publish.Qos, granted), Retain: true));
        }
    }

    private static Qos Lower(Qos published, Qos granted) => published < granted ? published : granted;

    private CloseReason? TakeUnsubscribe(Frame frame)
    {
        if (!SubscribePacket.TryReadUnsubscribe(frame, out var id, out var filters))
        {
            return CloseReason.MalformedPacket;
        }

        foreach (var text in filters)
        {
            if (Session.Subscriptions.Remove(text, out var filter))
            {
                broker.Subscriptions.Remove(Session, filter);
            }
        }

        Acknowledge(PacketType.UnsubAck, id);
        return null;
    }

    private void Acknowledge(PacketType type, ushort id)
    {
        lock (Session.Sync)
        {
            PacketWriter.WriteAck(Link.Control, type, id);
        }
    }

    private void SubmitPublishes()
    {
        if (batch.Arrivals.Count == 0)
        {
            return;
        }

        var submitted = batch;
        batch = new PublishBatch();
        submitted.GiveTo(broker.Intake);
        commits.Add(submitted);
    }

    /// <summary>The intake has answered: route, then acknowledge. Runs for one batch of a connection at a time, in order.</summary>
    private void Settle(PublishBatch settled)
    {
        if (settled.Failure is { } failure)
        {
            intakeFailed = true;
            ForgetReceived(settled);
            broker.Log.IntakeFailed(failure, connect.ClientId);
            connection.Close(CloseReason.IntakeFailed);
            return;
        }

        foreach (var publish in settled.Publishes)
        {
            broker.Route(publish, touched);
        }

        // Behind a batch that failed nothing is acknowledged: the client would take the gap for delivered.
        if (!intakeFailed)
        {
            AcknowledgeAll(settled);
        }

        foreach (var link in touched)
        {
            link.Flush();
        }

        touched.Clear();
    }

    private void AcknowledgeAll(PublishBatch settled)
    {
        lock (Session.Sync)
        {
            foreach (var arrival in settled.Arrivals)
            {
                if (arrival.Qos != Qos.AtMostOnce)
                {
                    PacketWriter.WriteAck(Link.Control, arrival.Qos == Qos.AtLeastOnce ? PacketType.PubAck : PacketType.PubRec, arrival.Id);
                }
            }

            if (Link.Touch())
            {
                touched.Add(Link);
            }
        }
    }

    private void ForgetReceived(PublishBatch failed)
    {
        foreach (var arrival in failed.Arrivals)
        {
            if (arrival.Qos == Qos.ExactlyOnce && arrival.Publish is not null)
            {
                Session.Release(arrival.Id);
            }
        }
    }
}
