using System.Data.Common;
using Dapper;
using NodaTime;

namespace Quartier.Gateway.Store.Outbox;

/// <summary>The durable outbox. A slice adds its message in the transaction that made it necessary; the pump takes it from
/// here. Nothing leaves before it is here, and nothing is forgotten before the other side has taken it or a person knows.</summary>
public static class OutboxTable
{
    private const string Columns = """
        position, channel, subject, message_key AS "Key", payload, created_at AS CreatedAt, due_at AS DueAt, give_up_at AS GiveUpAt,
        attempts, state, last_error AS LastError, sent_at AS SentAt, sequence
        """;

    // An unsent message of the same channel and subject that was handed over before.
    private const string Ahead = """
        ahead.channel = outbox.channel AND ahead.subject = outbox.subject AND ahead.position < outbox.position
          AND ahead.state IN ('waiting', 'sending')
        """;

    private static readonly Duration DeadIsNews = Duration.FromDays(1);

    private const string OfLane = "(@channel IS NULL OR channel = @channel) AND (@urgent IS NULL OR urgent = @urgent)";

    /// <summary>So long what is quiet waits for what is urgent on the same channel. Not for ever: one address that never answers must
    /// not silence the rest.</summary>
    public static readonly Duration QuietWaits = Duration.FromHours(1);

    // Something urgent of the same channel has yet to leave.
    private const string Held = """
        outbox.urgent = 0 AND EXISTS (SELECT 1 FROM outbox AS first WHERE first.channel = outbox.channel AND first.urgent = 1
          AND first.state IN ('waiting', 'sending') AND first.created_at > @heldSince)
        """;

    /// <returns>False when a message with this channel and key is here already; nothing is changed then.</returns>
    public static bool Add(DbConnection connection, NewMessage message, Instant now)
    {
        var added = connection.Execute(
            """
            INSERT INTO outbox (position, channel, subject, message_key, payload, created_at, due_at, give_up_at, forget_at, attempts, state, sequence, urgent)
            VALUES ((SELECT COALESCE(MAX(position), 0) + 1 FROM outbox),
              @channel, @subject, @key, @payload, @now, @due, @giveUp, @forget, 0, 'waiting',
              (SELECT COALESCE(MAX(last), 0) + 1 FROM outbox_subjects WHERE channel = @channel AND subject = @subject), @urgent)
            ON CONFLICT (channel, message_key) DO NOTHING
            """,
            new
            {
                channel = message.Channel,
                subject = message.Subject,
                key = message.Key,
                payload = message.Payload,
                now = now.ToMicros(),
                due = message.NotBefore.ToMicros(),
                giveUp = (now + OutboxRules.Patience).ToMicros(),
                forget = message.ForgetAfter?.ToMicros(),
                urgent = message.IsUrgent,
            }) == 1;
        if (added)
        {
            Count(connection, message.Channel, message.Subject);
        }

        return added;
    }

    /// <summary>Takes due messages, what is urgent first, at most one of each channel and subject and none that stands behind an
    /// unsent one. Each is marked and its attempt written before it leaves, so that a crash leaves a trace.</summary>
    /// <param name="channel">Null for every channel.</param>
    /// <param name="urgent">Null for what is urgent and what is quiet.</param>
    public static IReadOnlyList<OutboxMessage> Claim(DbConnection connection, Instant now, int countMax, string? channel = null, bool? urgent = null)
    {
        var due = Select(
            connection,
            $"""
            WHERE state = 'waiting' AND due_at <= @now AND {OfLane} AND NOT EXISTS (SELECT 1 FROM outbox AS ahead WHERE {Ahead}) AND NOT ({Held})
            ORDER BY urgent DESC, due_at, position LIMIT @countMax
            """,
            new { now = now.ToMicros(), heldSince = (now - QuietWaits).ToMicros(), countMax, channel, urgent });
        foreach (var message in due)
        {
            connection.Execute(
                """
                UPDATE outbox SET state = 'sending', attempts = attempts + 1 WHERE position = @position;
                INSERT INTO outbox_attempts (position, number, started_at) VALUES (@position, @number, @now)
                """,
                new { position = message.Position, number = message.Attempts + 1, now = now.ToMicros() });
        }

        return [.. due.Select(message => message with { State = OutboxState.Sending, Attempts = message.Attempts + 1 })];
    }

    /// <summary>Writes down how the attempt of a claimed message ended.</summary>
    public static void Record(DbConnection connection, OutboxMessage claimed, SendResult result, Instant now)
    {
        var after = OutboxRules.After(claimed, result, now);
        connection.Execute(
            """
            UPDATE outbox SET state = @state, due_at = @due, last_error = @error, sent_at = @sent WHERE position = @position AND state = 'sending';
            UPDATE outbox_attempts SET result = @result, note = @note WHERE position = @position AND number = @number
            """,
            new
            {
                state = Word(after.State),
                due = after.DueAt.ToMicros(),
                error = after.LastError,
                sent = after.SentAt?.ToMicros(),
                position = claimed.Position,
                number = claimed.Attempts,
                result = result.Outcome.ToString().ToLowerInvariant(),
                note = Short(result.Note),
            });
    }

    /// <summary>At the start of the one process that sends: whatever was on its way when the last one ended goes again, under
    /// the same key.</summary>
    /// <param name="channel">Null for every channel.</param>
    public static int PutBackUnfinished(DbConnection connection, Instant now, string? channel = null, bool? urgent = null) =>
        connection.Execute(
            $"UPDATE outbox SET state = 'waiting', due_at = @now WHERE state = 'sending' AND {OfLane}", new { now = now.ToMicros(), channel, urgent });

    /// <summary>The channels for which something waits, whether or not they are configured.</summary>
    public static IReadOnlyList<string> WaitingChannels(DbConnection connection) =>
        [.. connection.Query<string>("SELECT DISTINCT channel FROM outbox WHERE state IN ('waiting', 'sending') ORDER BY channel")];

    /// <summary>A person asks for a dead message to be tried again in its old place: under its own key, or, where its channel knows what is
    /// true of its subject now, with that, as the subject's newest message.</summary>
    /// <returns>False when it is not (or no longer) dead.</returns>
    public static bool Replay(DbConnection connection, long position, Instant now, IEnumerable<IDeliveryChannel>? channels = null)
    {
        if (Find(connection, position) is not { State: OutboxState.Dead } dead)
        {
            return false;
        }

        var renewed = channels?.FirstOrDefault(channel => channel.Name == dead.Channel)?.Renewed(connection, dead, now);
        connection.Execute(
            """
            UPDATE outbox SET state = 'waiting', due_at = @now, give_up_at = @giveUp, payload = @payload, sequence = @sequence
            WHERE position = @position
            """,
            new
            {
                position,
                now = now.ToMicros(),
                giveUp = (now + OutboxRules.Patience).ToMicros(),
                payload = renewed ?? dead.Payload,
                sequence = renewed is null ? dead.Sequence : Count(connection, dead.Channel, dead.Subject),
            });
        return true;
    }

    /// <summary>What one channel has not got rid of, oldest first: waiting, on its way, or dead.</summary>
    public static IReadOnlyList<OutboxMessage> Unsent(DbConnection connection, string channel) =>
        Select(connection, "WHERE channel = @channel AND state <> 'sent' ORDER BY position", new { channel });

    /// <summary>Whether a message of this subject has yet to leave by this channel.</summary>
    public static bool HasUnsent(DbConnection connection, string channel, string subject) =>
        connection.ExecuteScalar<bool>(
            "SELECT EXISTS (SELECT 1 FROM outbox WHERE channel = @channel AND subject = @subject AND state IN ('waiting', 'sending'))",
            new { channel, subject });

    /// <summary>The same over all channels, whatever is held back.</summary>
    public static Instant? NextDue(DbConnection connection) => NextDue(connection, Instant.FromUtc(9999, 1, 1, 0, 0));

    /// <summary>When the next message that stands behind no other, and is not held back, is due; null when none waits.</summary>
    /// <param name="channel">Null for every channel.</param>
    /// <param name="urgent">Null for what is urgent and what is quiet.</param>
    public static Instant? NextDue(DbConnection connection, Instant now, string? channel = null, bool? urgent = null) =>
        connection.ExecuteScalar<long?>(
            $"SELECT MIN(due_at) FROM outbox WHERE state = 'waiting' AND {OfLane} AND NOT EXISTS (SELECT 1 FROM outbox AS ahead WHERE {Ahead}) AND NOT ({Held})",
            new { channel, urgent, heldSince = (now - QuietWaits).ToMicros() }).ToInstant();

    /// <summary>Channels that fail: of each the oldest message that it has tried twice or more and not got rid of, or that it gave
    /// up within the last day while nothing newer of the same subject has left.</summary>
    public static IReadOnlyList<OutboxMessage> Failing(DbConnection connection, Instant now) =>
        [.. Select(
            connection,
            """
            WHERE (state IN ('waiting', 'sending') AND attempts > 1)
              OR (state = 'dead' AND due_at > @since AND NOT EXISTS (
                SELECT 1 FROM outbox AS later
                WHERE later.channel = outbox.channel AND later.subject = outbox.subject AND later.position > outbox.position AND later.state = 'sent'))
            ORDER BY position
            """,
            new { since = (now - DeadIsNews).ToMicros() }).DistinctBy(message => message.Channel)];

    public static OutboxMessage? Find(DbConnection connection, long position) =>
        Select(connection, "WHERE position = @position", new { position }).SingleOrDefault();

    /// <summary>Every message whose subject begins so, in order: a case's deliveries to all recipients.</summary>
    public static IReadOnlyList<OutboxMessage> OfSubjectsBeginning(DbConnection connection, string prefix) =>
        Select(connection, "WHERE substr(subject, 1, length(@prefix)) = @prefix ORDER BY position", new { prefix });

    public static IReadOnlyList<OutboxMessage> Latest(DbConnection connection, int countMax) =>
        Select(connection, "ORDER BY position DESC LIMIT @countMax", new { countMax });

    public static IReadOnlyList<OutboxMessage> Dead(DbConnection connection) =>
        Select(connection, "WHERE state = 'dead' ORDER BY position DESC LIMIT 200", new { });

    public static IReadOnlyList<OutboxAttempt> Attempts(DbConnection connection, long position) =>
        [.. connection
            .Query<(long Position, long Number, long StartedAt, string? Result, string? Note)>(
                "SELECT position, number, started_at, result, note FROM outbox_attempts WHERE position = @position ORDER BY number", new { position })
            .Select(row => new OutboxAttempt(
                row.Position,
                (int)row.Number,
                row.StartedAt.ToInstant(),
                row.Result is null ? null : Enum.Parse<SendOutcome>(row.Result, ignoreCase: true),
                row.Note))];

    /// <summary>Deletes what was sent, or given up, and is past its time. What still waits is never forgotten.</summary>
    public static void Forget(DbConnection connection, Instant now) =>
        connection.Execute(
            """
            DELETE FROM outbox_attempts WHERE position IN (SELECT position FROM outbox WHERE state IN ('sent', 'dead') AND forget_at <= @now);
            DELETE FROM outbox WHERE state IN ('sent', 'dead') AND forget_at <= @now
            """,
            new { now = now.ToMicros() });

    private static IReadOnlyList<OutboxMessage> Select(DbConnection connection, string which, object with) =>
        [.. connection.Query<Row>($"SELECT {Columns} FROM outbox {which}", with).Select(row => row.ToMessage())];

    private static long Count(DbConnection connection, string channel, string subject) => connection.ExecuteScalar<long>(
        """
        INSERT INTO outbox_subjects (channel, subject, last) VALUES (@channel, @subject, 1)
        ON CONFLICT (channel, subject) DO UPDATE SET last = outbox_subjects.last + 1 RETURNING last
        """,
        new { channel, subject });

    private static string Word(OutboxState state) => state.ToString().ToLowerInvariant();

    private static string Short(string note) => note.Length <= 300 ? note : note[..300];

    private sealed class Row
    {
        public long Position { get; init; }
        public string Channel { get; init; } = "";
        public string Subject { get; init; } = "";
        public string Key { get; init; } = "";
        public string Payload { get; init; } = "";
        public long CreatedAt { get; init; }
        public long DueAt { get; init; }
        public long GiveUpAt { get; init; }
        public long Attempts { get; init; }
        public string State { get; init; } = "";
        public string? LastError { get; init; }
        public long? SentAt { get; init; }
        public long Sequence { get; init; }

        public OutboxMessage ToMessage() => new(
            Position,
            Channel,
            Subject,
            Key,
            Payload,
            CreatedAt.ToInstant(),
            DueAt.ToInstant(),
            GiveUpAt.ToInstant(),
            (int)Attempts,
            Enum.Parse<OutboxState>(State, ignoreCase: true),
            LastError,
            SentAt.ToInstant(),
            Sequence);
    }
}
