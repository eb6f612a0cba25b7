using System.Data.Common;
using NodaTime;

namespace Quartier.Gateway.Store.Outbox;

/// <summary>Where a message stands. Only <see cref="Waiting"/> is picked up; <see cref="Sending"/> outlives a crash and is
/// put back at the next start; <see cref="Dead"/> waits for a person.</summary>
public enum OutboxState
{
    Waiting,
    Sending,
    Sent,
    Dead,
}

/// <summary>A message to leave the house, as its sender hands it over inside its own transaction.</summary>
/// <param name="Channel">Name of the <see cref="IDeliveryChannel"/> that carries it.</param>
/// <param name="Subject">Messages of one channel and subject leave in the order in which they were handed over.</param>
/// <param name="Key">Idempotency key: handed over twice it is kept once, and the receiver sees it on every attempt.</param>
/// <param name="Payload">What the channel sends, in the channel's own form.</param>
/// <param name="NotBefore">First attempt.</param>
/// <param name="ForgetAfter">When a sent or dead message is deleted; null keeps it.</param>
/// <param name="IsUrgent">Somebody's safety: it goes before everything quiet on its channel.</param>
public sealed record NewMessage(
    string Channel, string Subject, string Key, string Payload, Instant NotBefore, Instant? ForgetAfter = null, bool IsUrgent = false);

/// <summary>A message as the outbox keeps it.</summary>
/// <param name="Sequence">1, 2, 3 … over the messages of one channel and subject; a message that is renewed takes the next. Zero: written by
/// a version that did not count.</param>
public sealed record OutboxMessage(
    long Position,
    string Channel,
    string Subject,
    string Key,
    string Payload,
    Instant CreatedAt,
    Instant DueAt,
    Instant GiveUpAt,
    int Attempts,
    OutboxState State,
    string? LastError,
    Instant? SentAt,
    long Sequence = 0);

/// <summary>One try to deliver: what people see under "Zustellungen". Result is null while it runs or when the process
/// ended in its midst, so that nobody can say whether it arrived.</summary>
public sealed record OutboxAttempt(long Position, int Number, Instant StartedAt, SendOutcome? Result, string? Note);

public enum SendOutcome
{
    /// <summary>The other side has taken responsibility.</summary>
    Accepted,

    /// <summary>It may work later: try again.</summary>
    Failed,

    /// <summary>The other side will never take this message: a person has to look.</summary>
    Refused,
}

/// <param name="Note">One line for people: the other side's answer or the fault.</param>
public readonly record struct SendResult(SendOutcome Outcome, string Note);

/// <summary>A way out of the house. An implementation answers within its own time limit, returns every fault of the other
/// side as a result, and shows the message's key to the receiver.</summary>
public interface IDeliveryChannel
{
    string Name { get; }

    Task<SendResult> SendAsync(OutboxMessage message, CancellationToken stop);

    /// <summary>What is true now of the subject of a dead message that a person lets go again; null where the message itself still says it.
    /// Newer messages of its subject may have arrived meanwhile.</summary>
    string? Renewed(DbConnection connection, OutboxMessage dead, Instant now) => null;
}
