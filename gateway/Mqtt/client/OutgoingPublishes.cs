namespace Quartier.Mqtt;

/// <summary>A QoS 1 or 2 publish until the broker has answered it in full.</summary>
internal sealed class OutgoingPublish(string topic, byte[] payload, Qos qos, bool retain)
{
    /// <summary>0 until it is its turn, and at QoS 0.</summary>
    public ushort Id { get; set; }

    public byte[] TopicUtf8 { get; } = System.Text.Encoding.UTF8.GetBytes(topic);

    public byte[] Payload { get; } = payload;

    public Qos Qos { get; } = qos;

    public bool Retain { get; } = retain;

    /// <summary>QoS 2: PUBREC has come; from here on only PUBREL is sent again (MQTT-4.3.3-1).</summary>
    public bool IsReceived { get; set; }

    public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>A client's half of the session state (§4.1): what it sent and is not answered, in order, and which QoS 2 messages it has taken.
/// Publishes beyond the window wait in the order they were given. Not thread-safe; the client holds its lock.</summary>
internal sealed class OutgoingPublishes(int inFlightMax)
{
    private readonly Queue<OutgoingPublish> waiting = new();
    private readonly LinkedList<OutgoingPublish> order = new();
    private readonly Dictionary<ushort, LinkedListNode<OutgoingPublish>> byId = [];
    private readonly HashSet<ushort> reserved = [];
    private ushort lastId;

    /// <summary>Unanswered publishes, oldest first.</summary>
    public IEnumerable<OutgoingPublish> Pending => order;

    public void Add(OutgoingPublish publish) => waiting.Enqueue(publish);

    /// <summary>The next publish that may go out now; it has its identifier from here on.</summary>
    public bool TryStart(out OutgoingPublish? publish)
    {
        if (order.Count >= inFlightMax || !waiting.TryDequeue(out publish))
        {
            publish = null;
            return false;
        }

        publish.Id = NextId();
        byId.Add(publish.Id, order.AddLast(publish));
        return true;
    }

    /// <summary>Forgets everything, under way or waiting.</summary>
    public List<OutgoingPublish> TakeAll()
    {
        List<OutgoingPublish> all = [.. order, .. waiting];
        order.Clear();
        byId.Clear();
        waiting.Clear();
        return all;
    }

    /// <summary>An identifier for SUBSCRIBE or UNSUBSCRIBE, in use until released.</summary>
    public ushort Reserve()
    {
        var id = NextId();
        reserved.Add(id);
        return id;
    }

    public void Release(ushort id) => reserved.Remove(id);

    public OutgoingPublish? Find(ushort id) => byId.GetValueOrDefault(id)?.Value;

    public void Remove(OutgoingPublish publish)
    {
        if (byId.Remove(publish.Id, out var node))
        {
            order.Remove(node);
        }
    }

    private ushort NextId()
    {
        do
        {
            lastId = lastId == ushort.MaxValue ? (ushort)1 : (ushort)(lastId + 1);
        }
        while (byId.ContainsKey(lastId) || reserved.Contains(lastId));
        return lastId;
    }
}
