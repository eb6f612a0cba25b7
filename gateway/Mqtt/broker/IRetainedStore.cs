namespace Quartier.Mqtt;

/// <summary>A retained message as it outlives the process.</summary>
/// <param name="Properties">MQTT 5 properties that travel with it, as they were sent.</param>
/// <param name="ExpiresAt">Null: never.</param>
public sealed record RetainedMessage(string Topic, byte[] Payload, Qos Qos, byte[] Properties, DateTimeOffset? ExpiresAt);

/// <summary>Where retained messages outlive the process. The broker decides what is kept and calls in the order of its decisions;
/// the store keeps that order. Tasks end when the change is durable.</summary>
public interface IRetainedStore
{
    /// <summary>Everything that is kept; called once, before the first client.</summary>
    IReadOnlyList<RetainedMessage> Load();

    /// <summary>Keeps the message in place of the one before it on its topic.</summary>
    Task PutAsync(RetainedMessage message);

    Task RemoveAsync(string topic);
}
