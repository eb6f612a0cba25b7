using System.Data.Common;
using Dapper;
using NodaTime;

namespace Quartier.Gateway.Store;

/// <summary>What becomes of stored times when the gateway takes over another time. Ages and waiting times keep their length: what was
/// heard ten minutes ago was heard ten minutes ago, and what is due in an hour is due in an hour. Any other time that would lie in the
/// future becomes now. The columns are found by their names, so that a new table is healed too.</summary>
public static class Healing
{
    // The audit log and the ledger of releases say what was done under which time; nobody rewrites them.
    private static readonly string[] Untouched = ["audit", "release_ledger", "clock_step"];

    private static readonly HashSet<(string Table, string Column)> Ages =
        [("contacts", "last_at"), ("pods", "received_at"), ("pods", "alarms_at")];

    // But the catalogue's is a time of the calendar.
    private static readonly HashSet<string> Plans = ["next_notice_at", "due_at", "give_up_at", "forget_at", "expires_at", "ends_at"];

    /// <param name="step">New time less old.</param>
    /// <param name="now">The new time.</param>
    public static void Heal(DbConnection db, Duration step, Instant now)
    {
        var with = new { by = (long)(step.TotalNanoseconds / 1_000), now = now.ToMicros() };

        // An open case settles by the time since its end.
        db.Execute("UPDATE alerts SET last_held_at = last_held_at + @by, ended_at = ended_at + @by WHERE resolved_at IS NULL", with);
        foreach (var (table, column) in Times(db))
        {
            db.Execute(
                Ages.Contains((table, column)) || (Plans.Contains(column) && table != "catalogue_state")
                    ? $"UPDATE {table} SET {column} = {column} + @by WHERE {column} <> 0"
                    : $"UPDATE {table} SET {column} = @now WHERE {column} > @now",
                with);
        }
    }

    private static IEnumerable<(string Table, string Column)> Times(DbConnection db) =>
        TableColumns.Numbers(db)
            .Where(time => time.Column == "at" || time.Column.EndsWith("_at", StringComparison.Ordinal) || time.Column.EndsWith("_seen", StringComparison.Ordinal))
            .Where(time => !Untouched.Contains(time.Table))
            .ToList();
}
