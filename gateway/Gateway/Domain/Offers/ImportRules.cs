using System.Security.Cryptography;
using System.Text;
using NodaTime;
using Quartier.Gateway.Domain.Offers.Import;

namespace Quartier.Gateway.Domain.Offers;

public enum ChangeKind
{
    Added,
    Changed,
    Unchanged,

    /// <summary>The source called it off or deleted it.</summary>
    Withdrawn,
}

/// <summary>What an import does to one offer.</summary>
public sealed record OfferChange(ChangeKind Kind, Offer Offer, Offer? Before)
{
    /// <summary>Why it was withdrawn: a <see cref="SkipReason"/>.</summary>
    public string? Reason { get; init; }
}

/// <summary>Everything an import does: offers to store, and ids of offers that were merged into others.</summary>
public sealed record ImportPlan(IReadOnlyList<OfferChange> Changes, IReadOnlyList<string> Merged)
{
    public IReadOnlyList<Offer> ToStore => Changes.Select(change => change.Offer).ToList();
}

/// <summary>
/// What a reading does to the offers of its source (R8 to R10). Pure. Items keep their identity over fetches; items that are not listed
/// any more stay until they are over, or are withdrawn where the source lists all that it has; two states of one item are decided by the source's own time stamp, so the order of imports does not matter where it gives one.
/// </summary>
public static class ImportRules
{
    public static ImportPlan Plan(string source, IReadOnlyList<Offer> existing, Reading reading, Instant now)
    {
        var held = new HeldItems(existing, [.. reading.Items, .. reading.Over]);
        foreach (var item in reading.Items)
        {
            held.Take(item);
        }

        foreach (var item in reading.Over)
        {
            held.Outdate(item);
        }

        foreach (var key in reading.Deleted)
        {
            held.Delete(key);
        }

        foreach (var off in reading.CalledOff)
        {
            held.CallOff(off);
        }

        if (reading.IsComplete)
        {
            held.Vanish(reading.Named, BerlinTime.StartOf(BerlinTime.DayOf(now)));
        }

        return Compare(source, existing, held.All, now);
    }

    /// <summary>R8: compared without case and repeated spaces.</summary>
    internal static string Fold(string? text) => FeedText.Line(text).ToLowerInvariant();

    internal static Instant? StartOf(OfferItem item) => item.Schedule.Once.Count > 0 ? item.Schedule.Once[0].Start : null;

    private static ImportPlan Compare(string source, IReadOnlyList<Offer> existing, IReadOnlyList<Held> held, Instant now)
    {
        var byId = existing.ToDictionary(offer => offer.Id);
        var taken = new HashSet<string>(StringComparer.Ordinal);
        var changes = new List<OfferChange>();
        foreach (var group in Groups(held))
        {
            var id = group.Select(part => part.OfferId).FirstOrDefault(known => known is not null && !taken.Contains(known)) ?? NewId(source, group[0].Item.Key, taken, byId);
            taken.Add(id);
            var before = byId.GetValueOrDefault(id);
            var present = group.Where(part => part.Gone is null).Select(part => part.Item).ToList();
            var withdrawn = present.Count == 0;
            var items = (withdrawn ? group.Select(part => part.Item) : present).OrderBy(item => StartOf(item) ?? Instant.MinValue).ThenBy(item => item.Key, StringComparer.Ordinal).ToList();
            var listed = group.Any(part => part.Listed);
            if (!listed && before is not null && before.Withdrawn == withdrawn && items.Count == before.Items.Count)
            {
                continue;
            }

            if (withdrawn && before is null)
            {
                continue; // Called off before it was ever here.
            }

            var isSame = before is not null && before.Withdrawn == withdrawn && Content(before.Items) == Content(items);
            var offer = new Offer(id, source, items, before?.Edit ?? OfferEdit.None, before?.FirstSeen ?? now, now, isSame ? before!.LastChanged : now) { Withdrawn = withdrawn };
            var kind = before is null ? ChangeKind.Added : isSame ? ChangeKind.Unchanged : withdrawn ? ChangeKind.Withdrawn : ChangeKind.Changed;
            changes.Add(new OfferChange(kind, offer, before) { Reason = kind == ChangeKind.Withdrawn ? group.Select(part => part.Gone).LastOrDefault(reason => reason is { Length: > 0 }) : null });
        }

        return new ImportPlan(changes, byId.Keys.Where(id => !taken.Contains(id)).Order(StringComparer.Ordinal).ToList());
    }

    /// <summary>R9: items with the same title, place and clock times whose links differ only in query or fragment are one offer.</summary>
    private static List<List<Held>> Groups(IReadOnlyList<Held> held)
    {
        var groups = new List<List<Held>>();
        var byKey = new Dictionary<string, List<Held>>(StringComparer.Ordinal);
        foreach (var part in held)
        {
            var key = JoinKey(part.Item);
            if (key is not null && byKey.TryGetValue(key, out var group))
            {
                group.Add(part);
                continue;
            }

            group = [part];
            groups.Add(group);
            if (key is not null)
            {
                byKey[key] = group;
            }
        }

        return groups;
    }

    private static string? JoinKey(OfferItem item)
    {
        if (!item.MayJoin || item.Schedule.Once.Count != 1)
        {
            return null;
        }

        var once = item.Schedule.Once[0];
        var start = once.Start.InZone(BerlinTime.Zone);
        var end = once.End?.InZone(BerlinTime.Zone);
        var days = end is { } closing ? Period.DaysBetween(start.Date, closing.Date) : -1;
        return $"{Fold(item.Title)}|{Fold(item.Place)}|{start.TimeOfDay}|{end?.TimeOfDay}|{days}|{item.Url?.Split('?', '#')[0]}|{item.Kind}|{item.Language}";
    }

    /// <summary>What people would notice: keys, labels and time stamps may differ from fetch to fetch without a change.</summary>
    private static string Content(IReadOnlyList<OfferItem> items) =>
        OfferJson.Write(items.Select(item => item with { Key = "", KeyIsGiven = false, Label = "", Updated = null }).ToList());

    private static string NewId(string source, string key, HashSet<string> taken, Dictionary<string, Offer> existing)
    {
        for (var attempt = 0; ; attempt++)
        {
            var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{source}\n{key}\n{attempt}"));
            var id = Convert.ToHexStringLower(hash.AsSpan(0, 6));
            if (!taken.Contains(id) && !existing.ContainsKey(id))
            {
                return id;
            }
        }
    }
}
