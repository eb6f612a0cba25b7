using System.Device.Gpio;
using Quartier.Board;
using Quartier.Device;

namespace Quartier.Kiosk.Esp32
{
    /// <summary>Three keys to ground on pulled-up pins, debounced by the platform; presses wait in a short queue.</summary>
    public sealed class PinKeys : IKeys
    {
        private const int QueueLength = 8;
        private const int DebounceMs = 30;
        private readonly BoardPin[] pins;
        private readonly Key[] queue = new Key[QueueLength];
        private readonly object turn = new object();
        private int first;
        private int count;

        public PinKeys(GpioController gpio)
        {
            // Held, because a pin that nothing holds is closed by the collector.
            pins = new BoardPin[]
            {
                Watched(gpio, Pins.KeyPrevious, Key.Previous),
                Watched(gpio, Pins.KeySelect, Key.Select),
                Watched(gpio, Pins.KeyNext, Key.Next),
            };
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

        private BoardPin Watched(GpioController gpio, int pinNumber, Key key)
        {
            BoardPin pin = new BoardPin(gpio, pinNumber, PinMode.InputPullUp);
            pin.WatchDebounced(DebounceMs, (sender, change) =>
            {
                if (change.ChangeType == PinEventTypes.Falling)
                {
                    Press(key);
                }
            });
            return pin;
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
