using System.Device.Pwm;
using nanoFramework.UI;
using nanoFramework.UI.GraphicDrivers;
using Quartier.Board;

namespace Quartier.Kiosk.Esp32
{
    /// <summary>The panel behind the glass, brought up once at boot; drawing goes through BitmapCanvas.</summary>
    public sealed class SpiPanel : IPanel
    {
        private const int BacklightHertz = 1000;
        /// <summary>The figure given to the platform is its whole graphics heap: the picture alone would leave no room for headers, and
        /// the full screen's bitmap could not be made.</summary>
        private const int HeapHeaderBytes = 8192;
        private readonly PwmChannel backlight;
        private readonly int width;
        private readonly int height;
        private readonly int pitch;

        private SpiPanel(int width, int height, int pitchMicrometres, GraphicDriver driver)
        {
            this.width = width;
            this.height = height;
            pitch = pitchMicrometres;
            // The backlight is ours (dimmed by PWM), so the driver gets no pin for it.
            SpiConfiguration spi = new SpiConfiguration(1, Pins.PanelChipSelect, Pins.PanelDataCommand, Pins.PanelReset, -1);
            ScreenConfiguration screen = new ScreenConfiguration(0, 0, (ushort)width, (ushort)height, driver);
            DisplayControl.Initialize(spi, screen, (uint)((width * height * 2) + HeapHeaderBytes));
            backlight = PwmChannel.CreateFromPin(Pins.PanelBacklight, BacklightHertz, 1.0);
            backlight.Start();
        }

        public int WidthPixels
        {
            get { return width; }
        }

        public int HeightPixels
        {
            get { return height; }
        }

        public int PitchMicrometres
        {
            get { return pitch; }
        }

        /// <summary>2.8 inch ILI9341, 320×240, active area 57.6 × 43.2 mm.</summary>
        public static SpiPanel CreateIli9341()
        {
            return new SpiPanel(320, 240, 180, Ili9341.GraphicDriver);
        }

        /// <summary>3.5 inch ST7796S, 480×320, active area 73.4 × 48.96 mm.</summary>
        public static SpiPanel CreateSt7796s()
        {
            return new SpiPanel(480, 320, 153, St7796s.Create());
        }

        public void SetBacklight(int percent)
        {
            backlight.DutyCycle = percent / 100.0;
        }
    }
}
