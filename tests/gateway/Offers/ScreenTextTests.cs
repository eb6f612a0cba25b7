using System.Text;
using NodaTime;
using Quartier.Gateway.Domain.Offers;
using Quartier.Gateway.Domain.Offers.Import;
using Quartier.Raster.Fonts;
using Quartier.Screen;
using Quartier.Tests.Support;
using Quartier.Wire;
using Xunit;

namespace Quartier.Tests.Gateway.Offers;

/// <summary>What a screen cannot draw never reaches it, and the editor is told each character and each cut.</summary>
public sealed class ScreenTextTests
{
    private static readonly Instant Now = Instant.FromUtc(2026, 11, 28, 8, 0);

    /// <summary>Asked of the font files themselves: what the code believes of them is what is tested.</summary>
    private static readonly List<HashSet<char>> Fonts =
        [.. Enumerable.Range(0, FontCatalogue.Count).Where(i => FontCatalogue.Family(i) != FontFamily.Numerals).Select(i => FontShelf.Get(i).Characters.ToHashSet())];

    [Fact]
    public void A_character_counts_as_drawable_only_if_every_text_font_holds_it()
    {
        for (var code = 0x20; code <= 0x10FFFF; code++)
        {
            if (Rune.IsValid(code) && code is not (0xAD or 0xFFFD))
            {
                Assert.Equal(InEveryFont(new Rune(code)), ScreenFonts.CanDraw(new Rune(code)));
            }
        }

        Assert.False(ScreenFonts.CanDraw(new Rune(0xFFFD)));
    }

    [Theory]
    [InlineData("❤\uFE0F Ehrenamt", "♥ Ehrenamt", "❤\uFE0F")]
    [InlineData("⚠\uFE0F Achtung", "⚠ Achtung", "\uFE0F")]
    [InlineData("1\uFE0F\u20E3 Erstberatung", "1 Erstberatung", "\uFE0F\u20E3")]
    [InlineData("Regenbogen 🏳\uFE0F\u200D🌈 Treff", "Regenbogen Treff", "🏳\uFE0F\u200D🌈")]
    [InlineData("Weihnachten 🎄 Basar", "Weihnachten Basar", "🎄")]
    [InlineData("Ca\uFB01\u0323 \uFB03", "Cafi ffi", "\uFB01\u0323\uFB03")] // Ligatures and a mark that composes with nothing.
    [InlineData("Cafe\u0301", "Café", "")] // Composed.
    [InlineData("\uF0B7 Punkt \uE000", "• Punkt", "\uF0B7\uE000")] // Private use.
    [InlineData("𝗬𝗼𝗴𝗮 ①② Ⅳ Ｇruppe", "Yoga 12 IV Gruppe", "𝗬𝗼𝗴𝗮①②ⅣＧ")]
    [InlineData("Tiếng Việt", "Tieng Viet", "ếệ")]
    [InlineData("a\u2007b\u2011c", "a b-c", "")] // Nobody can tell the difference.
    public void Each_character_is_composed_decomposed_or_dropped_and_told(string title, string shown, string missing)
    {
        var view = View(title);
        Assert.Equal(shown, Entry(view).Titles[0]);
        Assert.Equal(missing, string.Concat(CatalogueRules.Problems(view).Where(problem => problem.Field == "title").Select(problem => problem.Missing)));
    }

    [Fact]
    public void The_editor_reads_what_becomes_of_each_character()
    {
        var problem = Assert.Single(CatalogueRules.Problems(View("Ta\uFB01 \uFE0F🎄")));
        Assert.Equal("Titel: der Bildschirmschrift fehlen Zeichen. „\uFB01“ (U+FB01) wird „fi“; ein Sonderzeichen (U+FE0F) entfällt; „🎄“ (U+1F384) entfällt.", problem.German);
        Assert.Equal("Title: the screen's font lacks characters. “\uFB01” (U+FB01) becomes “fi”; a special character (U+FE0F) is left out; “🎄” (U+1F384) is left out.", problem.English);
    }

    [Theory]
    [InlineData("Tee 茶", "Tee")]
    [InlineData("Tee mit 茶道", "Tee mit")]
    [InlineData("Ⅲ", "III")]
    public void One_bad_character_does_not_throw_a_title_away(string title, string shown) => Assert.Equal(shown, Entry(View(title)).Titles[0]);

    [Theory]
    [InlineData("دورة اللغة A1")]
    [InlineData("🎄🎄")]
    [InlineData("茶")]
    public void A_title_that_would_say_nothing_is_not_sent_and_told(string title)
    {
        var view = View(title);
        Assert.Null(CatalogueRules.Build(view, Now, null));
        Assert.Contains("Diese Schrift kann der Bildschirm nicht zeigen", CatalogueRules.Problems(view)[0].German, StringComparison.Ordinal);
    }

    [Fact]
    public void No_text_whatever_brings_an_undrawable_character_to_a_screen()
    {
        var gen = new Gen(23);
        for (var i = 0; i < 300; i++)
        {
            var text = "Treff " + string.Concat(Enumerable.Range(0, 200).Select(_ => gen.Next(4) switch
            {
                0 => ((char)gen.Next(0x20, 0x3000)).ToString(),
                1 => ((char)gen.Next(0xE000, 0x10000)).ToString(),
                2 => char.ConvertFromUtf32(gen.Next(0x1D400, 0x1FB00)),
                _ => "ab ",
            }));
            var view = View("Offener Treff", text);
            var entry = Entry(view with { Lead = view.Lead with { Place = text, Provider = text, Phone = "1" + text } });
            Assert.All(new[] { entry.Texts[0], entry.Place, entry.Provider, entry.Phone }, shown => Assert.All(shown.EnumerateRunes(), rune => Assert.True(rune.Value == '\n' || InEveryFont(rune), $"U+{rune.Value:X4}")));
        }
    }

    [Theory]
    [InlineData("title", 160)]
    [InlineData("text", 1200)]
    [InlineData("place", 96)]
    [InlineData("provider", 96)]
    [InlineData("phone", 32)]
    public void Text_that_is_cut_is_a_problem_and_text_that_just_fits_is_none(string field, int bytes)
    {
        Assert.DoesNotContain(CatalogueRules.Problems(Long(field, bytes)), problem => problem.Field == field);
        var told = Assert.Single(CatalogueRules.Problems(Long(field, bytes + 1)), problem => problem.Field == field);
        Assert.Contains($"von höchstens {bytes} Byte", told.German, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_languages_share_the_room_of_an_entry_and_what_is_cut_by_that_is_told()
    {
        var view = View("Treff", new string('x', 900));
        var texts = new SortedDictionary<string, OfferText>(StringComparer.Ordinal) { ["de"] = view.Texts["de"], ["en"] = new("Meeting", "x"), ["tr"] = new("Buluşma", "x"), ["uk"] = new("Зустріч", "x") };
        Assert.Empty(CatalogueRules.Problems(view));
        Assert.Equal(("de", "text"), CatalogueRules.Problems(view with { Texts = texts }).Select(problem => (problem.Language, problem.Field)).Single());
        Assert.Equal(["de", "en", "tr", "uk"], Entry(view with { Texts = texts }).Languages);
    }

    private static bool InEveryFont(Rune rune) => rune.IsBmp && Fonts.TrueForAll(font => font.Contains((char)rune.Value));

    private static OfferView Long(string field, int length)
    {
        var text = string.Concat(Enumerable.Repeat("Wort ", 400))[..(length - 1)].TrimEnd().PadRight(length, 'x');
        var view = View(field == "title" ? text : "Treff", field == "text" ? text : "");
        return view with { Lead = view.Lead with { Place = field == "place" ? text : null, Provider = field == "provider" ? text : null, Phone = field == "phone" ? text : null } };
    }

    private static OfferView View(string title, string text = "") =>
        OfferView.Of(new Offer("a1b2c3d4e5f6", "s", [new OfferItem("k", "k", OfferKind.Event, "de", title, text, Schedule.None)], OfferEdit.None, Now, Now, Now), Now);

    private static CatalogueEntry Entry(OfferView view)
    {
        var payload = CatalogueRules.Build(view, Now, null)!.Payload;
        Assert.True(CatalogueEntry.TryDecode(payload, payload.Length, out var entry));
        return entry!;
    }
}
