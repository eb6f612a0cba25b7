namespace Quartier.Screen
{
    /// <summary>The drawing seam: as much as a display's native routines do in one call, and no more, because a loop over pixels
    /// is too slow on an interpreted runtime. Whole numbers only, origin at the top left, y downwards. What lies outside the panel
    /// is cut off. Fonts are indexes into <see cref="FontCatalogue"/>; colours are 0xRRGGBB and may be shown a little rounded.</summary>
    public interface ICanvas
    {
        int Width { get; }

        int Height { get; }

        void FillRectangle(int x, int y, int width, int height, int color);

        /// <summary>One line; y is the top of the line.</summary>
        void DrawText(string text, int font, int color, int x, int y);

        /// <summary>Glyphs in the order given, without making a string.</summary>
        void DrawGlyphRun(char[] glyphs, int first, int count, int font, int color, int x, int y);

        /// <summary>Sum of the advance widths.</summary>
        int MeasureText(string text, int font);

        /// <summary>Advance width of one glyph.</summary>
        int MeasureGlyph(char glyph, int font);

        int LineHeight(int font);

        /// <summary>From the top of the line to the baseline.</summary>
        int Ascent(int font);

        /// <summary>Brings a region of what was drawn to the glass.</summary>
        void Flush(int x, int y, int width, int height);
    }
}
