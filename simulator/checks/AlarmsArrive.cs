using Quartier.Gateway.Ingest;
using Quartier.Simulator.Boards;
using Quartier.Wire;

namespace Quartier.Simulator.Checks;

/// <summary>Always: an alarm that a device believes confirmed is in the store. Finally: no alarm is older than a quarter of an hour
/// without its confirmation, unless the radio is cut.</summary>
public sealed class AlarmsArrive(GatewayInProcess gateway) : Checker
{
    private const long PatienceMs = 15 * 60 * 1000;
    private readonly HashSet<(string Device, int Sequence)> recorded = [];
    private readonly Dictionary<(string Device, int Sequence), long> openSinceMs = [];

    public override string Name => "alarms arrive";

    public int Raised { get; private set; }

    public override void Watch(Quarter quarter)
    {
        gateway.Judged += (_, verdict) =>
        {
            if (verdict is { Outcome: Outcome.Recorded, Device: { } device, Fields: { } fields }
                && fields.GetValueOrDefault("payload") is IReadOnlyDictionary<string, object?> payload
                && payload.GetValueOrDefault("sequence") is { } sequence)
            {
                recorded.Add((device, Convert.ToInt32(sequence, System.Globalization.CultureInfo.InvariantCulture)));
            }
        };
        foreach (var pod in quarter.Pods)
        {
            pod.Runner.Stepped += () => Look(quarter, pod);
        }
    }

    public override void Conclude(Quarter quarter)
    {
        foreach (var ((device, sequence), since) in openSinceMs)
        {
            if (!quarter.Server.Conditions.Cut && quarter.World.NowMs - since > PatienceMs)
            {
                Violated(quarter, $"alarm {sequence} of {device} unconfirmed for {(quarter.World.NowMs - since) / 60000} min");
            }
        }
    }

    private void Look(Quarter quarter, Pod pod)
    {
        for (var kind = AlarmKind.Smoke; kind <= AlarmKind.Tamper; kind++)
        {
            var entry = pod.App.Alarms[kind];
            var key = (pod.Identity.DevEui, entry.Sequence);
            if (entry.Open)
            {
                if (openSinceMs.TryAdd(key, quarter.World.NowMs) && entry.Active)
                {
                    Raised++;
                }
            }
            else if (openSinceMs.Remove(key) && entry.Active && !recorded.Contains(key))
            {
                Violated(quarter, $"{pod.Identity.Name} believes alarm {entry.Sequence} confirmed, the gateway has none");
            }
        }
    }
}
