using nanoFramework.UI;

namespace Quartier.Kiosk.Esp32
{
    /// <summary>ST7796S by the generic driver: 480×320, 16 bits a pixel. Commands from the controller's datasheet.</summary>
    internal static class St7796s
    {
        private const byte SleepOut = 0x11;
        private const byte DisplayOff = 0x28;
        private const byte DisplayOn = 0x29;
        private const byte ColumnAddress = 0x2A;
        private const byte RowAddress = 0x2B;
        private const byte MemoryWrite = 0x2C;
        private const byte MemoryAccess = 0x36;
        private const byte PixelFormat = 0x3A;
        private const byte CommandSet = 0xF0;
        private const byte Inversion = 0xB4;

        public static GraphicDriver Create()
        {
            const byte Command = (byte)GraphicDriverCommandType.Command;
            const byte Sleep = (byte)GraphicDriverCommandType.Sleep;
            GraphicDriver driver = new GraphicDriver();
            driver.Width = 480;
            driver.Height = 320;
            driver.BitsPerPixel = 16;
            driver.MemoryWrite = MemoryWrite;
            driver.SetColumnAddress = ColumnAddress;
            driver.SetRowAddress = RowAddress;
            driver.SetWindowType = SetWindowType.X16bitsY16Bit;
            driver.DefaultOrientation = DisplayOrientation.Landscape;
            driver.InitializationSequence = new byte[]
            {
                Command, 1, SleepOut,
                Sleep, 12,
                // The manufacturer's commands are opened by two keys, set, and closed again.
                Command, 2, CommandSet, 0xC3,
                Command, 2, CommandSet, 0x96,
                Command, 2, PixelFormat, 0x55,
                Command, 2, Inversion, 0x01,
                Command, 2, CommandSet, 0x3C,
                Command, 2, CommandSet, 0x69,
                Sleep, 12,
                Command, 1, DisplayOn,
            };
            driver.OrientationLandscape = new byte[] { Command, 2, MemoryAccess, 0x28 };
            driver.OrientationLandscape180 = new byte[] { Command, 2, MemoryAccess, 0xE8 };
            driver.OrientationPortrait = new byte[] { Command, 2, MemoryAccess, 0x48 };
            driver.OrientationPortrait180 = new byte[] { Command, 2, MemoryAccess, 0x88 };
            driver.PowerModeNormal = new byte[] { Command, 1, SleepOut, Sleep, 12, Command, 1, DisplayOn };
            driver.PowerModeSleep = new byte[] { Command, 1, DisplayOff };
            return driver;
        }
    }
}
