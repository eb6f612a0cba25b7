namespace Quartier.Kiosk
{
    /// <summary>How many bytes the platform's graphics need. What is asked for when they start is their whole heap, and the heap keeps
    /// its books in the same bytes: a heap of one picture has no room for that picture. Taken from it is one bitmap, the screen;
    /// fonts stay in the program's flash, and text, rectangles and codes are drawn into the one bitmap.</summary>
    public static class GraphicsHeap
    {
        /// <summary>Link, link, length and state before each block.</summary>
        private const int BlockHeadBytes = 16;
        /// <summary>The heap's first block, the rest behind the picture, which is cut off whatever its size, and the end mark.</summary>
        private const int Blocks = 3;
        /// <summary>Before a bitmap's pixels: its description (12) and what drawing knows of it (36).</summary>
        private const int BitmapHeadBytes = 48;
        /// <summary>For heads that a later image makes longer.</summary>
        private const int SpareBytes = 4096;

        /// <summary>For one picture of 16 bits a pixel; each row begins on a word.</summary>
        public static int BytesFor(int width, int height)
        {
            int rowBytes = ((width * 16) + 31) / 32 * 4;
            return (Blocks * BlockHeadBytes) + BitmapHeadBytes + (rowBytes * height) + SpareBytes;
        }
    }
}
