namespace Quartier.Screen
{
    public enum QrLevel
    {
        /// <summary>About 7 % of the symbol may be lost.</summary>
        Low = 0,
        /// <summary>About 15 %.</summary>
        Medium = 1,
    }

    /// <summary>ISO/IEC 18004 tables 7 and 9, annexes C to E, for versions 1 to 8.</summary>
    internal static class QrTables
    {
        private static readonly short[] Codewords = { 26, 44, 70, 100, 134, 172, 196, 242 };
        private static readonly byte[] LowCorrection = { 7, 10, 15, 20, 26, 18, 20, 24 };
        private static readonly byte[] LowBlocks = { 1, 1, 1, 1, 1, 2, 2, 2 };
        private static readonly byte[] MediumCorrection = { 10, 16, 26, 18, 24, 16, 18, 22 };
        private static readonly byte[] MediumBlocks = { 1, 1, 1, 2, 2, 4, 4, 4 };
        private static readonly byte[] LastAlignment = { 0, 18, 22, 26, 30, 34, 38, 42 };

        public static int TotalCodewords(int version)
        {
            return Codewords[version - 1];
        }

        public static int CorrectionPerBlock(int version, QrLevel level)
        {
            return level == QrLevel.Low ? LowCorrection[version - 1] : MediumCorrection[version - 1];
        }

        public static int Blocks(int version, QrLevel level)
        {
            return level == QrLevel.Low ? LowBlocks[version - 1] : MediumBlocks[version - 1];
        }

        public static int DataCodewords(int version, QrLevel level)
        {
            return TotalCodewords(version) - (CorrectionPerBlock(version, level) * Blocks(version, level));
        }

        /// <summary>Mode and count take 12 bits, so two bytes are not the text's.</summary>
        public static int TextBytesMax(int version, QrLevel level)
        {
            return DataCodewords(version, level) - 2;
        }

        /// <summary>Centre of the n-th alignment pattern on an axis, n from 0; 0 when there is none.</summary>
        public static int Alignment(int version, int n)
        {
            if (version == 1)
            {
                return 0;
            }

            if (n == 0)
            {
                return 6;
            }

            int last = LastAlignment[version - 1];
            if (version < 7)
            {
                return n == 1 ? last : 0;
            }

            return n == 1 ? (6 + last) / 2 : n == 2 ? last : 0;
        }

        /// <summary>The 18 version bits of versions 7 and 8 (annex D).</summary>
        public static int VersionBits(int version)
        {
            return version == 7 ? 0x07C94 : 0x085BC;
        }

        /// <summary>The 15 format bits (annex C): level and mask, BCH(15,5), then the fixed mask.</summary>
        public static int FormatBits(QrLevel level, int mask)
        {
            int five = ((level == QrLevel.Low ? 1 : 0) * 8) + mask;
            int remainder = five * 1024;
            for (int bit = 16384; bit >= 1024; bit /= 2)
            {
                if ((remainder & bit) != 0)
                {
                    remainder ^= 0x537 * (bit / 1024);
                }
            }

            return ((five * 1024) + remainder) ^ 0x5412;
        }

        public static bool Masked(int mask, int x, int y)
        {
            switch (mask)
            {
                case 0: return (x + y) % 2 == 0;
                case 1: return y % 2 == 0;
                case 2: return x % 3 == 0;
                case 3: return (x + y) % 3 == 0;
                case 4: return ((x / 3) + (y / 2)) % 2 == 0;
                case 5: return (x * y % 2) + (x * y % 3) == 0;
                case 6: return ((x * y % 2) + (x * y % 3)) % 2 == 0;
                default: return (((x + y) % 2) + (x * y % 3)) % 2 == 0;
            }
        }
    }
}
