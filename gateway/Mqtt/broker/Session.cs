namespace Quartier.Mqtt;

/// <summary>What the broker remembers of one client id (§4.1): subscriptions, deliveries in flight and waiting, and the
/// QoS 2 identifiers taken in and not yet released. A persistent session outlives its connection.</summary>
internal sealed class Session(string clientId, bool persistent, BrokerOptions options)
{
    private readonly InFlightWindow inFlight = new(options.InFlightMax);
    private readonly Queue<Delivery> waiting = new();
    private readonly HashSet<ushort> unreleased = [];
    private ClientLink? link;
    private long waitingBytes;

    public Lock Sync { get; } = new();

    public string ClientId { get; } = clientId;

    public bool Persistent { get; } = persistent;

    /// <summary>Granted filters by their text; changed by the connection's read loop only.</summary>
    public Dictionary<string, TopicFilter> Subscriptions { get; } = new(StringComparer.Ordinal);

    /// <summary>Messages that found the queue full.</summary>
    public long Dropped { get; private set; }

    public bool IsDropping { get; private set; }

    /// <summary>When the last connection ended; orders sessions that have to make room.</summary>
    public DateTimeOffset AwaySince { get; set; }

    public int WaitingCount
    {
        get
        {
            lock (Sync)
            {
                return waiting.Count + inFlight.Count;
            }
        }
    }

    /// <summary>First CONNACK, then what was in flight again, then what has waited.</summary>
    public void Attach(ClientLink newLink, bool sessionPresent)
    {
        lock (Sync)
        {
            link = newLink;
            PacketWriter.WriteConnAck(newLink.Control, sessionPresent, ConnectCode.Accepted);
            inFlight.Rewind();
            SendWaiting();
        }

        newLink.Flush();
    }

    public void Detach(ClientLink oldLink)
    {
        lock (Sync)
        {
            if (link == oldLink)
            {
                link = null;
            }
        }
    }

    /// <returns>A link that the caller has to flush, or null.</returns>
    public ClientLink? Deliver(Delivery delivery)
    {
        lock (Sync)
        {
            if (link is null && (!Persistent || delivery.Qos == Qos.AtMostOnce))
            {
                return null;
            }

            if (waiting.Count == 0 && !inFlight.HasUnsent && TrySend(delivery))
            {
                return link!.Touch() ? link : null;
            }

            Enqueue(delivery);
            return null;
        }
    }

    /// <returns>False for an identifier that is not in flight; it is ignored.</returns>
    public bool Acknowledge(ushort id)
    {
        lock (Sync)
        {
            var known = inFlight.Acknowledge(id);
            SendWaiting();
            return known;
        }
    }

    /// <summary>Called under the lock, also by the link when the peer has caught up.</summary>
    public void SendWaiting()
    {
        while (link is { CanWrite: true } && inFlight.TryResend(out var id, out var again))
        {
            link.Write(again, id, duplicate: true);
        }

        while (waiting.TryPeek(out var delivery) && !inFlight.HasUnsent && TrySend(delivery))
        {
            waiting.Dequeue();
            waitingBytes -= delivery.Publish.Payload.Length;
        }

        IsDropping &= waiting.Count > 0;
    }

    /// <summary>Remembers a QoS 2 identifier. False when it is known already: the publish is a repetition.</summary>
    public bool TryReceive(ushort id)
    {
        lock (Sync)
        {
            return unreleased.Add(id);
        }
    }

    public void Release(ushort id)
    {
        lock (Sync)
        {
            unreleased.Remove(id);
        }
    }

    public int UnreleasedCount
    {
        get
        {
            lock (Sync)
            {
                return unreleased.Count;
            }
        }
    }

    private bool TrySend(Delivery delivery)
    {
        if (link is not { CanWrite: true } || (delivery.Qos != Qos.AtMostOnce && inFlight.IsFull))
        {
            return false;
        }

        var id = delivery.Qos == Qos.AtMostOnce ? (ushort)0 : inFlight.Add(delivery);
        link.Write(delivery, id, duplicate: false);
        return true;
    }

    private void Enqueue(Delivery delivery)
    {
        if (waiting.Count >= options.QueueMessagesMax || waitingBytes + delivery.Publish.Payload.Length > options.QueueBytesMax)
        {
            Dropped++;
            IsDropping = true;
            return;
        }

        waiting.Enqueue(delivery);
        waitingBytes += delivery.Publish.Payload.Length;
    }
}
