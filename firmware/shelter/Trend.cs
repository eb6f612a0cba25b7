namespace Quartier.Shelter
{
    /// <summary>Slope of a slowly sampled value over the last few minutes, without a floating point and without allocation.
    /// It compares the mean of the newer half of a window with the mean of the older half, which halves a sensor's noise.</summary>
    public sealed class Trend
    {
        private const int Kept = 16;
        private readonly long[] atMs = new long[Kept];
        private readonly int[] values = new int[Kept];
        private int count;
        private int newest = -1;

        public void Clear()
        {
            count = 0;
            newest = -1;
        }

        public void Add(long uptimeMs, int value)
        {
            newest = (newest + 1) % Kept;
            atMs[newest] = uptimeMs;
            values[newest] = value;
            if (count < Kept)
            {
                count++;
            }
        }

        /// <summary>Change per minute times ten, over samples no older than the window.</summary>
        /// <param name="sinceMs">Samples before this time are left out, for example those of an open door.</param>
        /// <returns>False when fewer than four samples, or less than half the window, are there.</returns>
        public bool TrySlope(long uptimeMs, long sinceMs, long windowMs, out int tenthsPerMinute)
        {
            tenthsPerMinute = 0;
            long fromMs = uptimeMs - windowMs;
            if (sinceMs > fromMs)
            {
                fromMs = sinceMs;
            }

            int usable = CountSince(fromMs);
            if (usable < 4)
            {
                return false;
            }

            int half = usable / 2;
            long newSum = 0, oldSum = 0, newAt = 0, oldAt = 0;
            for (int i = 0; i < half; i++)
            {
                int recent = Index(i);
                int early = Index(usable - 1 - i);
                newSum += values[recent];
                newAt += atMs[recent];
                oldSum += values[early];
                oldAt += atMs[early];
            }

            long apartMs = (newAt - oldAt) / half;
            if (apartMs * 4 < windowMs)
            {
                return false;
            }

            tenthsPerMinute = (int)((newSum - oldSum) * 600000 / (apartMs * half));
            return true;
        }

        private int CountSince(long fromMs)
        {
            int usable = 0;
            while (usable < count && atMs[Index(usable)] >= fromMs)
            {
                usable++;
            }

            return usable;
        }

        private int Index(int back)
        {
            return (newest - back + Kept) % Kept;
        }
    }
}
