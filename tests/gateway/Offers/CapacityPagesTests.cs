using System.Data.Common;
using System.Net;
using System.Text.RegularExpressions;
using Quartier.Gateway.Domain.Offers;
using Quartier.Gateway.Domain.Registry;
using Quartier.Gateway.Ingest;
using Quartier.Simulator.Demo;
using Quartier.Wire;
using Xunit;

namespace Quartier.Tests.Gateway.Offers;

/// <summary>The demo's screen with room for ten offers: who learns of it, and where.</summary>
public sealed partial class CapacityPagesTests(CapacityPagesTests.FullScreen full) : IClassFixture<CapacityPagesTests.FullScreen>
{
    [Theory]
    [InlineData("de", "zeigt 10 von {0} Angeboten, Speicher voll: die spätesten fehlen")]
    [InlineData("en", "shows 10 of {0} offers, memory full: the latest are missing")]
    public async Task Facility_staff_read_how_much_a_full_screen_shows(string language, string expected) =>
        Assert.Contains(string.Format(System.Globalization.CultureInfo.InvariantCulture, expected, full.Total), await Page("facility", "/fleet/list", language), StringComparison.Ordinal);

    [Fact]
    public async Task An_editor_reads_above_the_list_at_each_offer_and_on_its_page_which_screen_is_too_full()
    {
        var list = await Page("editor", "/offers?show=full", "de");
        Assert.Contains($"eselsberg-1: zeigt 10 von {full.Total} Angeboten, Speicher voll: die spätesten fehlen", list, StringComparison.Ordinal);
        Assert.Contains($"{full.Total - 10} von ", list, StringComparison.Ordinal);
        Assert.Equal(Math.Min(OfferListRules.RowsEach, full.Total - 10), TooFull().Count(list));
        var offer = await Page("editor", OfferLink().Match(list).Groups[1].Value, "de");
        Assert.Contains("Dieses Angebot steht auf keinem Bildschirm; zu voll: Quartierszentrale Alter Eselsberg. Frühere Angebote gehen vor", offer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_offer_that_is_on_every_screen_has_no_remark()
    {
        var list = await Page("editor", "/offers/list", "en");
        Assert.InRange(Regex.Count(list, "on no screen; too full: "), 1, 49);
        Assert.DoesNotContain("on 0 of", list, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_screen_that_refuses_stands_on_both_pages_with_what_to_do()
    {
        await using var other = new FullScreen();
        await other.InitializeAsync();
        other.Refuse();
        Assert.Contains("Nächster Versuch: heute ", await Page(other, "facility", "/fleet/list", "de"), StringComparison.Ordinal);
        var list = await Page(other, "editor", "/offers/list", "de");
        Assert.Contains("eselsberg-1: nimmt den neuen Stand nicht an, zeigt den davor", list, StringComparison.Ordinal);
        Assert.Contains("eselsberg-1: Hat die neuen Angebote 3-mal nicht angenommen", list, StringComparison.Ordinal);
    }

    private Task<string> Page(string account, string path, string language) => Page(full, account, path, language);

    private static async Task<string> Page(FullScreen of, string account, string path, string language)
    {
        using var browser = await of.Gateway.LogIn(account, language);
        return WebUtility.HtmlDecode(await browser.GetStringAsync(path));
    }

    [GeneratedRegex("steht auf keinem Bildschirm; zu voll: Quartierszentrale Alter Eselsberg")]
    private static partial Regex TooFull();

    [GeneratedRegex("<a href=\"(/offers/[^\"?]+)\"><strong>")]
    private static partial Regex OfferLink();

    public sealed class FullScreen : IAsyncLifetime, IAsyncDisposable
    {
        public GatewayUnderTest Gateway { get; } = new();

        public int Total => Gateway.Database.Read(CatalogueTable.State).Total;

        public async Task InitializeAsync()
        {
            await Gateway.InitializeAsync();
            Gateway.Database.Write(db => Catalogue.EnsureBuilt(db, Gateway.Time.Now));
            Hear(new ScreenPresence { Online = true });
            SayHello([]);
            SayHello(Convert.FromHexString(Gateway.Database.Read(db => CatalogueTable.Screen(db, DemoQuarter.Screen))!.Target));
        }

        public void Refuse()
        {
            for (var hello = 0; hello < 5; hello++)
            {
                SayHello(Convert.FromHexString("0011223344556677"));
            }
        }

        public Task DisposeAsync() => Gateway.DisposeAsync();

        async ValueTask IAsyncDisposable.DisposeAsync() => await Gateway.DisposeAsync();

        private void SayHello(byte[] shown) => Hear(new ScreenHello
        {
            Firmware = "0.1.0", WidthPixels = 320, HeightPixels = 240, PitchMicrometres = 153, Catalogue = shown, CapacityEntries = 10, CapacityBytes = 1_000_000,
        });

        private void Hear(object message) => Gateway.Database.Write((DbConnection db) =>
        {
            var heard = new ScreenHeard(DemoQuarter.Screen, Gateway.Time.Now, message);
            Quartier.Gateway.Domain.Registry.ScreensTable.Take(db, heard);
            Catalogue.Hear(db, heard, Gateway.Time.Now, []);
        });
    }
}
