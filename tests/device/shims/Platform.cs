using System.Device.Gpio;
using System.Device.I2c;
using System.IO.Ports;
using nanoFramework.Hardware.Esp32;
using nanoFramework.Runtime.Native;
using nanoFramework.UI;

namespace Quartier.Tests.Device
{
    /// <summary>The chip under the stand-ins: its time, and whether its one interpreter is blocked by native code.</summary>
    public static class Platform
    {
        public static long Microseconds { get; private set; }

        public static long Ms => Microseconds / 1000;

        /// <summary>A new chip, powered on.</summary>
        public static void PowerOn()
        {
            Microseconds = 0;
            HighResTimer.Forget();
            Power.Reboots = 0;
            GpioController.Forget();
            SerialPort.Forget();
            I2cDevice.Forget();
            DisplayControl.Forget();
        }

        /// <param name="blocked">Native code holds the interpreter: a timer's callback is an event for it and waits.</param>
        public static void Advance(long ms, bool blocked = false)
        {
            for (var i = 0; i < ms; i++)
            {
                Microseconds += 1000;
                if (!blocked)
                {
                    HighResTimer.FireDue();
                }
            }
        }
    }
}

namespace Quartier.Device
{
    /// <summary>Stands before System.Threading's for the sources of this namespace: waits by the platform's time.</summary>
    internal static class Thread
    {
        public static void Sleep(int ms) => Quartier.Tests.Device.Platform.Advance(ms);
    }

    internal sealed class AutoResetEvent(bool signalled)
    {
        private bool set = signalled;

        public void Set() => set = true;

        public bool WaitOne(int ms, bool exitContext)
        {
            if (!set)
            {
                Quartier.Tests.Device.Platform.Advance(ms);
            }

            var was = set;
            set = false;
            return was;
        }
    }
}
