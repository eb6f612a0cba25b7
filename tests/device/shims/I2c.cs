namespace System
{
    public readonly struct SpanByte(byte[] array, int start, int length)
    {
        public byte[] Array => array;

        public int Start => start;

        public int Length => length;
    }
}

namespace System.Device.I2c
{
    public enum I2cTransferStatus
    {
        UnknownError = 0,
        FullTransfer = 1,
        ClockStretchTimeout = 2,
        PartialTransfer = 3,
        SlaveAddressNotAcknowledged = 4,
    }

    public readonly record struct I2cTransferResult(I2cTransferStatus Status);

    public sealed record I2cConnectionSettings(int BusId, int DeviceAddress);

    /// <summary>No acknowledgement and a held clock come back as a result, everything else throws; opening throws when the pins are taken or
    /// the driver cannot be installed.</summary>
    public sealed class I2cDevice : IDisposable
    {
        /// <summary>What the bus does to the next transfers; null is the driver's own error.</summary>
        public static I2cTransferStatus? Bus { get; set; }

        public static bool OpenFails { get; set; }

        public static int OpenDevices { get; private set; }

        public static void Forget()
        {
            (Bus, OpenFails, OpenDevices) = (I2cTransferStatus.FullTransfer, false, 0);
        }

        public static I2cDevice Create(I2cConnectionSettings settings)
        {
            if (OpenFails)
            {
                throw new ArgumentException($"bus {settings.BusId}");
            }

            OpenDevices++;
            return new I2cDevice();
        }

        public void Dispose() => OpenDevices--;

        public I2cTransferResult Write(SpanByte bytes) => Transfer();

        public I2cTransferResult Read(SpanByte bytes) => Transfer();

        private static I2cTransferResult Transfer() => new(Bus ?? throw new InvalidOperationException("i2c"));
    }
}

namespace Iot.Device.Bmxx80
{
    public static class Bmx280Base
    {
        public const byte SecondaryI2cAddress = 0x76;
    }

    public enum Sampling
    {
        Skipped = 0,
        LowPower = 2,
    }

    public sealed class Bme280
    {
        private readonly System.Device.I2c.I2cDevice device;

        public Bme280(System.Device.I2c.I2cDevice i2cDevice)
        {
            device = i2cDevice;
            Ask();
        }

        public Sampling TemperatureSampling { get; set; }

        public Sampling HumiditySampling { get; set; }

        public Sampling PressureSampling { get; set; }

        public ReadResult.Bme280ReadResult Read()
        {
            Ask();
            return new ReadResult.Bme280ReadResult();
        }

        /// <summary>The binding throws a plain exception when nothing acknowledges.</summary>
        private void Ask()
        {
            if (device.Write(default).Status != System.Device.I2c.I2cTransferStatus.FullTransfer)
            {
                throw new IOException("bme280");
            }
        }
    }
}

namespace Iot.Device.Bmxx80.ReadResult
{
    public sealed record Degrees(double DegreesCelsius);

    public sealed record Share(double Percent);

    public sealed class Bme280ReadResult
    {
        public bool TemperatureIsValid => true;

        public bool HumidityIsValid => true;

        public Degrees Temperature => new(21.5);

        public Share Humidity => new(40);
    }
}
