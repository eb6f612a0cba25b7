using System.Data.Common;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using NodaTime;

namespace Quartier.Gateway.Domain.Offers;

/// <summary>An offer as the editors' list needs it.</summary>
public sealed class ListedOffer(OfferView view, Occurrence? next, Instant at)
{
    private IReadOnlyList<TextProblem>? problems;

    public OfferView View => view;

    /// <summary>The date that is on or comes next; null: it has none, or all are over.</summary>
    public Occurrence? Next => next;

    public string Title { get; } = view.TitleIn("de");

    /// <summary>Looking for them draws every letter: only when somebody asks.</summary>
    public IReadOnlyList<TextProblem> Problems => problems ??= CatalogueRules.Problems(view);

    public static ListedOffer Of(Offer offer, Instant now)
    {
        var view = OfferView.Of(offer, now);
        return new ListedOffer(view, ScheduleRules.Next(view.Schedule, now, 1).FirstOrDefault(), now);
    }

    /// <summary>Time changes it when its date is over; which item leads an offer of several may change with any of its dates.</summary>
    public bool HoldsAt(Instant now) => now >= at && view.Offer.Items.Count == 1 && next?.IsOverAt(now) != true;

    /// <summary>The same items and edits under other stamps.</summary>
    public ListedOffer Stamped(Offer offer) => offer == view.Offer ? this : new ListedOffer(view with { Offer = offer }, next, at) { problems = problems };
}

/// <summary>Keeps the offers read from one page to the next: reading five thousand and looking for their dates takes a second or more,
/// and few of them change. What is stored decides: one whose text is not the same is read anew.</summary>
public sealed class OfferShelf
{
    private readonly Lock gate = new();
    private Dictionary<string, Kept> shelf = new(StringComparer.Ordinal);

    public IReadOnlyList<ListedOffer> All(DbConnection db, Instant now)
    {
        var stored = OffersTable.Stored(db);
        Dictionary<string, Kept> before;
        lock (gate)
        {
            before = shelf;
        }

        var after = stored.ToDictionary(row => row.Id, row => Take(before.GetValueOrDefault(row.Id), row, now), StringComparer.Ordinal);
        lock (gate)
        {
            shelf = after;
        }

        return [.. after.Values.Select(kept => kept.Listed)];
    }

    private static Kept Take(Kept? known, StoredOffer row, Instant now)
    {
        var print = PrintOf(row);
        if (known is null || !known.Print.AsSpan().SequenceEqual(print))
        {
            return new Kept(print, ListedOffer.Of(row.ToOffer(), now));
        }

        var offer = row.ToOffer(known.Listed.View.Offer.Items, known.Listed.View.Offer.Edit);
        return known with { Listed = known.Listed.HoldsAt(now) ? known.Listed.Stamped(offer) : ListedOffer.Of(offer, now) };
    }

    private static byte[] PrintOf(StoredOffer row)
    {
        var print = new byte[2 * SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(row.Items.AsSpan()), print);
        SHA256.HashData(MemoryMarshal.AsBytes(row.Edit.AsSpan()), print.AsSpan(SHA256.HashSizeInBytes));
        return print;
    }

    private sealed record Kept(byte[] Print, ListedOffer Listed);
}
