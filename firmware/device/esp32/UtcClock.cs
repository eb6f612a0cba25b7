using System;
using Quartier.Board;

namespace Quartier.Device
{
    /// <summary>The system time, believed only when something has set it: the chip starts in 1970.</summary>
    public sealed class UtcClock : IClock
    {
        // Later than any clock that nobody set, earlier than any day on which this firmware runs.
        private const int FirstBelievedYear = 2026;
        private static readonly DateTime Epoch = new DateTime(1970, 1, 1);

        public bool TryGetUtc(out long unixSeconds)
        {
            DateTime now = DateTime.UtcNow;
            unixSeconds = (now.Ticks - Epoch.Ticks) / TimeSpan.TicksPerSecond;
            return now.Year >= FirstBelievedYear;
        }
    }
}
