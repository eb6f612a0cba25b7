using System.Data.Common;
using Dapper;
using NodaTime;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Domain.Alerts;

/// <summary>One line of a case's history.</summary>
/// <param name="What">raised, ended, returned, notice, acknowledged, resolved, link-…: words of the store, translated on the page.</param>
public sealed record AlertEvent(long AlertId, Instant At, string What, string Who, string Detail);

public static class AlertsTable
{
    private const string Columns = """
        id, pod, kind, raised_at AS RaisedAt, last_held_at AS LastHeldAt, ended_at AS EndedAt, value, returns,
        acknowledged_at AS AcknowledgedAt, acknowledged_by AS AcknowledgedBy, resolved_at AS ResolvedAt, resolved_by AS ResolvedBy,
        notices, next_notice_at AS NextNoticeAt, sequence, cleared_at AS ClearedAt, closed_as AS ClosedAs
        """;

    /// <returns>The case with its number.</returns>
    public static Alert Add(DbConnection connection, Alert alert)
    {
        var id = connection.ExecuteScalar<long>("SELECT COALESCE(MAX(id), 0) + 1 FROM alerts");
        var numbered = alert with { Id = id };
        connection.Execute(
            """
            INSERT INTO alerts (id, pod, kind, raised_at, last_held_at, ended_at, value, returns, acknowledged_at, acknowledged_by,
              resolved_at, resolved_by, notices, next_notice_at, sequence, cleared_at, closed_as)
            VALUES (@Id, @Pod, @Kind, @RaisedAt, @LastHeldAt, @EndedAt, @Value, @Returns, @AcknowledgedAt, @AcknowledgedBy,
              @ResolvedAt, @ResolvedBy, @Notices, @NextNoticeAt, @Sequence, @ClearedAt, @ClosedAs)
            """,
            Row.Of(numbered));
        return numbered;
    }

    public static void Save(DbConnection connection, Alert alert) =>
        connection.Execute(
            """
            UPDATE alerts SET last_held_at = @LastHeldAt, ended_at = @EndedAt, value = @Value, returns = @Returns,
              acknowledged_at = @AcknowledgedAt, acknowledged_by = @AcknowledgedBy, resolved_at = @ResolvedAt, resolved_by = @ResolvedBy,
              notices = @Notices, next_notice_at = @NextNoticeAt, sequence = @Sequence, cleared_at = @ClearedAt, closed_as = @ClosedAs
            WHERE id = @Id
            """,
            Row.Of(alert));

    public static Alert? Find(DbConnection connection, long id) => Select(connection, "WHERE id = @id", new { id }).SingleOrDefault();

    public static Alert? FindOpen(DbConnection connection, string pod, AlertKind kind) =>
        Select(connection, "WHERE pod = @pod AND kind = @kind AND resolved_at IS NULL", new { pod, kind = Word(kind) }).SingleOrDefault();

    private static readonly Statement FindAnyUncleared = new("SELECT 1 FROM alerts WHERE pod = @pod AND cleared_at IS NULL LIMIT 1");

    private static readonly WriterCache<bool> HasUncleared = new("alerts", static (db, pod) => FindAnyUncleared.Any(db, pod));

    /// <summary>Whether a case of this pod is open, or closed without a report that said it was over. Asked with every report.</summary>
    public static bool AnyUncleared(DbConnection connection, string pod) => HasUncleared.Of(connection, pod);

    /// <summary>A report says that the condition is over for the pod too.</summary>
    public static void Clear(DbConnection connection, string pod, AlertKind kind, Instant at) =>
        connection.Execute(
            "UPDATE alerts SET cleared_at = @at WHERE pod = @pod AND kind = @kind AND cleared_at IS NULL AND resolved_at <= @at AND last_held_at <= @at",
            new { pod, kind = Word(kind), at = at.ToMicros() });

    public static IReadOnlyList<Alert> Open(DbConnection connection) =>
        Select(connection, "WHERE resolved_at IS NULL ORDER BY raised_at DESC, id DESC", new { });

    /// <summary>Cases, open or just over, of which people have to be told now: safety before everything quiet. Numbers only, so that
    /// one row that cannot be read stands in no other's way.</summary>
    public static IReadOnlyList<long> NoticeDue(DbConnection connection, Instant now) =>
        [.. connection.Query<long>(
            "SELECT id FROM alerts WHERE next_notice_at <= @now ORDER BY kind IN ('occupied', 'silent'), id", new { now = now.ToMicros() })];

    public static IReadOnlyList<Alert> Closed(DbConnection connection, int countMax) =>
        Select(connection, "WHERE resolved_at IS NOT NULL ORDER BY resolved_at DESC, id DESC LIMIT @countMax", new { countMax });

    /// <summary>Whether any pod is in service.</summary>
    public static bool HasPods(DbConnection connection) =>
        connection.ExecuteScalar<bool>("SELECT EXISTS (SELECT 1 FROM devices WHERE kind = 'shelter' AND revoked = 0)");

    /// <summary>Pods in service whose last message is older than this. One that was never heard is still to be installed.</summary>
    public static IReadOnlyList<(string Pod, Instant LastHeardAt)> HeardBefore(DbConnection connection, Instant before) =>
        [.. connection
            .Query<(string Pod, long At)>(
                "SELECT id, last_at FROM devices JOIN contacts ON device = id WHERE kind = 'shelter' AND revoked = 0 AND last_at < @before ORDER BY id",
                new { before = before.ToMicros() })
            .Select(row => (row.Pod, row.At.ToInstant()))];

    public static Alert? LastClosed(DbConnection connection, string pod, AlertKind kind) =>
        Select(
            connection,
            "WHERE pod = @pod AND kind = @kind AND resolved_at IS NOT NULL ORDER BY resolved_at DESC, id DESC LIMIT 1",
            new { pod, kind = Word(kind) }).SingleOrDefault();

    /// <summary>When people were last told of the case.</summary>
    public static Instant? ToldAt(DbConnection connection, long alertId) =>
        connection.ExecuteScalar<long?>("SELECT MAX(at) FROM alert_events WHERE alert_id = @alertId AND what = 'notice'", new { alertId }).ToInstant();

    /// <summary>Remembers a device's alarm number for as long as it is repeated, and <see cref="AlertNotices.NumbersKept"/> more.</summary>
    /// <returns>True when it was heard before, of this kind: a pod uses no number for two kinds, unless it has lost its memory and
    /// counts anew. Numbers come round after 65,535 alarms; they are forgotten long before.</returns>
    public static bool Heard(DbConnection connection, string pod, AlertKind kind, int sequence, Instant at)
    {
        var heard = new { pod, sequence, kind = Word(kind), at = at.ToMicros() };
        var known = connection.ExecuteScalar<long>(
            "SELECT COUNT(*) FROM alert_sequences WHERE pod = @pod AND sequence = @sequence AND kind IN (@kind, '')", heard) > 0;
        connection.Execute(
            """
            INSERT INTO alert_sequences (pod, sequence, heard_at, kind) VALUES (@pod, @sequence, @at, @kind)
            ON CONFLICT (pod, sequence) DO UPDATE SET kind = @kind, heard_at = CASE WHEN alert_sequences.heard_at > @at THEN alert_sequences.heard_at ELSE @at END
            """,
            heard);
        return known;
    }

    public static void Note(DbConnection connection, long alertId, Instant at, string what, string who = "", string detail = "") =>
        connection.Execute(
            "INSERT INTO alert_events (alert_id, at, what, who, detail) VALUES (@alertId, @at, @what, @who, @detail)",
            new { alertId, at = at.ToMicros(), what, who, detail });

    public static IReadOnlyList<AlertEvent> History(DbConnection connection, long alertId) =>
        [.. connection
            .Query<(long AlertId, long At, string What, string Who, string Detail)>(
                "SELECT alert_id, at, what, who, detail FROM alert_events WHERE alert_id = @alertId ORDER BY id", new { alertId })
            .Select(row => new AlertEvent(row.AlertId, row.At.ToInstant(), row.What, row.Who, row.Detail))];

    /// <summary>Stays and silences say when somebody slept where: they go when raw uplinks go (design §8). Safety alarms stay
    /// longer, as the operator's record of the work.</summary>
    public static void Forget(DbConnection connection, Instant quietBefore, Instant numbersBefore, Instant safetyBefore) =>
        connection.Execute(
            """
            DELETE FROM alert_sequences WHERE heard_at < @numbers;
            DELETE FROM alert_events WHERE alert_id IN (SELECT id FROM alerts WHERE resolved_at < @quiet AND kind IN ('occupied', 'silent'));
            DELETE FROM alerts WHERE resolved_at < @quiet AND kind IN ('occupied', 'silent');
            DELETE FROM alert_events WHERE alert_id IN (SELECT id FROM alerts WHERE resolved_at < @safety);
            DELETE FROM alerts WHERE resolved_at < @safety
            """,
            new { quiet = quietBefore.ToMicros(), numbers = numbersBefore.ToMicros(), safety = safetyBefore.ToMicros() });

    private static string Word(AlertKind kind) => kind.ToString().ToLowerInvariant();

    private static IReadOnlyList<Alert> Select(DbConnection connection, string which, object with) =>
        [.. connection.Query<Row>($"SELECT {Columns} FROM alerts {which}", with).Select(row => row.ToAlert())];

    private sealed class Row
    {
        public long Id { get; init; }
        public string Pod { get; init; } = "";
        public string Kind { get; init; } = "";
        public long RaisedAt { get; init; }
        public long LastHeldAt { get; init; }
        public long? EndedAt { get; init; }
        public long? Value { get; init; }
        public long Returns { get; init; }
        public long? AcknowledgedAt { get; init; }
        public string? AcknowledgedBy { get; init; }
        public long? ResolvedAt { get; init; }
        public string? ResolvedBy { get; init; }
        public long Notices { get; init; }
        public long? NextNoticeAt { get; init; }
        public long? Sequence { get; init; }
        public long? ClearedAt { get; init; }
        public string? ClosedAs { get; init; }

        public static Row Of(Alert alert) => new()
        {
            Id = alert.Id,
            Pod = alert.Pod,
            Kind = Word(alert.Kind),
            RaisedAt = alert.RaisedAt.ToMicros(),
            LastHeldAt = alert.LastHeldAt.ToMicros(),
            EndedAt = alert.EndedAt?.ToMicros(),
            Value = alert.Value,
            Returns = alert.Returns,
            AcknowledgedAt = alert.AcknowledgedAt?.ToMicros(),
            AcknowledgedBy = alert.AcknowledgedBy,
            ResolvedAt = alert.ResolvedAt?.ToMicros(),
            ResolvedBy = alert.ResolvedBy,
            Notices = alert.Notices,
            NextNoticeAt = alert.NextNoticeAt?.ToMicros(),
            Sequence = alert.Sequence,
            ClearedAt = alert.ClearedAt?.ToMicros(),
            ClosedAs = alert.ClosedAs?.ToString(),
        };

        public Alert ToAlert() => new(
            Id,
            Pod,
            Enum.Parse<AlertKind>(Kind, ignoreCase: true),
            RaisedAt.ToInstant(),
            LastHeldAt.ToInstant(),
            EndedAt.ToInstant(),
            (int?)Value,
            (int)Returns,
            AcknowledgedAt.ToInstant(),
            AcknowledgedBy,
            ResolvedAt.ToInstant(),
            ResolvedBy,
            (int)Notices,
            NextNoticeAt.ToInstant())
        { Sequence = (int?)Sequence, ClearedAt = ClearedAt.ToInstant(), ClosedAs = ClosedAs is null ? null : Enum.Parse<Closing>(ClosedAs) };
    }
}
