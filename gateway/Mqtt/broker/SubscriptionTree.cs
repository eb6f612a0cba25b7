namespace Quartier.Mqtt;

/// <summary>Sessions whose subscriptions match one topic, each once with its highest granted QoS (MQTT-3.3.5-1).</summary>
internal sealed record MatchedSubscriptions(int Version, MatchedSubscription[] Sessions);

internal readonly record struct MatchedSubscription(Session Session, Qos Granted);

/// <summary>All subscriptions, one node per topic level. Every change raises the version, which makes remembered matches stale.</summary>
internal sealed class SubscriptionTree
{
    private readonly Lock sync = new();
    private readonly Node root = new();
    private volatile int version;

    public void Add(Session session, TopicFilter filter, Qos granted)
    {
        lock (sync)
        {
            var node = root;
            foreach (var level in filter.Levels)
            {
                if (!node.Children.TryGetValue(level, out var child))
                {
                    child = new Node();
                    node.Children.Add(level, child);
                }

                node = child;
            }

            node.Sessions[session] = granted;
            version++;
        }
    }

    public void Remove(Session session, TopicFilter filter)
    {
        lock (sync)
        {
            Remove(root, session, filter.Levels, 0);
            version++;
        }
    }

    public MatchedSubscriptions Match(TopicName topic)
    {
        if (topic.Matched is { } known && known.Version == version)
        {
            return known;
        }

        lock (sync)
        {
            var found = new Dictionary<Session, Qos>();
            Collect(root, topic.Text.Split('/'), 0, found);
            var matched = new MatchedSubscriptions(version, [.. found.Select(pair => new MatchedSubscription(pair.Key, pair.Value))]);
            topic.Matched = matched;
            return matched;
        }
    }

    private static void Collect(Node node, string[] levels, int at, Dictionary<Session, Qos> found)
    {
        // MQTT-4.7.2-1: wildcards on the first level leave topics beginning with $ alone.
        var wildcards = at > 0 || !levels[0].StartsWith('$');
        if (wildcards && node.Children.TryGetValue("#", out var rest))
        {
            Take(rest, found);
        }

        if (at == levels.Length)
        {
            Take(node, found);
            return;
        }

        if (node.Children.TryGetValue(levels[at], out var exact))
        {
            Collect(exact, levels, at + 1, found);
        }

        if (wildcards && node.Children.TryGetValue("+", out var any))
        {
            Collect(any, levels, at + 1, found);
        }
    }

    private static void Take(Node node, Dictionary<Session, Qos> found)
    {
        foreach (var (session, granted) in node.Sessions)
        {
            if (!found.TryGetValue(session, out var known) || known < granted)
            {
                found[session] = granted;
            }
        }
    }

    private static void Remove(Node node, Session session, IReadOnlyList<string> levels, int at)
    {
        if (at == levels.Count)
        {
            node.Sessions.Remove(session);
            return;
        }

        if (node.Children.TryGetValue(levels[at], out var child))
        {
            Remove(child, session, levels, at + 1);
            if (child.Sessions.Count == 0 && child.Children.Count == 0)
            {
                node.Children.Remove(levels[at]);
            }
        }
    }

    private sealed class Node
    {
        public Dictionary<string, Node> Children { get; } = new(StringComparer.Ordinal);

        public Dictionary<Session, Qos> Sessions { get; } = [];
    }
}
