using System.Device.Gpio;
using nanoFramework.Hardware.Esp32;
using Quartier.Board;
using Quartier.Device;
using Quartier.Provisioning;
using Quartier.Wire;

namespace Quartier.Kiosk.Esp32
{
    /// <summary>An info screen on the ESP32: fills the board once, then steps and sleeps.</summary>
    public static class Program
    {
        private const string Version = "0.1.0";
        /// <summary>2026-11-28, when this version was written; goes up with it.</summary>
        private const long BuiltUnixSeconds = 1795824000;

        // A TLS handshake on this chip takes seconds, and the whole interpreter stands still meanwhile.
        private const int PatienceSeconds = 120;

        private static KioskApp app;
        private static IWifi wifi;
        private static ScreenClock clock;

        public static void Main()
        {
            RoutePins();
            FileFlash flash = new FileFlash("I:\\", FileFlash.PartitionOf16Mb);
            Esp32Power power = new Esp32Power(flash);
            WifiStation station = new WifiStation();
            wifi = station;
            if (station.NeedsRestart)
            {
                power.Restart();
            }

            DeviceIdentity identity;
            if (!new IdentityFile(flash).TryLoad(out identity))
            {
                // Not set up yet: the service port answers, the link has no host and stays down, the screen says so.
                identity = new DeviceIdentity { Kind = IdentityKind.Screen };
            }

            TlsSwitch way = new TlsSwitch(flash, identity, power.LastReset);
            identity = way.InForce;
            if (TrustedRoot.Install(flash, new CertificateStore(), identity))
            {
                // TLS reads its roots at boot.
                power.Restart();
            }

            way.Begin();
            identity = way.InForce;

            // No certificate that holds was written before the firmware or the identity was.
            long floor = identity.IssuedAt > BuiltUnixSeconds ? identity.IssuedAt : BuiltUnixSeconds;
            GatewayAddress gateway = new GatewayAddress(identity.MqttHost);
            ITimeLine time = identity.TimePort > 0 ? new UdpTimeLine(gateway, identity.TimePort) : null;
            clock = new ScreenClock(new ChipTime(), time, new PublicTime(), floor, NewSeed());
            GpioController gpio = new GpioController();
            KioskBoard board = new KioskBoard
            {
                Panel = SpiPanel.CreateFitted(gpio),
                Keys = new PinKeys(gpio),
                Link = CreateLink(identity, gateway),
                Wifi = wifi,
                ServicePort = new PortLine("COM2", 115200),
                Flash = flash,
                Clock = clock,
                Watchdog = new BoardWatchdog(gpio, Pins.WatchdogDone, PatienceSeconds),
                Power = power,
            };
            app = new KioskApp(board, new BitmapCanvas(), identity.DeviceId, Version, way);
            StepLoop.Run(Step);
        }

        private static long Step(long uptimeMs)
        {
            clock.Step(uptimeMs, wifi.State == WifiState.Connected);
            return app.Step(uptimeMs);
        }

        private static long NewSeed()
        {
            System.Random random = new System.Random();
            return ((long)random.Next() << 32) + random.Next();
        }

        private static M2MqttLink CreateLink(DeviceIdentity identity, GatewayAddress gateway)
        {
            string[] leaves = new string[] { ScreenTopics.Manifest, ScreenTopics.Entry, ScreenTopics.Notice, ScreenTopics.Settings, ScreenTopics.Root, ScreenTopics.Command };
            string[] topics = new string[leaves.Length];
            for (int i = 0; i < leaves.Length; i++)
            {
                topics[i] = ScreenTopics.Build(identity.DeviceId, leaves[i]);
            }

            return new M2MqttLink(new LinkSettings
            {
                Gateway = gateway,
                Port = identity.MqttPort,
                QuestionPort = identity.TimePort,
                Tls = identity.MqttTls,
                User = identity.MqttUser,
                Password = identity.MqttPassword,
                ClientId = identity.DeviceId,
                PresenceTopic = ScreenTopics.Build(identity.DeviceId, ScreenTopics.Presence),
                OfflineWill = TextOf(new ScreenPresence { Online = false }),
                Online = BytesOf(new ScreenPresence { Online = true }),
                Subscriptions = topics,
            });
        }

        private static byte[] BytesOf(ScreenPresence presence)
        {
            byte[] buffer = new byte[16];
            byte[] exact = new byte[presence.Encode(buffer)];
            System.Array.Copy(buffer, exact, exact.Length);
            return exact;
        }

        private static string TextOf(ScreenPresence presence)
        {
            // The will travels as a string; its bytes are ASCII by the format's own rule.
            byte[] bytes = BytesOf(presence);
            char[] text = new char[bytes.Length];
            for (int i = 0; i < bytes.Length; i++)
            {
                text[i] = (char)bytes[i];
            }

            return new string(text);
        }

        private static void RoutePins()
        {
            Configuration.SetPinFunction(Pins.ServiceTx, DeviceFunction.COM2_TX);
            Configuration.SetPinFunction(Pins.ServiceRx, DeviceFunction.COM2_RX);
            Configuration.SetPinFunction(Pins.PanelData, DeviceFunction.SPI1_MOSI);
            Configuration.SetPinFunction(Pins.PanelReadback, DeviceFunction.SPI1_MISO);
            Configuration.SetPinFunction(Pins.PanelClock, DeviceFunction.SPI1_CLOCK);
            Configuration.SetPinFunction(Pins.PanelBacklight, DeviceFunction.PWM1);
        }
    }
}
