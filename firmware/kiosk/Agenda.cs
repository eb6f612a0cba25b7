namespace Quartier.Kiosk
{
    /// <summary>Which offers a page lists and in which order: what is on now, then what comes next, then offers without a date.
    /// What is over is never in it. Filled again only when time or catalogue ask for it.</summary>
    public sealed class Agenda
    {
        public const int AllCategories = -1;
        private const int LongRunningMinutes = 720;
        private const int LongRunningDelayMinutes = 360;
        private const int Undated = int.MaxValue;

        private int[] entries = new int[0];
        private int[] times = new int[0];
        private int[] keys = new int[0];

        public int Count { get; private set; }

        /// <summary>The minute at which the list or its words will change; int.MaxValue when nothing is ahead.</summary>
        public int NextChangeUnixMinute { get; private set; }

        public int Entry(int at)
        {
            return entries[at];
        }

        /// <returns>Which of the entry's occurrences; -1 for an offer without a date.</returns>
        public int Time(int at)
        {
            return times[at];
        }

        /// <param name="category">One category, or <see cref="AllCategories"/> for dated offers of all.</param>
        /// <param name="unixMinute">Now, or the latest time known to be past when the time is unknown.</param>
        /// <param name="timeKnown">When false, nothing counts as being on now.</param>
        public void Fill(Catalogue catalogue, int category, int unixMinute, bool timeKnown)
        {
            if (entries.Length < catalogue.Count)
            {
                entries = new int[catalogue.Count];
                times = new int[catalogue.Count];
                keys = new int[catalogue.Count];
            }

            Count = 0;
            NextChangeUnixMinute = int.MaxValue;
            for (int i = 0; i < catalogue.Count; i++)
            {
                bool dated = catalogue.TimeCount(i) > 0;
                bool listed = category == AllCategories ? dated : catalogue.Category(i) == category;
                int time = dated ? catalogue.CurrentOrNext(i, unixMinute) : -1;
                if (!listed || (dated && time < 0))
                {
                    continue;
                }

                entries[Count] = i;
                times[Count] = time;
                keys[Count] = dated ? Key(catalogue, i, time, unixMinute, timeKnown) : Undated;
                Count++;
            }

            Sort();
        }

        private int Key(Catalogue catalogue, int entry, int time, int unixMinute, bool timeKnown)
        {
            int start = catalogue.Start(entry, time);
            int end = catalogue.End(entry, time);
            int change = start > unixMinute ? start : end;
            if (change < NextChangeUnixMinute)
            {
                NextChangeUnixMinute = change;
            }

            // An exhibition of three weeks must not push today's lunch from the first page.
            bool longRunning = timeKnown && start <= unixMinute && end - unixMinute > LongRunningMinutes;
            return longRunning ? unixMinute + LongRunningDelayMinutes : start;
        }

        /// <summary>Shell sort, stable enough by comparing entries of equal keys by their number.</summary>
        private void Sort()
        {
            int gap = 1;
            while (gap < Count / 3)
            {
                gap = (3 * gap) + 1;
            }

            for (; gap > 0; gap /= 3)
            {
                for (int i = gap; i < Count; i++)
                {
                    int key = keys[i];
                    int entry = entries[i];
                    int time = times[i];
                    int j = i;
                    while (j >= gap && (keys[j - gap] > key || (keys[j - gap] == key && entries[j - gap] > entry)))
                    {
                        keys[j] = keys[j - gap];
                        entries[j] = entries[j - gap];
                        times[j] = times[j - gap];
                        j -= gap;
                    }

                    keys[j] = key;
                    entries[j] = entry;
                    times[j] = time;
                }
            }
        }
    }
}
