using System.Buffers.Binary;

namespace Quartier.Raster.Fonts;

/// <summary>Decodes font data (sections 2 and 3 of the format), checking every size and offset before it is used.</summary>
internal ref struct TinyFontReader(ReadOnlySpan<byte> data)
{
    private const int RangeBytes = 12;
    private const int CharacterBytes = 4;
    private const int BitmapDescriptionBytes = 12;

    private readonly ReadOnlySpan<byte> data = data;
    private TinyFontHeader header = null!;
    private int rangeCount;
    private int characterCount;
    private int charactersAt;
    private int bitmapAt;
    private int bitmapWidth;
    private int bitmapHeight;
    private int wordsPerRow;
    private int rangeOffsetsAt;
    private int characterOffsetsAt;
    private int levelsAt;
    private int levelsSize;

    public bool TryRead(out TinyFont? font, out string reason)
    {
        font = null;
        reason = ReadSizes();
        if (reason.Length > 0)
        {
            return false;
        }

        var glyphs = new Dictionary<char, Glyph>();
        var previousLast = -1;
        var nextIndex = 0;
        for (var range = 0; range < rangeCount; range++)
        {
            var (index, first, last, x) = Range(range);
            if (first <= previousLast || last < first || index != nextIndex)
            {
                reason = $"range {range} (U+{first:X4} to U+{last:X4}) is out of order: the device could not find its characters";
                return false;
            }

            previousLast = last;
            nextIndex = index + last - first + 1;
            if (nextIndex > characterCount)
            {
                reason = $"range {range} names more characters than there are ({characterCount})";
                return false;
            }

            for (var code = first; code <= last; code++)
            {
                if (!TryGlyph(range, index + code - first, code == last, x, out var glyph))
                {
                    reason = $"the glyph of U+{code:X4} lies outside the bitmap";
                    return false;
                }

                glyphs[(char)code] = glyph!;
            }
        }

        if (nextIndex != characterCount)
        {
            reason = $"{characterCount} characters are stored, the ranges name {nextIndex}";
            return false;
        }

        font = new TinyFont(header, bitmapHeight, glyphs);
        return true;
    }

    private string ReadSizes()
    {
        if (data.Length < TinyFontHeader.DescriptionBytes + BitmapDescriptionBytes)
        {
            return data.Length == 0 ? "the file is empty" : "the font data ends inside its description";
        }

        header = new TinyFontHeader(U16(0), S16(2), S16(4), S16(6), S16(8), S16(10), S16(12), S16(14), U16(20));
        rangeCount = U16(16);
        characterCount = U16(18);
        if (rangeCount == 0 || characterCount == 0)
        {
            return "the font has no characters";
        }

        if (U16(22) != 0 || header.Height == 0 || header.AntiAliasBits is not (1 or 2 or 4 or 8))
        {
            return "not a font: its description holds impossible values";
        }

        var (width, height) = (U32(24), U32(28));
        if (width > 4_000_000 || height + (long)header.Offset > header.Height || data[34] != 1 || data[35] != 0)
        {
            return $"the bitmap of {width} × {height} pixels does not fit the line of {header.Height}";
        }

        (bitmapWidth, bitmapHeight, wordsPerRow) = ((int)width, (int)height, (int)((width + 31) / 32));
        charactersAt = TinyFontHeader.DescriptionBytes + BitmapDescriptionBytes + (RangeBytes * (rangeCount + 1));
        bitmapAt = charactersAt + (CharacterBytes * (characterCount + 1));
        var end = bitmapAt + (4L * wordsPerRow * bitmapHeight);
        if (end > data.Length)
        {
            return $"the font data ends after {data.Length} bytes, its bitmap would need {end}";
        }

        return (header.Flags & TinyFontHeader.FlagExtension) == 0 ? "" : ReadExtension((int)end);
    }

    private string ReadExtension(int at)
    {
        if (at + 4 > data.Length)
        {
            return "the font data ends before its anti-aliasing";
        }

        var size = U32(at);
        rangeOffsetsAt = at + 4;
        characterOffsetsAt = rangeOffsetsAt + (4 * rangeCount);
        levelsAt = characterOffsetsAt + (((2 * characterCount) + 3) / 4 * 4);
        if (size > data.Length || levelsAt + (long)size > data.Length)
        {
            return "the font data ends inside its anti-aliasing";
        }

        levelsSize = (int)size;
        return "";
    }

    private readonly (int Index, int First, int Last, int X) Range(int range)
    {
        var at = TinyFontHeader.DescriptionBytes + BitmapDescriptionBytes + (RangeBytes * range);
        return ((int)Math.Min(U32(at), int.MaxValue), U16(at + 4), U16(at + 6), (int)Math.Min(U32(at + 8), int.MaxValue));
    }

    private readonly bool TryGlyph(int range, int index, bool lastOfRange, int rangeX, out Glyph? glyph)
    {
        glyph = null;
        var at = charactersAt + (CharacterBytes * index);
        long x = (long)rangeX + U16(at);
        var nextX = (lastOfRange ? (long)Range(range + 1).X : rangeX) + U16(at + CharacterBytes);
        if (x > nextX || nextX > bitmapWidth)
        {
            return false;
        }

        var width = (int)(nextX - x);
        var coverage = new ushort[width * bitmapHeight];
        if (!TryLevels(range, index, (int)x, width, coverage))
        {
            return false;
        }

        glyph = new Glyph((sbyte)data[at + 2], width, (sbyte)data[at + 3], coverage);
        return true;
    }

    private readonly bool TryLevels(int range, int index, int x, int width, ushort[] coverage)
    {
        var bits = header.AntiAliasBits;
        var perByte = 8 / bits;
        var start = 0L;
        var hasLevels = bits > 1 && U16(characterOffsetsAt + (2 * index)) != 0xFFFF;
        if (hasLevels)
        {
            start = U32(rangeOffsetsAt + (4 * range)) + U16(characterOffsetsAt + (2 * index));
        }

        var taken = 0;
        for (var i = 0; i < coverage.Length; i++)
        {
            var column = x + (i % width);
            var word = U32(bitmapAt + (4 * ((i / width * wordsPerRow) + (column / 32))));
            if (((word >> (column % 32)) & 1) == 0)
            {
                continue;
            }

            if (!hasLevels)
            {
                coverage[i] = 256;
                continue;
            }

            var offset = start + (taken / perByte);
            if (offset >= levelsSize)
            {
                return false;
            }

            var value = (data[levelsAt + (int)offset] >> (8 - bits - (taken % perByte * bits))) & ((1 << bits) - 1);
            coverage[i] = (ushort)header.Opacity(value);
            taken++;
        }

        return true;
    }

    private readonly int U16(int at) => BinaryPrimitives.ReadUInt16LittleEndian(data[at..]);

    private readonly int S16(int at) => BinaryPrimitives.ReadInt16LittleEndian(data[at..]);

    private readonly uint U32(int at) => BinaryPrimitives.ReadUInt32LittleEndian(data[at..]);
}
