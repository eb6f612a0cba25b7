namespace Quartier.Shelter
{
    /// <summary>One look at the pod. A value counts only where the flag before it says so; filled anew on every step, never replaced.</summary>
    public sealed class PodSample
    {
        public bool DoorOk;
        public bool DoorOpen;
        public bool LockOk;
        public bool Locked;
        public bool MotionOk;
        public bool Moved;
        public bool SmokeOk;
        public bool Smoke;
        public bool SosOk;
        public bool SosPressed;
        public bool TamperOk;
        public bool TamperOpen;

        /// <summary>True on the steps on which the slow parts were read: air, carbon dioxide, battery.</summary>
        public bool AirFresh;
        public bool ClimateOk;
        public int CentiCelsius;
        public int HumidityPermille;
        public bool Co2Ok;
        /// <summary>Fitted and healthy, but not measuring yet.</summary>
        public bool Co2WarmingUp;
        public int Co2Ppm;
        public bool BatteryOk;
        public int BatteryMillivolts;
    }
}
