using Quartier.Tests.Device;

namespace nanoFramework.UI
{
    public enum GraphicDriverCommandType
    {
        Sleep = 0,
        Command = 1,
    }

    public enum SetWindowType
    {
        NoWindowing = 0,
        X16bitsY16Bit = 3,
    }

    public enum DisplayOrientation
    {
        Portrait = 0,
        Landscape = 2,
    }

    public sealed class GraphicDriver
    {
        public uint Width { get; set; }

        public uint Height { get; set; }

        public byte BitsPerPixel { get; set; }

        public byte[] InitializationSequence { get; set; }

        public byte MemoryWrite { get; set; }

        public byte SetColumnAddress { get; set; }

        public byte SetRowAddress { get; set; }

        public byte[] OrientationLandscape { get; set; }

        public byte[] OrientationPortrait { get; set; }

        public byte[] Clear { get; set; }

        public DisplayOrientation DefaultOrientation { get; set; }

        public SetWindowType SetWindowType { get; set; }
    }

    public readonly record struct SpiConfiguration(byte SpiBus, int ChipSelect, int DataCommand, int Reset, int BackLight);

    public readonly record struct ScreenConfiguration(ushort X, ushort Y, ushort Width, ushort Height, GraphicDriver GraphicDriver);

    /// <summary>The controller on the glass: asleep after its reset; for 5 ms after Sleep Out it takes no command.</summary>
    public sealed class PanelChip
    {
        private const byte SleepOut = 0x11;

        public long? AwakeMs { get; private set; }

        /// <summary>The last parameters of each command that was taken.</summary>
        public Dictionary<byte, byte[]> Taken { get; } = [];

        /// <summary>Commands that came too early.</summary>
        public List<byte> Lost { get; } = [];

        /// <summary>When its memory was first written to.</summary>
        public long? DrawnMs { get; private set; }

        public void Send(byte command, params byte[] parameters)
        {
            if (AwakeMs is { } since && Platform.Ms - since < 5)
            {
                Lost.Add(command);
                return;
            }

            Taken[command] = parameters;
            AwakeMs = command == SleepOut ? Platform.Ms : AwakeMs;
        }

        public void Draw() => DrawnMs ??= Platform.Ms;
    }

    /// <summary>The platform's graphics with its generic driver on SPI, faults and all.</summary>
    public static class DisplayControl
    {
        private static GraphicDriver driver;
        private static Bitmap fullScreen;
        private static int longerSide;
        private static int shorterSide;

        /// <summary>What the module has to give.</summary>
        public static uint Psram { get; set; }

        public static PanelChip Chip { get; private set; }

        public static SpiConfiguration Wires { get; private set; }

        public static uint MaximumBufferSize { get; private set; }

        public static int ScreenWidth { get; private set; }

        public static int ScreenHeight { get; private set; }

        public static int BitsPerPixel => throw new InvalidOperationException("this value is read from another field");

        public static Bitmap FullScreen => ScreenWidth * ScreenHeight * 3 / 8 > MaximumBufferSize ? null : fullScreen ??= new Bitmap(ScreenWidth, ScreenHeight);

        public static void Forget()
        {
            (driver, fullScreen, Chip, Psram) = (null, null, null, 3_000_000);
            System.Device.Pwm.PwmChannel.Channels.Clear();
        }

        public static uint Initialize(SpiConfiguration spi, ScreenConfiguration screen, uint bufferSize)
        {
            (Wires, driver, Chip, fullScreen) = (spi, screen.GraphicDriver, new PanelChip(), null);
            MaximumBufferSize = Math.Min(bufferSize, Psram);
            longerSide = driver.Width == 0 ? screen.Width : (int)driver.Width;
            shorterSide = 0;
            if (driver.Height == 0)
            {
                shorterSide = screen.Height;
            }
            else
            {
                longerSide = (int)driver.Height;
            }

            Process(driver.InitializationSequence);
            Turn();
            Turn();
            if (driver.Clear is null)
            {
                Chip.Send(driver.SetColumnAddress);
                Chip.Send(driver.SetRowAddress);
                Chip.Send(driver.MemoryWrite);
            }
            else
            {
                Process(driver.Clear);
            }

            return MaximumBufferSize;
        }

        internal static void Show()
        {
            Chip.Send(driver.SetColumnAddress);
            Chip.Send(driver.SetRowAddress);
            Chip.Send(driver.MemoryWrite);
            Chip.Draw();
        }

        private static void Turn()
        {
            var (commands, width, height) = driver.DefaultOrientation == DisplayOrientation.Landscape
                ? (driver.OrientationLandscape, longerSide, shorterSide)
                : (driver.OrientationPortrait, shorterSide, longerSide);
            if (commands is not null)
            {
                (ScreenWidth, ScreenHeight) = (width, height);
                Process(commands);
            }
        }

        private static void Process(byte[] commands)
        {
            for (var i = 0; i < commands.Length;)
            {
                if (commands[i] == (byte)GraphicDriverCommandType.Sleep)
                {
                    // The pause is multiplied by the command's own code, which is 0.
                    Platform.Advance(commands[i] * commands[i + 1] * 10);
                    i += 2;
                    continue;
                }

                Chip.Send(commands[i + 2], commands[(i + 3)..(i + 2 + commands[i + 1])]);
                i += 2 + commands[i + 1];
            }
        }
    }

    /// <summary>Taken from the graphics heap: first block, this one's head and pixels, the head of the rest, the end.</summary>
    public sealed class Bitmap
    {
        public Bitmap(int width, int height)
        {
            var bytes = 48 + (((width * 16) + 31) / 32 * 4 * height);
            if (DisplayControl.MaximumBufferSize - 32 < bytes + 16)
            {
                throw new OutOfMemoryException($"{bytes} of {DisplayControl.MaximumBufferSize}");
            }
        }

        public void Flush() => DisplayControl.Show();
    }
}

namespace nanoFramework.UI.GraphicDrivers
{
    /// <summary>As the package has it, the pauses included; power and gamma left out.</summary>
    public static class Ili9341
    {
        public static GraphicDriver GraphicDriver { get; } = new()
        {
            BitsPerPixel = 16,
            MemoryWrite = 0x2C,
            SetColumnAddress = 0x2A,
            SetRowAddress = 0x2B,
            SetWindowType = SetWindowType.X16bitsY16Bit,
            DefaultOrientation = DisplayOrientation.Landscape,
            InitializationSequence = [1, 2, 0x36, 0x28, 1, 2, 0x3A, 0x55, 1, 5, 0x2A, 0, 0, 1, 0x3F, 1, 1, 0x2C, 1, 1, 0x11, 0, 2, 1, 1, 0x13, 0, 1, 1, 1, 0x29, 0, 2, 1, 1, 0x00, 0, 2],
            OrientationLandscape = [1, 1, 0x00, 0, 2, 1, 2, 0x36, 0x28, 0, 2, 1, 1, 0x2C, 0, 2],
            OrientationPortrait = [1, 2, 0x36, 0x48],
        };
    }
}
