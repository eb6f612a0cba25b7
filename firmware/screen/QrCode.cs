namespace Quartier.Screen
{
    /// <summary>Makes QR codes of short texts (byte mode, versions 1 to 8) on the device. Its buffers are made once.
    /// Choosing a mask is the slow part, so <see cref="Step"/> weighs one of the eight at a time between two frames.</summary>
    public sealed class QrCode
    {
        public const int VersionMax = 8;
        public const int SizeMax = 17 + (4 * VersionMax);
        /// <summary>Light modules that must stay free around the symbol.</summary>
        public const int QuietModules = 4;
        public const int TextBytesMax = 192;
        internal const int CorrectionPerBlockMax = 26;
        private const int CodewordsMax = 242;
        private const int Masks = 8;

        private readonly byte[] dark = new byte[SizeMax * SizeMax];
        private readonly byte[] reserved = new byte[SizeMax * SizeMax];
        private readonly byte[] message = new byte[CodewordsMax];
        private readonly byte[] correction = new byte[CodewordsMax];
        private readonly byte[] sequence = new byte[CodewordsMax];
        private readonly ReedSolomon reedSolomon = new ReedSolomon();
        private int nextMask;
        private int bestPenalty;

        /// <summary>Modules on a side; 0 before the first text.</summary>
        public int Size { get; private set; }

        public int Version { get; private set; }

        public QrLevel Level { get; private set; }

        public int Mask { get; private set; }

        /// <summary>True when the symbol may be shown.</summary>
        public bool Ready { get; private set; }

        /// <summary>Takes a text: level M in the smallest version that holds it, else level L.</summary>
        /// <returns>False when it is longer than <see cref="TextBytesMax"/> or empty; nothing may be shown then.</returns>
        public bool Begin(byte[] text, int length)
        {
            Ready = false;
            Size = 0;
            if (length < 1 || length > text.Length || !Choose(length))
            {
                return false;
            }

            Size = 17 + (4 * Version);
            WriteMessage(text, length);
            Interleave();
            for (int i = 0; i < Size * Size; i++)
            {
                dark[i] = 0;
                reserved[i] = 0;
            }

            DrawFixedPatterns();
            PlaceCodewords();
            nextMask = 0;
            bestPenalty = int.MaxValue;
            return true;
        }

        /// <summary>Weighs the next mask.</summary>
        /// <returns>True when the symbol is ready.</returns>
        public bool Step()
        {
            if (Ready || Size == 0)
            {
                return Ready;
            }

            Apply(nextMask);
            int penalty = QrPenalty.Of(dark, Size);
            if (penalty < bestPenalty)
            {
                bestPenalty = penalty;
                Mask = nextMask;
            }

            Invert(nextMask);
            nextMask++;
            if (nextMask == Masks)
            {
                Apply(Mask);
                Ready = true;
            }

            return Ready;
        }

        public bool IsDark(int x, int y)
        {
            return dark[(y * Size) + x] != 0;
        }

        private bool Choose(int length)
        {
            return Choose(length, QrLevel.Medium) || Choose(length, QrLevel.Low);
        }

        private bool Choose(int length, QrLevel level)
        {
            for (int version = 1; version <= VersionMax; version++)
            {
                if (length <= QrTables.TextBytesMax(version, level))
                {
                    Version = version;
                    Level = level;
                    return true;
                }
            }

            return false;
        }

        /// <summary>Mode 0100, count of 8 bits, the text, terminator, padding: every text byte straddles two codewords.</summary>
        private void WriteMessage(byte[] text, int length)
        {
            int capacity = QrTables.DataCodewords(Version, Level);
            message[0] = (byte)((4 * 16) + (length / 16));
            int carry = length % 16;
            for (int i = 0; i < length; i++)
            {
                message[i + 1] = (byte)((carry * 16) + (text[i] / 16));
                carry = text[i] % 16;
            }

            message[length + 1] = (byte)(carry * 16);
            for (int i = length + 2; i < capacity; i++)
            {
                message[i] = (byte)((i - length) % 2 == 0 ? 0xEC : 0x11);
            }
        }

        private void Interleave()
        {
            int blocks = QrTables.Blocks(Version, Level);
            int perBlock = QrTables.CorrectionPerBlock(Version, Level);
            int data = QrTables.DataCodewords(Version, Level);
            int shorter = data / blocks;
            int longerFrom = blocks - (data % blocks);
            reedSolomon.Prepare(perBlock);
            int offset = 0;
            for (int block = 0; block < blocks; block++)
            {
                int count = shorter + (block >= longerFrom ? 1 : 0);
                reedSolomon.Correct(message, offset, count, correction, block * perBlock);
                for (int i = 0; i < count; i++)
                {
                    int row = i < shorter ? (i * blocks) + block : (shorter * blocks) + block - longerFrom;
                    sequence[row] = message[offset + i];
                }

                for (int i = 0; i < perBlock; i++)
                {
                    sequence[data + (i * blocks) + block] = correction[(block * perBlock) + i];
                }

                offset += count;
            }
        }

        private void DrawFixedPatterns()
        {
            Finder(3, 3);
            Finder(Size - 4, 3);
            Finder(3, Size - 4);
            for (int i = 8; i < Size - 8; i++)
            {
                Fix(i, 6, i % 2 == 0);
                Fix(6, i, i % 2 == 0);
            }

            for (int a = 0; a < 3; a++)
            {
                for (int b = 0; b < 3; b++)
                {
                    int x = QrTables.Alignment(Version, a);
                    int y = QrTables.Alignment(Version, b);
                    if (x != 0 && y != 0 && !IsFinderCorner(x, y))
                    {
                        Square(x, y, 2, 0, 2);
                    }
                }
            }

            DrawFormat(0);
            if (Version >= 7)
            {
                DrawVersion();
            }
        }

        private bool IsFinderCorner(int x, int y)
        {
            int last = Size - 7;
            return (x == 6 && (y == 6 || y == last)) || (y == 6 && x == last);
        }

        private void Finder(int x, int y)
        {
            Square(x, y, 4, 2, 4);
        }

        /// <summary>Rings around a centre; two of them are light.</summary>
        private void Square(int centreX, int centreY, int radius, int lightRing, int otherLightRing)
        {
            for (int dy = -radius; dy <= radius; dy++)
            {
                for (int dx = -radius; dx <= radius; dx++)
                {
                    int ring = System.Math.Max(System.Math.Abs(dx), System.Math.Abs(dy));
                    bool light = radius == 2 ? ring == 1 : ring == lightRing || ring == otherLightRing;
                    Fix(centreX + dx, centreY + dy, !light);
                }
            }
        }

        private void Fix(int x, int y, bool isDark)
        {
            if (x >= 0 && y >= 0 && x < Size && y < Size)
            {
                dark[(y * Size) + x] = (byte)(isDark ? 1 : 0);
                reserved[(y * Size) + x] = 1;
            }
        }

        private void DrawFormat(int mask)
        {
            int bits = QrTables.FormatBits(Level, mask);
            for (int i = 0; i < 15; i++)
            {
                bool bit = bits % 2 == 1;
                bits /= 2;
                if (i < 6)
                {
                    Fix(8, i, bit);
                }
                else if (i < 8)
                {
                    Fix(8, i + 1, bit);
                }
                else
                {
                    Fix(i == 8 ? 7 : 14 - i, 8, bit);
                }

                if (i < 8)
                {
                    Fix(Size - 1 - i, 8, bit);
                }
                else
                {
                    Fix(8, Size - 15 + i, bit);
                }
            }

            Fix(8, Size - 8, true);
        }

        private void DrawVersion()
        {
            int bits = QrTables.VersionBits(Version);
            for (int i = 0; i < 18; i++)
            {
                bool bit = bits % 2 == 1;
                bits /= 2;
                Fix(Size - 11 + (i % 3), i / 3, bit);
                Fix(i / 3, Size - 11 + (i % 3), bit);
            }
        }

        /// <summary>Two columns at a time from the right, up and down in turn, around everything reserved.</summary>
        private void PlaceCodewords()
        {
            int bitCount = QrTables.TotalCodewords(Version) * 8;
            int at = 0;
            int weight = 128;
            bool upward = false;
            for (int right = Size - 1; right >= 1; right -= 2)
            {
                if (right == 6)
                {
                    right = 5;
                }

                upward = !upward;
                for (int step = 0; step < Size; step++)
                {
                    int y = upward ? Size - 1 - step : step;
                    for (int column = right; column > right - 2; column--)
                    {
                        if (reserved[(y * Size) + column] != 0 || at == bitCount)
                        {
                            continue;
                        }

                        dark[(y * Size) + column] = (byte)((sequence[at / 8] & weight) != 0 ? 1 : 0);
                        at++;
                        weight = weight == 1 ? 128 : weight / 2;
                    }
                }
            }
        }

        private void Apply(int mask)
        {
            Invert(mask);
            DrawFormat(mask);
        }

        private void Invert(int mask)
        {
            for (int y = 0; y < Size; y++)
            {
                for (int x = 0; x < Size; x++)
                {
                    int i = (y * Size) + x;
                    if (reserved[i] == 0 && QrTables.Masked(mask, x, y))
                    {
                        dark[i] ^= 1;
                    }
                }
            }
        }
    }
}
