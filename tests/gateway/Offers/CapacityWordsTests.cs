using NodaTime;
using Quartier.Gateway.Domain.Offers;
using Quartier.Gateway.Pages;
using Xunit;

namespace Quartier.Tests.Gateway.Offers;

/// <summary>An editor and facility staff read, by name and number, what a full screen does not show.</summary>
public sealed class CapacityWordsTests
{
    private const string Now = "aaaaaaaaaaaaaaaa";
    private static readonly Instant At = Instant.FromUtc(2026, 11, 28, 8, 0);

    [Fact]
    public void A_screen_that_cannot_keep_everything_says_how_much_it_shows_and_what_is_missing()
    {
        Assert.Equal("zeigt 500 von 586 Angeboten, Speicher voll: die spätesten fehlen", CapacityWords.Fill(ReaderLanguage.German, Screen(500), 586));
        Assert.Equal("shows 500 of 586 offers, memory full: the latest are missing", CapacityWords.Fill(ReaderLanguage.English, Screen(500), 586));
        Assert.StartsWith("bekommt 500 von 586 Angeboten", CapacityWords.Fill(ReaderLanguage.German, Screen(500) with { Shown = "" }, 586), StringComparison.Ordinal);
        Assert.Contains("seine Firmware nennt seinen Speicher nicht", CapacityWords.Fill(ReaderLanguage.German, Screen(18) with { SaysCapacity = false }, 46), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_claimed_of_a_screen_that_has_not_confirmed_all()
    {
        Assert.Equal("zeigt alle 46 Angebote", CapacityWords.Fill(ReaderLanguage.German, Screen(46), 46));
        Assert.Equal("", CapacityWords.Fill(ReaderLanguage.German, Screen(46) with { Shown = "" }, 46));
        Assert.Equal("", CapacityWords.Fill(ReaderLanguage.German, Screen(0), 0));
        Assert.Equal("", CapacityWords.Fill(ReaderLanguage.German, Screen(0) with { Target = "" }, 46));
    }

    [Fact]
    public void A_screen_that_refuses_says_since_how_often_when_it_is_tried_again_and_what_to_do()
    {
        var screen = Screen(500) with { Shown = "bbbbbbbbbbbbbbbb", Refusals = 4, OfferedAt = At };
        Assert.Equal("", CapacityWords.Refusal(ReaderLanguage.German, screen with { Refusals = 2 }, At));
        Assert.Contains("4-mal nicht angenommen und zeigt die davor. Nächster Versuch: heute 09:20", CapacityWords.Refusal(ReaderLanguage.German, screen, At), StringComparison.Ordinal);
        Assert.Contains("Next try: today 09:20", CapacityWords.Refusal(ReaderLanguage.English, screen, At), StringComparison.Ordinal);
    }

    [Fact]
    public void An_offer_names_the_screens_that_are_too_full_for_it_and_is_silent_where_all_have_room()
    {
        Assert.Equal("steht auf 3 von 4 Bildschirmen; zu voll: Eselsberg 1", CapacityWords.Places(ReaderLanguage.German, new OfferPlaces(3, 4, ["Eselsberg 1"])));
        Assert.Equal("on no screen; too full: a, b, c and 2 more", CapacityWords.Places(ReaderLanguage.English, new OfferPlaces(0, 5, ["a", "b", "c", "d", "e"])));
        Assert.Equal("", CapacityWords.Places(ReaderLanguage.German, new OfferPlaces(4, 4, [])));
        Assert.Equal("", CapacityWords.Places(ReaderLanguage.German, null));
    }

    [Fact]
    public void Where_an_offer_stands_is_what_screens_confirmed_and_where_it_has_no_room_is_what_they_can_keep()
    {
        var contents = new ScreenContents(
            [new("A", ["e1"], ["e1", "e2"]), new("B", ["e1"], ["e1"])],
            new Dictionary<string, string> { ["one"] = "e1", ["two"] = "e2" },
            IsWhole: true);
        Assert.Equivalent(new OfferPlaces(2, 2, []), contents.Of("one"));
        Assert.Equivalent(new OfferPlaces(0, 2, ["B"]), contents.Of("two"));
        Assert.Null(contents.Of("no screen can draw it"));
        Assert.Equivalent(new OfferPlaces(0, 2, ["A", "B"]), (contents with { IsWhole = false }).Of("beyond the largest"));
        Assert.Null(ScreenContents.None.Of("one"));
    }

    private static ScreenCatalogue Screen(int count) => new("eselsberg-1", Now, At, Now, At) { Target = Now, TargetCount = count, SaysCapacity = true };
}
