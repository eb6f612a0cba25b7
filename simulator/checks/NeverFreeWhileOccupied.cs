using Quartier.Simulator.Boards;
using Quartier.Wire;

namespace Quartier.Simulator.Checks;

/// <summary>Always: no device judges its pod free for more than five minutes while somebody is inside.</summary>
public sealed class NeverFreeWhileOccupied : Checker
{
    private const long ToleratedMs = 5 * 60 * 1000;
    private const long LookMs = 10_000;

    public override string Name => "never free while occupied";

    public override void Watch(Quarter quarter)
    {
        foreach (var pod in quarter.Pods)
        {
            long? wrongSinceMs = null;
            quarter.World.Every(LookMs, () =>
            {
                var wrong = pod.Scene.People > 0 && pod.App.Occupancy.State == Occupancy.Free;
                var before = wrongSinceMs;
                wrongSinceMs = wrong ? wrongSinceMs ?? quarter.World.NowMs : null;
                if (before is { } since && wrong && quarter.World.NowMs - since > ToleratedMs && quarter.World.NowMs - since <= ToleratedMs + LookMs)
                {
                    Violated(quarter, $"{pod.Identity.Name} free with {pod.Scene.People} inside for more than 5 min");
                }
            });
        }
    }
}
