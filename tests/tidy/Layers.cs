namespace Quartier.Tests.Tidy;

/// <summary>The gateway's layers, the lowest first: a namespace may know those below it and its own. A slice, a folder of Domain or of
/// Outputs, knows another slice of its layer only where the table says so.</summary>
internal static class Layers
{
    public const string Root = "Quartier.Gateway";

    private static readonly string[][] Order = [["Store", "Pages", "Tls"], ["Domain"], ["Ingest", "Outputs"], ["Broker"], ["Host"]];

    /// <summary>What a slice may know of its own layer; one that is not listed knows none.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> Table = new Dictionary<string, string[]>
    {
        ["Domain.Accounts"] = ["Domain.Audit"],
        ["Domain.Alerts"] = ["Domain.Accounts", "Domain.Audit", "Domain.Registry", "Domain.Shelters"],
        ["Domain.Fleet"] = ["Domain.Audit", "Domain.Offers", "Domain.Registry", "Domain.Shelters"],
        ["Domain.Offers"] = ["Domain.Audit", "Domain.Registry"],
        ["Domain.PodBoard"] = ["Domain.Alerts", "Domain.Audit", "Domain.Shelters"],
        ["Domain.PodNights"] = ["Domain.Registry", "Domain.Shelters"],
        ["Domain.Registry"] = ["Domain.Accounts", "Domain.Audit"],
        ["Outputs.Planning"] = ["Outputs.Notify"],
    };

    /// <param name="space">A namespace without the root before it.</param>
    public static bool May(string space, string other)
    {
        var (from, to) = (Rank(space), Rank(other));
        return to < from || (to == from && (IsUndivided(space, other) || Table.GetValueOrDefault(SliceOf(space), []).Contains(SliceOf(other))));
    }

    /// <summary>"Domain.Offers" of "Domain.Offers.Import"; a layer without slices is one.</summary>
    public static string SliceOf(string space) =>
        space.Split('.') is [("Domain" or "Outputs") and var layer, var slice, ..] ? $"{layer}.{slice}" : space.Split('.')[0];

    private static bool IsUndivided(string space, string other) =>
        SliceOf(space) == SliceOf(other) || (Rank(space) is var rank && (rank == 0 || rank == Order.Length - 1));

    /// <summary>What stands above every layer, as Program does, is the last's.</summary>
    private static int Rank(string space) =>
        Array.FindIndex(Order, layer => layer.Contains(space.Split('.')[0])) is var rank and >= 0 ? rank : Order.Length - 1;
}
