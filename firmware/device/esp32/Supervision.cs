using nanoFramework.Hardware.Esp32;
using nanoFramework.Runtime.Native;
using Quartier.Board;

namespace Quartier.Device
{
    /// <summary>Restarts the board when the step loop has not fed it in time. The platform offers no hardware watchdog to
    /// managed code; this is a timer of its own task, so it still fires when the loop hangs in a call.</summary>
    public sealed class TimerWatchdog : IWatchdog
    {
        private readonly HighResTimer timer = new HighResTimer();
        private readonly ulong patienceMicroseconds;

        /// <param name="patienceSeconds">Longer than the longest blocking call of the platform: a TLS handshake may take 30 s.</param>
        public TimerWatchdog(int patienceSeconds)
        {
            patienceMicroseconds = (ulong)patienceSeconds * 1000000UL;
            timer.OnHighResTimerExpired += Expired;
            timer.StartOneShot(patienceMicroseconds);
        }

        public void Feed()
        {
            timer.Stop();
            timer.StartOneShot(patienceMicroseconds);
        }

        private static void Expired(HighResTimer sender, object e)
        {
            Power.RebootDevice(RebootOption.NormalReboot);
        }
    }

    /// <summary>What the chip tells of its last wake-up; a reset by brown-out or watchdog cannot be told apart here.</summary>
    public sealed class Esp32Power : IPower
    {
        private readonly ResetReason lastReset;

        public Esp32Power()
        {
            lastReset = Sleep.GetWakeupCause() == Sleep.WakeupCause.Undefined ? ResetReason.Unknown : ResetReason.DeepSleep;
        }

        public ResetReason LastReset
        {
            get { return lastReset; }
        }

        public void Restart()
        {
            Power.RebootDevice(RebootOption.NormalReboot);
        }
    }
}
