using Quartier.Raster;
using Quartier.Screen;

namespace Quartier.Simulator.Boards;

/// <summary>A panel that nobody looks at: measures with the screen's own fonts, so that the firmware lays out the very same page, and
/// keeps the words instead of the pixels. A simulated week does not need a hundred thousand pictures.</summary>
public sealed class SketchCanvas(int width, int height) : ICanvas
{
    private readonly PanelCanvas measure = new(1, 1);
    private readonly List<(int X, int Y, string Text)> words = [];

    public int Width => width;

    public int Height => height;

    /// <summary>The words on the panel, in the order in which they were drawn.</summary>
    public IEnumerable<string> Words => words.Select(word => word.Text);

    public void FillRectangle(int x, int y, int rectangleWidth, int rectangleHeight, int color)
    {
        if (rectangleWidth >= width && rectangleHeight >= height)
        {
            words.Clear();
            return;
        }

        // From the end, so that removing one does not move those that are still to be looked at.
        for (var i = words.Count - 1; i >= 0; i--)
        {
            var word = words[i];
            if (word.X >= x && word.Y >= y && word.X < x + rectangleWidth && word.Y < y + rectangleHeight)
            {
                words.RemoveAt(i);
            }
        }
    }

    public void DrawText(string text, int font, int color, int x, int y) => words.Add((x, y, text));

    public void DrawGlyphRun(char[] glyphs, int first, int count, int font, int color, int x, int y) =>
        words.Add((x, y, new string(glyphs, first, count)));

    public int MeasureText(string text, int font) => measure.MeasureText(text, font);

    public int MeasureGlyph(char glyph, int font) => measure.MeasureGlyph(glyph, font);

    public int LineHeight(int font) => measure.LineHeight(font);

    public int Ascent(int font) => measure.Ascent(font);

    public void Flush(int x, int y, int flushWidth, int flushHeight)
    {
    }
}
