using nanoFramework.UI;

namespace Quartier.Kiosk.Esp32
{
    /// <summary>The way round three faults of the platform's generic driver. It waits 0 ms at each Sleep, so that whatever follows Sleep
    /// Out comes within the 5 ms in which a controller takes no command. It writes a driver's Height into the longer side: width and
    /// height stay unset and come from ScreenConfiguration alone. And it reads the bits per pixel from another field; nothing here
    /// reads them back, and the pixel format is a command of the sequence. Commands are taken while a controller sleeps, so all of
    /// them go first, Sleep Out is the last thing the driver sends, and managed code waits.</summary>
    internal static class PanelStart
    {
        /// <summary>From Sleep Out to the first picture, as the data sheets of ILI9341 and ST7796S ask.</summary>
        public const int AwakeMs = 120;
        private const byte SleepOut = 0x11;
        private static readonly byte[] Nothing = new byte[0];

        /// <returns>The same panel in landscape, its commands in an order that needs no pause but the last. The driver turns the panel
        /// and clears its memory by itself right after the sequence; both are empty here, the first picture clears.</returns>
        public static GraphicDriver SleepOutLast(GraphicDriver panel)
        {
            byte[] start = panel.InitializationSequence;
            byte[] turn = panel.OrientationLandscape;
            byte[] all = new byte[CopyCommands(start, null, 0) + CopyCommands(turn, null, 0) + 3];
            int at = CopyCommands(turn, all, CopyCommands(start, all, 0));
            all[at] = (byte)GraphicDriverCommandType.Command;
            all[at + 1] = 1;
            all[at + 2] = SleepOut;
            GraphicDriver calm = new GraphicDriver();
            calm.InitializationSequence = all;
            calm.OrientationLandscape = Nothing;
            calm.Clear = Nothing;
            calm.DefaultOrientation = DisplayOrientation.Landscape;
            calm.MemoryWrite = panel.MemoryWrite;
            calm.SetColumnAddress = panel.SetColumnAddress;
            calm.SetRowAddress = panel.SetRowAddress;
            calm.SetWindowType = panel.SetWindowType;
            return calm;
        }

        /// <param name="into">Null only counts.</param>
        /// <returns>Where the next command goes.</returns>
        private static int CopyCommands(byte[] commands, byte[] into, int at)
        {
            int i = 0;
            while (i < commands.Length)
            {
                // A pause is two bytes; a command is two and as many as the second says.
                int length = commands[i] == (byte)GraphicDriverCommandType.Sleep ? 2 : 2 + commands[i + 1];
                if (length > 2 && commands[i + 2] != SleepOut)
                {
                    for (int k = 0; into != null && k < length; k++)
                    {
                        into[at + k] = commands[i + k];
                    }

                    at += length;
                }

                i += length;
            }

            return at;
        }
    }
}
