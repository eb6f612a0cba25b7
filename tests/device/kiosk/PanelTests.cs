using System.Device.Gpio;
using System.Device.Pwm;
using nanoFramework.UI;
using Quartier.Kiosk;
using Quartier.Kiosk.Esp32;
using Xunit;

namespace Quartier.Tests.Device.Kiosk;

/// <summary>Both panels over the platform's generic driver, with its faults, and controllers that want their pauses.</summary>
[Collection(nameof(OnOneBoard))]
public sealed class PanelTests
{
    private const byte SleepOut = 0x11;
    private const byte DisplayOn = 0x29;
    private const byte MemoryAccess = 0x36;
    private const byte PixelFormat = 0x3A;

    public PanelTests() => Platform.PowerOn();

    [Theory]
    [InlineData(true, 320, 240, 180)]
    [InlineData(false, 480, 320, 153)]
    public void The_bridge_says_which_panel_is_fitted_and_it_has_its_whole_size(bool open, int width, int height, int pitch)
    {
        var panel = Fitted(open);
        Assert.Equal((width, height, pitch), (panel.WidthPixels, panel.HeightPixels, panel.PitchMicrometres));
        Assert.Equal((width, height), (DisplayControl.ScreenWidth, DisplayControl.ScreenHeight));
        Assert.NotNull(DisplayControl.FullScreen);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Nothing_is_sent_while_the_controller_wakes(bool open)
    {
        Fitted(open);
        Assert.Empty(DisplayControl.Chip.Lost);
        Assert.True(DisplayControl.Chip.DrawnMs - DisplayControl.Chip.AwakeMs >= 120);
    }

    /// <summary>Rows and columns exchanged, blue first; 16 bits for bus and glass.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_controller_has_taken_orientation_colours_and_light(bool open)
    {
        Fitted(open);
        var taken = DisplayControl.Chip.Taken;
        Assert.Equal([0x28], taken[MemoryAccess]);
        Assert.Equal([0x55], taken[PixelFormat]);
        Assert.Contains(DisplayOn, taken.Keys);
        Assert.Contains(SleepOut, taken.Keys);
    }

    [Fact]
    public void The_light_goes_on_over_a_picture_and_not_over_noise()
    {
        var panel = Fitted(true);
        Assert.NotNull(DisplayControl.Chip.DrawnMs);
        var light = PwmChannel.Channels[Pins.PanelBacklight];
        Assert.Equal((true, 0.0), (light.Running, light.DutyCycle));
        panel.SetBacklight(40);
        Assert.Equal(0.4, light.DutyCycle);
    }

    [Theory]
    [InlineData(320, 240)]
    [InlineData(480, 320)]
    [InlineData(333, 7)]
    public void The_graphics_heap_holds_the_picture_with_its_own_books_and_a_page_over(int width, int height)
    {
        const int Spare = 4096;
        Assert.True(Fits(width, height, GraphicsHeap.BytesFor(width, height)));
        Assert.True(Fits(width, height, GraphicsHeap.BytesFor(width, height) - Spare));
        Assert.False(Fits(width, height, GraphicsHeap.BytesFor(width, height) - Spare - 1));
        Assert.False(Fits(width, height, width * height * 2));
    }

    [Fact]
    public void A_module_without_the_memory_says_so_instead_of_dying_at_the_first_picture()
    {
        DisplayControl.Psram = 20000;
        Assert.Contains("less memory", Assert.Throws<InvalidOperationException>(() => Fitted(true)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_are_pressed_through_pins_and_one_that_is_taken_leaves_the_others()
    {
        GpioController.Reserved.Add(Pins.KeySelect);
        var keys = new PinKeys(new GpioController());
        GpioController.Drive(Pins.KeyNext, false);
        GpioController.Drive(Pins.KeyNext, true);
        Assert.True(keys.TryRead(out var key, out _, out _));
        Assert.Equal(Quartier.Board.Key.Next, key);
        Assert.False(keys.TryRead(out _, out _, out _));
        Assert.Equal(30, GpioController.At(Pins.KeyNext).DebounceTimeout.TotalMilliseconds);
    }

    private static SpiPanel Fitted(bool open)
    {
        GpioController.Drive(Pins.PanelChoice, open);
        return SpiPanel.CreateFitted(new GpioController());
    }

    private static bool Fits(int width, int height, int bytes)
    {
        DisplayControl.Initialize(default, new ScreenConfiguration(0, 0, (ushort)width, (ushort)height, PanelStart.SleepOutLast(St7796s.Create())), (uint)bytes);
        return Record.Exception(() => DisplayControl.FullScreen) is null;
    }
}
