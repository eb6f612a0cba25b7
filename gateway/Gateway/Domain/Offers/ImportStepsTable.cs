using System.Data.Common;
using Dapper;
using NodaTime;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Domain.Offers;

/// <summary>One offer of a planned import.</summary>
/// <param name="Items">Null: the source still lists it as it is.</param>
/// <param name="Gone">It was merged into another.</param>
public sealed record StagedOffer(Offer Offer, string? Items, bool Gone)
{
    /// <summary>About what it costs to write.</summary>
    public int Bytes => 200 + (Items?.Length ?? 0);
}

/// <summary>
/// Planned imports, cut into steps that the writer takes in milliseconds. Until one is decided nothing of it counts; a decided one is
/// carried out step by step by whoever comes by, also after a crash, and screens see none of it before its last step.
/// </summary>
public static class ImportStepsTable
{
    private static readonly Duration UndecidedKept = Duration.FromHours(1);

    public static void Begin(DbConnection db, string import, Instant now) =>
        db.Execute("INSERT INTO import_plans (id, at, decided) VALUES (@import, @at, 0)", new { import, at = now.ToMicros() });

    public static void Stage(DbConnection db, string import, int step, IReadOnlyList<StagedOffer> offers) => db.Execute(
        """
        INSERT INTO import_steps (import, step, offer, source, items, first_seen, last_seen, last_changed, withdrawn, gone)
        VALUES (@import, @step, @Id, @Source, @Items, @first, @seen, @changed, @withdrawn, @gone)
        """,
        offers.Select(staged => new
        {
            import,
            step,
            staged.Offer.Id,
            staged.Offer.Source,
            staged.Items,
            first = staged.Offer.FirstSeen.ToMicros(),
            seen = staged.Offer.LastSeen.ToMicros(),
            changed = staged.Offer.LastChanged.ToMicros(),
            withdrawn = staged.Offer.Withdrawn ? 1 : 0,
            gone = staged.Gone ? 1 : 0,
        }));

    /// <summary>A decided import has steps left; the catalogue waits for them.</summary>
    public static bool IsUnderWay(DbConnection db) => First(db, decided: 1) is not null;

    public static void Decide(DbConnection db, string import) => db.Execute("UPDATE import_plans SET decided = 1 WHERE id = @import", new { import });

    /// <summary>Takes the next step of a decided import. What editors changed meanwhile stays.</summary>
    /// <returns>False: none is under way.</returns>
    public static bool Step(DbConnection db)
    {
        if (First(db, decided: 1) is not { } import)
        {
            return false;
        }

        if (NextStep(db, import) is not { } step)
        {
            db.Execute("DELETE FROM import_plans WHERE id = @import", new { import });
            CatalogueTable.MarkStale(db);
            return true;
        }

        var at = new { import, step, edit = OfferJson.Write(OfferEdit.None) };
        db.Execute(
            """
            INSERT INTO offers (id, source, items, edit, first_seen, last_seen, last_changed, withdrawn)
            SELECT offer, source, items, @edit, first_seen, last_seen, last_changed, withdrawn FROM import_steps
            WHERE import = @import AND step = @step AND gone = 0 AND items IS NOT NULL
            ON CONFLICT (id) DO UPDATE SET items = excluded.items, last_seen = excluded.last_seen, withdrawn = excluded.withdrawn,
              last_changed = CASE WHEN offers.last_changed > excluded.last_changed THEN offers.last_changed ELSE excluded.last_changed END
            """,
            at);
        db.Execute(
            """
            UPDATE offers SET last_seen = (SELECT s.last_seen FROM import_steps s WHERE s.import = @import AND s.step = @step AND s.offer = offers.id)
            WHERE id IN (SELECT offer FROM import_steps WHERE import = @import AND step = @step AND gone = 0 AND items IS NULL)
            """,
            at);
        db.Execute("DELETE FROM offers WHERE id IN (SELECT offer FROM import_steps WHERE import = @import AND step = @step AND gone = 1)", at);
        Delete(db, import, step);
        return true;
    }

    /// <summary>Takes the next step of forgetting a plan that was not decided.</summary>
    /// <returns>False: nothing is left of it.</returns>
    public static bool Discard(DbConnection db, string import)
    {
        if (NextStep(db, import) is { } step)
        {
            Delete(db, import, step);
            return true;
        }

        return db.Execute("DELETE FROM import_plans WHERE id = @import", new { import }) > 0;
    }

    /// <summary>Called every second with the other duties: goes on with what a crash interrupted.</summary>
    public static void Resume(DbConnection db, Instant now)
    {
        if (!Step(db) && First(db, decided: 0, (now - UndecidedKept).ToMicros()) is { } forgotten)
        {
            Discard(db, forgotten);
        }
    }

    private static string? First(DbConnection db, int decided, long before = long.MaxValue) => db.QueryFirstOrDefault<string>(
        "SELECT id FROM import_plans WHERE decided = @decided AND at < @before ORDER BY at, id", new { decided, before });

    private static int? NextStep(DbConnection db, string import) =>
        (int?)db.QuerySingle<long?>("SELECT MIN(step) FROM import_steps WHERE import = @import", new { import });

    private static void Delete(DbConnection db, string import, int step) =>
        db.Execute("DELETE FROM import_steps WHERE import = @import AND step = @step", new { import, step });
}
