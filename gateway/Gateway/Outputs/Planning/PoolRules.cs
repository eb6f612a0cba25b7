using Quartier.Gateway.Domain.PodNights;

namespace Quartier.Gateway.Outputs.Planning;

/// <summary>What one figure is about: an area with enough pods, or several areas put together.</summary>
/// <param name="Areas">By name.</param>
public sealed record Pool(IReadOnlyList<AreaPods> Areas)
{
    private const string And = " + ";

    public string Name => string.Join(And, Areas.Select(area => area.Area));

    public IReadOnlyList<PodSpan> Spans => [.. Areas.SelectMany(area => area.Spans)];

    public int Steady => Areas.Sum(area => area.Steady);

    public int? Reported => Areas.All(area => area.Reported is not null) ? Areas.Sum(area => area.Reported) : null;

    public bool Holds(string area) => Name == area || Areas.Any(one => one.Area == area);

    /// <summary>Whether a figure of this name is about the area, alone or with others.</summary>
    public static bool IsAbout(string name, string area) => name == area || name.Split(And).Contains(area);
}

/// <summary>Puts areas together until each figure is about enough pods: the smallest is joined to the next larger one, by pods and then by
/// name, until none is too small. It looks at which pods were there and reported, never at who slept where. An area without any report stays
/// by itself, because its silence would be counted as empty nights of the others.</summary>
public static class PoolRules
{
    public static IReadOnlyList<Pool> Of(IReadOnlyList<AreaPods> areas, int minimumPods)
    {
        List<Pool> silent = [.. areas.Where(area => area.Reported == 0).Select(area => new Pool([area]))];
        List<Pool> pools = [.. areas.Where(area => area.Reported != 0).Select(area => new Pool([area]))];
        pools.Sort(BySize);
        while (pools.Count > 1 && pools[0].Steady < minimumPods)
        {
            pools[1] = new Pool([.. pools[0].Areas.Concat(pools[1].Areas).OrderBy(area => area.Area, StringComparer.Ordinal)]);
            pools.RemoveAt(0);
            pools.Sort(BySize);
        }

        return [.. pools.Concat(silent).OrderBy(pool => pool.Name, StringComparer.Ordinal)];
    }

    private static int BySize(Pool one, Pool other) =>
        one.Steady != other.Steady ? one.Steady.CompareTo(other.Steady) : string.CompareOrdinal(one.Name, other.Name);
}
