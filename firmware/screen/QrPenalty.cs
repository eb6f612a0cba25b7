namespace Quartier.Screen
{
    /// <summary>How hard a masked symbol is to read: ISO/IEC 18004, 7.8.3. Less is better; any mask can be read.</summary>
    internal static class QrPenalty
    {
        public static int Of(byte[] dark, int size)
        {
            int penalty = 0;
            int darkCount = 0;
            for (int i = 0; i < size; i++)
            {
                penalty += Line(dark, size, i * size, 1);
                penalty += Line(dark, size, i, size);
            }

            for (int y = 0; y < size; y++)
            {
                for (int x = 0; x < size; x++)
                {
                    int i = (y * size) + x;
                    int value = dark[i];
                    darkCount += value;
                    if (x > 0 && y > 0 && value == dark[i - 1] && value == dark[i - size] && value == dark[i - size - 1])
                    {
                        penalty += 3;
                    }
                }
            }

            int offBalance = System.Math.Abs((darkCount * 20) - (size * size * 10));
            return penalty + (offBalance / (size * size) * 10);
        }

        /// <summary>Runs of five and more, and false finders (1:1:3:1:1 beside four light), along one row or column.</summary>
        private static int Line(byte[] dark, int size, int start, int stride)
        {
            int penalty = 0;
            int run = 0;
            int window = 0;
            int last = -1;
            for (int i = 0; i < size; i++)
            {
                int value = dark[start + (i * stride)];
                run = value == last ? run + 1 : 1;
                last = value;
                if (run == 5)
                {
                    penalty += 3;
                }
                else if (run > 5)
                {
                    penalty++;
                }

                window = ((window * 2) + value) % 2048;
                if (i >= 10 && (window == 0x5D || window == 0x5D0))
                {
                    penalty += 40;
                }
            }

            return penalty;
        }
    }
}
