using NodaTime;
using Quartier.Gateway.Outputs.Planning;
using Quartier.Simulator;
using Quartier.Simulator.Boards;
using Quartier.Simulator.Demo;
using Quartier.Simulator.Scenarios;
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
    public void One_seed_draws_one_ledger_and_the_trace_covers_what_the_store_holds()
    {
        var (first, second, other) = (TwoHours(5), TwoHours(5), TwoHours(6));
        Assert.NotEmpty(first.Ledger);
        Assert.All(first.Ledger, row => Assert.True(row.Simulated));
        Assert.Equal(first.Ledger.Select(row => (row.Id, row.Value, row.Noised, row.ReleasedAt)), second.Ledger.Select(row => (row.Id, row.Value, row.Noised, row.ReleasedAt)));
        Assert.Equal(first.Store, second.Store);
        Assert.Equal(first.Hash, second.Hash);
        Assert.NotEqual(first.Store, other.Store);
        Assert.Contains(first.Store, table => table.Table == "release_ledger");
    }

    [Fact]
    public void The_hash_of_a_run_changes_with_one_row_of_the_store()
    {
        string Hash(bool touched)
        {
            using var run = new Simulator.Simulation(7, Quarter.UsualStart);
            run.Advance(Duration.FromHours(1));
            if (touched)
            {
                run.Gateway.Database.Write(db => Quartier.Gateway.Domain.Audit.AuditTable.Add(db, run.Quarter.World.Now, "somebody", "something", ""));
            }

            run.Run(Duration.Zero);
            return run.Quarter.World.Trace.HashSoFar();
        }

        Assert.NotEqual(Hash(false), Hash(true));
    }

    private static (IReadOnlyList<LedgerRow> Ledger, IReadOnlyList<(string Table, string Digest)> Store, string Hash) TwoHours(ulong seed)
    {
        using var run = new Simulator.Simulation(seed, Quarter.UsualStart);
        // A past, so that there are weeks to release at once.
        run.Gateway.Database.Write(db => DemoNights.Seed(db, Quarter.UsualStart));
        run.Run(Duration.FromHours(2));
        return (run.Gateway.Database.Read(LedgerTable.All), run.Gateway.Database.Read(StoreDigest.Of), run.Quarter.World.Trace.HashSoFar());
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
        using var week = new ScenarioRun(Scenarios.QuietWeek, seed, Quarter.UsualStart);
        var run = week.Run;
        Assert.Empty(week.Plan.Faults);
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
