namespace Quartier.Raster.Fonts;

/// <summary>A glyph to be stored: 16 grey levels, 0 for an untouched pixel, rows from the top of the bitmap.</summary>
public sealed record DrawnGlyph(char Character, int MarginLeft, int Width, int MarginRight, byte[] Levels);

/// <summary>Encodes fonts with 4 bits of anti-aliasing. Equal input gives equal bytes.</summary>
public static class TinyFontWriter
{
    private const int Bits = 4;

    /// <param name="header">Flags are set here.</param>
    /// <param name="bitmapHeight">Rows of every glyph's levels.</param>
    /// <param name="glyphs">Sorted by character, no character twice, U+FFFD among them.</param>
    public static byte[] Write(TinyFontHeader header, int bitmapHeight, IReadOnlyList<DrawnGlyph> glyphs)
    {
        var ranges = SplitIntoRanges(glyphs);
        var width = glyphs.Sum(g => g.Width);
        var wordsPerRow = (width + 31) / 32;
        using var body = new MemoryStream();
        using var to = new BinaryWriter(body);
        to.Write((ushort)header.Height);
        foreach (var value in new[] { header.Offset, header.Ascent, header.Descent, header.InternalLeading, header.ExternalLeading, header.AverageWidth, header.MaximumWidth })
        {
            to.Write((short)value);
        }

        to.Write((ushort)ranges.Count);
        to.Write((ushort)glyphs.Count);
        to.Write((ushort)(header.Flags | TinyFontHeader.FlagExtension | (Bits << 4)));
        to.Write((ushort)0);
        to.Write((uint)width);
        to.Write((uint)bitmapHeight);
        to.Write((ushort)0);
        to.Write((byte)1);
        to.Write((byte)0);
        WriteRangesAndCharacters(to, ranges, glyphs, width);
        WriteBitmap(to, glyphs, bitmapHeight, wordsPerRow);
        WriteLevels(to, ranges, glyphs);
        to.Flush();

        using var file = new MemoryStream();
        using var container = new BinaryWriter(file);
        TinyFontHeader.WriteContainer(container, (int)body.Length);
        container.Write(body.ToArray());
        container.Flush();
        return file.ToArray();
    }

    /// <summary>First index and count of each run of consecutive characters; split so that 16-bit offsets into bitmap and levels suffice.</summary>
    private static List<(int First, int Count)> SplitIntoRanges(IReadOnlyList<DrawnGlyph> glyphs)
    {
        var ranges = new List<(int First, int Count)>();
        var (start, pixels, bytes) = (0, 0, 0);
        for (var i = 0; i < glyphs.Count; i++)
        {
            var size = LevelBytes(glyphs[i]);
            var split = i > start && (glyphs[i].Character != glyphs[i - 1].Character + 1 || pixels + glyphs[i].Width > 0xFFFF || bytes + size > 0xFFFE);
            if (split)
            {
                ranges.Add((start, i - start));
                (start, pixels, bytes) = (i, 0, 0);
            }

            pixels += glyphs[i].Width;
            bytes += size;
        }

        ranges.Add((start, glyphs.Count - start));
        return ranges;
    }

    private static void WriteRangesAndCharacters(BinaryWriter to, List<(int First, int Count)> ranges, IReadOnlyList<DrawnGlyph> glyphs, int width)
    {
        var x = 0;
        foreach (var (first, count) in ranges)
        {
            to.Write((uint)first);
            to.Write((ushort)glyphs[first].Character);
            to.Write((ushort)glyphs[first + count - 1].Character);
            to.Write((uint)x);
            x += glyphs.Skip(first).Take(count).Sum(g => g.Width);
        }

        to.Write(0u);
        to.Write(0u);
        to.Write((uint)width);
        foreach (var (first, count) in ranges)
        {
            var offset = 0;
            foreach (var glyph in glyphs.Skip(first).Take(count))
            {
                to.Write((ushort)offset);
                to.Write((sbyte)glyph.MarginLeft);
                to.Write((sbyte)glyph.MarginRight);
                offset += glyph.Width;
            }
        }

        to.Write(0u);
    }

    private static void WriteBitmap(BinaryWriter to, IReadOnlyList<DrawnGlyph> glyphs, int height, int wordsPerRow)
    {
        for (var row = 0; row < height; row++)
        {
            var words = new uint[wordsPerRow];
            var x = 0;
            foreach (var glyph in glyphs)
            {
                for (var column = 0; column < glyph.Width; column++, x++)
                {
                    if (glyph.Levels[(row * glyph.Width) + column] > 0)
                    {
                        words[x / 32] |= 1u << (x % 32);
                    }
                }
            }

            foreach (var word in words)
            {
                to.Write(word);
            }
        }
    }

    private static void WriteLevels(BinaryWriter to, List<(int First, int Count)> ranges, IReadOnlyList<DrawnGlyph> glyphs)
    {
        to.Write((uint)glyphs.Sum(LevelBytes));
        var start = 0;
        foreach (var (first, count) in ranges)
        {
            to.Write((uint)start);
            start += glyphs.Skip(first).Take(count).Sum(LevelBytes);
        }

        foreach (var (first, count) in ranges)
        {
            var offset = 0;
            foreach (var glyph in glyphs.Skip(first).Take(count))
            {
                var size = LevelBytes(glyph);
                to.Write((ushort)(size == 0 ? 0xFFFF : offset));
                offset += size;
            }
        }

        if (glyphs.Count % 2 == 1)
        {
            to.Write((ushort)0);
        }

        foreach (var glyph in glyphs)
        {
            var set = glyph.Levels.Where(level => level > 0).Select(level => level - 1).ToArray();
            for (var i = 0; i < set.Length; i += 2)
            {
                to.Write((byte)((set[i] << 4) | (i + 1 < set.Length ? set[i + 1] : 0)));
            }
        }

        for (var rest = start; rest % 4 != 0; rest++)
        {
            to.Write((byte)0);
        }
    }

    private static int LevelBytes(DrawnGlyph glyph) => (glyph.Levels.Count(level => level > 0) + 1) / 2;
}
