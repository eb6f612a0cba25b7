using System;
using System.Threading;
using nanoFramework.Hardware.Esp32;

namespace Quartier.Device
{
    /// <summary>One door: does the work that is due and returns when it next wants to run, in milliseconds of uptime.</summary>
    public delegate long StepCall(long uptimeMs);

    /// <summary>Step, sleep until, and again. A changed input or a byte on a serial line ends the sleep early.</summary>
    public static class StepLoop
    {
        // An event that was lost costs no more than this: the platform's queue of them has an end.
        private const int SleepMsMax = 200;
        private static readonly AutoResetEvent Changed = new AutoResetEvent(false);

        public static long UptimeMs
        {
            get { return (long)(HighResTimer.GetCurrent() / 1000UL); }
        }

        /// <summary>Ends the present sleep; called from the event of a pin or a line.</summary>
        public static void Wake()
        {
            Changed.Set();
        }

        /// <summary>Stands still; only at the start, before there is a loop to hold up.</summary>
        public static void Pause(int ms)
        {
            Thread.Sleep(ms);
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
