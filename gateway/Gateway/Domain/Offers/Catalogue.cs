using System.Data.Common;
using NodaTime;
using Quartier.Gateway.Domain.Registry;
using Quartier.Gateway.Store;
using Quartier.Wire;

namespace Quartier.Gateway.Domain.Offers;

/// <summary>The catalogue as it should be, against what is stored.</summary>
/// <param name="Changes">How many changes of offers it knows of.</param>
/// <param name="Gone">Offers whose entry leaves.</param>
/// <param name="Ranked">All that a screen could be sent, what matters most first.</param>
/// <param name="Cuts">What of it fits each capacity that was known when it was made.</param>
/// <param name="Total">Offers that are to be seen, whatever a screen can keep.</param>
public sealed record CatalogueBuild(
    long Changes, IReadOnlyList<BuiltEntry> Changed, IReadOnlyList<string> Gone, IReadOnlyList<RankedEntry> Ranked,
    IReadOnlyDictionary<ScreenCapacity, IReadOnlyList<string>> Cuts, int Total, Instant DueAt);

/// <summary>
/// Brings the catalogue to the screens: builds it when offers changed or dates ran out, offers each screen the change against what it
/// shows, sends what a screen asks for, and keeps what each confirmed. Each gets as much as it says that it can keep. An offer that was
/// lost on the way is made again after a pause.
/// </summary>
public static class Catalogue
{
    /// <summary>It is built anew when time alone changes an entry, at the latest after so long; with the next order, too, when there
    /// are more offers than some screen can keep.</summary>
    private static readonly Duration RebuildAtLatest = Duration.FromDays(1);

    /// <summary>Ends that lie close together are one rebuild.</summary>
    private static readonly Duration RebuildPause = Duration.FromMinutes(1);

    /// <summary>So many screens are told of a new catalogue at once; the others follow in the next second.</summary>
    private const int OfferedAtOnce = 100;

    private static readonly HashSet<string> NothingBefore = [];

    /// <summary>Called every second with the other duties.</summary>
    /// <param name="build">Build what is due here and now; false where <see cref="Prepare"/> and <see cref="Apply"/> do so beside the writer.</param>
    public static void Step(DbConnection db, Instant now, List<Publication> effects, bool build = true)
    {
        var digest = build ? EnsureBuilt(db, now) : CatalogueTable.State(db).Digest;
        if (digest.Length == 0)
        {
            return;
        }

        var waiting = CatalogueTable.Screens(db).Where(screen => RetryRules.IsDue(screen, now));
        foreach (var alike in waiting.Take(OfferedAtOnce).GroupBy(screen => (screen.Shown, screen.Target)))
        {
            var manifests = Manifests(db, alike.Key.Shown, alike.Key.Target, now);
            foreach (var screen in alike)
            {
                OfferTo(db, screen.Device, manifests, alike.Key.Target, now, effects);
            }
        }
    }

    /// <summary>A screen said hello, asked for entries or reported what it shows.</summary>
    public static void Hear(DbConnection db, ScreenHeard heard, Instant now, List<Publication> effects)
    {
        switch (heard.Message)
        {
            case ScreenHello hello:
                Greet(db, heard.Device, hello, now, effects);
                break;
            case ScreenTelemetry telemetry:
                CatalogueTable.Confirm(db, heard.Device, Convert.ToHexStringLower(telemetry.Catalogue), now);
                EnsureCut(db, CatalogueTable.Screen(db, heard.Device)!.Capacity, now);
                break;
            case ScreenWant want:
                Send(db, heard.Device, want, now, effects);
                break;
            case ScreenPresence { Online: true }:
                CatalogueTable.BeginSession(db, heard.Device);
                break;
            default:
                break;
        }
    }

    /// <summary>A screen that may have something newer hears so at once: it takes silence for "what you show is right".</summary>
    private static void Greet(DbConnection db, string device, ScreenHello hello, Instant now, List<Publication> effects)
    {
        var shown = Convert.ToHexStringLower(hello.Catalogue);
        var capacity = ScreenCapacity.Of(hello);
        var before = CatalogueTable.Screen(db, device);
        var isAsBefore = before is not null && before.SaysCapacity == capacity.HasValue && before.Capacity == (capacity ?? ScreenCapacity.Unsaid);
        CatalogueTable.Confirm(db, device, shown, now);
        CatalogueTable.Greeted(db, device, capacity, isAsBefore ? RetryRules.AfterHello(before!, shown) : 0);
        EnsureCut(db, capacity ?? ScreenCapacity.Unsaid, now);
        var screen = CatalogueTable.Screen(db, device)!;
        if (screen.Target.Length == 0 || shown == screen.Target)
        {
            return;
        }

        if (before is { IsNewSession: false } && RetryRules.NextOffer(screen) > now)
        {
            var buffer = new byte[ScreenFormat.PayloadBytesMax];
            var length = CatalogueRules.NotNow(screen.Target, screen.TargetCount, now).Encode(buffer);
            effects.Add(new Publication(ScreenTopics.Build(device, ScreenTopics.Manifest), buffer[..length], false));
            return;
        }

        OfferTo(db, device, Manifests(db, shown, screen.Target, now), screen.Target, now, effects);
    }

    /// <summary>For a capacity that no screen had when the catalogue was built: from what lies ready, at once.</summary>
    private static void EnsureCut(DbConnection db, ScreenCapacity capacity, Instant now)
    {
        if (!CatalogueTable.HasCut(db, capacity) && CatalogueTable.Ranked(db) is { } ranked)
        {
            CatalogueTable.PutCut(db, capacity, DigestsOf(CutRules.Cut(ranked, capacity, NothingBefore)), now);
        }
    }

    /// <summary>The same for every screen that shows the same.</summary>
    private static List<byte[]> Manifests(DbConnection db, string shown, string digest, Instant now)
    {
        var buffer = new byte[4096];
        var entries = CatalogueTable.Edition(db, digest) ?? [];
        return [.. CatalogueRules.Manifest(digest, entries, shown, CatalogueTable.Edition(db, shown), now).Select(manifest => buffer[..manifest.Encode(buffer)])];
    }

    private static void OfferTo(DbConnection db, string device, List<byte[]> manifests, string digest, Instant now, List<Publication> effects)
    {
        effects.AddRange(manifests.Select(manifest => new Publication(ScreenTopics.Build(device, ScreenTopics.Manifest), manifest, false)));
        CatalogueTable.Offered(db, device, digest, now);
    }

    private static void Send(DbConnection db, string device, ScreenWant want, Instant now, List<Publication> effects)
    {
        if (CatalogueTable.Screen(db, device) is not { Target: { Length: > 0 } digest } screen)
        {
            return;
        }

        if (Convert.ToHexStringLower(want.Manifest) != digest)
        {
            // The catalogue changed meanwhile; what the screen shows is known from its last words, which these are not.
            OfferTo(db, device, Manifests(db, screen.Shown, digest, now), digest, now, effects);
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
    public static string EnsureBuilt(DbConnection db, Instant now)
    {
        if (Prepare(db, now) is { } build)
        {
            Apply(db, build, now);
        }

        return CatalogueTable.State(db).Digest;
    }

    /// <summary>Builds what is due, from reading alone: the work grows with the offers and is not the writer's. Null: nothing is due, or
    /// an import is under way whose halves no screen may see.</summary>
    public static CatalogueBuild? Prepare(DbConnection db, Instant now)
    {
        var state = CatalogueTable.State(db);
        if (!state.IsDueAt(now) || ImportStepsTable.IsUnderWay(db))
        {
            return null;
        }

        var before = CatalogueTable.Entries(db);
        var built = CutRules.Order(OffersTable.All(db).Select(offer => OfferView.Of(offer, now)).Where(view => view.IsShownAt(now)), now)
            .Select(view => CatalogueRules.Build(view, now, before.GetValueOrDefault(view.Offer.Id)?.Anchor))
            .OfType<BuiltEntry>()
            .ToList();
        var ranked = CutRules.Cut([.. built.Select(entry => new RankedEntry(entry.OfferId, entry.Digest, entry.Payload.Length))], ScreenCapacity.Greatest, before.Keys.ToHashSet(StringComparer.Ordinal));
        var entries = built.IntersectBy(ranked.Select(entry => entry.OfferId), entry => entry.OfferId, StringComparer.Ordinal).ToList();
        var cuts = CatalogueTable.Capacities(db).ToDictionary(
            capacity => capacity,
            capacity => DigestsOf(CutRules.Cut(ranked, capacity, OffersIn(CatalogueTable.Cut(db, capacity), before.Values))));
        return new CatalogueBuild(
            state.Changes,
            [.. entries.Where(entry => before.GetValueOrDefault(entry.OfferId) is not { } old || old.Digest != entry.Digest || old.Anchor != entry.Anchor)],
            [.. before.Keys.Except(entries.Select(entry => entry.OfferId), StringComparer.Ordinal)],
            ranked,
            cuts,
            built.Count,
            DueAt(entries, cuts.Values.All(cut => cut.Count == built.Count), now));
    }

    private static HashSet<string> OffersIn(IReadOnlyCollection<string>? cut, IEnumerable<BuiltEntry> entries) =>
        cut is null ? [] : entries.Where(entry => cut.Contains(entry.Digest)).Select(entry => entry.OfferId).ToHashSet(StringComparer.Ordinal);

    private static IReadOnlyList<string> DigestsOf(IReadOnlyList<RankedEntry> cut) => [.. cut.Select(entry => entry.Digest)];

    /// <summary>Puts a build in the catalogue's place: at most as many rows as the largest screen holds entries.</summary>
    public static void Apply(DbConnection db, CatalogueBuild build, Instant now)
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

        var capacities = CatalogueTable.Capacities(db);
        foreach (var capacity in capacities)
        {
            CatalogueTable.PutCut(db, capacity, build.Cuts.GetValueOrDefault(capacity) ?? DigestsOf(CutRules.Cut(build.Ranked, capacity, NothingBefore)), now);
        }

        CatalogueTable.Prune(db, capacities);
        var whole = DigestsOf(build.Ranked);
        CatalogueTable.PutState(db, CatalogueRules.CatalogueDigest(whole), whole, build.Total, build.DueAt, build.Changes);
    }

    /// <param name="isWhole">Every screen gets all there is, so that the order does not matter.</param>
    private static Instant DueAt(List<BuiltEntry> built, bool isWhole, Instant now)
    {
        var latest = isWhole ? now + RebuildAtLatest : CutRules.NextOrdering(now);
        var next = built.Min(entry => entry.ChangesAt) ?? latest;
        return Instant.Max(now + RebuildPause, Instant.Min(next, latest));
    }
}
