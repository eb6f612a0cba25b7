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
    private readonly SubscriptionHandler subscriptions;
    private readonly TopicNames names = new();
    private readonly TopicAliases aliases;
    private readonly List<ClientLink> touched = [];
    private PublishBatch batch = new();
    private bool intakeFailed;

    /// <summary>QoS 1 and 2 publishes of an MQTT 5 client that are not yet through (§4.9).</summary>
    private int onTheirWay;

    public PacketHandler(MqttBroker broker, BrokerConnection connection, ConnectPacket connect, ClientRights rights, Session session, ClientLink link)
    {
        this.broker = broker;
        this.connection = connection;
        this.connect = connect;
        this.rights = rights;
        Session = session;
        Link = link;
        aliases = new TopicAliases(broker.Options.TopicAliasMax);
        subscriptions = new SubscriptionHandler(broker, connect, rights, session, link);
        commits = new CommitLine(SettleAsync, broker.Options.UncommittedMax);
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
                if (CloseReasons.Of(AckPacket.Read(frame, connect.Version, out var acknowledged)) is { } malformed)
                {
                    return malformed;
                }

                Session.Acknowledge(acknowledged);
                return null;
            case PacketType.PubRel:
                return TakeRelease(frame);
            case PacketType.Subscribe:
                SubmitPublishes();
                return subscriptions.Subscribe(frame);
            case PacketType.Unsubscribe:
                return subscriptions.Unsubscribe(frame);
            case PacketType.PingReq when frame.Flags == 0 && frame.Body.IsEmpty:
                lock (Session.Sync)
                {
                    PacketWriter.WriteEmpty(Link.Control, PacketType.PingResp);
                }

                return null;
            case PacketType.Disconnect:
                return TakeDisconnect(frame);
            case PacketType.Connect:
                return CloseReason.SecondConnect;
            case PacketType.PingReq or 0:
                return CloseReason.MalformedPacket;
            default:
                // PUBREC and PUBCOMP too: nothing is ever sent at QoS 2. AUTH: no method was agreed.
                return CloseReason.UnexpectedPacket;
        }
    }

    private CloseReason? TakePublish(Frame frame)
    {
        if (CloseReasons.Of(PublishPacket.Read(frame, connect.Version, out var packet)) is { } malformed)
        {
            return malformed;
        }

        if (aliases.Resolve(packet, names, out var name) is { } end)
        {
            return end;
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

        if (packet.Qos != Qos.AtMostOnce && connect.Version == MqttVersion.V5 && Interlocked.Increment(ref onTheirWay) > broker.Options.ReceiveMaximum)
        {
            return CloseReason.ReceiveMaximumExceeded;
        }

        if (!(name!.MayPublish ??= AskRight(name)))
        {
            RefusePublish(packet.Qos, packet.Id);
            return null;
        }

        batch.Add(
            new InboundPublish(connect.ClientId, connect.User, name, packet.Payload.ToArray())
            {
                Qos = packet.Qos,
                Retain = packet.Retain,
                Duplicate = packet.Duplicate,
                ReceivedAt = broker.Time.GetUtcNow(),
                Properties = packet.Properties,
                ExpiresAt = InboundPublish.Expiry(packet.Properties, broker.Time),
            },
            packet.Id);
        return null;
    }

    private void RefusePublish(Qos qos, ushort id)
    {
        PublishesWithoutRight++;
        batch.AddAcknowledgement(qos, id, ReasonCode.NotAuthorized);
        if (connect.Version == MqttVersion.V5 && qos == Qos.ExactlyOnce)
        {
            // A PUBREC that refuses ends the exchange: no PUBREL follows.
            Session.Release(id);
        }
    }

    private bool AskRight(TopicName name)
    {
        var may = rights.MayPublish(name.Text);
        if (!may)
        {
            broker.Refusals.Publishes.Note(connect.ClientId, log => log.NoRightToPublish(connect.ClientId, name.Text));
        }

        return may;
    }

    private CloseReason? TakeRelease(Frame frame)
    {
        if (CloseReasons.Of(AckPacket.Read(frame, connect.Version, out var id)) is { } end)
        {
            return end;
        }

        var known = Session.Release(id);
        if (known)
        {
            Arrived();
        }

        lock (Session.Sync)
        {
            var reason = known || connect.Version == MqttVersion.V311 ? ReasonCode.Success : ReasonCode.PacketIdentifierNotFound;
            PacketWriter.WriteAck(Link.Control, PacketType.PubComp, id, reason);
        }

        return null;
    }

    private CloseReason? TakeDisconnect(Frame frame)
    {
        if (CloseReasons.Of(DisconnectPacket.Read(frame, connect.Version, out var packet)) is { } end)
        {
            return end;
        }

        if (packet.SessionExpirySeconds is { } expiry)
        {
            if (expiry > 0 && !Session.Persistent)
            {
                // MQTT-3.14.2-2: a session that was to end with its connection does.
                return CloseReason.ProtocolError;
            }

            Session.ExpirySeconds = Math.Min(expiry, broker.Options.SessionExpirySecondsMax);
        }

        return packet.Reason == ReasonCode.Success ? CloseReason.ClientDisconnected : CloseReason.ClientDisconnectedWithWill;
    }

    /// <summary>One publish less is on its way. After a reconnect there may be fewer counted than there are.</summary>
    private void Arrived()
    {
        if (connect.Version == MqttVersion.V5 && Interlocked.Decrement(ref onTheirWay) < 0)
        {
            Interlocked.Increment(ref onTheirWay);
        }
    }

    private void SubmitPublishes()
    {
        if (batch.Received.Count == 0)
        {
            return;
        }

        var submitted = batch;
        batch = new PublishBatch();
        submitted.GiveTo(broker.Intake);
        commits.Add(submitted);
    }

    /// <summary>The intake has answered: route, store what is retained, then acknowledge. Runs for one batch of a connection at a time, in order.</summary>
    private async ValueTask SettleAsync(PublishBatch settled)
    {
        if (settled.Failure is { } failure)
        {
            Fail(settled, failure);
            return;
        }

        List<Task>? storing = null;
        foreach (var publish in settled.Publishes)
        {
            var kept = broker.Route(publish, touched);
            if (!kept.IsCompletedSuccessfully)
            {
                (storing ??= []).Add(kept);
            }
        }

        if (storing is not null)
        {
            FlushTouched();
            var stored = Task.WhenAll(storing);
            await stored.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!stored.IsCompletedSuccessfully)
            {
                Fail(settled, stored.Exception?.InnerException);
                return;
            }
        }

        // Behind a batch that failed nothing is acknowledged: the client would take the gap for delivered.
        if (!intakeFailed)
        {
            AcknowledgeAll(settled);
        }

        FlushTouched();
    }

    /// <summary>The client has no acknowledgement and sends all of it again, on a connection of its own.</summary>
    private void Fail(PublishBatch settled, Exception? cause)
    {
        intakeFailed = true;
        ForgetReceived(settled);
        broker.Log.IntakeFailed(cause, connect.ClientId);
        connection.Close(CloseReason.IntakeFailed);
    }

    private void FlushTouched()
    {
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
            foreach (var received in settled.Received)
            {
                if (received.Qos != Qos.AtMostOnce)
                {
                    Acknowledge(received);
                }
            }

            if (Link.Touch())
            {
                touched.Add(Link);
            }
        }
    }

    private void Acknowledge(ReceivedPublish received)
    {
        var type = received.Qos == Qos.AtLeastOnce ? PacketType.PubAck : PacketType.PubRec;
        PacketWriter.WriteAck(Link.Control, type, received.Id, connect.Version == MqttVersion.V5 ? received.Reason : ReasonCode.Success);
        if (type == PacketType.PubAck || received.Reason.IsRefusal())
        {
            Arrived();
        }
    }

    private void ForgetReceived(PublishBatch failed)
    {
        foreach (var received in failed.Received)
        {
            if (received.Qos == Qos.ExactlyOnce && received.Publish is not null)
            {
                Session.Release(received.Id);
            }
        }
    }
}
