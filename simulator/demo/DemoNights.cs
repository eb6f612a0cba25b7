using System.Data.Common;
using NodaTime;
using Quartier.Gateway.Domain.PodNights;

namespace Quartier.Simulator.Demo;

/// <summary>A made-up past for the demo's pods, so that the planner's page has weeks to show on the first day.</summary>
public static class DemoNights
{
    private const int Weeks = 10;

    public static void Seed(DbConnection db, Instant now)
    {
        var tonight = Night.Containing(now);
        var first = new Night(tonight.Date.PlusDays(-7 * Weeks));
        foreach (var pod in new[] { DemoQuarter.Karlsplatz, DemoQuarter.AlterFriedhof })
        {
            OccupancyTable.Watch(db, pod, first);
            for (var number = first.Number; number < tonight.Number; number++)
            {
                OccupancyTable.Hear(db, pod, Night.FromNumber(number));
                if (IsOccupied(pod, number))
                {
                    OccupancyTable.Mark(db, pod, Night.FromNumber(number));
                }
            }
        }
    }

    /// <summary>Two nights of three at Karlsplatz, every other at Alter Friedhof; the same on every run.</summary>
    private static bool IsOccupied(string pod, int night) => pod == DemoQuarter.Karlsplatz ? night % 3 != 0 : night % 7 is 0 or 2 or 3 or 5;
}
