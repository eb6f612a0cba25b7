namespace Quartier.Mqtt;

/// <summary>A message on its way to one client.</summary>
internal readonly record struct Delivery(InboundPublish Publish, Qos Qos, bool Retain);

/// <summary>QoS 1 deliveries in the order they were sent, each with its packet identifier, until the client acknowledges it.
/// After a reconnect the same deliveries go out again from the oldest on (MQTT-4.4.0-1, MQTT-4.6.0-1).</summary>
internal sealed class InFlightWindow(int deliveriesMax)
{
    private int limit = int.MaxValue;
    private Entry[] ring = new Entry[4];
    private int head;
    private int count;
    private int sent;
    private ushort lastId;

    public bool IsFull => count >= Math.Min(deliveriesMax, limit);

    public int Count => count;

    public bool HasUnsent => sent < count;

    public ushort Add(Delivery delivery)
    {
        if (count == ring.Length)
        {
            Grow();
        }

        do
        {
            lastId = lastId == ushort.MaxValue ? (ushort)1 : (ushort)(lastId + 1);
        }
        while (count > 0 && IndexOf(lastId) >= 0);

        ring[(head + count) % ring.Length] = new Entry(lastId, delivery, Acknowledged: false);
        count++;
        sent++;
        return lastId;
    }

    /// <returns>False for an identifier that is not in flight.</returns>
    public bool Acknowledge(ushort id)
    {
        var index = IndexOf(id);
        if (index < 0)
        {
            return false;
        }

        ref var entry = ref ring[(head + index) % ring.Length];
        entry = entry with { Acknowledged = true };
        while (count > 0 && ring[head].Acknowledged)
        {
            ring[head] = default;
            head = (head + 1) % ring.Length;
            count--;
            sent = Math.Max(0, sent - 1);
        }

        return true;
    }

    /// <summary>A new connection: everything is to be sent again, and no more at once than this client takes.</summary>
    public void Rewind(int clientTakes)
    {
        limit = clientTakes;
        sent = 0;
    }

    /// <summary>Next delivery to send again after a <see cref="Rewind"/>.</summary>
    public bool TryResend(out ushort id, out Delivery delivery)
    {
        while (sent < Math.Min(count, limit))
        {
            var entry = ring[(head + sent) % ring.Length];
            sent++;
            if (!entry.Acknowledged)
            {
                (id, delivery) = (entry.Id, entry.Delivery);
                return true;
            }
        }

        (id, delivery) = (0, default);
        return false;
    }

    private int IndexOf(ushort id)
    {
        // Identifiers rise by one, so that the place follows from the distance to the oldest; gaps appear only after a wrap.
        var guess = (ushort)(id - ring[head].Id);
        if (guess < count && ring[(head + guess) % ring.Length].Id == id)
        {
            return guess;
        }

        for (var i = 0; i < count; i++)
        {
            if (ring[(head + i) % ring.Length].Id == id)
            {
                return i;
            }
        }

        return -1;
    }

    private void Grow()
    {
        var larger = new Entry[ring.Length * 2];
        for (var i = 0; i < count; i++)
        {
            larger[i] = ring[(head + i) % ring.Length];
        }

        (ring, head) = (larger, 0);
    }

    private readonly record struct Entry(ushort Id, Delivery Delivery, bool Acknowledged);
}
