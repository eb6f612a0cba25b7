namespace Quartier.Mqtt;

/// <summary>The last retained message of every topic, bounded in number and bytes. They belong to no session (MQTT-3.1.2-7), and with a
/// store they outlive the process.</summary>
internal sealed class RetainedMessages
{
    private readonly Lock sync = new();
    private readonly Dictionary<string, InboundPublish> byTopic = new(StringComparer.Ordinal);
    private readonly BrokerOptions options;
    private readonly IRetainedStore? store;
    private readonly TimeProvider time;
    private long bytes;

    public RetainedMessages(BrokerOptions options, IRetainedStore? store, TimeProvider time)
    {
        (this.options, this.store, this.time) = (options, store, time);
        foreach (var message in store?.Load() ?? [])
        {
            Set(message.Topic, Wake(message));
        }

        DropExpired();
    }

    public int Count
    {
        get
        {
            lock (sync)
            {
                return byTopic.Count;
            }
        }
    }

    /// <returns>Ends when the store has it; null when a new message finds no room and is not retained.</returns>
    public Task? Keep(InboundPublish publish)
    {
        // The store is told under the lock, so that what it keeps is what stands here.
        lock (sync)
        {
            if (publish.Payload.Length == 0)
            {
                return Drop(publish.Topic);
            }

            if (!HasRoom(publish) && !(DropExpired() && HasRoom(publish)))
            {
                return null;
            }

            Set(publish.Topic, publish);
            return store?.PutAsync(Asleep(publish)) ?? Task.CompletedTask;
        }
    }

    public InboundPublish[] Matching(TopicFilter filter)
    {
        lock (sync)
        {
            if (!filter.HasWildcard)
            {
                return byTopic.TryGetValue(filter.Text, out var publish) && !publish.HasExpired(time) ? [publish] : [];
            }

            return [.. byTopic.Values.Where(publish => !publish.HasExpired(time) && filter.Matches(publish.Topic))];
        }
    }

    private static int BytesOf(InboundPublish? publish) => publish is null ? 0 : publish.Name.Utf8Bytes.Length + publish.HeldBytes;

    private bool HasRoom(InboundPublish publish)
    {
        var before = byTopic.GetValueOrDefault(publish.Topic);
        return byTopic.Count + (before is null ? 1 : 0) <= options.RetainedMax && bytes - BytesOf(before) + BytesOf(publish) <= options.RetainedBytesMax;
    }

    private void Set(string topic, InboundPublish publish)
    {
        bytes += BytesOf(publish) - BytesOf(byTopic.GetValueOrDefault(topic));
        byTopic[topic] = publish;
    }

    private Task Drop(string topic)
    {
        if (!byTopic.Remove(topic, out var before))
        {
            return Task.CompletedTask;
        }

        bytes -= BytesOf(before);
        return store?.RemoveAsync(topic) ?? Task.CompletedTask;
    }

    private bool DropExpired()
    {
        var expired = byTopic.Values.Where(publish => publish.HasExpired(time)).ToArray();
        Array.ForEach(expired, publish => Drop(publish.Topic));
        return expired.Length > 0;
    }

    /// <summary>The time left counts by the wall clock while nobody runs, and by the broker's clock from then on.</summary>
    private InboundPublish Wake(RetainedMessage message) => new("", null, TopicName.From(message.Topic), message.Payload)
    {
        Qos = message.Qos,
        Retain = true,
        ReceivedAt = time.GetUtcNow(),
        Properties = new MessageProperties(message.Properties, null),
        ExpiresAt = message.ExpiresAt is { } at ? time.GetTimestamp() + (long)((at - time.GetUtcNow()).TotalSeconds * time.TimestampFrequency) : null,
    };

    private RetainedMessage Asleep(InboundPublish publish) => new(
        publish.Topic, publish.Payload, publish.Qos, publish.Properties.Travelling,
        publish.ExpiresAt is { } at ? time.GetUtcNow() + time.GetElapsedTime(time.GetTimestamp(), at) : null);
}
