using NodaTime;
using Quartier.Simulator.Faults;

namespace Quartier.Simulator.Scenarios;

/// <summary>What somebody does at a time that is no matter of chance.</summary>
/// <param name="After">From the run's start.</param>
/// <param name="What">In German, as a team tells it.</param>
public sealed record Act(Duration After, string What, Action<Simulation> Do);

/// <summary>A world, its people and its faults under one name.</summary>
/// <param name="Days">How long it runs unless told otherwise.</param>
public sealed record Scenario(string Name, string Summary, int Days)
{
    /// <summary>Guests come and go in the evening, by the seed.</summary>
    public bool HasGuests { get; init; } = true;

    /// <summary>A mail server, a chat and a planning backend outside, see <see cref="TeamPost"/>.</summary>
    public bool HasPost { get; init; }

    /// <summary>The air without faults; made anew for each run.</summary>
    public Func<RadioConditions> Radio { get; init; } = () => new RadioConditions();

    public GatewayConditions Gateway { get; init; } = new();

    public IReadOnlyList<Fault> Faults { get; init; } = [];

    public IReadOnlyList<Act> Acts { get; init; } = [];
}
