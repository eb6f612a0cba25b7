using NodaTime;

namespace Quartier.Gateway.Domain.Offers;

/// <summary>What a cut needs to know of an entry.</summary>
/// <param name="Bytes">Length of its payload.</param>
public sealed record RankedEntry(string OfferId, string Digest, int Bytes);

/// <summary>What matters most to a reader, and how much of it a screen can keep (decision 0123). Pure and deterministic.</summary>
public static class CutRules
{
    /// <summary>Of so many places one is for an offer without dates.</summary>
    public const int UndatedEvery = 3;

    /// <summary>One part in so many of a cut is sticky, on either side of its border.</summary>
    private const int StickyPart = 10;

    private static readonly LocalTime[] Orderings = [LocalTime.Midnight, new(6, 0), new(12, 0), new(18, 0)];

    /// <summary>The moment as of which offers are ordered: the same for hours, so that a date that is over does not move its offer at once.</summary>
    public static Instant OrderedAt(Instant now)
    {
        var day = BerlinTime.DayOf(now);
        return Orderings.Select(time => BerlinTime.Resolve(day.At(time))).Last(at => at <= now);
    }

    public static Instant NextOrdering(Instant now)
    {
        var day = BerlinTime.DayOf(now);
        return Orderings.Select(time => BerlinTime.Resolve(day.At(time))).Append(BerlinTime.StartOf(day.PlusDays(1))).First(at => at > now);
    }

    /// <summary>What is on or begins soonest first; in every third place one without dates, as long as there are both.</summary>
    /// <param name="views">Offers that are not over now.</param>
    public static IReadOnlyList<OfferView> Order(IEnumerable<OfferView> views, Instant now)
    {
        var at = OrderedAt(now);
        var byDates = views.ToLookup(view => view.Schedule.IsEmpty);
        var dated = byDates[false].Select(view => (View: view, ScheduleRules.Next(view.Schedule, at, 1)[0].Start))
            .OrderBy(pair => pair.Start).ThenBy(pair => pair.View.Offer.Id, StringComparer.Ordinal)
            .Select(pair => pair.View).ToList();
        var undated = byDates[true].GroupBy(view => view.Category)
            .SelectMany(heading => heading.OrderByDescending(view => view.Offer.FirstSeen).ThenBy(view => view.Offer.Id, StringComparer.Ordinal).Select((view, turn) => (View: view, Turn: turn)))
            .OrderBy(pair => pair.Turn).ThenBy(pair => pair.View.Category)
            .Select(pair => pair.View).ToList();
        var order = new List<OfferView>(dated.Count + undated.Count);
        var (nextDated, nextUndated) = (0, 0);
        while (order.Count < dated.Count + undated.Count)
        {
            var isUndated = nextDated == dated.Count || (nextUndated < undated.Count && (order.Count + 1) % UndatedEvery == 0);
            order.Add(isUndated ? undated[nextUndated++] : dated[nextDated++]);
        }

        return order;
    }

    /// <summary>The beginning of the order that fits. At its border the entries of the cut before stay while they are near it, so that a
    /// small move does not send entries back and forth.</summary>
    /// <param name="before">Offers in the cut before.</param>
    public static IReadOnlyList<RankedEntry> Cut(IReadOnlyList<RankedEntry> order, ScreenCapacity capacity, IReadOnlySet<string> before)
    {
        var fits = Take([], order, capacity);
        if (fits.Count == order.Count)
        {
            return order;
        }

        var sticky = Math.Max(1, fits.Count / StickyPart);
        var sure = order.Take(fits.Count - sticky).ToList();
        var border = order.Skip(sure.Count).Take(2 * sticky).ToLookup(entry => before.Contains(entry.OfferId));
        return Take(Take(sure, border[true], capacity), border[false], capacity);
    }

    /// <summary>The first that does not fit ends it: what comes later must not overtake for being shorter.</summary>
    private static List<RankedEntry> Take(List<RankedEntry> taken, IEnumerable<RankedEntry> next, ScreenCapacity capacity)
    {
        var bytes = taken.Sum(entry => entry.Bytes);
        return [.. taken, .. next.TakeWhile((entry, index) => taken.Count + index < capacity.Entries && (bytes += entry.Bytes) <= capacity.Bytes)];
    }
}
