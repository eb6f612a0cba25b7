namespace Quartier.Screen
{
    /// <summary>Paints a finished symbol with one rectangle per run of dark modules in a row.</summary>
    public static class QrPainter
    {
        /// <summary>Whole pixels per module so that symbol and quiet zone fit; 0 when they do not.</summary>
        public static int ModulePixels(QrCode code, int sidePixels)
        {
            return code.Size == 0 ? 0 : sidePixels / (code.Size + (2 * QrCode.QuietModules));
        }

        /// <summary>Fills a white square of the symbol's size with its quiet zone, then draws it.</summary>
        public static void Draw(ICanvas canvas, QrCode code, int x, int y, int modulePixels)
        {
            int side = (code.Size + (2 * QrCode.QuietModules)) * modulePixels;
            canvas.FillRectangle(x, y, side, side, 0xFFFFFF);
            int originX = x + (QrCode.QuietModules * modulePixels);
            int originY = y + (QrCode.QuietModules * modulePixels);
            for (int row = 0; row < code.Size; row++)
            {
                int runStart = -1;
                for (int column = 0; column <= code.Size; column++)
                {
                    bool isDark = column < code.Size && code.IsDark(column, row);
                    if (isDark && runStart < 0)
                    {
                        runStart = column;
                    }
                    else if (!isDark && runStart >= 0)
                    {
                        canvas.FillRectangle(
                            originX + (runStart * modulePixels), originY + (row * modulePixels), (column - runStart) * modulePixels, modulePixels, 0x000000);
                        runStart = -1;
                    }
                }
            }
        }
    }
}
