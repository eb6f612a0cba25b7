using NodaTime;
using Quartier.Simulator.Window;
using Quartier.Simulator.World;
using Xunit;

namespace Quartier.Tests.Simulation;

public sealed class PacerTests
{
    [Fact]
    public async Task A_jump_waits_for_a_gateway_that_is_slower_than_the_world()
    {
        const int Reports = 5;
        var world = new VirtualWorld(1, Instant.FromUtc(2026, 11, 21, 18, 0));
        var (handedAtMs, beats, latestMs, taken) = (-1L, 0, 0L, 0);
        var done = new TaskCompletionSource();
        world.Every(15 * 60_000, () => handedAtMs = world.NowMs);
        using var pacer = new Pacer(world, speed: 1) { Holds = () => handedAtMs >= 0 };

        // The gateway takes twenty beats for a report: at the pace of a jump that were minutes of the world's time.
        pacer.Beat += () =>
        {
            if (handedAtMs < 0 || ++beats < 20)
            {
                return;
            }

            latestMs = Math.Max(latestMs, world.NowMs - handedAtMs);
            (handedAtMs, beats) = (-1, 0);
            if (++taken == Reports)
            {
                done.TrySetResult();
            }
        };
        pacer.Jump(3 * 3_600_000);
        pacer.Start();
        await done.Task.WaitAsync(TimeSpan.FromMinutes(1));
        Assert.InRange(latestMs, 0, Pacer.StrideMaxMs);
    }
}
