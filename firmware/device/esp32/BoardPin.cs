using System;
using System.Device.Gpio;
using Quartier.Board;

namespace Quartier.Device
{
    /// <summary>A pin at the seam. What the platform refuses or throws ends as a status here: thrown on, it would end the thread that
    /// met it without a word, the step loop or the one that carries all events, and with it every other part of the board.</summary>
    public sealed class BoardPin
    {
        private readonly GpioPin pin;

        public BoardPin(GpioController gpio, int number, PinMode mode)
        {
            try
            {
                pin = gpio.OpenPin(number, mode);
            }
            catch (Exception)
            {
                // Taken, or not there on this module: the part counts as one that does not answer.
                pin = null;
            }
        }

        public ReadStatus Read(out bool high)
        {
            high = false;
            try
            {
                high = pin != null && pin.Read() == PinValue.High;
            }
            catch (Exception)
            {
                return ReadStatus.NoAcknowledge;
            }

            return pin == null ? ReadStatus.NoAcknowledge : ReadStatus.Ok;
        }

        public ReadStatus Write(bool high)
        {
            try
            {
                if (pin != null)
                {
                    pin.Write(high ? PinValue.High : PinValue.Low);
                }
            }
            catch (Exception)
            {
                return ReadStatus.NoAcknowledge;
            }

            return pin == null ? ReadStatus.NoAcknowledge : ReadStatus.Ok;
        }

        /// <param name="changed">Runs on the thread of all events.</param>
        public void Watch(PinValueChangedEventHandler changed)
        {
            if (pin != null)
            {
                pin.ValueChanged += changed;
            }
        }

        /// <param name="changed">Runs on the thread of all events, once the level has held for so long.</param>
        public void WatchDebounced(int debounceMs, PinValueChangedEventHandler changed)
        {
            if (pin != null)
            {
                pin.DebounceTimeout = TimeSpan.FromMilliseconds(debounceMs);
                pin.ValueChanged += changed;
            }
        }
    }
}
