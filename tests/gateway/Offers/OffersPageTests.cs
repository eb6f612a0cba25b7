using System.Globalization;
using Quartier.Gateway.Domain.Offers;
using Quartier.Gateway.Domain.Offers.Import;
using Quartier.Tests.Support;
using Quartier.Wire;
using Xunit;

namespace Quartier.Tests.Gateway.Offers;

/// <summary>docs/offers.md tells editors what is cut and what is refused; here its numbers are held against the rules.</summary>
public class OffersPageTests
{
    private static readonly string Page = File.ReadAllText(Checkout.PathTo("docs", "offers.md"));

    [Fact]
    public void What_a_screen_takes_is_what_the_page_says()
    {
        static string Number(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
        Assert.Equal((CatalogueEntry.PlaceBytesMax, 8), (CatalogueEntry.ProviderBytesMax, ScreenTexts.LanguagesMax));
        Assert.Contains($"A title has {CatalogueEntry.TitleBytesMax} bytes, a text {Number(CatalogueEntry.TextBytesMax)} ", Page);
        Assert.Contains($"they share {Number(ScreenTexts.TextsBytesMax)})", Page);
        Assert.Contains($"place and provider {CatalogueEntry.PlaceBytesMax}, a telephone number {CatalogueEntry.PhoneBytesMax}, an entry eight languages", Page);
        Assert.Contains($"lists up to {CatalogueEntry.TimesMax} dates of an offer ahead", Page);
        Assert.Equal(12, DisplayRules.ProofHolds.TotalMinutes);
        Assert.Contains("within the last twelve minutes", Page);
    }

    [Fact]
    public void What_is_fetched_and_read_is_what_the_page_says()
    {
        Assert.Contains($"A file may have {FeedBytes.LengthMax / 1024 / 1024} MiB", Page);
        Assert.Contains($"| more than {FeedBytes.LengthMax / 1024 / 1024} MiB |", Page);
        Assert.Contains($"not everything within {FeedFetch.Timeout.TotalSeconds} s, an error, more than {FeedFetch.RedirectsMax} redirects", Page);
    }
}
