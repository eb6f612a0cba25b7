using NodaTime;
using Quartier.Gateway.Host;

namespace Quartier.Simulator;

/// <summary>How the gateway in a simulated quarter is set up.</summary>
public sealed class GatewayConditions
{
    /// <summary>Changes the settings of the demo quarter.</summary>
    public Func<GatewayOptions, GatewayOptions> Settings { get; init; } = options => options;

    /// <summary>False makes every round of duties, also those that do nothing.</summary>
    public bool SkipsQuietRounds { get; init; } = true;

    /// <summary>How far its wall clock is apart from the world's time at the start.</summary>
    public Duration WallOffset { get; init; }
}
