using System;
using System.Device.Adc;
using System.Device.I2c;
using Iot.Device.Bmxx80;
using Iot.Device.Bmxx80.ReadResult;
using Quartier.Board;
using Quartier.Drivers;

namespace Quartier.Shelter.Esp32
{
    /// <summary>BME280 through the nanoFramework binding. A part that does not answer at boot stays absent until the next.</summary>
    public sealed class Bme280Climate : IClimateSensor
    {
        private readonly Bme280 part;

        public Bme280Climate(int busId)
        {
            try
            {
                part = new Bme280(I2cDevice.Create(new I2cConnectionSettings(busId, Bmx280Base.SecondaryI2cAddress)));
                part.TemperatureSampling = Sampling.LowPower;
                part.HumiditySampling = Sampling.LowPower;
                part.PressureSampling = Sampling.Skipped;
            }
            catch (Exception)
            {
                // The binding throws plain exceptions from its constructor when nothing acknowledges.
                part = null;
            }
        }

        public ReadStatus Read(out int centiCelsius, out int humidityPermille)
        {
            centiCelsius = 0;
            humidityPermille = 0;
            if (part == null)
            {
                return ReadStatus.NoAcknowledge;
            }

            Bme280ReadResult read = part.Read();
            if (!read.TemperatureIsValid || !read.HumidityIsValid)
            {
                return ReadStatus.NoAcknowledge;
            }

            centiCelsius = (int)(read.Temperature.DegreesCelsius * 100.0);
            humidityPermille = (int)(read.Humidity.Percent * 10.0);
            bool plausible = centiCelsius >= -4000 && centiCelsius <= 8500 && humidityPermille >= 0 && humidityPermille <= 1000;
            return plausible ? ReadStatus.Ok : ReadStatus.OutOfRange;
        }
    }

    /// <summary>A register bus over the platform's I2C.</summary>
    public sealed class I2cRegisterBus : IRegisterBus
    {
        private readonly I2cDevice device;

        public I2cRegisterBus(int busId, int address)
        {
            device = I2cDevice.Create(new I2cConnectionSettings(busId, address));
        }

        public ReadStatus Write(byte[] buffer, int count)
        {
            return StatusOf(device.Write(new SpanByte(buffer, 0, count)));
        }

        public ReadStatus Read(byte[] buffer, int count)
        {
            return StatusOf(device.Read(new SpanByte(buffer, 0, count)));
        }

        private static ReadStatus StatusOf(I2cTransferResult result)
        {
            return result.Status == I2cTransferStatus.FullTransfer ? ReadStatus.Ok : ReadStatus.NoAcknowledge;
        }
    }

    /// <summary>The LiFePO4 cell behind a 1:2 divider on an ADC1 channel.</summary>
    public sealed class DividedBattery : IBattery
    {
        private const int FullScaleMillivolts = 3300;
        private const int DividerRatio = 2;
        private readonly AdcChannel channel;
        private readonly int full;

        public DividedBattery(int adcChannel)
        {
            AdcController adc = new AdcController();
            channel = adc.OpenChannel(adcChannel);
            full = adc.MaxValue;
        }

        public ReadStatus Read(out int millivolts)
        {
            int raw = channel.ReadValue();
            millivolts = raw * FullScaleMillivolts * DividerRatio / full;
            return raw > 0 && raw < full ? ReadStatus.Ok : ReadStatus.OutOfRange;
        }
    }
}
