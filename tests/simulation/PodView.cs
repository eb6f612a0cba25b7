using Quartier.Gateway.Domain.Shelters;
using Quartier.Simulator.World;
using Quartier.Wire;

namespace Quartier.Tests.Simulation.Boards;

/// <summary>A pod as the test sees it: its place, its firmware, and what the gateway's store says about it.</summary>
internal sealed class PodView(Simulator.Simulation run, string name)
{
    public Simulator.Boards.Pod Pod => run.Quarter.PodNamed(name);

    public PodScene Scene => Pod.Scene;

    public PodStatus Report => Known.Report?.Status ?? throw new InvalidOperationException($"{name} has not reported yet.");

    public IReadOnlyList<AlarmKind> Alarms => Known.Alarms;

    private Gateway.Domain.Shelters.Pod Known => run.Gateway.Database.Read(db => SheltersTable.Find(db, Pod.Identity.DevEui))!;
}
