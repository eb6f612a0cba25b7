using System.Data.Common;
using Dapper;
using NodaTime;

namespace Quartier.Gateway.Store;

/// <summary>The system's clock was set, or the gateway began under another time than it had ended with, and nobody has confirmed it.</summary>
/// <param name="NoticedAt">By the gateway's time.</param>
/// <param name="By">How far the system's clock went: positive is ahead.</param>
/// <param name="AtStart">Found when the gateway started: it cannot right itself by the clock's coming back.</param>
public sealed record ClockStep(Instant NoticedAt, Duration By, bool AtStart);

/// <summary>Whether the clock may be trusted with what cannot be undone: deletion and releases wait while a step stands here.
/// Kept in the store, so that a restart does not make a wrong clock right.</summary>
public static class ClockTable
{
    public static bool IsTrusted(DbConnection db) => Find(db) is null;

    public static ClockStep? Find(DbConnection db) =>
        db.Query<(long NoticedAt, long BySeconds, long AtStart)>("SELECT noticed_at, by_seconds, at_start FROM clock_step")
            .Select(row => new ClockStep(row.NoticedAt.ToInstant(), Duration.FromSeconds(row.BySeconds), row.AtStart != 0))
            .FirstOrDefault();

    public static void Put(DbConnection db, ClockStep step) =>
        db.Execute(
            """
            INSERT INTO clock_step (one, noticed_at, by_seconds, at_start) VALUES (1, @at, @by, @atStart)
            ON CONFLICT (one) DO UPDATE SET by_seconds = excluded.by_seconds, at_start = excluded.at_start
            """,
            new { at = step.NoticedAt.ToMicros(), by = (long)step.By.TotalSeconds, atStart = step.AtStart ? 1 : 0 });

    public static void Clear(DbConnection db) => db.Execute("DELETE FROM clock_step");

    /// <summary>When this store last received anything; null when it never did.</summary>
    public static Instant? NewestReceipt(DbConnection db) =>
        db.ExecuteScalar<long?>("SELECT MAX(at) FROM (SELECT MAX(received_at) AS at FROM events UNION ALL SELECT MAX(last_at) FROM contacts) AS receipts").ToInstant();
}
