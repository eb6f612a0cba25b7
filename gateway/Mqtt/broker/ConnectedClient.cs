namespace Quartier.Mqtt;

/// <summary>A client as it is connected now. Times are the broker's <see cref="TimeProvider"/>'s.</summary>
/// <param name="Waiting">Messages sent and not acknowledged, or not yet sent.</param>
/// <param name="Dropped">Messages that found its queue full, since its session began.</param>
/// <param name="PublishesWithoutRight">Publishes that were acknowledged and dropped for want of a right, on this connection.</param>
public sealed record ConnectedClient(
    string ClientId, string? User, string From, DateTimeOffset Since, DateTimeOffset LastContact, int Waiting, long Dropped, long PublishesWithoutRight);
