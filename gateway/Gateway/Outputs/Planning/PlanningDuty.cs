using System.Data.Common;
using NodaTime;
using Quartier.Gateway.Domain.PodNights;
using Quartier.Gateway.Domain.Offers;

namespace Quartier.Gateway.Outputs.Planning;

/// <summary>What planning does by time alone: release each area's week when it is due, forget pod-nights, send what changed.</summary>
public static class PlanningDuty
{
    /// <summary>Pod-nights are kept until the week and the month that hold them have been due, and a little longer.</summary>
    public const int PodNightsKeptDays = 75;

    private const string Looked = "looked";

    /// <summary>After an outage this many weeks are released late.</summary>
    private const int CatchUpWeeks = 8;

    /// <param name="chance">See <see cref="Releases.Of"/>.</param>
    public static void Release(DbConnection connection, Instant now, PlanningOptions options, IChance? chance = null)
    {
        // Weeks fall due at noon: looking once an hour is enough, and every step is called each second.
        var hour = $"{now.ToUnixTimeSeconds() / 3600}";
        if (PlanningPush.Until(connection, Looked) != hour)
        {
            PlanningPush.SetUntil(connection, Looked, hour);
            Hourly(connection, now, Releases.Of(options, chance));
        }
    }

    public static void Push(DbConnection connection, Instant now, PlanningOptions options)
    {
        if (options.Webhook is not null)
        {
            PlanningPush.Ledger(connection, now);
            PlanningPush.Catalogue(connection, OffersTable.State(connection), () => HsdsRules.Catalogue(OffersTable.All(connection), now), now);
        }
    }

    private static void Hourly(DbConnection connection, Instant now, Releases releases)
    {
        var tonight = Night.Containing(now);
        PodPlaces.Follow(connection, tonight);
        ReleaseWeeks(connection, now, releases);
        OccupancyTable.Forget(connection, new Night(tonight.Date.PlusDays(-PodNightsKeptDays)));
    }

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

    private static void ReleaseWeeks(DbConnection connection, Instant now, Releases releases)
    {
        var last = LastDueWeek(now, releases.Policy);
        var week = ReleasePeriod.WeekOf(new Night(last.First.Date.PlusDays(-7 * (CatchUpWeeks - 1))));
        for (; week.First.CompareTo(last.First) <= 0; week = week.Next())
        {
            foreach (var pool in releases.Pools(connection, week))
            {
                if (releases.Preview(connection, week, pool.Name, now) is { Written: null, Refusal: null })
                {
                    releases.Ask(connection, week.Name, pool.Name, ReleaseKey.OccupiedPodNights, now);
                }
            }
        }
    }
}
