namespace Quartier.Mqtt;

/// <summary>One message that a client sent, or its last will. It owns its payload; nobody may change it.</summary>
public sealed class InboundPublish
{
    internal InboundPublish(string clientId, string? user, TopicName topic, byte[] payload)
    {
        ClientId = clientId;
        User = user;
        Name = topic;
        Payload = payload;
    }

    /// <summary>For tests and for sources other than a broker's connection.</summary>
    public InboundPublish(string clientId, string? user, string topic, byte[] payload)
        : this(clientId, user, TopicName.From(topic), payload)
    {
    }

    public string ClientId { get; }

    public string? User { get; }

    public string Topic => Name.Text;

    public byte[] Payload { get; }

    public Qos Qos { get; init; }

    public bool Retain { get; init; }

    /// <summary>The client says that it may have sent this before. At QoS 2 the broker has already sorted duplicates out.</summary>
    public bool Duplicate { get; init; }

    /// <summary>The client went without DISCONNECT and this is what it left to be said.</summary>
    public bool IsWill { get; init; }

    public DateTimeOffset ReceivedAt { get; init; }

    /// <summary>What its publisher said of it in MQTT 5; handed on to subscribers that speak it.</summary>
    public MessageProperties Properties { get; init; } = MessageProperties.None;

    /// <summary>Timestamp of the broker's clock from which on it is delivered to nobody; null for ever.</summary>
    internal long? ExpiresAt { get; init; }

    /// <summary>What it takes in memory besides its topic.</summary>
    internal int HeldBytes => Payload.Length + Properties.Travelling.Length;

    internal bool HasExpired(TimeProvider time) => ExpiresAt is { } at && time.GetTimestamp() >= at;

    /// <summary>Seconds left, rounded up and at least 1: what is on its way goes on, also again after a reconnect.</summary>
    internal uint? SecondsLeft(TimeProvider time) => ExpiresAt is { } at
        ? (uint)Math.Clamp(((at - time.GetTimestamp()) + time.TimestampFrequency - 1) / time.TimestampFrequency, 1, uint.MaxValue)
        : null;

    internal static long? Expiry(MessageProperties properties, TimeProvider time) => properties.ExpirySeconds is { } seconds
        ? time.GetTimestamp() + (seconds * time.TimestampFrequency)
        : null;

    internal TopicName Name { get; }
}

/// <summary>Takes over what clients publish. A publish is acknowledged, and routed to subscribers, only after the task
/// that took it has completed; if the task fails, the connection is closed without an acknowledgement, so that the client sends again.
/// Calls for one client come in the order of its publishes and several may be under way; acknowledgements keep that order.</summary>
public interface IPublishIntake
{
    /// <param name="publishes">What one read of one connection brought, in order; at least one. The list is the callee's to keep.</param>
    ValueTask TakeAsync(IReadOnlyList<InboundPublish> publishes);
}
