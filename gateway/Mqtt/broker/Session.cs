using System.Buffers;

namespace Quartier.Mqtt;

/// <summary>What the broker remembers of one log-in (§4.1): subscriptions, deliveries in flight and waiting, and the
/// QoS 2 identifiers taken in and not yet released. A persistent session outlives its connection.</summary>
internal sealed class Session(LogIn owner, uint expirySeconds, BrokerOptions options, TimeProvider time)
{
    private readonly InFlightWindow inFlight = new(options.InFlightMax);
    private readonly Queue<Delivery> waiting = new();
    private readonly HashSet<ushort> unreleased = [];
    private ClientLink? link;
    private long waitingBytes;

    public Lock Sync { get; } = new();

    public LogIn Owner { get; } = owner;

    public string ClientId => Owner.ClientId;

    /// <summary>How long it outlives its connection.</summary>
    public uint ExpirySeconds { get; set; } = expirySeconds;

    public bool Persistent => ExpirySeconds > 0;

    /// <summary>A will that waits for the client to come back first; null when there is none.</summary>
    public DelayedWill? Will { get; set; }

    /// <summary>Granted filters by their text; changed by the connection's read loop only.</summary>
    public Dictionary<string, TopicFilter> Subscriptions { get; } = new(StringComparer.Ordinal);

    /// <summary>Messages that found the queue full.</summary>
    public long Dropped { get; private set; }

    public bool IsDropping { get; private set; }

    /// <summary>Timestamp at which the last connection ended; orders sessions that have to make room.</summary>
    public long AwaySince { get; set; }

    /// <summary>Nobody came back in time. Of a session without a connection only.</summary>
    public bool HasExpired => time.GetElapsedTime(AwaySince) >= TimeSpan.FromSeconds(ExpirySeconds);

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
    /// <param name="clientTakes">Deliveries that the client takes before it has acknowledged the first.</param>
    public void Attach(ClientLink newLink, byte[] connAck, int clientTakes)
    {
        lock (Sync)
        {
            link = newLink;
            newLink.Control.Write(connAck);
            inFlight.Rewind(clientTakes);
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
            if (link.Fits(again))
            {
                link.Write(again, id, duplicate: true);
            }
            else
            {
                inFlight.Acknowledge(id);
                Dropped++;
            }
        }

        while (waiting.TryPeek(out var delivery) && !inFlight.HasUnsent && TrySend(delivery))
        {
            waiting.Dequeue();
            waitingBytes -= delivery.Publish.HeldBytes;
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

    /// <returns>False for an identifier that was not taken in or is released already.</returns>
    public bool Release(ushort id)
    {
        lock (Sync)
        {
            return unreleased.Remove(id);
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

    /// <returns>True when it need not be kept: it was sent, or is not worth sending any more, or longer than the client takes.</returns>
    private bool TrySend(Delivery delivery)
    {
        if (link is not { CanWrite: true } || (delivery.Qos != Qos.AtMostOnce && inFlight.IsFull))
        {
            return false;
        }

        if (delivery.Publish.HasExpired(time))
        {
            return true;
        }

        if (!link.Fits(delivery))
        {
            Dropped++;
            return true;
        }

        var id = delivery.Qos == Qos.AtMostOnce ? (ushort)0 : inFlight.Add(delivery);
        link.Write(delivery, id, duplicate: false);
        return true;
    }

    private void Enqueue(Delivery delivery)
    {
        if (waiting.Count >= options.QueueMessagesMax || waitingBytes + delivery.Publish.HeldBytes > options.QueueBytesMax)
        {
            Dropped++;
            IsDropping = true;
            return;
        }

        waiting.Enqueue(delivery);
        waitingBytes += delivery.Publish.HeldBytes;
    }
}

/// <summary>What a client left to be said if it does not come back (MQTT 5 §3.1.3.2.2).</summary>
/// <param name="Due">Timestamp of the broker's clock.</param>
internal sealed record DelayedWill(ConnectPacket Connect, MqttWill Message, long Due);
