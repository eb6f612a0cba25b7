using Quartier.Gateway.Broker;
using Quartier.Gateway.Ingest;
using Quartier.Gateway.Outputs.Planning;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Host;

/// <summary>One round of what falls due by time: the clock is looked at, <see cref="Duties"/> work, what they want published goes out.
/// The host makes one every <see cref="Period"/>, the simulator too, in its own time.</summary>
/// <param name="chance">See <see cref="Duties.Step"/>.</param>
public sealed class DutyRound(Database database, GatewayOptions options, ClockWatch clock, Outgoing outgoing, GatewayHealth health, IChance? chance = null)
{
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    /// <param name="failed">Told of each failure of a duty, with its count in a row.</param>
    public void Run(Action<Duty, Exception, int>? failed = null)
    {
        var effects = new List<Publication>();
        clock.Step(database, health);
        Duties.Step(database, clock.Now, effects, options, health, chance, failed);
        outgoing.Publish(effects);
    }
}
