using System.Buffers.Binary;

namespace Quartier.Raster.Fonts;

/// <summary>One glyph of a .tinyfnt file. Coverage is 0..256 per pixel, row by row, Width × the font's bitmap height.</summary>
public sealed record Glyph(int MarginLeft, int Width, int MarginRight, ushort[] Coverage)
{
    public int Advance => MarginLeft + Width + MarginRight;
}

/// <summary>A font in the platform's own format, as its native drawing routine reads it. Reading is total: a malformed file is a reason, never an exception.</summary>
public sealed class TinyFont
{
    public const char Replacement = '\uFFFD';

    /// <summary>Latin, Greek and Cyrillic: nearly all that is ever measured, and layout measures every character many times.</summary>
    private const int NearCharacters = 0x500;

    private readonly Dictionary<char, Glyph> glyphs;
    private readonly int[] nearAdvances = new int[NearCharacters];

    internal TinyFont(TinyFontHeader header, int bitmapHeight, Dictionary<char, Glyph> glyphs)
    {
        Header = header;
        BitmapHeight = bitmapHeight;
        this.glyphs = glyphs;
        for (var i = 0; i < NearCharacters; i++)
        {
            nearAdvances[i] = Find((char)i)?.Advance ?? 0;
        }
    }

    public TinyFontHeader Header { get; }

    /// <summary>Rows of every glyph.</summary>
    public int BitmapHeight { get; }

    public int LineHeight => Header.Height;

    public int Ascent => Header.Ascent;

    public IEnumerable<char> Characters => glyphs.Keys.Order();

    public bool Has(char character) => glyphs.ContainsKey(character);

    /// <summary>The character's glyph, else the replacement's, else null: nothing is drawn then.</summary>
    public Glyph? Find(char character) => glyphs.GetValueOrDefault(character) ?? glyphs.GetValueOrDefault(Replacement);

    public int Advance(char character) => character < NearCharacters ? nearAdvances[character] : Find(character)?.Advance ?? 0;

    /// <summary>Sum of advances. A character outside the BMP counts as one replacement glyph.</summary>
    public int Measure(string text)
    {
        var width = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]))
            {
                i += char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]) ? 1 : 0;
                width += Advance(Replacement);
            }
            else
            {
                width += Advance(text[i]);
            }
        }

        return width;
    }

    /// <param name="file">A .tinyfnt file, or bare font data as it lies in an assembly.</param>
    public static bool TryRead(ReadOnlySpan<byte> file, out TinyFont? font, out string reason)
    {
        font = null;
        var data = file;
        if (file.Length >= 4 && BinaryPrimitives.ReadUInt32LittleEndian(file) == TinyFontHeader.Magic)
        {
            reason = TinyFontHeader.CheckContainer(file, out var size);
            if (reason.Length > 0)
            {
                return false;
            }

            data = file.Slice(TinyFontHeader.ContainerBytes, size);
        }

        return new TinyFontReader(data).TryRead(out font, out reason);
    }
}
