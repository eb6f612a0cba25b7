using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using NodaTime;

namespace Quartier.Gateway.Store.Outbox;

/// <summary>What follows from an attempt. Pure.</summary>
public static class OutboxRules
{
    public static readonly Duration FirstDelay = Duration.FromSeconds(5);
    public static readonly Duration LongestDelay = Duration.FromMinutes(5);

    /// <summary>A message that nobody has taken for this long is dead until a person replays it.</summary>
    public static readonly Duration Patience = Duration.FromDays(3);

    /// <summary>Permille by which a delay may be shorter or longer, so that many messages do not return at one moment.</summary>
    public const int JitterPermille = 200;

    /// <summary>Delay after the given number of attempts (1 or more): 5 s doubled up to 5 min, with a jitter that depends
    /// only on the key and the attempt, so that a run can be repeated exactly.</summary>
    public static Duration Delay(string key, int attempts) => Delay(FirstDelay, LongestDelay, key, attempts);

    /// <summary>The same between other bounds.</summary>
    public static Duration Delay(Duration first, Duration longest, string key, int attempts)
    {
        var doublings = Math.Min(Math.Max(attempts, 1) - 1, 16);
        var seconds = Math.Min(first.TotalSeconds * Math.Pow(2, doublings), longest.TotalSeconds);
        var milliseconds = (long)(seconds * 1000);
        return Duration.FromMilliseconds(milliseconds + (milliseconds * Jitter(key, attempts) / 1000));
    }

    /// <summary>State, due time and error of a message after an attempt.</summary>
    public static OutboxMessage After(OutboxMessage message, SendResult result, Instant now) => result.Outcome switch
    {
        SendOutcome.Accepted => message with { State = OutboxState.Sent, SentAt = now, LastError = null },
        SendOutcome.Failed when now < message.GiveUpAt => message with
        {
            State = OutboxState.Waiting,
            DueAt = now + Delay(message.Key, message.Attempts),
            LastError = result.Note,
        },
        _ => message with { State = OutboxState.Dead, LastError = result.Note },
    };

    /// <returns>-JitterPermille to +JitterPermille.</returns>
    private static int Jitter(string key, int attempts)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{key}/{attempts}"));
        return (int)(BinaryPrimitives.ReadUInt32BigEndian(hash) % ((2 * JitterPermille) + 1)) - JitterPermille;
    }
}
