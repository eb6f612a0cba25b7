namespace Quartier.Kiosk
{
    /// <summary>Whether the other end of a session still answers. A connection whose other half is gone takes bytes for many minutes:
    /// an acknowledgement that is late while nothing else comes either is the sign. On a slow line acknowledgements stand in one
    /// queue with entries, so whatever arrives counts.</summary>
    public sealed class LinkLife
    {
        public const long LateMs = 45000;

        private bool waiting;
        private long sinceMs;

        /// <summary>A new session: nothing is unanswered.</summary>
        public void Begin()
        {
            waiting = false;
        }

        /// <summary>Something went out that the other end has to acknowledge.</summary>
        public void Sent(long uptimeMs)
        {
            if (!waiting)
            {
                waiting = true;
                sinceMs = uptimeMs;
            }
        }

        /// <summary>Anything came in.</summary>
        /// <param name="settled">Nothing is left that waits for an acknowledgement.</param>
        public void Heard(long uptimeMs, bool settled)
        {
            waiting = waiting && !settled;
            sinceMs = uptimeMs;
        }

        public bool IsDead(long uptimeMs)
        {
            return waiting && uptimeMs - sinceMs >= LateMs;
        }
    }
}
