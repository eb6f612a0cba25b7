using System.CommandLine;
using System.Globalization;
using NodaTime;
using NodaTime.Text;
using Quartier.Simulator.Boards;
using Quartier.Simulator.Checks;
using Quartier.Simulator.World;

namespace Quartier.Simulator;

/// <summary>`simulate`: the demo quarter in virtual time, in this process, as a trace and its hash.</summary>
internal static class SimulateCommand
{
    public static Command Create()
    {
        var seed = new Option<ulong>("--seed") { Description = "Everything that chance decides follows from it", DefaultValueFactory = _ => 1 };
        var days = new Option<int>("--days") { Description = "Simulated days", DefaultValueFactory = _ => 1 };
        var from = new Option<string?>("--from") { Description = "First instant, ISO 8601 UTC; default 2026-11-18T11:00:00Z" };
        var quiet = new Option<bool>("--quiet") { Description = "Only the last lines, not the trace" };
        var command = new Command("simulate", "The demo quarter in virtual time: prints a trace and its SHA-256, equal on every run") { seed, days, from, quiet };
        command.SetAction(parsed => Run(parsed.GetValue(seed), parsed.GetValue(days), parsed.GetValue(from), parsed.GetValue(quiet)));
        return command;
    }

    private static int Run(ulong seed, int days, string? from, bool quiet)
    {
        var start = Quarter.UsualStart;
        if (from is not null)
        {
            var parsed = InstantPattern.ExtendedIso.Parse(from);
            if (!parsed.Success || days < 1)
            {
                Console.Error.WriteLine($"--from {from}: an instant such as 2026-11-18T11:00:00Z was expected");
                return 2;
            }

            start = parsed.Value;
        }

        if (days is < 1 or > 3660)
        {
            Console.Error.WriteLine("--days: 1 to 3660 were expected");
            return 2;
        }

        using var output = new StreamWriter(Console.OpenStandardOutput(), bufferSize: 65536);
        var began = TimeProvider.System.GetTimestamp();
        using var run = new Simulation(seed, start, quiet ? null : output);
        run.Run(Duration.FromDays(days));
        var seconds = TimeProvider.System.GetElapsedTime(began).TotalSeconds;

        foreach (var checker in run.Checkers)
        {
            output.Write($"# {checker.Name}: {(checker.Violations.Count == 0 ? "holds" : $"violated {checker.Violations.Count} times, first: {checker.Violations[0]}")}\n");
        }

        output.Write($"# {run.Tally}\n");
        output.Write(string.Create(CultureInfo.InvariantCulture, $"# {days} days in {seconds:0.00} s, {days / seconds:0.0} days/s, {run.Quarter.World.EventsRun} events, {run.Summary()}\n"));
        output.Write($"sha256 {run.Quarter.World.Trace.HashSoFar()}\n");
        output.Flush();
        if (run.Checkers.All(c => c.Violations.Count == 0))
        {
            return 0;
        }

        Console.Error.WriteLine($"a check failed; to replay: ./quartier simulate --seed {seed} --days {days}{(from is null ? "" : $" --from {from}")}");
        return 1;
    }
}
