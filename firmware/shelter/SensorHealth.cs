namespace Quartier.Shelter
{
    /// <summary>Tells a part that failed from one that missed a reading: only a fault that lasts counts.</summary>
    public sealed class SensorHealth
    {
        private const long ToleratedMs = 90 * 1000;
        private bool bad;
        private long badSinceMs;

        /// <summary>The part has given no usable value for longer than is tolerated.</summary>
        public bool Failed { get; private set; }

        public void Note(long uptimeMs, bool ok)
        {
            if (ok)
            {
                bad = false;
                Failed = false;
                return;
            }

            if (!bad)
            {
                bad = true;
                badSinceMs = uptimeMs;
            }

            Failed = uptimeMs - badSinceMs >= ToleratedMs;
        }
    }
}
