using NodaTime;

namespace Quartier.Simulator.Faults;

/// <summary>A span to draw from, both ends included.</summary>
public readonly record struct Between(Duration Least, Duration Most)
{
    public static implicit operator Between(Duration exactly) => new(exactly, exactly);

    public static Between Minutes(int least, int most) => new(Duration.FromMinutes(least), Duration.FromMinutes(most));
}

/// <summary>What goes wrong in a scenario; when and how badly is drawn from the seed.</summary>
/// <param name="Where">A pod's name, a duty's, or the only thing of its kind: screen, air, gateway, team chat.</param>
/// <param name="After">From the run's start to its begin.</param>
/// <param name="For">How long it lasts; zero for what happens once.</param>
public sealed record Fault(FaultKind Kind, string Where, Between After, Between For)
{
    /// <summary>In the kind's unit.</summary>
    public int StrengthLeast { get; init; }

    public int StrengthMost { get; init; }
}
