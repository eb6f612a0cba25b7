using System.Security.Cryptography;
using System.Text;
using NodaTime;
using Quartier.Gateway.Domain.Offers.Import;
using Quartier.Wire;

namespace Quartier.Gateway.Domain.Offers;

/// <summary>An offer in the screens' format. Anchor is the moment from which its dates were listed.</summary>
public sealed record BuiltEntry(string OfferId, string Digest, byte[] Payload, Instant Anchor)
{
    /// <summary>When time alone will make it another entry; null for never. Known for an entry that was just built.</summary>
    public Instant? ChangesAt { get; init; }
}

/// <summary>
/// From offers to the entries and manifests of firmware/wire. Pure. Dates are listed ahead and stay as they are until few are left,
/// so that an entry's digest changes only when people would see a change.
/// </summary>
public static class CatalogueRules
{
    private const int DatesLeftMin = 4;

    /// <summary>Null where a screen has nothing to show of the offer: over, hidden, or not a single text that it can draw.</summary>
    public static BuiltEntry? Build(OfferView view, Instant now, Instant? earlierAnchor)
    {
        if (!view.IsShownAt(now))
        {
            return null;
        }

        var anchor = earlierAnchor ?? now;
        var dates = ScheduleRules.Next(view.Schedule, anchor, CatalogueEntry.TimesMax);
        if (dates.Count == CatalogueEntry.TimesMax && dates.Count(date => !date.IsOverAt(now)) < DatesLeftMin || (dates.Count > 0 && dates.All(date => date.IsOverAt(now))))
        {
            anchor = now;
            dates = ScheduleRules.Next(view.Schedule, anchor, CatalogueEntry.TimesMax);
        }

        var entry = Describe(view, dates);
        var buffer = new byte[4096];
        var length = entry is null ? -1 : entry.Encode(buffer);
        if (length < 0)
        {
            return null;
        }

        var payload = buffer[..length];
        return new BuiltEntry(view.Offer.Id, DigestOf(payload), payload, anchor) { ChangesAt = ChangesAt(view, dates, now) };
    }

    /// <summary>The end of the date after which too few are left, or of the last one. Which item leads an offer of several may change
    /// with each of its dates.</summary>
    private static Instant? ChangesAt(OfferView view, IReadOnlyList<Occurrence> dates, Instant now)
    {
        var ends = dates.Where(date => !date.IsOverAt(now)).Select(date => date.End ?? date.Start + Duration.FromSeconds(1)).Order().ToList();
        if (ends.Count == 0)
        {
            return null;
        }

        var kept = view.Offer.Items.Count > 1 ? ends.Count - 1 : dates.Count == CatalogueEntry.TimesMax ? DatesLeftMin - 1 : 0;
        return ends[Math.Max(0, ends.Count - 1 - kept)];
    }

    private static CatalogueEntry? Describe(OfferView view, IReadOnlyList<Occurrence> dates)
    {
        var texts = ScreenTexts.Sent(view);
        if (texts.Count == 0)
        {
            return null;
        }

        var textBytes = ScreenTexts.TextBytes(texts.Count);
        var times = dates.Where(date => date.Start >= Instant.FromUnixTimeSeconds(0)).ToList();
        return new CatalogueEntry
        {
            Id = view.Offer.Id,
            Kind = (EntryKind)(int)view.Lead.Kind,
            Category = (int)view.Category,
            Languages = texts.Select(pair => pair.Key).ToArray(),
            Titles = texts.Select(pair => ScreenTexts.Fit(FeedText.Line(pair.Value.Title), CatalogueEntry.TitleBytesMax)).ToArray(),
            Texts = texts.Select(pair => ScreenTexts.Fit(pair.Value.Text, textBytes)).ToArray(),
            Place = ScreenTexts.Fit(view.Lead.Place ?? "", CatalogueEntry.PlaceBytesMax),
            Url = view.Url is { } url && Encoding.UTF8.GetByteCount(url) <= CatalogueEntry.UrlBytesMax ? url : "",
            Phone = ScreenTexts.Fit(view.Lead.Phone ?? "", CatalogueEntry.PhoneBytesMax),
            Provider = ScreenTexts.Fit(view.Lead.Provider ?? "", CatalogueEntry.ProviderBytesMax),
            StartUnixMinutes = times.Select(date => (int)(date.Start.ToUnixTimeSeconds() / 60)).ToArray(),
            DurationMinutes = times.Select(date => date.End is { } end ? (int)Math.Clamp((end - date.Start).TotalMinutes, 0, CatalogueEntry.DurationMinutesMax) : 0).ToArray(),
            AllDay = times.Select(date => date.AllDay).ToArray(),
            Flags = (int)view.Flags,
        };
    }

    /// <summary>What an editor should know before the offer reaches a screen.</summary>
    public static IReadOnlyList<TextProblem> Problems(OfferView view) => ScreenTexts.Problems(view);

    public static string DigestOf(byte[] payload) => Convert.ToHexStringLower(SHA256.HashData(payload).AsSpan(0, 8));

    /// <summary>Of the sorted entry digests; equal catalogues have equal digests whatever the order of their making.</summary>
    public static string CatalogueDigest(IEnumerable<string> entryDigests) =>
        DigestOf(entryDigests.Order(StringComparer.Ordinal).SelectMany(Convert.FromHexString).ToArray());

    /// <summary>
    /// The manifest in as many parts as it needs: the change against the catalogue that the screen shows where that is known and shorter,
    /// else the complete list.
    /// </summary>
    public static IReadOnlyList<CatalogueManifest> Manifest(string digest, IReadOnlyCollection<string> entries, string shown, IReadOnlyCollection<string>? shownEntries, Instant now)
    {
        var isDelta = shownEntries is not null && shown.Length > 0;
        var add = entries.Where(entry => shownEntries is null || !shownEntries.Contains(entry)).Order(StringComparer.Ordinal).ToList();
        var drop = isDelta ? shownEntries!.Where(entry => !entries.Contains(entry)).Order(StringComparer.Ordinal).ToList() : [];
        if (isDelta && add.Count + drop.Count > entries.Count)
        {
            isDelta = false;
            add = entries.Order(StringComparer.Ordinal).ToList();
            drop = [];
        }

        var all = add.Select(entry => (Digest: entry, IsAdd: true)).Concat(drop.Select(entry => (Digest: entry, IsAdd: false))).Chunk(CatalogueManifest.DigestsMax).ToList();
        var parts = Math.Max(1, all.Count);
        return Enumerable.Range(0, parts).Select(part => new CatalogueManifest
        {
            Digest = Convert.FromHexString(digest),
            Base = isDelta ? Convert.FromHexString(shown) : [],
            EntryCount = entries.Count,
            IssuedUnixSeconds = now.ToUnixTimeSeconds(),
            Part = part + 1,
            Parts = parts,
            Add = ListOf(part < all.Count ? all[part].Where(entry => entry.IsAdd).Select(entry => entry.Digest) : []),
            Drop = ListOf(part < all.Count ? all[part].Where(entry => !entry.IsAdd).Select(entry => entry.Digest) : []),
        }).ToList();
    }

    /// <summary>Tells a screen that there is something newer without sending it: a change against what it does not show, which it refuses.</summary>
    public static CatalogueManifest NotNow(string digest, int entries, Instant now) => new()
    {
        Digest = Convert.FromHexString(digest),
        Base = Convert.FromHexString(digest),
        EntryCount = entries,
        IssuedUnixSeconds = now.ToUnixTimeSeconds(),
        Add = ListOf([]),
        Drop = ListOf([]),
    };

    private static DigestList ListOf(IEnumerable<string> digests)
    {
        var list = new DigestList(CatalogueManifest.DigestsMax);
        foreach (var digest in digests)
        {
            list.TryAdd(Convert.FromHexString(digest), 0);
        }

        return list;
    }
}
