using Microsoft.Data.Sqlite;
using NodaTime;
using Quartier.Gateway.Ingest;
using Quartier.Wire;

namespace Quartier.Gateway.Domain.Offers;

/// <summary>The catalogue as it should be, against what is stored.</summary>
/// <param name="Changes">How many changes of offers it knows of.</param>
/// <param name="Gone">Offers whose entry leaves.</param>
public sealed record CatalogueBuild(long Changes, IReadOnlyList<BuiltEntry> Changed, IReadOnlyList<string> Gone, IReadOnlyList<string> Digests, Instant DueAt);

/// <summary>
/// Brings the catalogue to the screens: builds it when offers changed or dates ran out, offers each screen the change against what it
/// shows, sends what a screen asks for, and keeps what each confirmed. An offer that was lost on the way is made again after a pause.
/// </summary>
public static class Catalogue
{
    /// <summary>It is built anew when time alone changes an entry, at the latest after so long; after so long, too, when there are
    /// more offers than a screen holds, because then the nearest dates decide which are in it.</summary>
    private static readonly Duration RebuildAtLatest = Duration.FromDays(1);

    private static readonly Duration RebuildWhenFull = Duration.FromHours(1);

    /// <summary>Ends that lie close together are one rebuild.</summary>
    private static readonly Duration RebuildPause = Duration.FromMinutes(1);

    private static readonly Duration OfferAgainAfter = Duration.FromMinutes(10);

    /// <summary>So many screens are told of a new catalogue at once; the others follow in the next second.</summary>
    private const int OfferedAtOnce = 100;

    /// <summary>Called every second with the other duties.</summary>
    /// <param name="build">Build what is due here and now; false where <see cref="Prepare"/> and <see cref="Apply"/> do so beside the writer.</param>
    public static void Step(SqliteConnection db, Instant now, List<Publication> effects, bool build = true)
    {
        var digest = build ? EnsureBuilt(db, now) : CatalogueTable.State(db).Digest;
        if (digest.Length == 0)
        {
            return;
        }

        var waiting = CatalogueTable.Screens(db).Where(screen =>
            screen.Shown != digest && !(screen.Offered == digest && screen.OfferedAt is { } at && now - at < OfferAgainAfter));
        foreach (var alike in waiting.Take(OfferedAtOnce).GroupBy(screen => screen.Shown))
        {
            var manifests = Manifests(db, alike.Key, digest, now);
            foreach (var screen in alike)
            {
                OfferTo(db, screen.Device, manifests, digest, now, effects);
            }
        }
    }

    /// <summary>A screen said hello, asked for entries or reported what it shows.</summary>
    public static void Hear(SqliteConnection db, ScreenHeard heard, Instant now, List<Publication> effects)
    {
        switch (heard.Message)
        {
            case ScreenHello hello:
                Confirm(db, heard.Device, hello.Catalogue, now, effects, offerAtOnce: true);
                break;
            case ScreenTelemetry telemetry:
                Confirm(db, heard.Device, telemetry.Catalogue, now, effects, offerAtOnce: false);
                break;
            case ScreenWant want:
                Send(db, heard.Device, want, now, effects);
                break;
            default:
                break;
        }
    }

    private static void Confirm(SqliteConnection db, string device, byte[] catalogue, Instant now, List<Publication> effects, bool offerAtOnce)
    {
        var shown = Convert.ToHexStringLower(catalogue);
        CatalogueTable.Confirm(db, device, shown, now);
        var digest = CatalogueTable.State(db).Digest;
        if (offerAtOnce && digest.Length > 0 && shown != digest)
        {
            OfferTo(db, device, Manifests(db, shown, digest, now), digest, now, effects);
        }
    }

    /// <summary>The same for every screen that shows the same.</summary>
    private static List<byte[]> Manifests(SqliteConnection db, string shown, string digest, Instant now)
    {
        var buffer = new byte[4096];
        var entries = CatalogueTable.Edition(db, digest) ?? [];
        return [.. CatalogueRules.Manifest(digest, entries, shown, CatalogueTable.Edition(db, shown), now).Select(manifest => buffer[..manifest.Encode(buffer)])];
    }

    private static void OfferTo(SqliteConnection db, string device, List<byte[]> manifests, string digest, Instant now, List<Publication> effects)
    {
        effects.AddRange(manifests.Select(manifest => new Publication(ScreenTopics.Build(device, ScreenTopics.Manifest), manifest, false)));
        CatalogueTable.Offered(db, device, digest, now);
    }

    private static void Send(SqliteConnection db, string device, ScreenWant want, Instant now, List<Publication> effects)
    {
        var digest = CatalogueTable.State(db).Digest;
        if (digest.Length == 0)
        {
            return;
        }

        if (Convert.ToHexStringLower(want.Manifest) != digest)
        {
            // The catalogue changed meanwhile; what the screen shows is known from its last words, which these are not.
            var shown = CatalogueTable.Screen(db, device)?.Shown ?? "";
            OfferTo(db, device, Manifests(db, shown, digest, now), digest, now, effects);
            return;
        }

        for (var i = 0; i < want.Entries.Count; i++)
        {
            if (CatalogueTable.Payload(db, Convert.ToHexStringLower(want.Entries.Get(i))) is { } payload)
            {
                effects.Add(new Publication(ScreenTopics.Build(device, ScreenTopics.Entry), payload, false));
            }
        }

        CatalogueTable.Offered(db, device, digest, now);
    }

    /// <summary>The digest of the catalogue as it is now, built if it was not: where nobody else waits for the writer.</summary>
    public static string EnsureBuilt(SqliteConnection db, Instant now)
    {
        if (Prepare(db, now) is { } build)
        {
            Apply(db, build, now);
        }

        return CatalogueTable.State(db).Digest;
    }

    /// <summary>Builds what is due, from reading alone: the work grows with the offers and is not the writer's. Null: nothing is due, or
    /// an import is under way whose halves no screen may see.</summary>
    public static CatalogueBuild? Prepare(SqliteConnection db, Instant now)
    {
        var state = CatalogueTable.State(db);
        if (!state.IsDueAt(now) || ImportStepsTable.IsUnderWay(db))
        {
            return null;
        }

        var before = CatalogueTable.Entries(db);
        var built = OffersTable.All(db)
            .Select(offer => OfferView.Of(offer, now))
            .Select(view => (Entry: CatalogueRules.Build(view, now, before.GetValueOrDefault(view.Offer.Id)?.Anchor), view.Schedule))
            .Where(pair => pair.Entry is not null)
            .OrderBy(pair => pair.Schedule.IsEmpty ? now : ScheduleRules.Next(pair.Schedule, now, 1)[0].Start)
            .ThenBy(pair => pair.Entry!.OfferId, StringComparer.Ordinal)
            .Take(CatalogueRules.EntriesMax)
            .Select(pair => pair.Entry!)
            .ToList();
        return new CatalogueBuild(
            state.Changes,
            [.. built.Where(entry => before.GetValueOrDefault(entry.OfferId) is not { } old || old.Digest != entry.Digest || old.Anchor != entry.Anchor)],
            [.. before.Keys.Except(built.Select(entry => entry.OfferId), StringComparer.Ordinal)],
            [.. built.Select(entry => entry.Digest)],
            DueAt(built, now));
    }

    /// <summary>Puts a build in the catalogue's place: at most as many rows as a screen holds entries.</summary>
    public static void Apply(SqliteConnection db, CatalogueBuild build, Instant now)
    {
        if (ImportStepsTable.IsUnderWay(db))
        {
            return; // Decided since the build began.
        }

        foreach (var entry in build.Changed)
        {
            CatalogueTable.PutEntry(db, entry);
        }

        foreach (var gone in build.Gone)
        {
            CatalogueTable.DeleteEntry(db, gone);
        }

        var digest = CatalogueRules.CatalogueDigest(build.Digests);
        CatalogueTable.PutEdition(db, digest, build.Digests, now);
        CatalogueTable.PutState(db, digest, build.DueAt, build.Changes);
    }

    private static Instant DueAt(List<BuiltEntry> built, Instant now)
    {
        var latest = now + (built.Count < CatalogueRules.EntriesMax ? RebuildAtLatest : RebuildWhenFull);
        var next = built.Min(entry => entry.ChangesAt) ?? latest;
        return Instant.Max(now + RebuildPause, Instant.Min(next, latest));
    }
}
