using nanoFramework.UI;

namespace Quartier.Kiosk.Esp32
{
    /// <summary>ST7796S, 480×320, 16 bits a pixel, as the platform's generic driver takes it. Commands from the controller's data sheet.</summary>
    internal static class St7796s
    {
        private const byte DisplayOn = 0x29;
        private const byte ColumnAddress = 0x2A;
        private const byte RowAddress = 0x2B;
        private const byte MemoryWrite = 0x2C;
        private const byte MemoryAccess = 0x36;
        private const byte PixelFormat = 0x3A;
        private const byte Inversion = 0xB4;
        private const byte CommandSet = 0xF0;
        /// <summary>Memory access: rows and columns exchanged, so that the long side lies.</summary>
        private const byte Exchanged = 0x20;
        /// <summary>Memory access: the glass of these modules has its colours in the order blue, green, red, as the ILI9341's has.</summary>
        private const byte BlueFirst = 0x08;
        /// <summary>Pixel format: 16 bits, for the bus and for the glass.</summary>
        private const byte SixteenBits = 0x55;

        public static GraphicDriver Create()
        {
            const byte Command = (byte)GraphicDriverCommandType.Command;
            GraphicDriver driver = new GraphicDriver();
            driver.MemoryWrite = MemoryWrite;
            driver.SetColumnAddress = ColumnAddress;
            driver.SetRowAddress = RowAddress;
            driver.SetWindowType = SetWindowType.X16bitsY16Bit;
            driver.InitializationSequence = new byte[]
            {
                // The manufacturer's commands are opened by two keys, set, and closed again.
                Command, 2, CommandSet, 0xC3,
                Command, 2, CommandSet, 0x96,
                Command, 2, PixelFormat, SixteenBits,
                Command, 2, Inversion, 0x01,
                Command, 2, CommandSet, 0x3C,
                Command, 2, CommandSet, 0x69,
                Command, 1, DisplayOn,
            };
            driver.OrientationLandscape = new byte[] { Command, 2, MemoryAccess, Exchanged | BlueFirst };
            return driver;
        }
    }
}
