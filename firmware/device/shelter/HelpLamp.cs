using System.Device.Gpio;
using Quartier.Board;
using Quartier.Device;

namespace Quartier.Shelter.Esp32
{
    /// <summary>The LED beside the help button: blinks while the call is on its way, steady once the gateway has it.</summary>
    public sealed class HelpLamp : ILamp
    {
        private const int BlinkMs = 500;
        private readonly BoardPin pin;
        private LampSign sign = LampSign.Off;

        public HelpLamp(GpioController gpio, int pinNumber)
        {
            pin = new BoardPin(gpio, pinNumber, PinMode.Output);
            pin.Write(false);
        }

        public void Show(LampSign next)
        {
            sign = next;
        }

        /// <returns>When it next wants to run.</returns>
        public long Step(long uptimeMs)
        {
            bool lit = sign == LampSign.Confirmed || (sign == LampSign.Sent && (uptimeMs / BlinkMs) % 2 == 0);
            pin.Write(lit);
            return sign == LampSign.Sent ? ((uptimeMs / BlinkMs) + 1) * BlinkMs : long.MaxValue;
        }
    }
}
