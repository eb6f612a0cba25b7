using System.Text.Json;
using Quartier.Raster.Fonts;
using Quartier.Screen;
using Quartier.Tests.Support;
using Xunit;

namespace Quartier.Tests.Screen;

public sealed class FontTests
{
    public static IEnumerable<object[]> Vectors() =>
        SharedData.Root is null ? [] : Directory.GetFiles(SharedData.PathTo("fonts", "vectors"), "*.json").Order().Select(path => new object[] { Path.GetFileName(path) });

    public static IEnumerable<object[]> Malformed() =>
        SharedData.Root is null ? [] : Json("invalid.json").GetProperty("files").EnumerateArray().Select(file => new object[] { file.GetProperty("name").GetString()! });

    public static IEnumerable<object[]> Fonts() => Enumerable.Range(0, FontCatalogue.Count).Select(font => new object[] { font });

    [SharedDataTheory]
    [MemberData(nameof(Vectors))]
    public void A_foreign_font_is_read_as_its_vector_says(string file)
    {
        var vector = Json("vectors", file);
        Assert.True(TinyFont.TryRead(Convert.FromHexString(vector.GetProperty("hex").GetString()!), out var font, out var reason), reason);
        var metrics = vector.GetProperty("metrics");
        Assert.Equal(metrics.GetProperty("height").GetInt32(), font!.LineHeight);
        Assert.Equal(metrics.GetProperty("ascent").GetInt32(), font.Ascent);
        foreach (var expected in vector.GetProperty("glyphs").EnumerateObject())
        {
            var glyph = font.Find((char)Convert.ToInt32(expected.Name[2..], 16))!;
            Assert.Equal(expected.Value.GetProperty("advance").GetInt32(), glyph.Advance);
            Assert.Equal(expected.Value.GetProperty("glyph_width").GetInt32(), glyph.Width);
            Assert.Equal(expected.Value.GetProperty("rows").EnumerateArray().Select(row => row.GetString()!), Rows(font, glyph));
        }

        foreach (var width in vector.GetProperty("string_widths").EnumerateObject())
        {
            Assert.Equal(width.Value.GetInt32(), font.Measure(width.Name));
        }
    }

    [SharedDataTheory]
    [MemberData(nameof(Malformed))]
    public void A_malformed_font_is_refused_with_a_reason(string name)
    {
        var file = Json("invalid.json").GetProperty("files").EnumerateArray().Single(f => f.GetProperty("name").GetString() == name);
        var accepted = TinyFont.TryRead(Convert.FromHexString(file.GetProperty("hex").GetString()!), out _, out var reason);
        Assert.Equal(file.GetProperty("accept").GetBoolean(), accepted);
        Assert.Equal(accepted, reason.Length == 0);
    }

    [Theory]
    [MemberData(nameof(Fonts))]
    public void Cutting_a_font_file_anywhere_is_refused_and_never_throws(int font)
    {
        var file = FontShelf.File(font);
        for (var length = 0; length < file.Length; length += length < 2000 ? 1 : 997)
        {
            Assert.False(TinyFont.TryRead(file.AsSpan(0, length), out _, out var reason));
            Assert.NotEqual("", reason);
        }
    }

    [Theory]
    [MemberData(nameof(Fonts))]
    public void Random_damage_to_a_font_never_throws(int font)
    {
        var gen = new Gen((ulong)font + 1);
        var file = FontShelf.File(font).AsSpan(0, 4000).ToArray();
        for (var round = 0; round < 200; round++)
        {
            var damaged = (byte[])file.Clone();
            for (var i = 0; i < 4; i++)
            {
                damaged[gen.Next(200)] = (byte)gen.Next(256);
            }

            TinyFont.TryRead(damaged, out _, out _);
        }
    }

    [Theory]
    [MemberData(nameof(Fonts))]
    public void Building_a_font_again_gives_the_committed_bytes(int font)
    {
        var source = Path.Combine(FontBuilder.DefaultSource, FontBuilder.SourceFile(FontCatalogue.Family(font)));
        Assert.True(File.Exists(source), $"{source} is absent: apt-get install {FontBuilder.DebianPackage}");
        var built = FontBuilder.Build(font, FontBuilder.DefaultSource);
        Assert.Equal(built, FontBuilder.Build(font, FontBuilder.DefaultSource));
        Golden.Matches($"firmware/screen/fonts/{FontCatalogue.Name(font)}.tinyfnt", built);
    }

    [Theory]
    [MemberData(nameof(Fonts))]
    public void A_capital_H_is_as_tall_as_the_catalogue_says(int font)
    {
        var (face, letter) = (FontShelf.Get(font), FontCatalogue.Family(font) == FontFamily.Numerals ? '1' : 'H');
        var glyph = face.Find(letter)!;
        var rows = Enumerable.Range(0, glyph.Coverage.Length / glyph.Width)
            .Where(row => Enumerable.Range(0, glyph.Width).Any(x => glyph.Coverage[(row * glyph.Width) + x] >= 128)).ToArray();
        Assert.Equal(FontCatalogue.CapPixels(font), rows.Length);
        Assert.Equal(face.Ascent - 1, rows[^1]);
    }

    [Fact]
    public void The_coverage_report_is_up_to_date_and_the_fonts_stay_small()
    {
        var files = Enumerable.Range(0, FontCatalogue.Count).Select(font => (FontCatalogue.Name(font), FontShelf.File(font))).ToArray();
        Assert.InRange(files.Sum(f => f.Item2.Length), 1, 500_000);
        Assert.All(files, f => Assert.InRange(f.Item2.Length, 1, 120_000));
        Golden.Matches("firmware/screen/fonts/coverage.md", FontBuilder.CoverageReport(files));
    }

    [Theory]
    [InlineData("Grüße aus Ulm – „Café“ für 3,50 €", "")]
    [InlineData("Ласкаво просимо! Ґрунт, їжа, єдність", "")]
    [InlineData("Żółć ŞİĞ Čeština Őrült ẞ", "")]
    [InlineData("weiches Tren\u00ADnen\nneue Zeile", "")]
    [InlineData("مرحبا", "م ر ح ب ا")]
    [InlineData("Danke 🙏 und 你", "🙏 你")]
    [InlineData("Ersatz \uFFFD", "\uFFFD")]
    public void A_character_that_no_screen_can_draw_is_found_beforehand(string text, string missing) =>
        Assert.Equal(missing, string.Join(' ', FontCoverage.Missing(text)));

    private static IEnumerable<string> Rows(TinyFont font, Glyph glyph)
    {
        var bits = font.Header.AntiAliasBits;
        for (var at = 0; at < (glyph.Width == 0 ? 0 : glyph.Coverage.Length); at += glyph.Width)
        {
            yield return string.Concat(glyph.Coverage.Skip(at).Take(glyph.Width).Select(c => c == 0 ? "." : bits == 1 ? "#" : (c / 64).ToString()));
        }

        for (var row = 0; glyph.Width == 0 && row < font.BitmapHeight; row++)
        {
            yield return "";
        }
    }

    private static JsonElement Json(params string[] parts) =>
        JsonDocument.Parse(File.ReadAllText(SharedData.PathTo(["fonts", .. parts]))).RootElement;
}
