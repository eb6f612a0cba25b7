namespace Quartier.Mqtt;

/// <summary>What one client may publish and subscribe to, as topic filters. A filter that begins with a wildcard grants
/// nothing below $: such topics need a filter that names them (MQTT-4.7.2-1).</summary>
public sealed class ClientRights
{
    private readonly TopicFilter[] publish;
    private readonly TopicFilter[] subscribe;

    public ClientRights(IEnumerable<string> publish, IEnumerable<string> subscribe)
    {
        this.publish = [.. publish.Select(TopicFilter.Parse)];
        this.subscribe = [.. subscribe.Select(TopicFilter.Parse)];
    }

    /// <summary>Every topic that does not begin with $.</summary>
    public static ClientRights Everything { get; } = new(["#"], ["#"]);

    public bool MayPublish(string topic) => Array.Exists(publish, filter => filter.Matches(topic));

    /// <summary>A subscription is granted when one right covers the whole of it.</summary>
    public bool MaySubscribe(TopicFilter filter) => Array.Exists(subscribe, right => right.Covers(filter));
}
