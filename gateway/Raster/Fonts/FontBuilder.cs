using System.Text;
using Quartier.Screen;

namespace Quartier.Raster.Fonts;

/// <summary>Builds the screen's fonts from Debian's DejaVu Sans Condensed. Equal input files give equal bytes on every machine.
/// Heights are fitted to whole pixels (baseline, x-height, capitals), so that horizontal strokes are sharp; overshoot of round
/// letters is flattened, because a third of a pixel of it is only blur at these sizes.</summary>
public static class FontBuilder
{
    public const string DebianPackage = "fonts-dejavu-extra";
    public static readonly string DefaultSource = "/usr/share/fonts/truetype/dejavu";
    private const int Overshoot = 29;
    private const int XHeight = 1120;
    private const int CapHeight = 1493;
    private const int AscenderHeight = 1556;

    public static string SourceFile(FontFamily family) => family == FontFamily.Text ? "DejaVuSansCondensed.ttf" : "DejaVuSansCondensed-Bold.ttf";

    /// <param name="font">Index into <see cref="FontCatalogue"/>.</param>
    /// <param name="source">Folder of the TrueType files.</param>
    public static byte[] Build(int font, string source)
    {
        var face = new TrueTypeFont(File.ReadAllBytes(Path.Combine(source, SourceFile(FontCatalogue.Family(font)))));
        var em = FontCatalogue.EmPixels(font);
        var numerals = FontCatalogue.Family(font) == FontFamily.Numerals;
        var ascent = numerals ? FontCatalogue.CapPixels(font) + 3 : Divide(face.Ascent * em, face.UnitsPerEm);
        var descent = numerals ? 6 : Divide(face.Descent * em, face.UnitsPerEm);
        var groups = numerals ? ScreenCharacters.Numerals : ScreenCharacters.Text;
        var characters = groups.SelectMany(group => group.Characters).Distinct().Order().ToArray();
        var missing = characters.Where(c => face.GlyphOf(c) == 0).ToArray();
        if (missing.Length > 0)
        {
            throw new InvalidDataException($"{SourceFile(FontCatalogue.Family(font))} lacks {string.Join(" ", missing.Select(c => $"U+{(int)c:X4}"))}.");
        }

        var glyphs = characters.Select(c => DrawGlyph(face, c, em, FontCatalogue.CapPixels(font), ascent, descent)).ToArray();
        var advances = glyphs.Select(g => g.MarginLeft + g.Width + g.MarginRight).ToArray();
        var header = new TinyFontHeader(
            ascent + descent, 0, ascent, descent, 0, 0, advances.Sum() / advances.Length, advances.Max(),
            FontCatalogue.Family(font) == FontFamily.Text ? 0 : TinyFontHeader.FlagBold);
        return TinyFontWriter.Write(header, ascent + descent, glyphs);
    }

    /// <summary>Every font of the catalogue, in its order.</summary>
    public static IReadOnlyList<(string Name, byte[] File)> BuildAll(string source) =>
        [.. Enumerable.Range(0, FontCatalogue.Count).Select(font => (FontCatalogue.Name(font), Build(font, source)))];

    /// <returns>The TrueType files that are not in the folder.</returns>
    public static IReadOnlyList<string> AbsentSources(string source) =>
        [.. Enum.GetValues<FontFamily>().Select(family => Path.Combine(source, SourceFile(family))).Distinct().Where(file => !File.Exists(file))];

    /// <summary>Which characters each font has, by group, and its size: for a person to read.</summary>
    public static string CoverageReport(IReadOnlyList<(string Name, byte[] File)> fonts)
    {
        var report = new StringBuilder();
        report.Append("# What the screen's fonts can show\n\nWritten by `./quartier fonts`; a test keeps it true.\n\n");
        report.Append("| font | bytes | line height | capitals | characters |\n| --- | --- | --- | --- | --- |\n");
        foreach (var (name, file) in fonts)
        {
            if (!TinyFont.TryRead(file, out var font, out var reason))
            {
                throw new InvalidDataException($"{name}: {reason}");
            }

            var index = Enumerable.Range(0, FontCatalogue.Count).First(i => FontCatalogue.Name(i) == name);
            report.Append($"| {name} | {file.Length} | {font!.LineHeight} px | {FontCatalogue.CapPixels(index)} px | {font.Characters.Count()} |\n");
        }

        report.Append($"\nTogether {fonts.Sum(f => f.File.Length)} bytes.\n\n## Text and strong\n\n");
        AppendGroups(report, ScreenCharacters.Text);
        report.Append("\n## Numerals\n\n");
        AppendGroups(report, ScreenCharacters.Numerals);
        return report.ToString();
    }

    private static void AppendGroups(StringBuilder report, IReadOnlyList<(string Group, string Characters)> groups)
    {
        foreach (var (group, characters) in groups)
        {
            report.Append($"- {group} ({characters.Length}): `{characters.Replace("`", "", StringComparison.Ordinal).Replace('\u00A0', ' ')}`\n");
        }
    }

    private static DrawnGlyph DrawGlyph(TrueTypeFont face, char character, int em, int capPixels, int ascent, int descent)
    {
        var number = face.GlyphOf(character);
        var advance = Divide(face.Advance(number) * em, face.UnitsPerEm);
        var outline = face.Outline(number);
        if (outline.Count == 0)
        {
            return new DrawnGlyph(character, 0, 0, advance, []);
        }

        // What rounding the advance adds or takes is shared between both sides.
        var shift = ((advance * GlyphRasteriser.Unit) - (face.Advance(number) * em * GlyphRasteriser.Unit / face.UnitsPerEm)) / 2;
        var letter = char.IsLetterOrDigit(character);
        var fitted = outline.Select(contour => contour.Select(p => new OutlinePoint(
            (p.X * em * GlyphRasteriser.Unit / face.UnitsPerEm) + shift,
            letter ? FitHeight(p.Y, em, capPixels, face.UnitsPerEm) : p.Y * em * GlyphRasteriser.Unit / face.UnitsPerEm,
            p.OnCurve)).ToList()).ToList();
        var left = FloorToPixel(fitted.Min(c => c.Min(p => p.X)));
        var right = -FloorToPixel(-fitted.Max(c => c.Max(p => p.X)));
        var width = right - left;
        var moved = fitted.Select(contour => contour.Select(p => p with { X = p.X - (left * GlyphRasteriser.Unit) }).ToList()).ToList();
        return new DrawnGlyph(character, left, width, advance - left - width, GlyphRasteriser.Draw(moved, width, ascent, descent));
    }

    private static int FitHeight(int y, int em, int capPixels, int unitsPerEm)
    {
        const int Unit = GlyphRasteriser.Unit;
        var xPixels = Divide(XHeight * em, unitsPerEm);
        var ascenderPixels = Math.Max(capPixels, Divide(AscenderHeight * em, unitsPerEm));
        int Plain(int units) => units * em * Unit / unitsPerEm;
        if (y < -Overshoot)
        {
            return Plain(y + Overshoot);
        }

        return y switch
        {
            < 0 => 0,
            <= XHeight => y * xPixels * Unit / XHeight,
            <= XHeight + Overshoot => xPixels * Unit,
            <= CapHeight => (xPixels * Unit) + ((y - XHeight - Overshoot) * (capPixels - xPixels) * Unit / (CapHeight - XHeight - Overshoot)),
            <= CapHeight + Overshoot => capPixels * Unit,
            <= AscenderHeight => (capPixels * Unit) + ((y - CapHeight - Overshoot) * (ascenderPixels - capPixels) * Unit / (AscenderHeight - CapHeight - Overshoot)),
            _ => (ascenderPixels * Unit) + Plain(y - AscenderHeight),
        };
    }

    private static int FloorToPixel(int units) => (int)Math.Floor(units / (double)GlyphRasteriser.Unit);

    private static int Divide(int value, int by) => (value + (by / 2)) / by;
}
