using Microsoft.Data.Sqlite;
using NodaTime;
using Quartier.Gateway.Ingest;
using Quartier.Wire;

namespace Quartier.Gateway.Domain.Offers;

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

    /// <summary>Called every second with the other duties.</summary>
    public static void Step(SqliteConnection db, Instant now, List<Publication> effects)
    {
        var digest = EnsureBuilt(db, now);
        foreach (var screen in CatalogueTable.Screens(db))
        {
            var isWaiting = screen.Offered == digest && screen.OfferedAt is { } at && now - at < OfferAgainAfter;
            if (screen.Shown != digest && !isWaiting)
            {
                OfferTo(db, screen.Device, screen.Shown, digest, now, effects);
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
        var digest = EnsureBuilt(db, now);
        if (offerAtOnce && shown != digest)
        {
            OfferTo(db, device, shown, digest, now, effects);
        }
    }

    private static void OfferTo(SqliteConnection db, string device, string shown, string digest, Instant now, List<Publication> effects)
    {
        var entries = CatalogueTable.Edition(db, digest) ?? [];
        foreach (var manifest in CatalogueRules.Manifest(digest, entries, shown, CatalogueTable.Edition(db, shown), now))
        {
            var buffer = new byte[4096];
            var length = manifest.Encode(buffer);
            effects.Add(new Publication(ScreenTopics.Build(device, ScreenTopics.Manifest), buffer[..length], false));
        }

        CatalogueTable.Offered(db, device, digest, now);
    }

    private static void Send(SqliteConnection db, string device, ScreenWant want, Instant now, List<Publication> effects)
    {
        var digest = EnsureBuilt(db, now);
        if (Convert.ToHexStringLower(want.Manifest) != digest)
        {
            // The catalogue changed meanwhile; what the screen shows is known from its last words.
            var screen = CatalogueTable.Screens(db).FirstOrDefault(known => known.Device == device);
            CatalogueTable.Confirm(db, device, screen?.Shown ?? "", now);
            OfferTo(db, device, screen?.Shown ?? "", digest, now, effects);
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

    /// <summary>The digest of the catalogue as it is now, built if it was not.</summary>
    public static string EnsureBuilt(SqliteConnection db, Instant now)
    {
        var state = CatalogueTable.State(db);
        if (!state.Stale && state.DueAt is { } due && now < due)
        {
            return state.Digest;
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
        foreach (var entry in built.Where(entry => before.GetValueOrDefault(entry.OfferId) is not { } old || old.Digest != entry.Digest || old.Anchor != entry.Anchor))
        {
            CatalogueTable.PutEntry(db, entry);
        }

        foreach (var gone in before.Keys.Except(built.Select(entry => entry.OfferId), StringComparer.Ordinal))
        {
            CatalogueTable.DeleteEntry(db, gone);
        }

        var digests = built.Select(entry => entry.Digest).ToList();
        var digest = CatalogueRules.CatalogueDigest(digests);
        CatalogueTable.PutEdition(db, digest, digests, now);
        CatalogueTable.PutState(db, digest, DueAt(built, now));
        return digest;
    }

    private static Instant DueAt(List<BuiltEntry> built, Instant now)
    {
        var latest = now + (built.Count < CatalogueRules.EntriesMax ? RebuildAtLatest : RebuildWhenFull);
        var next = built.Min(entry => entry.ChangesAt) ?? latest;
        return Instant.Max(now + RebuildPause, Instant.Min(next, latest));
    }
}
