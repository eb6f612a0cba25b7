using NodaTime;
using Quartier.Gateway.Domain.Offers.Import;

namespace Quartier.Gateway.Domain.Offers;

/// <param name="OfferId">The offer that it belongs to; null: new with this reading.</param>
/// <param name="Listed">The reading names it.</param>
/// <param name="Gone">Why its source does not have it any more (a <see cref="SkipReason"/>; empty: withdrawn before); null: it has.</param>
internal sealed record Held(OfferItem Item, string? OfferId, bool Listed, string? Gone);

/// <summary>A source's items while a reading is laid over them. Found by key, link or start without walking through all of them.</summary>
internal sealed class HeldItems
{
    private readonly List<Held> held = [];
    private readonly Dictionary<string, int> byKey = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<int>> byUrl = new(StringComparer.Ordinal);
    private readonly Dictionary<Instant, List<int>> byStart = [];
    private readonly Dictionary<string, List<int>> datesOf = new(StringComparer.Ordinal);
    private readonly HashSet<string> listedKeys;

    public HeldItems(IEnumerable<Offer> existing, IReadOnlyList<OfferItem> listed)
    {
        listedKeys = listed.Select(item => item.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var offer in existing)
        {
            foreach (var item in offer.Items)
            {
                Put(held.Count, new Held(item, offer.Id, false, offer.Withdrawn ? "" : null));
            }
        }
    }

    public IReadOnlyList<Held> All => held;

    /// <summary>Of two states of one item the newer one stays, where the source dates them.</summary>
    public void Take(OfferItem item)
    {
        var index = Find(item);
        if (index < 0)
        {
            Put(held.Count, new Held(item, null, true, null));
            return;
        }

        var isOlder = item.Updated is { } updated && held[index].Item.Updated is { } known && updated < known;
        Put(index, held[index] with { Item = isOlder ? held[index].Item : item, Listed = true, Gone = isOlder ? held[index].Gone : null });
    }

    /// <summary>An item that is over is not taken in; but an entry that is here must not keep a date that its source moved into the past.</summary>
    public void Outdate(OfferItem item)
    {
        var index = Find(item);
        if (index >= 0 && OfferJson.Write(held[index].Item.Schedule) != OfferJson.Write(item.Schedule))
        {
            Take(item);
        }
    }

    /// <summary>R10: what the source deleted.</summary>
    public void Delete(string key)
    {
        if (byKey.TryGetValue(key, out var index))
        {
            held[index] = held[index] with { Gone = SkipReason.Deleted };
        }
    }

    /// <summary>R10, where the source lists all that it has. What is over stays as history.</summary>
    public void Vanish(IEnumerable<string> named, Instant today)
    {
        var known = named.ToHashSet(StringComparer.Ordinal);
        for (var at = 0; at < held.Count; at++)
        {
            if (held[at] is { Listed: false, Gone: null } part && !known.Contains(part.Item.Key) && !ScheduleRules.IsOver(part.Item.Schedule, today))
            {
                held[at] = part with { Gone = SkipReason.Vanished };
            }
        }
    }

    /// <summary>R9: by its key; else, in a series whose items have keys of their own, by title and start; else as R8 knows an entry whose key changed.</summary>
    public void CallOff(CalledOff off)
    {
        if (off.Dates.Count > 0)
        {
            CallOffDates(off);
            return;
        }

        var found = KeyedBy(off.Key) is { Count: > 0 } own ? own
            : off.Start is { } start && byStart.TryGetValue(start, out var then) && then.Where(at => ImportRules.StartOf(held[at].Item) == start && Same(held[at].Item.Title, off.Title)).ToList() is { Count: > 0 } same ? same
            : Unlisted(off.Link, off.Place).Where(at => Same(held[at].Item.Title, off.Title)).Take(1).ToList();
        foreach (var at in found.Where(at => off.Updated is not { } updated || held[at].Item.Updated is not { } known || known <= updated))
        {
            held[at] = held[at] with { Gone = off.Reason };
        }
    }

    /// <summary>The entry with this key, and those of its dates that have become entries of their own.</summary>
    private List<int> KeyedBy(string key)
    {
        var found = datesOf.TryGetValue(key, out var dates) ? dates.Where(at => OfferItem.SeriesKey(held[at].Item.Key) == key).Distinct().ToList() : [];
        if (byKey.TryGetValue(key, out var index))
        {
            found.Insert(0, index);
        }

        return found;
    }

    /// <summary>A notice about single dates of a series that this reading does not bring itself.</summary>
    private void CallOffDates(CalledOff off)
    {
        if (!byKey.TryGetValue(off.Key, out var at) || held[at].Listed)
        {
            return;
        }

        var schedule = held[at].Item.Schedule;
        var changes = schedule.Changes.Where(change => !off.Dates.Contains(change.Original)).Concat(off.Dates.Select(date => new DateChange(date, null))).OrderBy(change => change.Original).ToList();
        var once = schedule.Once.Where(date => !off.Dates.Contains(date.Start)).ToList();
        held[at] = held[at] with { Item = held[at].Item with { Schedule = schedule with { Once = once, Changes = changes } }, Listed = true };
    }

    /// <summary>R8: the key, else (a new key, but link and place of an entry whose own key is no longer listed) that entry.</summary>
    private int Find(OfferItem item)
    {
        if (byKey.TryGetValue(item.Key, out var index))
        {
            return index;
        }

        var candidates = item.KeyIsGiven ? Unlisted(item.Url, item.Place) : [];
        if (candidates.Count > 1)
        {
            var titled = candidates.Where(at => Same(held[at].Item.Title, item.Title)).ToList();
            var closer = titled.Where(at => ImportRules.StartOf(held[at].Item) == ImportRules.StartOf(item)).ToList();
            candidates = closer.Count > 0 ? closer : titled;
        }

        return candidates.Count > 0 ? candidates[0] : -1;
    }

    private List<int> Unlisted(string? url, string? place) => url is null || !byUrl.TryGetValue(url, out var linked)
        ? []
        : linked.Where(at => held[at].Item.Url == url && !held[at].Listed && !listedKeys.Contains(held[at].Item.Key) && Same(held[at].Item.Place, place)).Distinct().ToList();

    private void Put(int index, Held next)
    {
        if (index == held.Count)
        {
            held.Add(next);
        }
        else
        {
            byKey.Remove(held[index].Item.Key);
            held[index] = next;
        }

        byKey[next.Item.Key] = index;
        if (OfferItem.SeriesKey(next.Item.Key) is { } series)
        {
            Add(datesOf, series, index);
        }

        if (next.Item.Url is { } url)
        {
            Add(byUrl, url, index);
        }

        if (ImportRules.StartOf(next.Item) is { } start)
        {
            Add(byStart, start, index);
        }
    }

    private static void Add<T>(Dictionary<T, List<int>> lists, T key, int index)
        where T : notnull
    {
        if (!lists.TryGetValue(key, out var list))
        {
            lists[key] = list = [];
        }

        list.Add(index);
    }

    private static bool Same(string? left, string? right) => string.Equals(ImportRules.Fold(left), ImportRules.Fold(right), StringComparison.Ordinal);
}
