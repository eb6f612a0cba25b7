// Made of hardware/kiosk/pins.csv; change that and run the tidy tests with UPDATE_GOLDEN=1.
namespace Quartier.Kiosk.Esp32
{
    internal static class Pins
    {
        public const int ServiceTx = 27;
        public const int ServiceRx = 26;
        public const int PanelData = 23;
        public const int PanelReadback = 19;
        public const int PanelClock = 18;
        public const int PanelChipSelect = 15;
        public const int PanelDataCommand = 21;
        public const int PanelReset = 22;
        public const int PanelBacklight = 4;
        public const int KeyPrevious = 32;
        public const int KeySelect = 33;
        public const int KeyNext = 25;
        public const int PanelChoice = 35;
        public const int WatchdogDone = 13;
    }
}
