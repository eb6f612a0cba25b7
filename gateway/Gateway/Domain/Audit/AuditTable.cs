using System.Data.Common;
using Dapper;
using NodaTime;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Domain.Audit;

/// <summary>Who changed what, and who looked at what only some may see. Rows name cases and devices, never a person in a pod.</summary>
public sealed record AuditEntry(long Id, Instant At, string Who, string Action, string Subject, string Detail);

public static class AuditTable
{
    /// <summary>Long enough to find out about a winter after it.</summary>
    public static readonly Duration Kept = Duration.FromDays(365);

    public static int DeleteBefore(DbConnection connection, Instant limit) =>
        connection.Execute("DELETE FROM audit WHERE at < @limit", new { limit = limit.ToMicros() });

    /// <param name="action">A word of docs/names.md with its slice in front: device.registered, pod.closed, account.log-in.</param>
    public static void Add(DbConnection connection, Instant at, string who, string action, string subject, string detail = "") =>
        connection.Execute(
            "INSERT INTO audit (at, who, action, subject, detail) VALUES (@at, @who, @action, @subject, @detail)",
            new { at = at.ToMicros(), who, action, subject, detail });

    public static bool IsThereSince(DbConnection connection, Instant since, string who, string action, string subject) =>
        connection.ExecuteScalar<bool>(
            "SELECT EXISTS (SELECT 1 FROM audit WHERE at > @since AND who = @who AND action = @action AND subject = @subject)",
            new { since = since.ToMicros(), who, action, subject });

    public static IReadOnlyList<AuditEntry> Latest(DbConnection connection, int count) =>
        [.. connection
            .Query<(long Id, long At, string Who, string Action, string Subject, string Detail)>(
                "SELECT id, at, who, action, subject, detail FROM audit ORDER BY id DESC LIMIT @count", new { count })
            .Select(row => new AuditEntry(row.Id, row.At.ToInstant(), row.Who, row.Action, row.Subject, row.Detail))];
}
