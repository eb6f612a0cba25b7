namespace Quartier.Simulator.Faults;

/// <summary>One way in which a quarter breaks.</summary>
/// <param name="Name">As the plan prints it.</param>
/// <param name="Unit">Of its strength; empty where there is only broken and whole.</param>
/// <param name="Begin">Breaks it in a run, at a place, so strongly. Returns what mends it, which does nothing where nothing is to mend.</param>
public sealed record FaultKind(string Name, string Unit, Func<Simulation, string, int, Action> Begin);
