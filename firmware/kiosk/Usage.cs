using Quartier.Wire;

namespace Quartier.Kiosk
{
    /// <summary>Openings per hour and category, one per visit and category at most, so that a playing child does not look like a
    /// crowd and no person can be followed. Kept in memory only.</summary>
    public sealed class Usage
    {
        private readonly ScreenUsage hour = new ScreenUsage();
        private readonly bool[] openedInVisit = new bool[Categories.Count];

        public void EndVisit()
        {
            for (int i = 0; i < openedInVisit.Length; i++)
            {
                openedInVisit[i] = false;
            }
        }

        public void Opened(int category, bool timeKnown, long unixSeconds)
        {
            if (!timeKnown || openedInVisit[category])
            {
                return;
            }

            openedInVisit[category] = true;
            if (IsEmpty())
            {
                hour.UnixHour = (int)(unixSeconds / 3600);
            }

            if (hour.Counts[category] < ScreenUsage.CountMax)
            {
                hour.Counts[category]++;
            }
        }

        /// <summary>Hands over the figures of an hour that has ended.</summary>
        public bool TryTake(long unixSeconds, Outbox outbox, string topic)
        {
            if (hour.UnixHour == unixSeconds / 3600 || IsEmpty())
            {
                return false;
            }

            hour.Sequence = outbox.TakeSequence();
            outbox.Commit(topic, hour.Encode(outbox.Reserve()));
            for (int i = 0; i < hour.Counts.Length; i++)
            {
                hour.Counts[i] = 0;
            }

            return true;
        }

        private bool IsEmpty()
        {
            for (int i = 0; i < hour.Counts.Length; i++)
            {
                if (hour.Counts[i] > 0)
                {
                    return false;
                }
            }

            return true;
        }
    }
}
