using NodaTime;
using Quartier.Simulator.Faults;

namespace Quartier.Simulator.Scenarios;

/// <summary>One run of a scenario: the quarter, and everything that will happen to it, appointed before it begins.</summary>
public sealed class ScenarioRun : IDisposable
{
    public ScenarioRun(Scenario scenario, ulong seed, Instant start, TextWriter? trace = null)
    {
        Run = new Simulation(seed, start, trace, scenario.Radio(), scenario.HasGuests, scenario.Gateway);
        if (scenario.HasPost)
        {
            Run.OpenPost();
        }

        Plan = FaultPlan.Draw(scenario.Faults, Run.Quarter.World);
        Plan.Schedule(Run, (fault, begins) => Faulted?.Invoke(fault, begins));
        foreach (var act in scenario.Acts)
        {
            Run.Quarter.World.At((long)act.After.TotalMilliseconds, () =>
            {
                Acted?.Invoke(act);
                act.Do(Run);
            });
        }
    }

    public Simulation Run { get; }

    public FaultPlan Plan { get; }

    /// <summary>A fault is about to begin (true) or to end.</summary>
    public event Action<PlannedFault, bool>? Faulted;

    /// <summary>Somebody is about to do something.</summary>
    public event Action<Act>? Acted;

    public void Dispose() => Run.Dispose();
}
