namespace nanoFramework.Runtime.Native
{
    /// <summary>The chip's clock, which remembers what it was set to.</summary>
    public static class Rtc
    {
        public static DateTime SetTo { get; private set; }

        public static bool SetSystemTime(DateTime time)
        {
            SetTo = time;
            return true;
        }
    }
}

namespace nanoFramework.Networking
{
    /// <summary>The platform's client of public servers.</summary>
    public static class Sntp
    {
        public static bool IsStarted { get; private set; }

        public static void Start() => IsStarted = true;

        public static void Stop() => IsStarted = false;
    }
}
