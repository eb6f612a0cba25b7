using NodaTime;
using Quartier.Gateway.Domain.Registry;

namespace Quartier.Gateway.Ingest;

/// <summary>What a step hands on, or the verdict that ends the message's way.</summary>
public readonly record struct Step<T>(T? Next, Verdict? Stop)
    where T : class
{
    public static implicit operator Step<T>(T next) => new(next, null);

    public static implicit operator Step<T>(Verdict stop) => new(null, stop);
}

/// <summary>Where a message came from; decides how its payload is read.</summary>
public enum Source
{
    NetworkServer,
    Screen,
}

/// <summary>After Receive: the transport's own format is understood.</summary>
/// <param name="Kind">The network server's event, or the screen topic's leaf.</param>
/// <param name="Key">Equal for a redelivery of the same message; empty where repeating changes nothing anyhow.</param>
/// <param name="SentAt">The server's time of the event; null: the gateway's own clock counts.</param>
public sealed record Received(
    Envelope Envelope, Source Source, string Kind, string Device, string Key, Instant? SentAt, int Port, byte[] Payload)
{
    /// <summary>What the network server calls the device; empty when it is not told.</summary>
    public string DeviceName { get; init; } = "";

    /// <summary>The network server's application; empty when it is not told.</summary>
    public string Application { get; init; } = "";

    /// <summary>The device's address in its LoRaWAN session; empty when it is not told.</summary>
    public string Session { get; init; } = "";

    /// <summary>The frame's number in its session; null when it is not told.</summary>
    public long? Counter { get; init; }

    /// <summary>The payload is ciphertext: its key is with a join server and not with the network server.</summary>
    public bool IsSealed { get; init; }

    /// <summary>Fields that the gateway uses where they fit, and that do not: path and expectation.</summary>
    public IReadOnlyList<string> Odd { get; init; } = [];
}

/// <summary>After Identify: the device is registered.</summary>
public sealed record Identified(Received Received, Registered Device);

/// <summary>After Deduplicate: nothing with this key was recorded before.</summary>
public sealed record Fresh(Received Received, Registered Device);

/// <summary>After Decode: the payload's meaning, where it has one for us.</summary>
public sealed record Decoded(Received Received, Registered Device, object? Message);

/// <summary>After Check: it fits its device and has its place.</summary>
/// <param name="At">Its place in the history; safety follows the receipt instead.</param>
public sealed record Checked(Received Received, Registered Device, object? Message, Instant At, Order Order);

/// <summary>After Record: it is in the store.</summary>
public sealed record Recorded(Received Received, Registered Device, object? Message, Instant At, Order Order);
