namespace Quartier.Kiosk
{
    /// <summary>How long ago the gateway last said that the content is right. While the session lives and nothing is pending, every
    /// acknowledgement counts: a change would have come the same way. Counted by uptime as long as the board runs, so that a wrong
    /// or missing clock cannot make old content look fresh.</summary>
    public sealed class ContentAge
    {
        public const long Unknown = -1;
        public const long StaleSeconds = 3600;
        private bool confirmedThisRun;
        private long confirmedUptimeMs;

        public void Confirm(long uptimeMs)
        {
            confirmedThisRun = true;
            confirmedUptimeMs = uptimeMs;
        }

        /// <param name="rememberedUnixSeconds">The last confirmation before this run; 0 for none.</param>
        public long Seconds(long uptimeMs, bool timeKnown, long unixSeconds, long rememberedUnixSeconds)
        {
            if (confirmedThisRun)
            {
                return (uptimeMs - confirmedUptimeMs) / 1000;
            }

            return timeKnown && rememberedUnixSeconds > 0 && unixSeconds >= rememberedUnixSeconds ? unixSeconds - rememberedUnixSeconds : Unknown;
        }
    }
}
