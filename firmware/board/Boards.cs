namespace Quartier.Board
{
    /// <summary>Everything a pod's sensor can touch, filled once at boot. A part that is not fitted is a seam that reports Absent.</summary>
    public sealed class ShelterBoard
    {
        public IClimateSensor Climate;
        public ICo2Sensor Co2;
        public IDoor Door;
        public ILock Lock;
        public IMotion Motion;
        public ISmokeContact Smoke;
        public ISosButton Sos;
        public ITamperSwitch Tamper;
        public ILamp Lamp;
        public IBattery Battery;
        public ILoRaModem Modem;
        public ISerialLine ServicePort;
        public IFlash Flash;
        public IClock Clock;
        public IWatchdog Watchdog;
        public IPower Power;
    }

    /// <summary>Everything an info screen can touch, filled once at boot. Its canvas is given beside it.</summary>
    public sealed class KioskBoard
    {
        public IPanel Panel;
        public IKeys Keys;
        public IMqttLink Link;
        public IWifi Wifi;
        public ISerialLine ServicePort;
        public IFlash Flash;
        public IClock Clock;
        public IWatchdog Watchdog;
        public IPower Power;
    }
}
