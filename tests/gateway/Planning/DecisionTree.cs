using Quartier.Gateway.Outputs.Planning;

namespace Quartier.Tests.Gateway.Planning;

/// <summary>Walks every decision of a draw instead of tossing for it, and adds up the exact chance of each outcome.
/// Branches less likely than the floor are cut; what they hold together is told as Rest.</summary>
internal sealed class DecisionTree(double floor) : IChance
{
    private readonly List<(long Taken, long Of, double Chance)> path = [];
    private int at;
    private double here;

    public SortedDictionary<int, double> Outcomes { get; } = [];

    public double Repeated { get; private set; }

    public double Rest { get; private set; }

    /// <param name="draw">Null means "again".</param>
    public void Walk(Func<IChance, int?> draw)
    {
        do
        {
            at = 0;
            here = 1;
            try
            {
                if (draw(this) is { } outcome)
                {
                    Outcomes[outcome] = Outcomes.GetValueOrDefault(outcome) + here;
                }
                else
                {
                    Repeated += here;
                }
            }
            catch (TooUnlikelyException)
            {
                Rest += here;
            }
        }
        while (Advance());
    }

    public long Below(long bound) => Decide(bound, taken => 1.0 / bound);

    public bool Hit(long numerator, long denominator)
    {
        var chance = (double)numerator / denominator;
        return numerator == 0 ? false : numerator == denominator || Decide(2, taken => taken == 1 ? chance : 1 - chance) == 1;
    }

    private long Decide(long of, Func<long, double> chanceOf)
    {
        if (here < floor)
        {
            path.RemoveRange(at, path.Count - at);
            throw new TooUnlikelyException();
        }

        if (at == path.Count)
        {
            path.Add((0, of, chanceOf(0)));
        }
        else
        {
            path[at] = (path[at].Taken, of, chanceOf(path[at].Taken));
        }

        here *= path[at].Chance;
        return path[at++].Taken;
    }

    private bool Advance()
    {
        path.RemoveRange(at, path.Count - at);
        while (path.Count > 0)
        {
            var last = path[^1];
            if (last.Taken + 1 < last.Of)
            {
                path[^1] = (last.Taken + 1, last.Of, 0);
                return true;
            }

            path.RemoveAt(path.Count - 1);
        }

        return false;
    }

    private sealed class TooUnlikelyException : Exception;
}
