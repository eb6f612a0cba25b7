namespace Quartier.Mqtt;

/// <summary>Sessions whose subscriptions match one topic, each once (MQTT-3.3.5-1).</summary>
internal sealed record MatchedSubscriptions(int Version, MatchedSubscription[] Sessions);

/// <summary>What all matching subscriptions of one session say together.</summary>
/// <param name="Granted">Highest QoS of those that want the topic from anybody; null when none does.</param>
/// <param name="GrantedFromOthers">Highest QoS of all, those with No Local among them.</param>
/// <param name="RetainAsPublished">One of them wants to see the retain flag.</param>
internal readonly record struct MatchedSubscription(Session Session, Qos? Granted, Qos GrantedFromOthers, bool RetainAsPublished)
{
    public MatchedSubscription(Session session, SubscriptionOptions options)
        : this(session, options.NoLocal ? null : options.Qos, options.Qos, options.RetainAsPublished)
    {
    }

    /// <returns>Null when the message is the session's own and it does not want to hear itself.</returns>
    public Qos? GrantedTo(InboundPublish publish) => new LogIn(publish.User, publish.ClientId) == Session.Owner ? Granted : GrantedFromOthers;

    public MatchedSubscription And(MatchedSubscription other) => new(
        Session,
        Granted is null || other.Granted > Granted ? other.Granted : Granted,
        other.GrantedFromOthers > GrantedFromOthers ? other.GrantedFromOthers : GrantedFromOthers,
        RetainAsPublished || other.RetainAsPublished);
}

/// <summary>All subscriptions, one node per topic level. Every change raises the version, which makes remembered matches stale.</summary>
internal sealed class SubscriptionTree
{
    private readonly Lock sync = new();
    private readonly Node root = new();
    private volatile int version;

    public void Add(Session session, TopicFilter filter, SubscriptionOptions granted)
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

            node.Sessions[session] = new MatchedSubscription(session, granted);
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
            var found = new Dictionary<Session, MatchedSubscription>();
            Collect(root, topic.Text.Split('/'), 0, found);
            var matched = new MatchedSubscriptions(version, [.. found.Values]);
            topic.Matched = matched;
            return matched;
        }
    }

    private static void Collect(Node node, string[] levels, int at, Dictionary<Session, MatchedSubscription> found)
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

    private static void Take(Node node, Dictionary<Session, MatchedSubscription> found)
    {
        foreach (var (session, matched) in node.Sessions)
        {
            found[session] = found.TryGetValue(session, out var known) ? known.And(matched) : matched;
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

        public Dictionary<Session, MatchedSubscription> Sessions { get; } = [];
    }
}
