using Dapper;
using Microsoft.Data.Sqlite;
using NodaTime;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Domain.Offers;

/// <summary>The catalogue as last built: its digest, and when it is due again even if nothing changed.</summary>
/// <param name="Changes">How often offers changed since.</param>
public sealed record CatalogueState(string Digest, long Changes, Instant? DueAt)
{
    public bool IsDueAt(Instant now) => Changes > 0 || DueAt is not { } due || now >= due;
}

/// <summary>Where one screen stands: what it confirmed to show, and what it was offered since.</summary>
public sealed record ScreenCatalogue(string Device, string Shown, Instant ShownAt, string Offered, Instant? OfferedAt);

public static class CatalogueTable
{
    public const string Schema = """
        CREATE TABLE IF NOT EXISTS catalogue_state (
          id INTEGER NOT NULL PRIMARY KEY,
          digest TEXT NOT NULL,
          stale INTEGER NOT NULL,
          due_at INTEGER);
        CREATE TABLE IF NOT EXISTS catalogue_entries (
          offer TEXT NOT NULL PRIMARY KEY,
          digest TEXT NOT NULL,
          payload BLOB NOT NULL,
          anchor INTEGER NOT NULL);
        CREATE INDEX IF NOT EXISTS catalogue_entries_digest ON catalogue_entries (digest);
        CREATE TABLE IF NOT EXISTS catalogue_editions (
          digest TEXT NOT NULL PRIMARY KEY,
          entries TEXT NOT NULL,
          at INTEGER NOT NULL);
        CREATE TABLE IF NOT EXISTS catalogue_screens (
          device TEXT NOT NULL PRIMARY KEY,
          shown TEXT NOT NULL,
          shown_at INTEGER NOT NULL,
          offered TEXT NOT NULL,
          offered_at INTEGER);
        """;

    /// <summary>Editions against which a screen can still be sent a mere change.</summary>
    private const int EditionsKept = 50;

    /// <summary>Counts the changes, so that one that comes while the catalogue is being built is not taken for built.</summary>
    public static void MarkStale(SqliteConnection db) => db.Execute(
        "INSERT INTO catalogue_state (id, digest, stale, due_at) VALUES (1, '', 1, NULL) ON CONFLICT (id) DO UPDATE SET stale = catalogue_state.stale + 1");

    public static CatalogueState State(SqliteConnection db)
    {
        var row = db.QuerySingleOrDefault<StateRow>("SELECT digest, stale, due_at AS DueAt FROM catalogue_state WHERE id = 1");
        return row is null ? new CatalogueState("", 1, null) : new CatalogueState(row.Digest, row.Stale, row.DueAt.ToInstant());
    }

    /// <param name="changes">How many changes it was built with.</param>
    public static void PutState(SqliteConnection db, string digest, Instant dueAt, long changes) => db.Execute(
        """
        INSERT INTO catalogue_state (id, digest, stale, due_at) VALUES (1, @digest, 0, @due)
        ON CONFLICT (id) DO UPDATE SET digest = excluded.digest, due_at = excluded.due_at,
          stale = CASE WHEN catalogue_state.stale > @changes THEN catalogue_state.stale - @changes ELSE 0 END
        """,
        new { digest, due = dueAt.ToMicros(), changes });

    public static IReadOnlyDictionary<string, BuiltEntry> Entries(SqliteConnection db) =>
        db.Query<EntryRow>("SELECT offer, digest, payload, anchor FROM catalogue_entries")
            .ToDictionary(row => row.Offer, row => new BuiltEntry(row.Offer, row.Digest, row.Payload, row.Anchor.ToInstant()), StringComparer.Ordinal);

    public static byte[]? Payload(SqliteConnection db, string digest) =>
        db.QueryFirstOrDefault<byte[]>("SELECT payload FROM catalogue_entries WHERE digest = @digest", new { digest });

    public static void PutEntry(SqliteConnection db, BuiltEntry entry) => db.Execute(
        """
        INSERT INTO catalogue_entries (offer, digest, payload, anchor) VALUES (@OfferId, @Digest, @Payload, @anchor)
        ON CONFLICT (offer) DO UPDATE SET digest = excluded.digest, payload = excluded.payload, anchor = excluded.anchor
        """,
        new { entry.OfferId, entry.Digest, entry.Payload, anchor = entry.Anchor.ToMicros() });

    public static void DeleteEntry(SqliteConnection db, string offer) => db.Execute("DELETE FROM catalogue_entries WHERE offer = @offer", new { offer });

    public static void PutEdition(SqliteConnection db, string digest, IEnumerable<string> entries, Instant at)
    {
        db.Execute(
            "INSERT INTO catalogue_editions (digest, entries, at) VALUES (@digest, @entries, @at) ON CONFLICT (digest) DO UPDATE SET at = excluded.at",
            new { digest, entries = string.Join(' ', entries.Order(StringComparer.Ordinal)), at = at.ToMicros() });
        db.Execute("DELETE FROM catalogue_editions WHERE digest NOT IN (SELECT digest FROM catalogue_editions ORDER BY at DESC, digest LIMIT @kept)", new { kept = EditionsKept });
    }

    public static IReadOnlyCollection<string>? Edition(SqliteConnection db, string digest)
    {
        var entries = digest.Length == 0 ? null : db.QuerySingleOrDefault<string>("SELECT entries FROM catalogue_editions WHERE digest = @digest", new { digest });
        return entries?.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);
    }

    public static IReadOnlyList<ScreenCatalogue> Screens(SqliteConnection db) =>
        [.. db.Query<ScreenRow>("SELECT device, shown, shown_at AS ShownAt, offered, offered_at AS OfferedAt FROM catalogue_screens ORDER BY device")
            .Select(row => new ScreenCatalogue(row.Device, row.Shown, row.ShownAt.ToInstant(), row.Offered, row.OfferedAt.ToInstant()))];

    public static ScreenCatalogue? Screen(SqliteConnection db, string device) =>
        db.QuerySingleOrDefault<ScreenRow>("SELECT device, shown, shown_at AS ShownAt, offered, offered_at AS OfferedAt FROM catalogue_screens WHERE device = @device", new { device }) is { } row
            ? new ScreenCatalogue(row.Device, row.Shown, row.ShownAt.ToInstant(), row.Offered, row.OfferedAt.ToInstant())
            : null;

    public static void Confirm(SqliteConnection db, string device, string shown, Instant at) => db.Execute(
        """
        INSERT INTO catalogue_screens (device, shown, shown_at, offered, offered_at) VALUES (@device, @shown, @at, '', NULL)
        ON CONFLICT (device) DO UPDATE SET shown = excluded.shown, shown_at = excluded.shown_at
        """,
        new { device, shown, at = at.ToMicros() });

    public static void Offered(SqliteConnection db, string device, string digest, Instant at) =>
        db.Execute("UPDATE catalogue_screens SET offered = @digest, offered_at = @at WHERE device = @device", new { device, digest, at = at.ToMicros() });

    private sealed class StateRow
    {
        public string Digest { get; init; } = "";

        public long Stale { get; init; }

        public long? DueAt { get; init; }
    }

    private sealed class EntryRow
    {
        public string Offer { get; init; } = "";

        public string Digest { get; init; } = "";

        public byte[] Payload { get; init; } = [];

        public long Anchor { get; init; }
    }

    private sealed class ScreenRow
    {
        public string Device { get; init; } = "";

        public string Shown { get; init; } = "";

        public long ShownAt { get; init; }

        public string Offered { get; init; } = "";

        public long? OfferedAt { get; init; }
    }
}
