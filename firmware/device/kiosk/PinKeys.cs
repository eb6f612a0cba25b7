using System;
using System.Device.Gpio;
using Quartier.Board;
using Quartier.Device;

namespace Quartier.Kiosk.Esp32
{
    /// <summary>Three keys to ground on pulled-up pins, debounced by the platform; presses wait in a short queue.</summary>
    public sealed class PinKeys : IKeys
    {
        private const int QueueLength = 8;
        private readonly Key[] queue = new Key[QueueLength];
        private readonly object turn = new object();
        private int first;
        private int count;

        public PinKeys(GpioController gpio)
        {
            Watch(gpio.OpenPin(Pins.KeyPrevious, PinMode.InputPullUp), Key.Previous);
            Watch(gpio.OpenPin(Pins.KeySelect, PinMode.InputPullUp), Key.Select);
            Watch(gpio.OpenPin(Pins.KeyNext, PinMode.InputPullUp), Key.Next);
        }

        public bool TryRead(out Key key, out int x, out int y)
        {
            x = 0;
            y = 0;
            lock (turn)
            {
                key = count == 0 ? Key.None : queue[first];
                if (count == 0)
                {
                    return false;
                }

                first = (first + 1) % QueueLength;
                count--;
                return true;
            }
        }

        private void Watch(GpioPin pin, Key key)
        {
            pin.DebounceTimeout = TimeSpan.FromMilliseconds(30);
            pin.ValueChanged += (sender, change) =>
            {
                if (change.ChangeType == PinEventTypes.Falling)
                {
                    Press(key);
                }
            };
        }

        private void Press(Key key)
        {
            lock (turn)
            {
                // A full queue means that nobody reads; more presses of an impatient hand change nothing.
                if (count < QueueLength)
                {
                    queue[(first + count) % QueueLength] = key;
                    count++;
                }
            }

            StepLoop.Wake();
        }
    }
}
