using System.Device.Gpio;
using nanoFramework.Hardware.Esp32;
using Quartier.Board;
using Quartier.Device;
using Quartier.Drivers;
using Quartier.Provisioning;
using Quartier.Wire;

namespace Quartier.Shelter.Esp32
{
    /// <summary>A pod's sensor on the ESP32: fills the board once, then steps and sleeps.</summary>
    public static class Program
    {
        private const int I2cBus = 1;
        private const int Co2PeriodMs = 60000;
        private const int PatienceSeconds = 120;

        private static ShelterApp app;
        private static Scd41 co2;
        private static HelpLamp lamp;

        public static void Main()
        {
            RoutePins();
            GpioController gpio = new GpioController();
            FileFlash flash = new FileFlash("I:\\", FileFlash.PartitionOf4Mb);
            co2 = new Scd41(new I2cRegisterBus(I2cBus, Scd41.Address), Co2PeriodMs);
            lamp = new HelpLamp(gpio, Pins.HelpLamp);
            app = new ShelterApp(CreateBoard(gpio, flash), new ShelterSettings());
            StepLoop.Run(Step);
        }

        private static long Step(long uptimeMs)
        {
            long next = app.Step(uptimeMs);
            next = Earlier(next, co2.Step(uptimeMs));
            return Earlier(next, lamp.Step(uptimeMs));
        }

        private static ShelterBoard CreateBoard(GpioController gpio, FileFlash flash)
        {
            return new ShelterBoard
            {
                Climate = new Bme280Climate(I2cBus),
                Co2 = co2,
                Door = new ReedDoor(new Contact(gpio, Pins.Door, PinMode.InputPullUp, true)),
                Lock = new ReedLock(new Contact(gpio, Pins.Bolt, PinMode.InputPullUp, true)),
                Motion = new PirMotion(new Contact(gpio, Pins.Motion, PinMode.Input, false)),
                Smoke = new SmokeRelay(new Contact(gpio, Pins.Smoke, PinMode.Input, true)),
                Sos = new HelpButton(new Contact(gpio, Pins.Sos, PinMode.Input, true)),
                Tamper = new LidSwitch(new Contact(gpio, Pins.Tamper, PinMode.InputPullUp, true)),
                Lamp = lamp,
                Battery = new DividedBattery(0),
                Modem = CreateModem(flash),
                ServicePort = new PortLine("COM2", 115200),
                Flash = flash,
                Clock = new UtcClock(),
                Watchdog = new BoardWatchdog(gpio, Pins.WatchdogDone, PatienceSeconds),
                Power = new Esp32Power(flash),
            };
        }

        private static ILoRaModem CreateModem(FileFlash flash)
        {
            DeviceIdentity identity;
            if (!new IdentityFile(flash).TryLoad(out identity))
            {
                return new SilentModem();
            }

            return new Rak3172(new PortLine("COM3", 115200), TextOf(identity.DevEui), TextOf(identity.JoinEui), TextOf(identity.AppKey));
        }

        private static void RoutePins()
        {
            Configuration.SetPinFunction(Pins.ServiceTx, DeviceFunction.COM2_TX);
            Configuration.SetPinFunction(Pins.ServiceRx, DeviceFunction.COM2_RX);
            Configuration.SetPinFunction(Pins.ModemTx, DeviceFunction.COM3_TX);
            Configuration.SetPinFunction(Pins.ModemRx, DeviceFunction.COM3_RX);
            Configuration.SetPinFunction(Pins.I2cData, DeviceFunction.I2C1_DATA);
            Configuration.SetPinFunction(Pins.I2cClock, DeviceFunction.I2C1_CLOCK);
            Configuration.SetPinFunction(Pins.Battery, DeviceFunction.ADC1_CH0);
        }

        private static string TextOf(byte[] bytes)
        {
            char[] text = new char[bytes.Length * 2];
            for (int i = 0; i < bytes.Length; i++)
            {
                text[i * 2] = Hex.Digit(bytes[i] >> 4);
                text[(i * 2) + 1] = Hex.Digit(bytes[i] & 15);
            }

            return new string(text);
        }

        private static long Earlier(long a, long b)
        {
            return a < b ? a : b;
        }
    }
}
