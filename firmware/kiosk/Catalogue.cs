using Quartier.Wire;

namespace Quartier.Kiosk
{
    /// <summary>What must be in memory of the catalogue on show: digests, categories and dates. Texts stay on flash until a page needs them.</summary>
    public sealed class Catalogue
    {
        /// <summary>An event whose end nobody stated leaves the screen this long after its start.</summary>
        public const int UnknownEndMinutes = 60;

        public static readonly Catalogue None = new Catalogue(0);

        public readonly DigestList Digests;
        private readonly byte[] categories;
        private readonly int[][] starts;
        private readonly int[][] durations;
        private readonly bool[][] allDays;
        private readonly LocalTime dayAfter = new LocalTime();

        public Catalogue(int capacity)
        {
            Digests = new DigestList(capacity);
            categories = new byte[capacity];
            starts = new int[capacity][];
            durations = new int[capacity][];
            allDays = new bool[capacity][];
        }

        /// <summary>Digest of the whole; empty when some entry is missing, so that the gateway sends it again.</summary>
        public byte[] Digest = new byte[0];

        /// <summary>When the gateway issued it, seconds since 1970 UTC; 0 when unknown.</summary>
        public long IssuedUnixSeconds;

        public int Count
        {
            get { return Digests.Count; }
        }

        public void Add(byte[] digest, int offset, CatalogueEntry entry)
        {
            int i = Digests.Count;
            if (Digests.TryAdd(digest, offset))
            {
                categories[i] = (byte)entry.Category;
                starts[i] = entry.StartUnixMinutes;
                durations[i] = entry.DurationMinutes;
                allDays[i] = entry.AllDay;
                EndAtMidnight(i);
            }
        }

        /// <summary>A whole day without a stated end lasts until the next midnight of the wall clock: 23 or 25 hours twice a year.</summary>
        private void EndAtMidnight(int entry)
        {
            for (int i = 0; i < allDays[entry].Length; i++)
            {
                if (allDays[entry][i] && durations[entry][i] == 0)
                {
                    dayAfter.Set((starts[entry][i] + 1440) * 60L);
                    int late = (dayAfter.Hour * 60) + dayAfter.Minute;
                    durations[entry][i] = 1440 - (late < 720 ? late : late - 1440);
                }
            }
        }

        public int Category(int entry)
        {
            return categories[entry];
        }

        public int TimeCount(int entry)
        {
            return starts[entry].Length;
        }

        public int Start(int entry, int time)
        {
            return starts[entry][time];
        }

        public bool IsAllDay(int entry, int time)
        {
            return allDays[entry][time];
        }

        public bool HasEnd(int entry, int time)
        {
            return durations[entry][time] > 0;
        }

        /// <summary>The minute from which the occurrence is over.</summary>
        public int End(int entry, int time)
        {
            int duration = durations[entry][time];
            return starts[entry][time] + (duration > 0 ? duration : UnknownEndMinutes);
        }

        /// <returns>The first occurrence that is not over; -1 when all are. Occurrences are few: sixteen at most.</returns>
        public int CurrentOrNext(int entry, int unixMinute)
        {
            for (int i = 0; i < starts[entry].Length; i++)
            {
                if (End(entry, i) > unixMinute)
                {
                    return i;
                }
            }

            return -1;
        }
    }
}
