using Quartier.Simulator.Boards;

namespace Quartier.Simulator.Checks;

/// <summary>An opinion on a run: what must always hold, and what must hold in the end.</summary>
public abstract class Checker
{
    private const int Kept = 20;
    private readonly List<string> violations = [];

    public abstract string Name { get; }

    public IReadOnlyList<string> Violations => violations;

    /// <summary>Called once before the world runs.</summary>
    public abstract void Watch(Quarter quarter);

    /// <summary>Called once when the world has stopped.</summary>
    public virtual void Conclude(Quarter quarter)
    {
    }

    protected void Violated(Quarter quarter, string what)
    {
        quarter.World.Trace.Write("checker", "violated", $"{Name}: {what}");
        if (violations.Count < Kept)
        {
            violations.Add(what);
        }
    }
}
