namespace System.Device.Gpio
{
    public enum PinMode
    {
        Input = 0,
        InputPullUp = 2,
        Output = 3,
    }

    public enum PinEventTypes
    {
        None = 0,
        Rising = 1,
        Falling = 2,
    }

    public readonly record struct PinValue(bool IsHigh)
    {
        public static PinValue High => new(true);

        public static PinValue Low => new(false);
    }

    public sealed class PinValueChangedEventArgs(PinEventTypes changeType, int pinNumber) : EventArgs
    {
        public PinEventTypes ChangeType => changeType;

        public int PinNumber => pinNumber;
    }

    public delegate void PinValueChangedEventHandler(object sender, PinValueChangedEventArgs e);

    /// <summary>A pin is opened once; one that is taken or reserved throws at opening, one that was closed at every use.</summary>
    public sealed class GpioController
    {
        private static readonly Dictionary<int, GpioPin> Open = [];
        private static readonly Dictionary<int, bool> Levels = [];

        /// <summary>Pins that the platform keeps for itself.</summary>
        public static HashSet<int> Reserved { get; } = [];

        public static void Forget()
        {
            Open.Clear();
            Levels.Clear();
            Reserved.Clear();
        }

        /// <summary>What the wire does.</summary>
        public static void Drive(int number, bool high)
        {
            Levels[number] = high;
            if (Open.TryGetValue(number, out var pin))
            {
                pin.Raise(high ? PinEventTypes.Rising : PinEventTypes.Falling);
            }
        }

        public static GpioPin At(int number) => Open[number];

        public GpioPin OpenPin(int number, PinMode mode)
        {
            if (Reserved.Contains(number))
            {
                throw new ArgumentException("pin");
            }

            if (!Open.TryAdd(number, new GpioPin(number, Levels)))
            {
                throw new InvalidOperationException("pin");
            }

            Levels.TryAdd(number, mode == PinMode.InputPullUp);
            return Open[number];
        }
    }

    public sealed class GpioPin(int number, Dictionary<int, bool> levels)
    {
        public event PinValueChangedEventHandler ValueChanged;

        /// <summary>From now on each use throws.</summary>
        public bool Closed { get; set; }

        public TimeSpan DebounceTimeout { get; set; }

        /// <summary>Platform milliseconds at which it went high.</summary>
        public List<long> Rises { get; } = [];

        public PinValue Read() => new(Usable && levels[number]);

        public void Write(PinValue value)
        {
            if (Usable && value.IsHigh && !levels[number])
            {
                Rises.Add(Quartier.Tests.Device.Platform.Ms);
            }

            levels[number] = value.IsHigh;
        }

        internal void Raise(PinEventTypes change) => ValueChanged?.Invoke(this, new PinValueChangedEventArgs(change, number));

        private bool Usable => Closed ? throw new ObjectDisposedException("pin") : true;
    }
}

namespace System.Device.Pwm
{
    public sealed class PwmChannel(int pin, int frequency, double dutyCycle)
    {
        private double duty = dutyCycle;

        /// <summary>By pin; as bright as the light has been.</summary>
        public static Dictionary<int, PwmChannel> Channels { get; } = [];

        public bool Running { get; private set; }

        public int Frequency => frequency;

        public double DutyCycle
        {
            get => duty;
            set => duty = value;
        }

        public static PwmChannel CreateFromPin(int pin, int frequency, double dutyCycle) => Channels[pin] = new PwmChannel(pin, frequency, dutyCycle);

        public void Start() => Running = pin >= 0;
    }
}

namespace System.Device.Adc
{
    public sealed class AdcController
    {
        public static bool Broken { get; set; }

        public static int Value { get; set; }

        public int MaxValue => 4095;

        public AdcChannel OpenChannel(int channel) => Broken ? throw new ArgumentException($"channel {channel}") : new AdcChannel();
    }

    public sealed class AdcChannel
    {
        public int ReadValue() => AdcController.Broken ? throw new InvalidOperationException("adc") : AdcController.Value;
    }
}
