using System.Globalization;
using NodaTime;
using Quartier.Simulator.World;

namespace Quartier.Simulator.Faults;

/// <summary>A fault with its time and strength drawn.</summary>
/// <param name="FromMs">After the run's start. Likewise UntilMs; equal for what happens once.</param>
public sealed record PlannedFault(FaultKind Kind, string Where, long FromMs, long UntilMs, int Strength);

/// <summary>What will go wrong in a run, drawn from its seed before it begins.</summary>
public sealed class FaultPlan
{
    private readonly VirtualWorld world;

    private FaultPlan(VirtualWorld world, IReadOnlyList<PlannedFault> faults) => (this.world, Faults) = (world, faults);

    /// <summary>In the order of their begin.</summary>
    public IReadOnlyList<PlannedFault> Faults { get; }

    public static FaultPlan Draw(IEnumerable<Fault> faults, VirtualWorld world)
    {
        var chance = world.Stream("faults");
        return new FaultPlan(world, [.. faults.Select(fault => Draw(fault, chance)).ToList().OrderBy(planned => planned.FromMs)]);
    }

    /// <param name="told">Of each begin (true) and end (false), just before it.</param>
    public void Schedule(Simulation run, Action<PlannedFault, bool> told)
    {
        foreach (var fault in Faults)
        {
            world.At(fault.FromMs, () => Begin(run, fault, told));
        }
    }

    /// <summary>One line a fault: from when to when in the trace's columns, what, where, how strong.</summary>
    public string Table() => string.Concat(Faults.Select(fault =>
        $"# {When(fault.FromMs)} {(fault.UntilMs > fault.FromMs ? "to " + When(fault.UntilMs) : ""),-15}  {fault.Kind.Name,-16}  {fault.Where,-16}  {Strength(fault)}".TrimEnd() + "\n"));

    private static PlannedFault Draw(Fault fault, Chance chance)
    {
        var from = Draw(fault.After, chance);
        return new PlannedFault(fault.Kind, fault.Where, from, from + Draw(fault.For, chance), chance.Next(fault.StrengthLeast, fault.StrengthMost));
    }

    /// <returns>Whole seconds, in milliseconds.</returns>
    private static long Draw(Between span, Chance chance) => 1_000L * chance.Next((int)span.Least.TotalSeconds, (int)span.Most.TotalSeconds);

    private static string Strength(PlannedFault fault) =>
        fault.Kind.Unit.Length == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{fault.Strength} {fault.Kind.Unit}");

    private void Begin(Simulation run, PlannedFault fault, Action<PlannedFault, bool> told)
    {
        told(fault, true);
        var mend = fault.Kind.Begin(run, fault.Where, fault.Strength);
        if (fault.UntilMs > fault.FromMs)
        {
            world.At(fault.UntilMs, () =>
            {
                told(fault, false);
                mend();
            });
        }
    }

    private string When(long ms)
    {
        var local = (world.Start + Duration.FromMilliseconds(ms)).InZone(WorldPlace.Zone);
        var day = Period.DaysBetween(world.Start.InZone(WorldPlace.Zone).Date, local.Date) + 1;
        return string.Create(CultureInfo.InvariantCulture, $"{day,3} {local:HH:mm:ss}");
    }
}
