using System.Buffers.Binary;

namespace Quartier.Raster.Fonts;

/// <summary>A point of an outline in font units, y upwards.</summary>
public readonly record struct OutlinePoint(int X, int Y, bool OnCurve);

/// <summary>Outlines, advances and character map of a TrueType file with quadratic curves; no hinting, no layout tables.
/// For font files from a trusted package at build time, not for uploads.</summary>
public sealed class TrueTypeFont
{
    private readonly byte[] file;
    private readonly Dictionary<string, int> tables = [];
    private readonly bool longOffsets;
    private readonly int horizontalMetrics;
    private readonly int characterMap;

    public TrueTypeFont(byte[] file)
    {
        this.file = file;
        for (var i = 0; i < U16(4); i++)
        {
            var at = 12 + (16 * i);
            tables[System.Text.Encoding.ASCII.GetString(file, at, 4)] = (int)U32(at + 8);
        }

        UnitsPerEm = U16(tables["head"] + 18);
        longOffsets = U16(tables["head"] + 50) == 1;
        Ascent = S16(tables["hhea"] + 4);
        Descent = -S16(tables["hhea"] + 6);
        horizontalMetrics = U16(tables["hhea"] + 34);
        characterMap = FindBmpMap();
    }

    public int UnitsPerEm { get; }

    public int Ascent { get; }

    public int Descent { get; }

    /// <returns>The glyph's number, 0 when the font lacks the character.</returns>
    public int GlyphOf(char character)
    {
        var segments = U16(characterMap + 6) / 2;
        for (var i = 0; i < segments; i++)
        {
            var end = U16(characterMap + 14 + (2 * i));
            if (character > end)
            {
                continue;
            }

            var startAt = characterMap + 16 + (2 * segments) + (2 * i);
            var start = U16(startAt);
            if (character < start)
            {
                return 0;
            }

            var delta = U16(startAt + (2 * segments));
            var rangeAt = startAt + (4 * segments);
            var range = U16(rangeAt);
            if (range == 0)
            {
                return (character + delta) % 65536;
            }

            var glyph = U16(rangeAt + range + (2 * (character - start)));
            return glyph == 0 ? 0 : (glyph + delta) % 65536;
        }

        return 0;
    }

    public int Advance(int glyph) => U16(tables["hmtx"] + (4 * Math.Min(glyph, horizontalMetrics - 1)));

    /// <summary>Closed contours; composite glyphs are resolved.</summary>
    public List<List<OutlinePoint>> Outline(int glyph)
    {
        var contours = new List<List<OutlinePoint>>();
        var (at, next) = (GlyphOffset(glyph), GlyphOffset(glyph + 1));
        if (at == next)
        {
            return contours;
        }

        at += tables["glyf"];
        var count = S16(at);
        if (count < 0)
        {
            ReadComposite(at + 10, contours);
        }
        else
        {
            ReadSimple(at + 10, count, contours);
        }

        return contours;
    }

    private int FindBmpMap()
    {
        var cmap = tables["cmap"];
        for (var i = 0; i < U16(cmap + 2); i++)
        {
            var map = cmap + (int)U32(cmap + 8 + (8 * i));
            if (U16(map) == 4)
            {
                return map;
            }
        }

        throw new InvalidDataException("The font has no character map of format 4.");
    }

    private int GlyphOffset(int glyph) => longOffsets ? (int)U32(tables["loca"] + (4 * glyph)) : 2 * U16(tables["loca"] + (2 * glyph));

    private void ReadSimple(int at, int contourCount, List<List<OutlinePoint>> contours)
    {
        var ends = Enumerable.Range(0, contourCount).Select(i => U16(at + (2 * i))).ToArray();
        var points = ends[^1] + 1;
        at += 2 * contourCount;
        at += 2 + U16(at);
        var flags = new byte[points];
        for (var i = 0; i < points;)
        {
            var flag = file[at++];
            var repeats = (flag & 8) != 0 ? file[at++] : 0;
            for (var n = 0; n <= repeats; n++)
            {
                flags[i++] = flag;
            }
        }

        var xs = ReadCoordinates(ref at, flags, 2, 16);
        var ys = ReadCoordinates(ref at, flags, 4, 32);
        var from = 0;
        foreach (var end in ends)
        {
            contours.Add([.. Enumerable.Range(from, end + 1 - from).Select(i => new OutlinePoint(xs[i], ys[i], (flags[i] & 1) != 0))]);
            from = end + 1;
        }
    }

    private int[] ReadCoordinates(ref int at, byte[] flags, int shortBit, int sameBit)
    {
        var values = new int[flags.Length];
        var value = 0;
        for (var i = 0; i < flags.Length; i++)
        {
            if ((flags[i] & shortBit) != 0)
            {
                value += (flags[i] & sameBit) != 0 ? file[at] : -file[at];
                at++;
            }
            else if ((flags[i] & sameBit) == 0)
            {
                value += S16(at);
                at += 2;
            }

            values[i] = value;
        }

        return values;
    }

    private void ReadComposite(int at, List<List<OutlinePoint>> contours)
    {
        const int Words = 1, Scale = 8, More = 32, TwoScales = 64, Matrix = 128, One = 16384;
        int flags;
        do
        {
            flags = U16(at);
            var part = U16(at + 2);
            var (dx, dy) = (flags & Words) != 0 ? (S16(at + 4), S16(at + 6)) : ((sbyte)file[at + 4], (sbyte)file[at + 5]);
            at += (flags & Words) != 0 ? 8 : 6;
            var (xx, xy, yx, yy) = (One, 0, 0, One);
            if ((flags & Scale) != 0)
            {
                xx = yy = S16(at);
                at += 2;
            }
            else if ((flags & TwoScales) != 0)
            {
                (xx, yy) = (S16(at), S16(at + 2));
                at += 4;
            }
            else if ((flags & Matrix) != 0)
            {
                (xx, xy, yx, yy) = (S16(at), S16(at + 2), S16(at + 4), S16(at + 6));
                at += 8;
            }

            foreach (var contour in Outline(part))
            {
                contours.Add([.. contour.Select(p => new OutlinePoint(
                    (((p.X * xx) + (p.Y * yx)) / One) + dx, (((p.X * xy) + (p.Y * yy)) / One) + dy, p.OnCurve))]);
            }
        }
        while ((flags & More) != 0);
    }

    private int U16(int at) => BinaryPrimitives.ReadUInt16BigEndian(file.AsSpan(at));

    private int S16(int at) => BinaryPrimitives.ReadInt16BigEndian(file.AsSpan(at));

    private uint U32(int at) => BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at));
}
