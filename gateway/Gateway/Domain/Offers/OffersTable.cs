using System.Data.Common;
using Dapper;
using NodaTime;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Domain.Offers;

/// <summary>What is known about a source: how to read it next time, and how the last time ended.</summary>
public sealed record OfferSource(string Name, OfferKind? Kind, string? Url, bool PubDateIsStart, string Language, Instant LastImport, string LastResult);

/// <summary>An offer as it lies in the store.</summary>
public sealed class StoredOffer
{
    public string Id { get; init; } = "";

    public string Source { get; init; } = "";

    /// <summary>JSON.</summary>
    public string Items { get; init; } = "";

    /// <summary>JSON.</summary>
    public string Edit { get; init; } = "";

    public long FirstSeen { get; init; }

    public long LastSeen { get; init; }

    public long LastChanged { get; init; }

    public long Withdrawn { get; init; }

    public Offer ToOffer() => ToOffer(OfferJson.Read<List<OfferItem>>(Items), OfferJson.Read<OfferEdit>(Edit));

    /// <summary>Where items and edits are read already.</summary>
    public Offer ToOffer(IReadOnlyList<OfferItem> items, OfferEdit edit) => new(Id, Source, items, edit, FirstSeen.ToInstant(), LastSeen.ToInstant(), LastChanged.ToInstant())
    {
        Withdrawn = Withdrawn != 0,
    };
}

public static class OffersTable
{
    private const string Columns = "id, source, items, edit, first_seen AS FirstSeen, last_seen AS LastSeen, last_changed AS LastChanged, withdrawn";

    public static IReadOnlyList<Offer> All(DbConnection db) => [.. Stored(db).Select(row => row.ToOffer())];

    public static IReadOnlyList<StoredOffer> Stored(DbConnection db) => [.. db.Query<StoredOffer>($"SELECT {Columns} FROM offers ORDER BY id")];

    /// <summary>Changes whenever an offer is added, changed, withdrawn or deleted.</summary>
    public static string State(DbConnection db) => db.QuerySingle<string>(
        "SELECT COUNT(*) || ' ' || COALESCE(MAX(last_changed), 0) || ' ' || COALESCE(SUM(withdrawn), 0) FROM offers");

    public static IReadOnlyList<Offer> OfSource(DbConnection db, string source) =>
        [.. db.Query<StoredOffer>($"SELECT {Columns} FROM offers WHERE source = @source ORDER BY id", new { source }).Select(row => row.ToOffer())];

    /// <summary>Tells whether the source was imported since.</summary>
    public static string Stamp(DbConnection db, string source) =>
        db.QuerySingleOrDefault<string>("SELECT last_import || ' ' || last_result FROM offer_sources WHERE name = @source", new { source }) ?? "";

    public static Offer? Find(DbConnection db, string id) =>
        db.QuerySingleOrDefault<StoredOffer>($"SELECT {Columns} FROM offers WHERE id = @id", new { id })?.ToOffer();

    public static void Put(DbConnection db, Offer offer)
    {
        db.Execute(
            """
            INSERT INTO offers (id, source, items, edit, first_seen, last_seen, last_changed, withdrawn)
            VALUES (@Id, @Source, @items, @edit, @firstSeen, @lastSeen, @lastChanged, @withdrawn)
            ON CONFLICT (id) DO UPDATE SET items = excluded.items, edit = excluded.edit, last_seen = excluded.last_seen,
              last_changed = excluded.last_changed, withdrawn = excluded.withdrawn
            """,
            new
            {
                offer.Id,
                offer.Source,
                items = OfferJson.Write(offer.Items),
                edit = OfferJson.Write(offer.Edit),
                firstSeen = offer.FirstSeen.ToMicros(),
                lastSeen = offer.LastSeen.ToMicros(),
                lastChanged = offer.LastChanged.ToMicros(),
                withdrawn = offer.Withdrawn ? 1 : 0,
            });
        CatalogueTable.MarkStale(db);
    }

    public static void Delete(DbConnection db, string id)
    {
        db.Execute("DELETE FROM offers WHERE id = @id", new { id });
        CatalogueTable.MarkStale(db);
    }

    public static OfferSource? Source(DbConnection db, string name) =>
        db.QuerySingleOrDefault<SourceRow>($"{SourceSelect} WHERE name = @name", new { name })?.ToSource();

    public static IReadOnlyList<OfferSource> Sources(DbConnection db) =>
        [.. db.Query<SourceRow>($"{SourceSelect} ORDER BY name").Select(row => row.ToSource())];

    private const string SourceSelect =
        "SELECT name, kind, url, pubdate_is_start AS PubDateIsStart, language, last_import AS LastImport, last_result AS LastResult FROM offer_sources";

    public static void PutSource(DbConnection db, OfferSource source) => db.Execute(
        """
        INSERT INTO offer_sources (name, kind, url, pubdate_is_start, language, last_import, last_result)
        VALUES (@Name, @kind, @Url, @pubDate, @Language, @at, @LastResult)
        ON CONFLICT (name) DO UPDATE SET kind = excluded.kind, url = excluded.url, pubdate_is_start = excluded.pubdate_is_start,
          language = excluded.language, last_import = excluded.last_import, last_result = excluded.last_result
        """,
        new { source.Name, kind = (int?)source.Kind, source.Url, pubDate = source.PubDateIsStart ? 1 : 0, source.Language, at = source.LastImport.ToMicros(), source.LastResult });

    /// <summary>Keeps what an editor uploaded between preview and decision; older than an hour it is forgotten.</summary>
    public static void PutUpload(DbConnection db, string id, Instant at, string who, string request, byte[] content)
    {
        db.Execute("DELETE FROM offer_uploads WHERE at < @oldest OR who = @who", new { oldest = (at - Duration.FromHours(1)).ToMicros(), who });
        db.Execute("INSERT INTO offer_uploads (id, at, who, request, content) VALUES (@id, @at, @who, @request, @content)", new { id, at = at.ToMicros(), who, request, content });
    }

    public static (string Request, byte[] Content)? Upload(DbConnection db, string id, string who)
    {
        var row = db.QuerySingleOrDefault<UploadRow>("SELECT request, content FROM offer_uploads WHERE id = @id AND who = @who", new { id, who });
        return row is null ? null : (row.Request, row.Content);
    }

    /// <returns>False when it was not there any more.</returns>
    public static bool DeleteUpload(DbConnection db, string id) => db.Execute("DELETE FROM offer_uploads WHERE id = @id", new { id }) > 0;

    private sealed class UploadRow
    {
        public string Request { get; init; } = "";

        public byte[] Content { get; init; } = [];
    }

    private sealed class SourceRow
    {
        public string Name { get; init; } = "";

        public long? Kind { get; init; }

        public string? Url { get; init; }

        public long PubDateIsStart { get; init; }

        public string Language { get; init; } = "";

        public long LastImport { get; init; }

        public string LastResult { get; init; } = "";

        public OfferSource ToSource() => new(Name, (OfferKind?)Kind, Url, PubDateIsStart != 0, Language, LastImport.ToInstant(), LastResult);
    }
}
