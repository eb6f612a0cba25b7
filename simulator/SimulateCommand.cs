using System.CommandLine;
using System.Globalization;
using NodaTime;
using NodaTime.Text;
using Quartier.Simulator.Boards;
using Quartier.Simulator.Scenarios;

namespace Quartier.Simulator;

/// <summary>`simulate`: a scenario of the demo quarter in virtual time, in this process: its plan of faults, a trace, what the checkers say, a hash.</summary>
internal static class SimulateCommand
{
    public static Command Create()
    {
        var seed = new Option<ulong>("--seed") { Description = "Everything that chance decides follows from it", DefaultValueFactory = _ => 1 };
        var scenario = new Option<string?>("--scenario")
        {
            Description = "World, people and faults by name; default quiet week. " + string.Join("; ", Scenarios.Scenarios.All.Select(one => $"{one.Name} ({Days(one)}): {one.Summary}")),
        };
        var days = new Option<int?>("--days") { Description = "Simulated days; default 1, with --scenario as many as it names" };
        var from = new Option<string?>("--from") { Description = "First instant, ISO 8601 UTC; default 2026-11-18T11:00:00Z" };
        var quiet = new Option<bool>("--quiet") { Description = "Only the last lines, not the trace" };
        var command = new Command("simulate", "The demo quarter in virtual time: prints its plan of faults, a trace and its SHA-256, equal on every run, and what the checkers found")
        {
            seed, scenario, days, from, quiet,
        };
        command.SetAction(parsed => Run(parsed.GetValue(seed), parsed.GetValue(scenario), parsed.GetValue(days), parsed.GetValue(from), parsed.GetValue(quiet)));
        return command;
    }

    private static string Days(Scenario scenario) => scenario.Days == 1 ? "1 day" : $"{scenario.Days} days";

    private static int Run(ulong seed, string? name, int? wanted, string? from, bool quiet)
    {
        if (Scenarios.Scenarios.Find(name ?? Scenarios.Scenarios.QuietWeek.Name) is not { } scenario)
        {
            Console.Error.WriteLine($"--scenario {name}: one of {string.Join(", ", Scenarios.Scenarios.All.Select(one => $"\"{one.Name}\""))} was expected");
            return 2;
        }

        var days = wanted ?? (name is null ? 1 : scenario.Days);
        var start = Quarter.UsualStart;
        if (from is not null)
        {
            var parsed = InstantPattern.ExtendedIso.Parse(from);
            if (!parsed.Success)
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
        using var run = new ScenarioRun(scenario, seed, start, quiet ? null : output);
        output.Write($"# {scenario.Name}, seed {seed}, {days} days, {run.Plan.Faults.Count} faults planned\n{run.Plan.Table()}");
        output.Flush();
        return Live(run.Run, days, output) ? 0 : Failed($"--seed {seed} --days {days}{(name is null ? "" : $" --scenario \"{name}\"")}{(from is null ? "" : $" --from {from}")}");
    }

    /// <returns>Whether every check holds.</returns>
    private static bool Live(Simulation run, int days, StreamWriter output)
    {
        var began = TimeProvider.System.GetTimestamp();
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
        return run.Checkers.All(checker => checker.Violations.Count == 0);
    }

    private static int Failed(string arguments)
    {
        Console.Error.WriteLine($"a check failed; to replay: ./quartier simulate {arguments}");
        return 1;
    }
}
