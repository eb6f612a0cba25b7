using Microsoft.Data.Sqlite;
using NodaTime;
using Quartier.Gateway.Domain.Offers;
using Quartier.Gateway.Domain.PodNights;
using Quartier.Gateway.Domain.Shelters;

namespace Quartier.Gateway.Outputs.Planning;

/// <summary>What planning does by time alone: release each area's week when it is due, forget pod-nights, send what changed.</summary>
public static class PlanningDuty
{
    /// <summary>Pod-nights are kept until the week and the month that hold them have been due, and a little longer.</summary>
    public const int PodNightsKeptDays = 75;

    private const string Looked = "looked";

    /// <summary>After an outage this many weeks are released late.</summary>
    private const int CatchUpWeeks = 8;

    public static void Step(SqliteConnection connection, Instant now, PlanningOptions options)
    {
        // Weeks fall due at noon: looking once an hour is enough, and every step is called each second.
        var hour = $"{now.ToUnixTimeSeconds() / 3600}";
        if (PlanningPush.Until(connection, Looked) != hour)
        {
            PlanningPush.SetUntil(connection, Looked, hour);
            Hourly(connection, now, Releases.Of(options));
        }

        if (options.Webhook is not null)
        {
            PlanningPush.Ledger(connection, now);
            PlanningPush.Catalogue(connection, OffersTable.State(connection), () => HsdsRules.Catalogue(OffersTable.All(connection), now), now);
        }
    }

    private static void Hourly(SqliteConnection connection, Instant now, Releases releases)
    {
        foreach (var area in Areas(connection))
        {
            ReleaseWeeks(connection, area, now, releases);
        }

        OccupancyTable.Forget(connection, new Night(Night.Containing(now).Date.PlusDays(-PodNightsKeptDays)));
    }

    /// <summary>Every area with a pod, by name.</summary>
    public static IReadOnlyList<string> Areas(SqliteConnection connection) =>
        [.. SheltersTable.All(connection).Select(pod => pod.Area).Where(area => area.Length > 0).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>The area's pods by their device ids.</summary>
    public static IReadOnlyList<string> PodsOf(SqliteConnection connection, string area) =>
        [.. SheltersTable.All(connection).Where(pod => pod.Area == area).Select(pod => pod.Device).Order(StringComparer.Ordinal)];

    /// <summary>The youngest week whose waiting days are over.</summary>
    public static ReleasePeriod LastDueWeek(Instant now, ReleasePolicy policy)
    {
        var week = ReleasePeriod.WeekOf(Night.Containing(now - Duration.FromDays(policy.WaitingDays)));
        while (ReleaseRules.DueAt(week, policy) > now)
        {
            week = ReleasePeriod.WeekOf(new Night(week.First.Date.PlusDays(-1)));
        }

        return week;
    }

    private static void ReleaseWeeks(SqliteConnection connection, string area, Instant now, Releases releases)
    {
        var last = LastDueWeek(now, releases.Policy);
        if (LedgerTable.Find(connection, new ReleaseKey(last, area, ReleaseKey.OccupiedPodNights).Id) is not null)
        {
            return;
        }

        var week = ReleasePeriod.WeekOf(new Night(last.First.Date.PlusDays(-7 * (CatchUpWeeks - 1))));
        for (; week.First.CompareTo(last.First) <= 0; week = week.Next())
        {
            if (releases.WouldRefuse(connection, week, area, now) is null)
            {
                releases.Ask(connection, week.Name, area, ReleaseKey.OccupiedPodNights, now);
            }
        }
    }
}
