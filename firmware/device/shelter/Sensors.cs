using System;
using System.Device.Adc;
using System.Device.I2c;
using Iot.Device.Bmxx80;
using Iot.Device.Bmxx80.ReadResult;
using Quartier.Board;
using Quartier.Drivers;

namespace Quartier.Shelter.Esp32
{
    /// <summary>BME280 through the nanoFramework binding. A part that does not answer is set up again at the next reading.</summary>
    public sealed class Bme280Climate : IClimateSensor
    {
        private readonly I2cDevice bus;
        private Bme280 part;

        public Bme280Climate(int busId)
        {
            bus = I2cDevice.Create(new I2cConnectionSettings(busId, Bmx280Base.SecondaryI2cAddress));
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
                part = null;
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
            Bme280 fresh = new Bme280(bus);
            fresh.TemperatureSampling = Sampling.LowPower;
            fresh.HumiditySampling = Sampling.LowPower;
            fresh.PressureSampling = Sampling.Skipped;
            return fresh;
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
