using System.Data.Common;
using Dapper;
using NodaTime;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Ingest;

/// <param name="What">Path and expectation; never a value.</param>
/// <param name="Device">Whose message showed it first.</param>
public sealed record Oddity(string What, string Device, Instant FirstAt);

/// <summary>What messages carried that the gateway would have used, and that did not fit, each kind once: a network server that writes
/// it otherwise shows here. As many rows at most as <see cref="ChirpStackEvent"/> has such fields.</summary>
public static class OdditiesTable
{
    private static readonly Statement IsNoted = new("SELECT 1 FROM oddities WHERE what = @what");

    private static readonly WriterCache<bool> Noted = new("oddities", static (db, what) => IsNoted.Any(db, what));

    public static void Note(DbConnection db, string device, IReadOnlyList<string> odd, Instant now)
    {
        foreach (var what in odd.Where(what => !Noted.Of(db, what)))
        {
            db.Execute("INSERT INTO oddities (what, device, first_at) VALUES (@what, @device, @at)", new { what, device, at = now.ToMicros() });
        }
    }

    public static IReadOnlyList<Oddity> All(DbConnection db) =>
        [.. db.Query<(string What, string Device, long FirstAt)>("SELECT what, device, first_at FROM oddities ORDER BY first_at DESC, what")
            .Select(row => new Oddity(row.What, row.Device, row.FirstAt.ToInstant()))];
}
