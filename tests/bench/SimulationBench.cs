using System.Diagnostics;
using NodaTime;
using Quartier.Simulator;
using Quartier.Simulator.Boards;

namespace Quartier.Tests.Bench;

/// <summary>Simulated days a second: the demo quarter, gateway and store included, in this process.</summary>
internal static class SimulationBench
{
    private const int Runs = 3;
    private const int Days = 1;

    public static IEnumerable<Result> Run()
    {
        Once(1);
        var rates = Enumerable.Range(2, Runs).Select(seed => Once((ulong)seed)).ToArray();
        return [Result.Plain("simulation", "demo quarter", Median.Of(rates), "days/s", $"median of {Runs} runs of {Days} day, one thread")];
    }

    private static double Once(ulong seed)
    {
        var clock = Stopwatch.StartNew();
        using var simulation = new Simulation(seed, Quarter.UsualStart);
        simulation.Run(Duration.FromDays(Days));
        return Days / clock.Elapsed.TotalSeconds;
    }
}
