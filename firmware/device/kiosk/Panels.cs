using System;
using System.Device.Gpio;
using System.Device.Pwm;
using nanoFramework.UI;
using nanoFramework.UI.GraphicDrivers;
using Quartier.Board;
using Quartier.Device;

namespace Quartier.Kiosk.Esp32
{
    /// <summary>The panel behind the glass, brought up once at boot; drawing goes through BitmapCanvas.</summary>
    public sealed class SpiPanel : IPanel
    {
        private const int BacklightHertz = 1000;
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
            ScreenConfiguration screen = new ScreenConfiguration(0, 0, (ushort)width, (ushort)height, PanelStart.SleepOutLast(driver));
            uint wanted = (uint)GraphicsHeap.BytesFor(width, height);
            uint granted = DisplayControl.Initialize(spi, screen, wanted);
            if (granted < wanted || DisplayControl.ScreenWidth != width || DisplayControl.ScreenHeight != height)
            {
                // The platform gives what it has and says nothing: a module without PSRAM, or another image.
                throw new InvalidOperationException("graphics: less memory than asked for, or another size; see the board's flashing.txt");
            }

            StepLoop.Pause(PanelStart.AwakeMs);
            // The panel's memory holds noise after power-on; the light goes on over black.
            DisplayControl.FullScreen.Flush();
            backlight = PwmChannel.CreateFromPin(Pins.PanelBacklight, BacklightHertz, 0.0);
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

        /// <summary>The panel that the board's bridge names: open for the ILI9341, closed to ground for the ST7796S.</summary>
        public static SpiPanel CreateFitted(GpioController gpio)
        {
            bool open;
            ReadStatus bridge = new BoardPin(gpio, Pins.PanelChoice, PinMode.Input).Read(out open);
            return bridge == ReadStatus.Ok && !open ? CreateSt7796s() : CreateIli9341();
        }

        public void SetBacklight(int percent)
        {
            backlight.DutyCycle = percent / 100.0;
        }

        /// <summary>2.8 inch ILI9341, 320×240, active area 57.6 × 43.2 mm.</summary>
        private static SpiPanel CreateIli9341()
        {
            return new SpiPanel(320, 240, 180, Ili9341.GraphicDriver);
        }

        /// <summary>3.5 inch ST7796S, 480×320, active area 73.4 × 48.96 mm.</summary>
        private static SpiPanel CreateSt7796s()
        {
            return new SpiPanel(480, 320, 153, St7796s.Create());
        }
    }
}
