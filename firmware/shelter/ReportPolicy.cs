using Quartier.Wire;

namespace Quartier.Shelter
{
    /// <summary>When a status is worth its airtime: at once when somebody waits for the change, soon when a detail changed,
    /// and at the latest with the heartbeat, because a silent pod counts as unknown.</summary>
    public sealed class ReportPolicy
    {
        private readonly ShelterSettings settings;
        private bool everSent;
        private long sentMs;
        private Occupancy occupancy;
        private OccupancyReason reason;
        private int flags;
        private bool doorOpen;
        private bool locked;

        public ReportPolicy(ShelterSettings settings)
        {
            this.settings = settings;
        }

        /// <returns>When this status is to be sent; the past or the present when it is due now.</returns>
        public long DueMs(ShelterStatusV1 status)
        {
            if (!everSent)
            {
                return 0;
            }

            if (status.Occupancy != occupancy || Flags(status) != flags)
            {
                return sentMs + settings.UrgentGapMs;
            }

            if (status.DoorOpen != doorOpen || status.Locked != locked)
            {
                return sentMs + settings.DetailGapMs;
            }

            return sentMs + (status.Reason != reason ? settings.ReasonGapMs : settings.HeartbeatMs);
        }

        public void Sent(ShelterStatusV1 status, long uptimeMs)
        {
            everSent = true;
            sentMs = uptimeMs;
            occupancy = status.Occupancy;
            reason = status.Reason;
            flags = Flags(status);
            doorOpen = status.DoorOpen;
            locked = status.Locked;
        }

        private static int Flags(ShelterStatusV1 status)
        {
            return (status.Smoke ? 1 : 0) + (status.Sos ? 2 : 0) + (status.Tamper ? 4 : 0)
                + (status.ClimateFault ? 8 : 0) + (status.Co2Fault ? 16 : 0)
                + (status.DoorLockFault ? 32 : 0) + (status.MotionFault ? 64 : 0);
        }
    }
}
