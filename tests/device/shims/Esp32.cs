using Quartier.Tests.Device;

namespace nanoFramework.Hardware.Esp32
{
    public delegate void HighResTimerEventHandler(HighResTimer sender, object e);

    /// <summary>Its callback is an event for the interpreter.</summary>
    public sealed class HighResTimer
    {
        private static readonly List<HighResTimer> All = [];
        private long dueMicroseconds = long.MaxValue;

        public HighResTimer() => All.Add(this);

        public event HighResTimerEventHandler OnHighResTimerExpired;

        public static ulong GetCurrent() => (ulong)Platform.Microseconds;

        public static void Forget() => All.Clear();

        public static void FireDue()
        {
            foreach (var timer in All.ToList().Where(timer => timer.dueMicroseconds <= Platform.Microseconds))
            {
                timer.dueMicroseconds = long.MaxValue;
                timer.OnHighResTimerExpired?.Invoke(timer, timer);
            }
        }

        public void StartOneShot(ulong microseconds) => dueMicroseconds = Platform.Microseconds + (long)microseconds;

        public void Stop() => dueMicroseconds = long.MaxValue;
    }

    public static class Sleep
    {
        public enum WakeupCause
        {
            Undefined = 0,
        }

        public static WakeupCause GetWakeupCause() => WakeupCause.Undefined;
    }

    public static class NativeMemory
    {
        public enum MemoryType
        {
            Internal = 1,
        }

        public static void GetMemoryInfo(MemoryType type, out uint total, out uint free, out uint largestBlock) => (total, free, largestBlock) = (0, 0, 0);
    }
}

namespace nanoFramework.Runtime.Native
{
    public enum RebootOption
    {
        NormalReboot = 0,
    }

    public static class Power
    {
        public static int Reboots { get; set; }

        public static void RebootDevice(RebootOption option) => Reboots++;
    }
}
