using System.Buffers.Binary;
using System.Security.Cryptography;
using Quartier.Gateway.Domain.Offers;
using Quartier.Gateway.Host;
using Quartier.Gateway.Host.Commands;
using Quartier.Gateway.Outputs.Preview;
using Quartier.Gateway.Store;
using Quartier.Simulator.Demo;
using Quartier.Wire;
using Xunit;

namespace Quartier.Tests.Gateway;

/// <summary>render, from a store with imported offers: every page that its help lists, in both languages and on both panels.</summary>
[Collection(nameof(CommandTests))]
public sealed class RenderTests : IClassFixture<RenderTests.Store>, IDisposable
{
    private const string At = "2026-11-22T19:30";

    private readonly string picture = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".png");
    private readonly Store store;

    public RenderTests(Store store) => this.store = store;

    public static TheoryData<string, string, string> Pages
    {
        get
        {
            var all = new TheoryData<string, string, string>();
            foreach (var page in new[] { "now", "categories", "list", "list:2", "detail", "code", "emergency" })
            {
                all.Add(page, "de", "320x240");
                all.Add(page, "en", "320x240");
                all.Add(page, "de", "480x320");
            }

            return all;
        }
    }

    public void Dispose() => File.Delete(picture);

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_page_is_drawn_in_the_panels_size(string page, string language, string panel)
    {
        var (code, lines, errors) = Render("--page", page, "--lang", language, "--panel", panel, "--json");
        Assert.True(code == CommandLine.Done, errors);
        var png = File.ReadAllBytes(picture);
        Assert.Equal("89504E470D0A1A0A", Convert.ToHexString(png.AsSpan(0, 8)));
        Assert.Equal(panel, $"{BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16))}x{BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20))}");
        Assert.NotEmpty(lines[0].GetProperty("lines").EnumerateArray());
    }

    [Fact]
    public void The_languages_and_the_pages_are_different_pictures()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var page in new[] { "now", "categories", "list", "detail", "code", "emergency" })
        {
            foreach (var language in new[] { "de", "en" })
            {
                Assert.Equal(CommandLine.Done, Render("--page", page, "--lang", language).Code);
                Assert.True(seen.Add(Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(picture)))), $"{page} in {language} was drawn before");
            }
        }
    }

    [Fact]
    public void Any_offer_can_be_drawn_dated_or_not()
    {
        Assert.InRange(store.Offers.Count, 3, 6);
        foreach (var (id, title) in store.Offers)
        {
            var (code, lines, errors) = Render("--page", "detail", "--offer", id, "--json");
            Assert.True(code == CommandLine.Done, errors);
            Assert.Contains(title.Split(' ')[0][..3], lines[0].GetProperty("lines").ToString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("--page", "dance")]
    [InlineData("--page", "now", "--lang", "fr")]
    [InlineData("--page", "now", "--panel", "1x1")]
    [InlineData("--page", "now", "--offer", "x")]
    public void What_no_screen_has_is_wrong_usage(params string[] arguments)
    {
        Assert.Equal(CommandLine.WrongUsage, Render(arguments).Code);
        Assert.False(File.Exists(picture));
    }

    [Theory]
    [InlineData("--page", "detail", "--offer", "no-such-offer")]
    [InlineData("--page", "code:no-such-offer")]
    [InlineData("--page", "list:99")]
    public void An_unknown_offer_or_category_is_refused_with_the_reason(params string[] arguments)
    {
        var (code, _, errors) = Render(arguments);
        Assert.Equal(CommandLine.RefusedInput, code);
        Assert.Contains("no such offer or category", errors, StringComparison.Ordinal);
        Assert.False(File.Exists(picture));
    }

    [Fact]
    public void A_store_without_offers_still_has_its_first_page()
    {
        var empty = Path.Combine(store.Folder, "empty");
        Assert.Equal(CommandLine.Done, CommandTests.Run("render", "--data", empty, "--at", At, "--out", picture, "--page", "now").Code);
        Assert.Equal(CommandLine.RefusedInput, CommandTests.Run("render", "--data", empty, "--at", At, "--out", picture, "--page", "detail").Code);
    }

    [Fact]
    public void Of_more_offers_than_a_screen_keeps_the_first_are_drawn_and_not_none()
    {
        var entries = Enumerable.Range(0, 1_100).Select(i =>
        {
            var buffer = new byte[4096];
            return buffer[..new CatalogueEntry { Id = $"o{i:0000}", Languages = ["de"], Titles = [$"Angebot {i}"], Texts = [""], StartUnixMinutes = [], DurationMinutes = [], AllDay = [] }.Encode(buffer)];
        }).ToList();
        Assert.Contains("Angebot 7", ScreenPreview.Draw(entries, "detail:o0007", "de", TestStore.Evening.ToUnixTimeSeconds(), PanelKind.Small)?.Text, StringComparison.Ordinal);
        Assert.Null(ScreenPreview.Draw(entries, "detail:o1050", "de", TestStore.Evening.ToUnixTimeSeconds(), PanelKind.Small));
    }

    private (int Code, IReadOnlyList<System.Text.Json.JsonElement> Lines, string Errors) Render(params string[] arguments) =>
        CommandTests.Run(["render", "--data", store.Folder, "--at", At, "--out", picture, .. arguments]);

    /// <summary>The demo's offers, imported once; one of each kind, with dates and without.</summary>
    public sealed class Store : IDisposable
    {
        public Store()
        {
            using var database = Database.Open(Folder, Tables.All, Durability.None);
            database.Write(db => DemoOffers.Seed(db, TestStore.Evening));
            Offers = [.. database.Read(OffersTable.All).Select(offer => OfferView.Of(offer, TestStore.Evening))
                .Where(view => CatalogueRules.Build(view, TestStore.Evening, null) is not null)
                .GroupBy(view => (view.Lead.Kind, view.Schedule.IsEmpty)).Select(alike => alike.Last()).Select(view => (view.Offer.Id, view.TitleIn("de")))];
        }

        public string Folder { get; } = StoreFolder.Create("render").FullName;

        public IReadOnlyList<(string Id, string Title)> Offers { get; }

        public void Dispose() => Directory.Delete(Folder, recursive: true);
    }
}
