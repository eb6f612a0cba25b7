using System.Device.Gpio;
using nanoFramework.Runtime.Native;
using Quartier.Device;
using Xunit;

namespace Quartier.Tests.Device.Esp32;

/// <summary>The program's own timer and the part beside the chip, against an interpreter that native code may hold.</summary>
[Collection(nameof(OnOneBoard))]
public sealed class WatchdogTests
{
    private const int DonePin = 13;
    private const int PatienceSeconds = 120;
    private const long IntervalMs = 181000;

    private readonly GpioController gpio = new();

    public WatchdogTests() => Platform.PowerOn();

    [Fact]
    public void Native_code_that_never_comes_back_is_ended_by_the_part_and_by_nothing_else()
    {
        var watchdog = new BoardWatchdog(gpio, DonePin, PatienceSeconds);
        Step(watchdog, 600);
        var stood = Platform.Ms;
        Platform.Advance(1200_000, blocked: true);
        Assert.Equal(0, Power.Reboots);
        Assert.InRange(ResetMs() ?? 0, stood + 1, stood + (2 * IntervalMs));
    }

    [Fact]
    public void A_board_that_steps_is_never_reset()
    {
        var watchdog = new BoardWatchdog(gpio, DonePin, PatienceSeconds);
        Step(watchdog, 3600);
        Assert.Equal((0, null), (Power.Reboots, ResetMs()));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(60)]
    [InlineData(120)]
    [InlineData(180)]
    public void A_freeze_of_170_seconds_passes_wherever_it_falls_between_two_looks(int after)
    {
        var watchdog = new BoardWatchdog(gpio, DonePin, PatienceSeconds);
        Step(watchdog, 400 + after);
        Platform.Advance(170_000, blocked: true);
        watchdog.Feed();
        Step(watchdog, 400);
        Assert.Equal((0, null), (Power.Reboots, ResetMs()));
    }

    [Fact]
    public void A_loop_that_hangs_is_restarted_by_the_program_before_the_part_asks()
    {
        var watchdog = new BoardWatchdog(gpio, DonePin, PatienceSeconds);
        Step(watchdog, 300);
        Platform.Advance((PatienceSeconds * 1000) + 1);
        Assert.Equal(1, Power.Reboots);
    }

    [Fact]
    public void A_start_has_a_whole_interval_and_more()
    {
        Platform.Advance(IntervalMs, blocked: true);
        var watchdog = new BoardWatchdog(gpio, DonePin, PatienceSeconds);
        Step(watchdog, 600);
        Assert.Null(ResetMs());
    }

    [Fact]
    public void A_pin_that_is_taken_leaves_the_timer_at_work()
    {
        GpioController.Reserved.Add(DonePin);
        var watchdog = new BoardWatchdog(gpio, DonePin, PatienceSeconds);
        Step(watchdog, 60);
        Platform.Advance((PatienceSeconds * 1000) + 1);
        Assert.Equal(1, Power.Reboots);
    }

    private static void Step(BoardWatchdog watchdog, int seconds)
    {
        for (var i = 0; i < seconds; i++)
        {
            watchdog.Feed();
            Platform.Advance(1000);
        }
    }

    /// <summary>TPL5010: from the first look on there must be a rising edge on DONE between each look and the next.</summary>
    private static long? ResetMs()
    {
        var rises = GpioController.At(DonePin).Rises;
        for (var look = IntervalMs; look + IntervalMs <= Platform.Ms; look += IntervalMs)
        {
            if (!rises.Exists(at => at >= look && at < look + IntervalMs))
            {
                return look + IntervalMs;
            }
        }

        return null;
    }
}
