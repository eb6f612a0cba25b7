using NodaTime;

namespace Quartier.Gateway.Ingest;

/// <summary>A message as it arrived, before anybody looked into it.</summary>
/// <param name="Topic">The MQTT topic; for a saved event without one: <see cref="Receive.TopicFromContent"/>.</param>
/// <param name="Sender">Who handed it in: the broker's client name, "file", "simulator". For the refusals page.</param>
public sealed record Envelope(string Topic, byte[] Payload, string Sender, Instant ReceivedAt)
{
    /// <summary>The outside broker that it came over; null: it came to the gateway itself.</summary>
    public string? Over { get; init; }
}

public enum Outcome
{
    /// <summary>New, understood and in the store.</summary>
    Recorded,

    /// <summary>Known already; nothing was changed.</summary>
    Duplicate,

    /// <summary>Kept with its reason; nothing else was changed.</summary>
    Refused,

    /// <summary>Not meant for the gateway, for instance its own downlink command; counted only.</summary>
    Ignored,
}

/// <param name="From">The message, once its transport was understood.</param>
/// <param name="Message">What the device said, once that was understood and where it means something to us.</param>
/// <param name="Detail">Where and why, in words for staff; only with a refusal.</param>
public sealed record Verdict(
    Outcome Outcome,
    RefusalReason? Reason,
    string? Device,
    Received? From,
    object? Message = null,
    string? Detail = null)
{
    /// <summary>What the message carried, under the names of its own format; defaults that the sender left out are filled in.
    /// Read again from the message: only who looks at a verdict needs them.</summary>
    public IReadOnlyDictionary<string, object?>? Fields => From is null ? null : MessageFields.Of(From, Message);

    /// <summary>Parts of the message that did not fit and were not needed; null: none.</summary>
    public IReadOnlyList<string>? Odd => From is { Odd.Count: > 0 } ? From.Odd : null;

    /// <summary>The network server's event or the screen's topic leaf, as soon as it is known.</summary>
    public string? Event => From?.Kind;
}
