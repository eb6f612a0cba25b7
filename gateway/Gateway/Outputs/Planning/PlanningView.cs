using Microsoft.Data.Sqlite;
using NodaTime;

namespace Quartier.Gateway.Outputs.Planning;

/// <summary>What the planner's page shows of one area.</summary>
/// <param name="Left">Row id to what the dearest night in its period has left.</param>
/// <param name="NextWeek">The week whose figure comes next, and when.</param>
public sealed record AreaView(
    string Area, IReadOnlyList<LedgerRow> Weeks, IReadOnlyList<LedgerRow> Months, IReadOnlyDictionary<string, Epsilon> Left, ReleasePeriod NextWeek, Instant NextAt);

public sealed record PlanningView(IReadOnlyList<AreaView> Areas, IReadOnlyList<PlannerKey> Keys, long Rows, string Digest, ReleasePolicy Policy)
{
    /// <summary>Reads the ledger and nothing that depends on occupancy.</summary>
    public static PlanningView Read(SqliteConnection connection, Releases releases, Instant now)
    {
        var ledger = LedgerTable.All(connection);
        var areas = PlanningDuty.Areas(connection).Concat(ledger.Select(row => row.Area)).Distinct().Order(StringComparer.Ordinal);
        var next = PlanningDuty.LastDueWeek(now, releases.Policy).Next();
        var head = LedgerTable.Head(connection);
        return new PlanningView(
            [.. areas.Select(area => Of(area, ledger, next, releases.Policy))],
            PlannerKeysTable.All(connection),
            head.Sequence,
            head.Digest,
            releases.Policy);
    }

    private static AreaView Of(string area, IReadOnlyList<LedgerRow> ledger, ReleasePeriod next, ReleasePolicy policy)
    {
        LedgerRow[] mine = [.. ledger.Where(row => row.Area == area).OrderBy(row => row.First).ThenBy(row => row.Period, StringComparer.Ordinal)];
        var left = mine.ToDictionary(
            row => row.Id,
            row => policy.BudgetPerPodNight - ReleaseRules.SpentMost(ReleasePeriod.TryParse(row.Period)!, row.Pods, ledger));
        return new AreaView(
            area,
            [.. mine.Where(row => ReleasePeriod.TryParse(row.Period)!.Kind == PeriodKind.Week)],
            [.. mine.Where(row => ReleasePeriod.TryParse(row.Period)!.Kind == PeriodKind.Month)],
            left,
            next,
            ReleaseRules.DueAt(next, policy));
    }
}
