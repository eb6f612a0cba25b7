namespace Quartier.Gateway.Store;

/// <summary>A message to be published once the work that asked for it is committed.</summary>
public sealed record Publication(string Topic, byte[] Payload, bool Retain)
{
    /// <summary>The outside broker that it goes to; null: the embedded one.</summary>
    public string? Over { get; init; }
}
