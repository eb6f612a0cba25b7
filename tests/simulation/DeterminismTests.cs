using NodaTime;
using Quartier.Simulator;
using Quartier.Simulator.Boards;
using Quartier.Simulator.World;
using Xunit;

namespace Quartier.Tests.Simulation;

public class DeterminismTests
{
    [Fact]
    public void One_seed_gives_one_trace()
    {
        var first = Trace(seed: 7, hours: 30);
        Assert.Equal(first, Trace(seed: 7, hours: 30));
        Assert.NotEqual(first, Trace(seed: 8, hours: 30));
    }

    [Fact]
    public void Events_at_the_same_time_run_in_the_order_they_were_scheduled()
    {
        var world = new VirtualWorld(1, Instant.FromUtc(2026, 1, 1, 0, 0));
        var seen = new List<int>();
        for (var i = 0; i < 50; i++)
        {
            var mine = i;
            world.At(1000, () => seen.Add(mine));
        }

        world.At(500, () => world.At(1000, () => seen.Add(99)));
        world.RunUntil(1000);
        Assert.Equal([.. Enumerable.Range(0, 50), 99], seen);
    }

    [Fact]
    public async Task The_worlds_timers_keep_the_worlds_time()
    {
        var world = new VirtualWorld(1, Instant.FromUtc(2026, 1, 1, 0, 0));
        var fired = new TaskCompletionSource<DateTimeOffset>();
        using var timer = world.Time.CreateTimer(_ => fired.TrySetResult(world.Time.GetUtcNow()), null, TimeSpan.FromHours(3), Timeout.InfiniteTimeSpan);
        world.RunUntil(4 * 3600 * 1000);
        Assert.True(await fired.Task >= new DateTimeOffset(2026, 1, 1, 3, 0, 0, TimeSpan.Zero));
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 4, 0, 0, TimeSpan.Zero), world.Time.GetUtcNow());
    }

    [Fact]
    public void A_trace_line_has_fixed_columns()
    {
        var output = new StringWriter();
        var world = new VirtualWorld(1, Instant.FromUtc(2026, 1, 1, 23, 30), output);
        world.After(1234, () => world.Trace.Write("Karlsplatz", "enters", "one person"));
        world.RunUntil(5000);
        Assert.Equal("  1 00:30:01.234  Karlsplatz        enters              one person\n", output.ToString());
    }

    [Theory]
    [InlineData(11UL)]
    [InlineData(12UL)]
    public void Two_days_of_people_leave_every_check_satisfied(ulong seed)
    {
        using var run = new Simulator.Simulation(seed, Quarter.UsualStart);
        run.Run(Duration.FromDays(2));
        Assert.All(run.Checkers, checker => Assert.True(checker.Violations.Count == 0, $"seed {seed}: {checker.Name}: {string.Join("; ", checker.Violations)}"));
        Assert.True(run.Tally.F1 > 0.95, run.Tally.ToString());
        Assert.Equal(0, run.Gateway.Refused);
    }

    private static string Trace(ulong seed, int hours)
    {
        using var run = new Simulator.Simulation(seed, Quarter.UsualStart);
        run.Run(Duration.FromHours(hours));
        return run.Quarter.World.Trace.HashSoFar();
    }
}
