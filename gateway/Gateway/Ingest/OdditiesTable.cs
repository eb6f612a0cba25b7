using Dapper;
using Microsoft.Data.Sqlite;
using NodaTime;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Ingest;

/// <param name="What">Path and expectation; never a value.</param>
/// <param name="Device">Whose message showed it first.</param>
public sealed record Oddity(string What, string Device, Instant FirstAt);

/// <summary>What messages carried that did not fit and was not needed, each kind once: a network server's new version shows here
/// before anything depends on it.</summary>
public static class OdditiesTable
{
    public const string Schema = """
        CREATE TABLE IF NOT EXISTS oddities (
          what TEXT NOT NULL PRIMARY KEY,
          device TEXT NOT NULL,
          first_at INTEGER NOT NULL);
        """;

    /// <summary>A flood of made-up names must not fill the disk.</summary>
    public const int KeptMax = 200;

    private static readonly Statement IsNoted = new($"SELECT 1 FROM oddities WHERE what = @what OR (SELECT COUNT(*) FROM oddities) >= {KeptMax} LIMIT 1");

    private static readonly Memo<bool> Noted = new("oddities", static (db, what) => IsNoted.Any(db, what));

    public static void Note(SqliteConnection db, string device, IReadOnlyList<string> odd, Instant now)
    {
        foreach (var what in odd.Where(what => !Noted.Of(db, what)))
        {
            db.Execute("INSERT INTO oddities (what, device, first_at) VALUES (@what, @device, @at)", new { what, device, at = now.ToMicros() });
        }
    }

    public static IReadOnlyList<Oddity> All(SqliteConnection db) =>
        [.. db.Query<(string What, string Device, long FirstAt)>("SELECT what, device, first_at FROM oddities ORDER BY first_at DESC, what")
            .Select(row => new Oddity(row.What, row.Device, row.FirstAt.ToInstant()))];
}
