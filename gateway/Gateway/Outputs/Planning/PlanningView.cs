using System.Data.Common;
using NodaTime;
using Quartier.Gateway.Domain.PodNights;
using Quartier.Gateway.Store;
using Quartier.Gateway.Store.Outbox;

namespace Quartier.Gateway.Outputs.Planning;

/// <summary>What the planner's page shows of one area.</summary>
/// <param name="Left">Row id to what the dearest night in its period has left.</param>
/// <param name="NextWeek">The week whose figure comes next, and when.</param>
public sealed record AreaView(
    string Area, IReadOnlyList<LedgerRow> Weeks, IReadOnlyList<LedgerRow> Months, IReadOnlyDictionary<string, Epsilon> Left, ReleasePeriod NextWeek, Instant NextAt);

/// <param name="Unsent">What the planning backend has not got yet, oldest first.</param>
public sealed record PlanningView(
    IReadOnlyList<AreaView> Areas, IReadOnlyList<PlannerKey> Keys, IReadOnlyList<OutboxMessage> Unsent, long Rows, string Digest, ReleasePolicy Policy)
{
    /// <summary>Reads the ledger and nothing that depends on occupancy.</summary>
    public static PlanningView Read(DbConnection connection, Releases releases, Instant now)
    {
        var ledger = LedgerTable.All(connection);
        var last = PlanningDuty.LastDueWeek(now, releases.Policy);
        var pools = releases.Pools(connection, last);
        var areas = PodPlaces.AreasNow(connection).Where(area => !pools.Any(pool => pool.Holds(area)))
            .Concat(pools.Select(pool => pool.Name)).Concat(ledger.Select(row => row.Area)).Distinct().Order(StringComparer.Ordinal);
        var next = last.Next();
        var head = LedgerTable.Head(connection);
        return new PlanningView(
            [.. areas.Select(area => Of(area, ledger, next, releases.Policy))],
            PlannerKeysTable.All(connection),
            OutboxTable.Unsent(connection, ChannelNames.Planning),
            head.Sequence,
            head.Digest,
            releases.Policy);
    }

    private static AreaView Of(string area, IReadOnlyList<LedgerRow> ledger, ReleasePeriod next, ReleasePolicy policy)
    {
        LedgerRow[] mine = [.. ledger.Where(row => row.Area == area).OrderBy(row => row.First).ThenBy(row => row.Period, StringComparer.Ordinal)];
        var left = mine.ToDictionary(
            row => row.Id,
            row => policy.BudgetPerPodNight - ReleaseRules.SpentMost(row.Pods, ledger));
        return new AreaView(
            area,
            [.. mine.Where(row => ReleasePeriod.TryParse(row.Period)!.Kind == PeriodKind.Week)],
            [.. mine.Where(row => ReleasePeriod.TryParse(row.Period)!.Kind == PeriodKind.Month)],
            left,
            next,
            ReleaseRules.DueAt(next, policy));
    }
}

/// <summary>The planner's page as it is shown once.</summary>
/// <param name="Red">What is wrong with the gateway itself.</param>
/// <param name="Refusal">Why the figure that was just asked for is not there, and its <paramref name="Period"/>.</param>
/// <param name="Preview">A figure that waits for the person's second yes.</param>
/// <param name="NewKey">Shown once.</param>
public sealed record PlannersPage(
    PlanningView View, Instant Now, IReadOnlyList<RedLine> Red, ReleaseRefusal? Refusal = null, string? Period = null, ReleasePreview? Preview = null, string? NewKey = null);
