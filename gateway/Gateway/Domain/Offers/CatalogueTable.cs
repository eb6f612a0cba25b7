using System.Data.Common;
using Dapper;
using NodaTime;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Domain.Offers;

/// <summary>The catalogue as last built: its digest, and when it is due again even if nothing changed.</summary>
/// <param name="Digest">Of all that a screen could be sent (<see cref="ScreenCapacity.Greatest"/>).</param>
/// <param name="Changes">How often offers changed since.</param>
public sealed record CatalogueState(string Digest, long Changes, Instant? DueAt)
{
    /// <summary>Offers that are to be seen, whatever a screen can keep.</summary>
    public int Total { get; init; }

    public bool IsDueAt(Instant now) => Changes > 0 || DueAt is not { } due || now >= due;
}

/// <summary>Where one screen stands: what it confirmed to show, and what it was offered since.</summary>
public sealed record ScreenCatalogue(string Device, string Shown, Instant ShownAt, string Offered, Instant? OfferedAt)
{
    public ScreenCapacity Capacity { get; init; } = ScreenCapacity.Unsaid;

    public bool SaysCapacity { get; init; }

    /// <summary>What it should show: the catalogue for its capacity; empty while there is none.</summary>
    public string Target { get; init; } = "";

    /// <summary>Entries of <see cref="Target"/>.</summary>
    public int TargetCount { get; init; }

    /// <summary>Hellos in a row that named what it showed before it was offered another.</summary>
    public int Refusals { get; init; }

    /// <summary>It connected and has not said hello since.</summary>
    public bool IsNewSession { get; init; }
}

public static class CatalogueTable
{
    /// <summary>Editions of each capacity against which a screen can still be sent a mere change.</summary>
    private const int EditionsKept = 50;

    private const string ScreenSelect = """
        SELECT device, shown, shown_at AS ShownAt, offered, offered_at AS OfferedAt, capacity_entries AS CapacityEntries, capacity_bytes AS CapacityBytes,
               refusals, new_session AS NewSession, COALESCE(c.digest, '') AS Target, COALESCE(c.count, 0) AS TargetCount
        FROM catalogue_screens LEFT JOIN catalogue_cuts c
          ON c.entries = CASE capacity_entries WHEN 0 THEN @Entries ELSE capacity_entries END AND c.bytes = CASE capacity_entries WHEN 0 THEN @Bytes ELSE capacity_bytes END
        """;

    /// <summary>Counts the changes, so that one that comes while the catalogue is being built is not taken for built.</summary>
    public static void MarkStale(DbConnection db) => db.Execute(
        "INSERT INTO catalogue_state (id, digest, stale, due_at) VALUES (1, '', 1, NULL) ON CONFLICT (id) DO UPDATE SET stale = catalogue_state.stale + 1");

    public static CatalogueState State(DbConnection db)
    {
        // Without an order it was built by an earlier version, for no capacity.
        var row = db.QuerySingleOrDefault<StateRow>("SELECT digest, stale, CASE WHEN ranked IS NULL THEN NULL ELSE due_at END AS DueAt, total FROM catalogue_state WHERE id = 1");
        return row is null ? new CatalogueState("", 1, null) : new CatalogueState(row.Digest, row.Stale, row.DueAt.ToInstant()) { Total = (int)row.Total };
    }

    /// <param name="ranked">The entries' digests, what matters most first.</param>
    /// <param name="changes">How many changes it was built with.</param>
    public static void PutState(DbConnection db, string digest, IEnumerable<string> ranked, int total, Instant dueAt, long changes) => db.Execute(
        """
        INSERT INTO catalogue_state (id, digest, stale, due_at, ranked, total) VALUES (1, @digest, 0, @due, @order, @total)
        ON CONFLICT (id) DO UPDATE SET digest = excluded.digest, due_at = excluded.due_at, ranked = excluded.ranked, total = excluded.total,
          stale = CASE WHEN catalogue_state.stale > @changes THEN catalogue_state.stale - @changes ELSE 0 END
        """,
        new { digest, due = dueAt.ToMicros(), order = string.Join(' ', ranked), total, changes });

    /// <summary>What matters most first; of the last build. Null: there was none that knew of an order.</summary>
    public static IReadOnlyList<RankedEntry>? Ranked(DbConnection db)
    {
        if (db.QuerySingleOrDefault<string>("SELECT ranked FROM catalogue_state WHERE id = 1") is not { } order)
        {
            return null;
        }

        var entries = db.Query<RankedRow>("SELECT offer, digest, length(payload) AS Bytes FROM catalogue_entries").ToDictionary(row => row.Digest, StringComparer.Ordinal);
        return [.. Split(order).Where(entries.ContainsKey).Select(digest => new RankedEntry(entries[digest].Offer, digest, (int)entries[digest].Bytes))];
    }

    /// <summary>Those of the screens, and those that are kept ready: for a screen that says nothing, and the greatest.</summary>
    public static IReadOnlyList<ScreenCapacity> Capacities(DbConnection db) =>
        [.. db.Query<(long Entries, long Bytes)>("SELECT DISTINCT capacity_entries, capacity_bytes FROM catalogue_screens").Select(said => Effective(said.Entries, said.Bytes)).Append(ScreenCapacity.Unsaid).Append(ScreenCapacity.Greatest).Distinct()];

    public static bool HasCut(DbConnection db, ScreenCapacity capacity) =>
        db.ExecuteScalar<long>("SELECT COUNT(*) FROM catalogue_cuts WHERE entries = @Entries AND bytes = @Bytes", capacity) > 0;

    /// <summary>The entries' digests in the cut as it is; null: there is none.</summary>
    public static IReadOnlyCollection<string>? Cut(DbConnection db, ScreenCapacity capacity) =>
        Edition(db, db.QuerySingleOrDefault<string>("SELECT digest FROM catalogue_cuts WHERE entries = @Entries AND bytes = @Bytes", capacity) ?? "");

    public static string PutCut(DbConnection db, ScreenCapacity capacity, IReadOnlyList<string> entries, Instant at)
    {
        var digest = CatalogueRules.CatalogueDigest(entries);
        PutEdition(db, digest, entries, at);
        db.Execute(
            "INSERT INTO catalogue_cuts (entries, bytes, digest, count) VALUES (@Entries, @Bytes, @digest, @Count) ON CONFLICT (entries, bytes) DO UPDATE SET digest = excluded.digest, count = excluded.count",
            new { capacity.Entries, capacity.Bytes, digest, entries.Count });
        return digest;
    }

    /// <summary>Forgets capacities that no screen has any more, and editions that are long past.</summary>
    public static void Prune(DbConnection db, IReadOnlyCollection<ScreenCapacity> kept)
    {
        foreach (var (entries, bytes) in db.Query<(long Entries, long Bytes)>("SELECT entries, bytes FROM catalogue_cuts").ToList())
        {
            if (!kept.Contains(new ScreenCapacity((int)entries, (int)bytes)))
            {
                db.Execute("DELETE FROM catalogue_cuts WHERE entries = @entries AND bytes = @bytes", new { entries, bytes });
            }
        }

        db.Execute(
            """
            DELETE FROM catalogue_editions WHERE digest NOT IN (SELECT digest FROM catalogue_editions ORDER BY at DESC, digest LIMIT @latest)
              AND digest NOT IN (SELECT digest FROM catalogue_cuts)
            """,
            new { latest = EditionsKept * kept.Count });
    }

    public static IReadOnlyDictionary<string, BuiltEntry> Entries(DbConnection db) =>
        db.Query<EntryRow>("SELECT offer, digest, payload, anchor FROM catalogue_entries")
            .ToDictionary(row => row.Offer, row => new BuiltEntry(row.Offer, row.Digest, row.Payload, row.Anchor.ToInstant()), StringComparer.Ordinal);

    public static byte[]? Payload(DbConnection db, string digest) =>
        db.QueryFirstOrDefault<byte[]>("SELECT payload FROM catalogue_entries WHERE digest = @digest", new { digest });

    public static void PutEntry(DbConnection db, BuiltEntry entry) => db.Execute(
        """
        INSERT INTO catalogue_entries (offer, digest, payload, anchor) VALUES (@OfferId, @Digest, @Payload, @anchor)
        ON CONFLICT (offer) DO UPDATE SET digest = excluded.digest, payload = excluded.payload, anchor = excluded.anchor
        """,
        new { entry.OfferId, entry.Digest, entry.Payload, anchor = entry.Anchor.ToMicros() });

    public static void DeleteEntry(DbConnection db, string offer) => db.Execute("DELETE FROM catalogue_entries WHERE offer = @offer", new { offer });

    private static void PutEdition(DbConnection db, string digest, IEnumerable<string> entries, Instant at) => db.Execute(
        "INSERT INTO catalogue_editions (digest, entries, at) VALUES (@digest, @entries, @at) ON CONFLICT (digest) DO UPDATE SET at = excluded.at",
        new { digest, entries = string.Join(' ', entries.Order(StringComparer.Ordinal)), at = at.ToMicros() });

    public static IReadOnlyCollection<string>? Edition(DbConnection db, string digest)
    {
        var entries = digest.Length == 0 ? null : db.QuerySingleOrDefault<string>("SELECT entries FROM catalogue_editions WHERE digest = @digest", new { digest });
        return entries is null ? null : Split(entries).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Which entry each offer is.</summary>
    public static IReadOnlyDictionary<string, string> Digests(DbConnection db) =>
        db.Query<RankedRow>("SELECT offer, digest, 0 AS Bytes FROM catalogue_entries").ToDictionary(row => row.Offer, row => row.Digest, StringComparer.Ordinal);

    public static IReadOnlyList<ScreenCatalogue> Screens(DbConnection db) =>
        [.. db.Query<ScreenRow>($"{ScreenSelect} ORDER BY device", ScreenCapacity.Unsaid).Select(row => row.ToScreen())];

    public static ScreenCatalogue? Screen(DbConnection db, string device) =>
        db.QuerySingleOrDefault<ScreenRow>($"{ScreenSelect} WHERE device = @device", new { device, ScreenCapacity.Unsaid.Entries, ScreenCapacity.Unsaid.Bytes })?.ToScreen();

    public static void Confirm(DbConnection db, string device, string shown, Instant at) => db.Execute(
        """
        INSERT INTO catalogue_screens (device, shown, shown_at, offered, offered_at) VALUES (@device, @shown, @at, '', NULL)
        ON CONFLICT (device) DO UPDATE SET shown = excluded.shown, shown_at = excluded.shown_at
        """,
        new { device, shown, at = at.ToMicros() });

    /// <summary>After its hello. A refusal ends the offer: it counts once.</summary>
    /// <param name="capacity">Null: it does not say.</param>
    public static void Greeted(DbConnection db, string device, ScreenCapacity? capacity, int refusals) => db.Execute(
        """
        UPDATE catalogue_screens SET capacity_entries = @entries, capacity_bytes = @bytes, new_session = 0,
          offered = CASE WHEN @refusals > refusals THEN '' ELSE offered END, refusals = @refusals
        WHERE device = @device
        """,
        new { device, entries = capacity?.Entries ?? 0, bytes = capacity?.Bytes ?? 0, refusals });

    public static void BeginSession(DbConnection db, string device) =>
        db.Execute("UPDATE catalogue_screens SET new_session = 1 WHERE device = @device", new { device });

    public static void Offered(DbConnection db, string device, string digest, Instant at) =>
        db.Execute("UPDATE catalogue_screens SET offered = @digest, offered_at = @at WHERE device = @device", new { device, digest, at = at.ToMicros() });

    private static ScreenCapacity Effective(long entries, long bytes) => entries == 0 ? ScreenCapacity.Unsaid : new((int)entries, (int)bytes);

    private static string[] Split(string digests) => digests.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private sealed class StateRow
    {
        public string Digest { get; init; } = "";

        public long Stale { get; init; }

        public long? DueAt { get; init; }

        public long Total { get; init; }
    }

    private sealed class RankedRow
    {
        public string Offer { get; init; } = "";

        public string Digest { get; init; } = "";

        public long Bytes { get; init; }
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

        public long CapacityEntries { get; init; }

        public long CapacityBytes { get; init; }

        public long Refusals { get; init; }

        public long NewSession { get; init; }

        public string Target { get; init; } = "";

        public long TargetCount { get; init; }

        public ScreenCatalogue ToScreen() => new(Device, Shown, ShownAt.ToInstant(), Offered, OfferedAt.ToInstant())
        {
            Capacity = Effective(CapacityEntries, CapacityBytes),
            SaysCapacity = CapacityEntries != 0,
            Target = Target,
            TargetCount = (int)TargetCount,
            Refusals = (int)Refusals,
            IsNewSession = NewSession != 0,
        };
    }
}
