using System.Drawing;
using nanoFramework.UI;
using Quartier.Screen;

namespace Quartier.Kiosk.Esp32
{
    /// <summary>The drawing seam over the platform's full-screen bitmap (in PSRAM) and native font routines.</summary>
    public sealed class BitmapCanvas : ICanvas
    {
        private readonly Bitmap screen = DisplayControl.FullScreen;
        private readonly Font[] fonts = new Font[]
        {
            Resource.GetFont(Resource.FontResources.text14),
            Resource.GetFont(Resource.FontResources.text16),
            Resource.GetFont(Resource.FontResources.text18),
            Resource.GetFont(Resource.FontResources.text21),
            Resource.GetFont(Resource.FontResources.strong16),
            Resource.GetFont(Resource.FontResources.strong18),
            Resource.GetFont(Resource.FontResources.strong21),
            Resource.GetFont(Resource.FontResources.strong26),
            Resource.GetFont(Resource.FontResources.numerals36),
        };

        public int Width
        {
            get { return screen.Width; }
        }

        public int Height
        {
            get { return screen.Height; }
        }

        public void FillRectangle(int x, int y, int width, int height, int color)
        {
            screen.FillRectangle(x, y, width, height, ColorOf(color), Bitmap.OpacityOpaque);
        }

        public void DrawText(string text, int font, int color, int x, int y)
        {
            screen.DrawText(text, fonts[font], ColorOf(color), x, y);
        }

        public void DrawGlyphRun(char[] glyphs, int first, int count, int font, int color, int x, int y)
        {
            Color ink = ColorOf(color);
            for (int i = first; i < first + count; i++)
            {
                screen.DrawChar(glyphs[i], x, y, ink, fonts[font]);
                x += fonts[font].CharWidth(glyphs[i]);
            }
        }

        public int MeasureText(string text, int font)
        {
            int width;
            int height;
            fonts[font].ComputeExtent(text, out width, out height);
            return width;
        }

        public int MeasureGlyph(char glyph, int font)
        {
            return fonts[font].CharWidth(glyph);
        }

        public int LineHeight(int font)
        {
            return fonts[font].Height;
        }

        public int Ascent(int font)
        {
            return fonts[font].Ascent;
        }

        public void Flush(int x, int y, int width, int height)
        {
            screen.Flush(x, y, width, height);
        }

        private static Color ColorOf(int rgb)
        {
            return Color.FromArgb((rgb >> 16) & 0xFF, (rgb >> 8) & 0xFF, rgb & 0xFF);
        }
    }
}
