using System.Text;
using NodaTime;
using Quartier.Gateway.Domain.Offers;
using Xunit;

namespace Quartier.Tests.Gateway.Offers;

/// <summary>The pages of the editors' list: nothing twice, nothing left out, the nearest first.</summary>
public sealed class OfferListRulesTests
{
    private static readonly OfferQuery Everything = new(null, null, null, null, null);

    [Fact]
    public void The_pages_together_are_the_list_and_each_offer_stands_once()
    {
        var offers = Stored(120);
        var pages = Enumerable.Range(1, 3).Select(number => Page(offers, Everything with { Page = number })).ToList();
        Assert.Equal([50, 50, 20], pages.Select(page => page.Rows.Count));
        Assert.All(pages, page => Assert.Equal((3, 120, 120), (page.Pages, page.Found, page.Total)));
        Assert.Equal(Enumerable.Range(0, 120).Select(i => $"Angebot {i:000}"), pages.SelectMany(page => page.Rows).Select(row => row.View.TitleIn("de")));
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, 1)]
    [InlineData(99, 3)]
    public void A_page_that_is_not_there_is_the_nearest_that_is(int asked, int shown) =>
        Assert.Equal(shown, Page(Stored(120), Everything with { Page = asked }).Page);

    [Fact]
    public void A_word_a_source_and_what_is_hidden_choose_before_pages_are_counted()
    {
        var offers = Stored(120).Select((offer, i) => i % 2 == 0 ? offer : offer with { Edit = new OfferEdit { Hidden = true } }).ToList();
        Assert.Equal((60, 2), FoundAndPages(offers, Everything));
        Assert.Equal((60, 2), FoundAndPages(offers, Everything with { Show = "hidden" }));
        Assert.Equal((120, 3), FoundAndPages(offers, Everything with { Show = "all" }));
        Assert.Equal((10, 1), FoundAndPages(offers, Everything with { Show = "all", Q = " angebot 07" }));
        Assert.Equal((0, 1), FoundAndPages(offers, Everything with { Source = "andere" }));
    }

    [Fact]
    public void Remarks_stand_on_every_row_that_is_shown_and_can_be_chosen()
    {
        var offers = Stored(60, i => i < 55 ? "🎄 " : "");
        var second = Page(offers, Everything with { Page = 2 });
        Assert.Equal([true, true, true, true, true, false, false, false, false, false], second.Rows.Select(row => row.Problems.Count > 0));
        Assert.Equal((55, 2), FoundAndPages(offers, Everything with { Show = "problems" }));
    }

    [Fact]
    public void What_is_over_stands_only_among_all()
    {
        var offers = Stored(3);
        var later = TestStore.Evening + Duration.FromDays(365 * 80);
        Assert.Equal(0, Page(offers, Everything, later).Found);
        Assert.Equal(3, Page(offers, Everything with { Show = "all" }, later).Found);
    }

    private static OfferListPage Page(IReadOnlyList<Offer> offers, OfferQuery query, Instant? now = null) =>
        OfferListRules.PageOf([.. offers.Select(offer => ListedOffer.Of(offer, now ?? TestStore.Evening))], query, ScreenContents.None);

    private static (int Found, int Pages) FoundAndPages(IReadOnlyList<Offer> offers, OfferQuery query) =>
        Page(offers, query) is var page ? (page.Found, page.Pages) : default;

    /// <summary>One a minute from a day in 2098 on, as they come out of the store: by id.</summary>
    private static List<Offer> Stored(int count, Func<int, string>? before = null)
    {
        using var store = new TestStore();
        var events = string.Concat(Enumerable.Range(0, count).Select(i =>
            $"BEGIN:VEVENT\r\nUID:s{i}\r\nSUMMARY:{before?.Invoke(i)}Angebot {i:000}\r\nDTSTART:20981224T{10 + (i / 60)}{i % 60:00}00Z\r\nEND:VEVENT\r\n"));
        store.Database.Write(db => ImportRun.Run(
            db, Encoding.UTF8.GetBytes($"BEGIN:VCALENDAR\r\n{events}END:VCALENDAR\r\n"), new ImportRequest("b.ics") { Source = "Seiten" }, TestStore.Evening));
        return [.. store.Database.Read(OffersTable.All)];
    }
}
