using NodaTime;
using Quartier.Gateway.Domain.Offers;
using Xunit;

namespace Quartier.Tests.Gateway.Offers;

/// <summary>What matters most to a reader, and what of it a screen gets.</summary>
public sealed class CutRulesTests
{
    private static readonly Instant Noon = Instant.FromUtc(2026, 11, 28, 12, 0);
    private static readonly HashSet<string> Nothing = [];

    [Fact]
    public void What_is_on_comes_first_then_what_begins_soonest_and_equal_starts_by_their_id()
    {
        var order = CutRules.Order([At("c", 30), At("b", 2), At("a", 2), At("on", -1, hours: 2), At("later", 50)], Noon);
        Assert.Equal(["on", "a", "b", "c", "later"], order.Select(view => view.Offer.Id));
    }

    [Fact]
    public void Every_third_place_is_for_an_offer_without_dates_so_that_neither_kind_crowds_out_the_other()
    {
        var dated = Enumerable.Range(0, 900).Select(i => At($"d{i:000}", i + 1));
        var undated = Enumerable.Range(0, 900).Select(i => Undated($"s{i:000}", OfferCategory.Advice));
        var order = CutRules.Order([.. undated, .. dated], Noon).Select(view => view.Offer.Id).ToList();
        Assert.Equal(["d000", "d001", "s000", "d002", "d003", "s001"], order.Take(6));
        foreach (var places in new[] { 3, 18, 500, 1000 })
        {
            Assert.Equal(places / 3, order.Take(places).Count(id => id[0] == 's'));
        }

        Assert.Equal(1800, order.Distinct().Count());
        Assert.Equal(["s0", "s1"], CutRules.Order([Undated("s0", OfferCategory.Advice), Undated("s1", OfferCategory.Advice)], Noon).Select(view => view.Offer.Id));
    }

    [Fact]
    public void Offers_without_dates_take_turns_by_heading_the_newest_first()
    {
        var order = CutRules.Order(
            [Undated("old advice", OfferCategory.Advice, days: 9), Undated("new advice", OfferCategory.Advice, days: 1), Undated("middle advice", OfferCategory.Advice, days: 5), Undated("a meal", OfferCategory.Meals, days: 30)],
            Noon);
        Assert.Equal(["new advice", "a meal", "middle advice", "old advice"], order.Select(view => view.Offer.Id));
    }

    [Fact]
    public void The_order_of_offers_is_the_same_for_hours_and_whatever_order_they_come_in()
    {
        OfferView[] views = [.. Enumerable.Range(0, 50).Select(i => Weekly($"w{i:00}", i * 3)), .. Enumerable.Range(0, 20).Select(i => Undated($"s{i:00}", (OfferCategory)(i % 12)))];
        var order = Ids(views, Noon);
        Assert.Equal(order, Ids([.. views.Reverse()], Noon));
        Assert.Equal(order, Ids(views, Noon + Duration.FromHours(4)));
        Assert.NotEqual(order, Ids(views, Noon + Duration.FromHours(6)));
    }

    [Theory]
    [InlineData("2026-11-28T11:59:59Z", "2026-11-28T11:00:00Z", "2026-11-28T17:00:00Z")]
    [InlineData("2026-11-28T22:59:59Z", "2026-11-28T17:00:00Z", "2026-11-28T23:00:00Z")]
    [InlineData("2026-11-28T23:00:00Z", "2026-11-28T23:00:00Z", "2026-11-29T05:00:00Z")]
    [InlineData("2027-03-28T00:30:00Z", "2027-03-27T23:00:00Z", "2027-03-28T04:00:00Z")] // The clocks change in this night.
    [InlineData("2026-10-25T01:30:00Z", "2026-10-24T22:00:00Z", "2026-10-25T05:00:00Z")]
    public void It_is_ordered_four_times_a_day_by_the_clock_on_the_wall(string now, string ordered, string next)
    {
        var at = NodaTime.Text.InstantPattern.General.Parse(now).Value;
        Assert.Equal((ordered, next), (BerlinTime.Utc(CutRules.OrderedAt(at)), BerlinTime.Utc(CutRules.NextOrdering(at))));
    }

    [Fact]
    public void A_catalogue_that_fits_is_not_cut()
    {
        var order = Ranked(20, bytes: 100);
        Assert.Equal(order, CutRules.Cut(order, new ScreenCapacity(20, 2000), Nothing));
        Assert.Empty(CutRules.Cut([], new ScreenCapacity(1, 1), Nothing));
    }

    [Fact]
    public void Both_limits_hold_for_every_capacity()
    {
        var order = Enumerable.Range(0, 60).Select(i => new RankedEntry($"o{i:00}", $"{i:x16}", 200 + (i * 37 % 900))).ToList();
        IReadOnlySet<string>[] befores = [Nothing, order.Select(entry => entry.OfferId).ToHashSet(), order.Skip(30).Select(entry => entry.OfferId).ToHashSet()];
        foreach (var before in befores)
        {
            for (var entries = 1; entries <= 61; entries += 3)
            {
                for (var bytes = 1; bytes < 45_000; bytes += 613)
                {
                    var cut = CutRules.Cut(order, new ScreenCapacity(entries, bytes), before);
                    Assert.True(cut.Count <= entries && cut.Sum(entry => entry.Bytes) <= bytes, $"{entries} entries, {bytes} bytes");
                    Assert.Equal(cut.Count, cut.Distinct().Count());
                }
            }
        }
    }

    [Fact]
    public void Without_a_cut_before_it_is_the_beginning_of_the_order()
    {
        var order = Ranked(600, bytes: 1000);
        Assert.Equal(order.Take(500), CutRules.Cut(order, new ScreenCapacity(500, 16_000_000), Nothing));
        Assert.Equal(order.Take(30), CutRules.Cut(order, new ScreenCapacity(500, 30_500), Nothing));
    }

    [Fact]
    public void An_entry_at_the_border_does_not_go_back_and_forth()
    {
        var order = Ranked(30, bytes: 100);
        var capacity = new ScreenCapacity(20, 16_000_000);
        var cut = CutRules.Cut(order, capacity, Nothing);
        for (var round = 0; round < 10; round++)
        {
            // The twentieth and the twenty-first change places with every round.
            var swapped = order.ToList();
            (swapped[19], swapped[20]) = round % 2 == 0 ? (order[20], order[19]) : (order[19], order[20]);
            var next = CutRules.Cut(swapped, capacity, Offers(cut));
            Assert.Equal(Offers(cut), Offers(next));
            cut = next;
        }
    }

    [Fact]
    public void An_entry_that_falls_far_behind_the_border_leaves_and_one_that_matters_surely_comes_in()
    {
        var order = Ranked(40, bytes: 100).ToList();
        var capacity = new ScreenCapacity(20, 16_000_000);
        var cut = Offers(CutRules.Cut(order, capacity, Nothing));
        var fallen = order[3];
        var risen = order[39];
        order.Remove(fallen);
        order.Insert(30, fallen);
        order.Remove(risen);
        order.Insert(0, risen);
        var next = Offers(CutRules.Cut(order, capacity, cut));
        Assert.DoesNotContain(fallen.OfferId, next);
        Assert.Contains(risen.OfferId, next);
        Assert.Equal(20, next.Count);
        Assert.Single(next.Except(cut));
    }

    private static HashSet<string> Offers(IReadOnlyList<RankedEntry> cut) => [.. cut.Select(entry => entry.OfferId)];

    private static List<string> Ids(IEnumerable<OfferView> views, Instant now) => [.. CutRules.Order(views, now).Select(view => view.Offer.Id)];

    private static IReadOnlyList<RankedEntry> Ranked(int count, int bytes) => [.. Enumerable.Range(0, count).Select(i => new RankedEntry($"o{i:000}", $"{i:x16}", bytes))];

    private static OfferView At(string id, double startsInHours, double hours = 1)
    {
        var start = Noon + Duration.FromHours(startsInHours);
        return View(id, Schedule.Single(new Occurrence(start, start + Duration.FromHours(hours), false)), OfferCategory.Culture, Noon);
    }

    private static OfferView Weekly(string id, int startsInHours)
    {
        var start = (Noon + Duration.FromHours(startsInHours)).InZone(BerlinTime.Zone).LocalDateTime;
        return View(id, new Schedule([], [new Series(BerlinTime.ZoneId, start, false, new SeriesLength(LocalSeconds: 3600), "FREQ=WEEKLY")], []), OfferCategory.Culture, Noon);
    }

    private static OfferView Undated(string id, OfferCategory category, int days = 0) => View(id, Schedule.None, category, Noon - Duration.FromDays(days));

    private static OfferView View(string id, Schedule schedule, OfferCategory category, Instant firstSeen)
    {
        var item = new OfferItem(id, id, OfferKind.Service, "de", id, "", schedule);
        return OfferView.Of(new Offer(id, "test", [item], new OfferEdit { Category = category }, firstSeen, firstSeen, firstSeen), Noon);
    }
}
