namespace Quartier.Mqtt;

/// <summary>The last retained message of every topic, bounded in number. They belong to no session (MQTT-3.1.2-7).</summary>
internal sealed class RetainedMessages(int messagesMax, TimeProvider time)
{
    private readonly Lock sync = new();
    private readonly Dictionary<string, InboundPublish> byTopic = new(StringComparer.Ordinal);

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

    /// <returns>False when a new topic finds the store full; the message is then not retained.</returns>
    public bool Keep(InboundPublish publish)
    {
        lock (sync)
        {
            if (publish.Payload.Length == 0)
            {
                byTopic.Remove(publish.Topic);
                return true;
            }

            if (byTopic.Count >= messagesMax && !byTopic.ContainsKey(publish.Topic) && !DropExpired())
            {
                return false;
            }

            byTopic[publish.Topic] = publish;
            return true;
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

    private bool DropExpired()
    {
        var expired = byTopic.Values.Where(publish => publish.HasExpired(time)).ToArray();
        Array.ForEach(expired, publish => byTopic.Remove(publish.Topic));
        return expired.Length > 0;
    }
}
