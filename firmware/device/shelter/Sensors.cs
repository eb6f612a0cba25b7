using System;
using System.Device.Adc;
using System.Device.I2c;
using Iot.Device.Bmxx80;
using Iot.Device.Bmxx80.ReadResult;
using Quartier.Board;
using Quartier.Drivers;

namespace Quartier.Shelter.Esp32
{
    /// <summary>BME280 through the nanoFramework binding. A part that does not answer is set up again at the next reading, its bus with
    /// it: opening the bus may throw too, and the board has other parts to read.</summary>
    public sealed class Bme280Climate : IClimateSensor
    {
        private readonly I2cConnectionSettings settings;
        private I2cDevice bus;
        private Bme280 part;

        public Bme280Climate(int busId)
        {
            settings = new I2cConnectionSettings(busId, Bmx280Base.SecondaryI2cAddress);
        }

        public ReadStatus Read(out int centiCelsius, out int humidityPermille)
        {
            centiCelsius = 0;
            humidityPermille = 0;
            Bme280ReadResult read;
            try
            {
                part = part ?? SetUp();
                read = part.Read();
            }
            catch (Exception)
            {
                // The binding throws plain exceptions when nothing acknowledges; a part that lost its power needs its settings again.
                Release();
                return ReadStatus.NoAcknowledge;
            }

            if (!read.TemperatureIsValid || !read.HumidityIsValid)
            {
                return ReadStatus.NoAcknowledge;
            }

            centiCelsius = (int)(read.Temperature.DegreesCelsius * 100.0);
            humidityPermille = (int)(read.Humidity.Percent * 10.0);
            bool plausible = centiCelsius >= -4000 && centiCelsius <= 8500 && humidityPermille >= 0 && humidityPermille <= 1000;
            return plausible ? ReadStatus.Ok : ReadStatus.OutOfRange;
        }

        private Bme280 SetUp()
        {
            bus = I2cDevice.Create(settings);
            Bme280 fresh = new Bme280(bus);
            fresh.TemperatureSampling = Sampling.LowPower;
            fresh.HumiditySampling = Sampling.LowPower;
            fresh.PressureSampling = Sampling.Skipped;
            return fresh;
        }

        private void Release()
        {
            part = null;
            if (bus != null)
            {
                bus.Dispose();
                bus = null;
            }
        }
    }

    /// <summary>A register bus over the platform's I2C. A part that does not acknowledge or holds the clock comes back as a result; all
    /// else the platform throws, at opening too. Both are the same to a driver: no answer, and a bus that is opened anew next time.</summary>
    public sealed class I2cRegisterBus : IRegisterBus
    {
        private readonly I2cConnectionSettings settings;
        private I2cDevice device;

        public I2cRegisterBus(int busId, int address)
        {
            settings = new I2cConnectionSettings(busId, address);
        }

        public ReadStatus Write(byte[] buffer, int count)
        {
            return Transfer(buffer, count, true);
        }

        public ReadStatus Read(byte[] buffer, int count)
        {
            return Transfer(buffer, count, false);
        }

        private ReadStatus Transfer(byte[] buffer, int count, bool write)
        {
            try
            {
                device = device ?? I2cDevice.Create(settings);
                SpanByte bytes = new SpanByte(buffer, 0, count);
                I2cTransferResult result = write ? device.Write(bytes) : device.Read(bytes);
                return result.Status == I2cTransferStatus.FullTransfer ? ReadStatus.Ok : ReadStatus.NoAcknowledge;
            }
            catch (Exception)
            {
                if (device != null)
                {
                    device.Dispose();
                    device = null;
                }

                return ReadStatus.NoAcknowledge;
            }
        }
    }

    /// <summary>The LiFePO4 cell behind a 1:2 divider on an ADC1 channel.</summary>
    public sealed class DividedBattery : IBattery
    {
        private const int FullScaleMillivolts = 3300;
        private const int DividerRatio = 2;
        private readonly int channelNumber;
        private AdcChannel channel;
        private int full;

        public DividedBattery(int adcChannel)
        {
            channelNumber = adcChannel;
        }

        public ReadStatus Read(out int millivolts)
        {
            millivolts = 0;
            int raw;
            try
            {
                channel = channel ?? Open();
                raw = channel.ReadValue();
            }
            catch (Exception)
            {
                return ReadStatus.NoAcknowledge;
            }

            millivolts = raw * FullScaleMillivolts * DividerRatio / full;
            return raw > 0 && raw < full ? ReadStatus.Ok : ReadStatus.OutOfRange;
        }

        private AdcChannel Open()
        {
            AdcController adc = new AdcController();
            full = adc.MaxValue;
            return adc.OpenChannel(channelNumber);
        }
    }
}
