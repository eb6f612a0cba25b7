using System.Device.Adc;
using System.Device.Gpio;
using System.Device.I2c;
using Quartier.Board;
using Quartier.Drivers;
using Quartier.Shelter.Esp32;
using Xunit;

namespace Quartier.Tests.Device.Shelter;

/// <summary>A part that fails, fails alone: its seam says so and nothing is thrown into the board.</summary>
[Collection(nameof(OnOneBoard))]
public sealed class PartsTests
{
    private const int SmokePin = 34;
    private const int DoorPin = 32;

    private readonly GpioController gpio = new();

    public PartsTests()
    {
        Platform.PowerOn();
        (AdcController.Broken, AdcController.Value) = (false, 2000);
    }

    public static TheoryData<I2cTransferStatus?, ReadStatus> Transfers => new()
    {
        { I2cTransferStatus.FullTransfer, ReadStatus.Ok },
        { I2cTransferStatus.SlaveAddressNotAcknowledged, ReadStatus.NoAcknowledge },
        { I2cTransferStatus.ClockStretchTimeout, ReadStatus.NoAcknowledge },
        { I2cTransferStatus.PartialTransfer, ReadStatus.NoAcknowledge },
        { I2cTransferStatus.UnknownError, ReadStatus.NoAcknowledge },
        { null, ReadStatus.NoAcknowledge },
    };

    [Theory]
    [MemberData(nameof(Transfers))]
    public void Whatever_the_bus_does_is_a_status(I2cTransferStatus? does, ReadStatus expected)
    {
        var bus = new I2cRegisterBus(1, Scd41.Address);
        I2cDevice.Bus = does;
        Assert.Equal(expected, bus.Write(new byte[2], 2));
        Assert.Equal(expected, bus.Read(new byte[3], 3));
        Assert.Equal(expected, new Bme280Climate(1).Read(out _, out _));
    }

    [Fact]
    public void A_bus_that_cannot_be_opened_is_asked_again_and_comes_back()
    {
        I2cDevice.OpenFails = true;
        var bus = new I2cRegisterBus(1, Scd41.Address);
        var climate = new Bme280Climate(1);
        Assert.Equal((ReadStatus.NoAcknowledge, ReadStatus.NoAcknowledge), (bus.Write(new byte[2], 2), climate.Read(out _, out _)));
        I2cDevice.OpenFails = false;
        Assert.Equal((ReadStatus.Ok, ReadStatus.Ok), (bus.Write(new byte[2], 2), climate.Read(out var centi, out var permille)));
        Assert.Equal((2150, 400), (centi, permille));
    }

    [Fact]
    public void A_bus_that_throws_for_days_leaves_no_device_open_behind()
    {
        var bus = new I2cRegisterBus(1, Scd41.Address);
        var climate = new Bme280Climate(1);
        I2cDevice.Bus = null;
        for (var i = 0; i < 1000; i++)
        {
            bus.Write(new byte[2], 2);
            climate.Read(out _, out _);
        }

        Assert.Equal(0, I2cDevice.OpenDevices);
    }

    [Fact]
    public void The_CO2_sensor_says_that_it_is_silent_and_the_step_goes_on()
    {
        I2cDevice.Bus = null;
        var co2 = new Scd41(new I2cRegisterBus(1, Scd41.Address), 60000);
        for (long ms = 0; ms < 300_000; ms = co2.Step(ms))
        {
        }

        Assert.Equal(ReadStatus.NoAcknowledge, co2.Read(out _));
    }

    [Fact]
    public void A_pin_that_cannot_be_opened_is_a_fault_of_its_part_alone()
    {
        GpioController.Reserved.Add(SmokePin);
        var smoke = new SmokeRelay(new Contact(gpio, SmokePin, PinMode.Input, true));
        var door = new ReedDoor(new Contact(gpio, DoorPin, PinMode.InputPullUp, true));
        Assert.Equal((ReadStatus.NoAcknowledge, false), (smoke.Read(out var burns), burns));
        Assert.Equal((ReadStatus.Ok, true), (door.Read(out var open), open));
        GpioController.Drive(DoorPin, false);
        Assert.Equal((ReadStatus.Ok, false), (door.Read(out open), open));
    }

    [Fact]
    public void A_pin_that_throws_ends_neither_a_reading_nor_the_thread_of_all_events()
    {
        var smoke = new SmokeRelay(new Contact(gpio, SmokePin, PinMode.Input, true));
        GpioController.At(SmokePin).Closed = true;
        GpioController.Drive(SmokePin, false);
        Assert.Equal(ReadStatus.NoAcknowledge, smoke.Read(out _));
        var lamp = new HelpLamp(gpio, 23);
        GpioController.At(23).Closed = true;
        lamp.Show(LampSign.Confirmed);
        Assert.Equal(long.MaxValue, lamp.Step(0));
    }

    [Fact]
    public void A_press_between_two_readings_is_kept_over_one_that_fails()
    {
        var sos = new HelpButton(new Contact(gpio, 39, PinMode.Input, true));
        GpioController.Drive(39, true);
        Assert.Equal((ReadStatus.Ok, false), (sos.Read(out var pressed), pressed));
        GpioController.Drive(39, false);
        GpioController.Drive(39, true);
        GpioController.At(39).Closed = true;
        Assert.Equal(ReadStatus.NoAcknowledge, sos.Read(out _));
        GpioController.At(39).Closed = false;
        Assert.Equal((ReadStatus.Ok, true), (sos.Read(out pressed), pressed));
        Assert.Equal((ReadStatus.Ok, false), (sos.Read(out pressed), pressed));
    }

    [Fact]
    public void A_converter_that_throws_is_a_battery_without_a_reading()
    {
        AdcController.Broken = true;
        var battery = new DividedBattery(0);
        Assert.Equal(ReadStatus.NoAcknowledge, battery.Read(out _));
        AdcController.Broken = false;
        Assert.Equal((ReadStatus.Ok, 3223), (battery.Read(out var millivolts), millivolts));
        AdcController.Broken = true;
        Assert.Equal(ReadStatus.NoAcknowledge, battery.Read(out _));
    }
}
