using System;
using System.Threading;
using nanoFramework.Hardware.Esp32;

namespace Quartier.Device
{
    /// <summary>One door: does the work that is due and returns when it next wants to run, in milliseconds of uptime.</summary>
    public delegate long StepCall(long uptimeMs);

    /// <summary>Step, sleep until, and again. A changed input ends the sleep early.</summary>
    public static class StepLoop
    {
        // Serial lines and the modem have no wake-up of their own while the chip idles.
        private const int SleepMsMax = 200;
        private static readonly AutoResetEvent Changed = new AutoResetEvent(false);

        public static long UptimeMs
        {
            get { return (long)(HighResTimer.GetCurrent() / 1000UL); }
        }

        /// <summary>Ends the present sleep; called from a pin's event.</summary>
        public static void Wake()
        {
            Changed.Set();
        }

        public static void Run(StepCall step)
        {
            while (true)
            {
                long next = step(UptimeMs);
                long pause = next - UptimeMs;
                if (pause > 0)
                {
                    Changed.WaitOne((int)Math.Min(pause, SleepMsMax), false);
                }
            }
        }
    }
}
