using System.Text;
using Quartier.Raster.Fonts;
using Quartier.Screen;

namespace Quartier.Raster;

/// <summary>A panel on the desk: draws the firmware's canvas calls with the screen's own fonts into the 16-bit colours that the
/// panel has. Not for several threads at once.</summary>
public sealed class PanelCanvas : ICanvas
{
    private readonly ushort[] pixels;
    private readonly List<DrawnText> texts = [];

    public PanelCanvas(int width, int height)
    {
        (Width, Height) = (width, height);
        pixels = new ushort[width * height];
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>Grows with every flush, so that a viewer knows when to fetch the picture again.</summary>
    public long Version { get; private set; }

    /// <summary>Canvas calls since the start: the cost that a device would pay.</summary>
    public long Calls { get; private set; }

    /// <summary>Widths asked for since the start; each is a native call on a device.</summary>
    public long Measures { get; private set; }

    /// <summary>Characters that had no glyph; a test fails when there is one.</summary>
    public int ReplacementsDrawn { get; private set; }

    /// <summary>Parts of texts that fell outside the panel; a test fails when there is one.</summary>
    public int TextsCutOff { get; private set; }

    public void FillRectangle(int x, int y, int width, int height, int color)
    {
        Calls++;
        var native = Rgb565.FromRgb(color);
        var (left, right) = (Math.Max(0, x), Math.Min(Width, x + width));
        for (var row = Math.Max(0, y); row < Math.Min(Height, y + height) && right > left; row++)
        {
            Array.Fill(pixels, native, (row * Width) + left, right - left);
        }

        texts.RemoveAll(t => t.X >= x && t.Y >= y && t.X < x + width && t.Y < y + height);
    }

    public void DrawText(string text, int font, int color, int x, int y)
    {
        Calls++;
        var at = x;
        foreach (var rune in text.EnumerateRunes())
        {
            at += DrawGlyph(rune.IsBmp ? (char)rune.Value : TinyFont.Replacement, font, color, at, y);
        }

        Note(text, font, x, y, at);
    }

    public void DrawGlyphRun(char[] glyphs, int first, int count, int font, int color, int x, int y)
    {
        Calls++;
        var at = x;
        for (var i = first; i < first + count; i++)
        {
            at += DrawGlyph(glyphs[i], font, color, at, y);
        }

        Note(new string(glyphs, first, count), font, x, y, at);
    }

    public int MeasureText(string text, int font)
    {
        Measures++;
        return FontShelf.Get(font).Measure(text);
    }

    public int MeasureGlyph(char glyph, int font)
    {
        Measures++;
        return FontShelf.Get(font).Advance(glyph);
    }

    public int LineHeight(int font) => FontShelf.Get(font).LineHeight;

    public int Ascent(int font) => FontShelf.Get(font).Ascent;

    public void Flush(int x, int y, int width, int height)
    {
        Calls++;
        Version++;
    }

    /// <returns>The colour as the panel shows it, 0xRRGGBB.</returns>
    public int GetPixel(int x, int y) => Rgb565.ToRgb(pixels[(y * Width) + x]);

    public byte[] ToPng()
    {
        var rgb = new byte[pixels.Length * 3];
        for (var i = 0; i < pixels.Length; i++)
        {
            var color = Rgb565.ToRgb(pixels[i]);
            rgb[i * 3] = (byte)(color / 65536);
            rgb[(i * 3) + 1] = (byte)(color / 256 % 256);
            rgb[(i * 3) + 2] = (byte)(color % 256);
        }

        return Png.Write(rgb, Width, Height);
    }

    /// <summary>The words that stand on the panel, from top to bottom, one row a line, with their place and font: for review and for tests.</summary>
    public string ToText()
    {
        var page = new StringBuilder();
        foreach (var row in texts.GroupBy(t => t.Baseline).OrderBy(row => row.Key))
        {
            page.AppendJoin("  |  ", row.OrderBy(t => t.X).Select(t => $"{t.Text} [{t.X} {FontCatalogue.Name(t.Font)}]"));
            page.Append('\n');
        }

        return page.ToString();
    }

    private void Note(string text, int font, int x, int y, int right)
    {
        if (x < 0 || y < 0 || right > Width || y + LineHeight(font) > Height)
        {
            TextsCutOff++;
        }

        texts.Add(new DrawnText(text, font, x, y, y + Ascent(font)));
    }

    private int DrawGlyph(char character, int font, int color, int x, int y)
    {
        var face = FontShelf.Get(font);
        if (!face.Has(character) || character == TinyFont.Replacement)
        {
            ReplacementsDrawn++;
        }

        var glyph = face.Find(character);
        if (glyph is null)
        {
            return 0;
        }

        for (var i = 0; i < glyph.Coverage.Length; i++)
        {
            var (column, row) = (x + glyph.MarginLeft + (i % glyph.Width), y + face.Header.Offset + (i / glyph.Width));
            if (glyph.Coverage[i] > 0 && column >= 0 && column < Width && row >= 0 && row < Height)
            {
                ref var pixel = ref pixels[(row * Width) + column];
                pixel = Rgb565.Blend(pixel, Rgb565.FromRgb(color), glyph.Coverage[i]);
            }
        }

        return glyph.Advance;
    }

    private sealed record DrawnText(string Text, int Font, int X, int Y, int Baseline);
}
