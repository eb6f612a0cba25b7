using NodaTime;
using Quartier.Gateway.Domain.Offers;
using Xunit;

namespace Quartier.Tests.Gateway.Offers;

/// <summary>What is kept read is never other than what is stored, at any time.</summary>
public sealed class OfferShelfTests : IDisposable
{
    private static readonly Instant Noon = Instant.FromUtc(2026, 11, 28, 12, 0);
    private readonly TestStore store = new();
    private readonly OfferShelf shelf = new();

    public void Dispose() => store.Dispose();

    [Fact]
    public void An_offer_that_did_not_change_is_not_read_again()
    {
        Put(OfferOf("a", 1), OfferOf("b", 2));
        var first = All(Noon);
        Assert.Equal(first, All(Noon + Duration.FromMinutes(30)));
        Put(OfferOf("b", 2, title: "Anders"));
        var after = All(Noon);
        Assert.Same(first[0], after[0]);
        Assert.Equal("Anders", after[1].Title);
    }

    [Fact]
    public void New_stamps_are_seen_without_reading_the_text_again()
    {
        Put(OfferOf("a", 1));
        var first = Assert.Single(All(Noon));
        Put(OfferOf("a", 1) with { LastSeen = Noon + Duration.FromHours(1), Withdrawn = true });
        var after = Assert.Single(All(Noon));
        Assert.True(after.View.Offer.Withdrawn);
        Assert.Equal(Noon + Duration.FromHours(1), after.View.Offer.LastSeen);
        Assert.Same(first.View.Lead, after.View.Lead);
    }

    [Fact]
    public void What_is_deleted_leaves_and_what_is_edited_at_the_same_moment_is_seen()
    {
        Put(OfferOf("a", 1), OfferOf("b", 2));
        All(Noon);
        store.Database.Write(db => OffersTable.Delete(db, "a"));
        Put(OfferOf("b", 2) with { Edit = new OfferEdit { Hidden = true } });
        Assert.True(Assert.Single(All(Noon)).View.Offer.Edit.Hidden);
    }

    [Fact]
    public void At_every_hour_of_two_weeks_the_dates_are_those_of_a_fresh_reading()
    {
        Put([.. Enumerable.Range(0, 20).Select(i => OfferOf($"o{i:00}", i * 7)), Weekly("w"), Joined("j"), OfferOf("undated", null)]);
        var hours = Enumerable.Range(0, 14 * 24).Concat([30, 3]); // The clock may be set back.
        foreach (var now in hours.Select(hour => Noon + Duration.FromHours(hour)))
        {
            var fresh = store.Database.Read(OffersTable.All).Select(offer => ListedOffer.Of(offer, now)).Select(Facts);
            Assert.Equal(fresh, All(now).Select(Facts));
        }
    }

    private static (string Id, Occurrence? Next, string Title, string? Url) Facts(ListedOffer offer) => (offer.View.Offer.Id, offer.Next, offer.Title, offer.View.Url);

    private IReadOnlyList<ListedOffer> All(Instant now) => store.Database.Read(db => shelf.All(db, now));

    private void Put(params Offer[] offers) => store.Database.Write(db =>
    {
        foreach (var offer in offers)
        {
            OffersTable.Put(db, offer);
        }
    });

    private static Offer OfferOf(string id, int? startsInHours, string title = "Treffen") => Of(id, Item(id, title, startsInHours is { } hours ? At(hours) : Schedule.None));

    private static Offer Weekly(string id) =>
        Of(id, Item(id, "Jede Woche", new Schedule([], [new Series(BerlinTime.ZoneId, new LocalDateTime(2026, 11, 3, 18, 0), false, new SeriesLength(LocalSeconds: 7200), "FREQ=WEEKLY")], [])));

    /// <summary>Two items of a feed: the one whose date comes next leads.</summary>
    private static Offer Joined(string id) => Of(id, Item("first", "Erster", At(40)), Item("second", "Zweiter", At(90)));

    private static Offer Of(string id, params OfferItem[] items) => new(id, "test", items, OfferEdit.None, Noon, Noon, Noon);

    private static OfferItem Item(string key, string title, Schedule schedule) => new(key, key, OfferKind.Event, "de", title, "Alle sind willkommen.", schedule) { Url = $"https://example.org/{key}" };

    private static Schedule At(int hours) => Schedule.Single(new Occurrence(Noon + Duration.FromHours(hours), Noon + Duration.FromHours(hours + 2), false));
}
