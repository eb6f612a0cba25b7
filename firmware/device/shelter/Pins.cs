// Made of hardware/shelter/pins.csv; change that and run the tidy tests with UPDATE_GOLDEN=1.
namespace Quartier.Shelter.Esp32
{
    internal static class Pins
    {
        public const int ServiceTx = 19;
        public const int ServiceRx = 18;
        public const int ModemTx = 27;
        public const int ModemRx = 26;
        public const int ModemReset = 4;
        public const int I2cData = 21;
        public const int I2cClock = 22;
        public const int Door = 32;
        public const int Bolt = 33;
        public const int Motion = 35;
        public const int Smoke = 34;
        public const int Sos = 39;
        public const int Tamper = 13;
        public const int HelpLamp = 23;
        public const int Battery = 36;
        public const int WatchdogDone = 25;
    }
}
