using System.Data.Common;
using Dapper;
using NodaTime;
using Quartier.Gateway.Domain.Shelters;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Domain.PodNights;

/// <summary>The pods of one area in some nights.</summary>
/// <param name="Reported">Nights of these pods in which a report arrived; null where an older version did not write that down.</param>
/// <param name="Steady">Pods that reported in at least half of the nights; where that is unknown, that were there in half of them.</param>
public sealed record AreaPods(string Area, IReadOnlyList<PodSpan> Spans, int? Reported, int Steady)
{
    public int Offered => Spans.Sum(span => span.Nights);
}

/// <summary>Which pod was occupied in which night, and nothing else: no hour, no number of people, no length of stay.
/// The namespace is not called Occupancy because the wire format has a type of that name.
/// Only Outputs/Planning reads it, and only as a count inside the transaction of a release.</summary>
public static class OccupancyTable
{
    private static readonly Statement FindWatched = new("SELECT 1 FROM occupancy_watch WHERE pod = @pod");

    private static readonly WriterCache<bool> IsWatched = new("occupancy_watch", static (db, pod) => FindWatched.Any(db, pod));

    private static readonly Statement LastHeard = new("SELECT MAX(night) FROM occupancy_heard WHERE pod = @pod");

    private static readonly WriterCache<long> HeardLast = new("occupancy_heard", static (db, pod) => LastHeard.First(db, static row => row.LongOrNull(0), pod) ?? long.MinValue);

    /// <summary>Takes one status of a device's pod. The night of a stay is that in which it began; reports while it lasts add nothing.</summary>
    /// <param name="step">What the status did to the pod's stay.</param>
    public static void Take(DbConnection connection, ShelterObservation observation, StayStep step)
    {
        var night = Night.Containing(observation.At);
        var pod = PodPlaces.PodOf(connection, observation.Device, night);
        if (!IsWatched.Of(connection, pod))
        {
            Watch(connection, pod, night);
        }

        // Whether a night was heard must not depend on what was heard: only that a report of that night arrived.
        if (HeardLast.Of(connection, pod) != night.Number)
        {
            Hear(connection, pod, night);
        }

        if (step == StayStep.Open)
        {
            var began = Night.Containing(observation.At - Duration.FromMinutes(observation.Status.AgeMinutes));
            Mark(connection, PodPlaces.PodOf(connection, observation.Device, began), began);
        }
    }

    /// <summary>From this night on the pod is recorded. The first report decides, whatever it says.</summary>
    public static void Watch(DbConnection connection, string pod, Night night) => connection.Execute(
        "INSERT INTO occupancy_watch (pod, first_night) VALUES (@pod, @night) ON CONFLICT (pod) DO NOTHING",
        new { pod, night = night.Number });

    /// <summary>A report of this night arrived.</summary>
    public static void Hear(DbConnection connection, string pod, Night night) => connection.Execute(
        "INSERT INTO occupancy_heard (pod, night) VALUES (@pod, @night) ON CONFLICT DO NOTHING",
        new { pod, night = night.Number });

    public static void Mark(DbConnection connection, string pod, Night night) => connection.Execute(
        "INSERT INTO occupancy_night (pod, night) VALUES (@pod, @night) ON CONFLICT DO NOTHING",
        new { pod, night = night.Number });

    /// <summary>The true count. It may go nowhere but into ReleaseRules.Draw.</summary>
    public static int Count(DbConnection connection, IReadOnlyList<PodSpan> spans) => spans.Sum(span => connection.ExecuteScalar<int>(
        "SELECT COUNT(*) FROM occupancy_night WHERE pod = @Pod AND night BETWEEN @first AND @last",
        new { span.Pod, first = span.First.Number, last = span.Last.Number }));

    /// <summary>Each area's pods as they were in these nights.</summary>
    public static IReadOnlyList<AreaPods> AreasIn(DbConnection connection, Night first, Night last)
    {
        var between = new { first = first.Number, last = last.Number };
        var heard = connection.Query<(string Pod, long Night)>("SELECT pod, night FROM occupancy_heard WHERE night BETWEEN @first AND @last", between)
            .ToLookup(row => row.Pod, row => Night.FromNumber((int)row.Night));
        var since = connection.ExecuteScalar<int?>("SELECT MIN(night) FROM occupancy_heard");
        var known = since is { } night && night <= first.Number;
        var half = (last.Number - first.Number + 2) / 2;
        return [.. PodPlaces.Spans(connection, first, last).GroupBy(row => row.Area, row => row.Span).Select(area =>
        {
            int Nights(PodSpan span) => known ? heard[span.Pod].Count(night => span.Holds(span.Pod, night)) : span.Nights;
            return new AreaPods(
                area.Key,
                [.. area],
                known ? area.Sum(Nights) : null,
                area.GroupBy(span => span.Pod).Count(pod => pod.Sum(Nights) >= half));
        })];
    }

    /// <summary>The first night of which any of these pods reported; null before the first report.</summary>
    public static Night? WatchedFrom(DbConnection connection, IReadOnlyList<PodSpan> spans) =>
        connection.ExecuteScalar<int?>(
            "SELECT MIN(first_night) FROM occupancy_watch WHERE pod IN @pods", new { pods = spans.Select(span => span.Pod).Distinct() }) is { } night
            ? Night.FromNumber(night)
            : null;

    /// <summary>The first night that is still kept; null while nothing was forgotten.</summary>
    public static Night? KeptFrom(DbConnection connection) =>
        connection.ExecuteScalar<int?>("SELECT before_night FROM occupancy_forgotten") is { } night ? Night.FromNumber(night) : null;

    /// <summary>Takes back nights that have not begun: a clock that was ahead made them.</summary>
    public static void HealNights(DbConnection connection, Night tonight) => connection.Execute(
        """
        DELETE FROM occupancy_night WHERE night > @tonight;
        DELETE FROM occupancy_heard WHERE night > @tonight;
        UPDATE occupancy_watch SET first_night = @tonight WHERE first_night > @tonight
        """,
        new { tonight = tonight.Number });

    /// <summary>Deletes every pod-night before the given one. A release that would need it is refused from then on.</summary>
    public static void Forget(DbConnection connection, Night before)
    {
        connection.Execute(
            "DELETE FROM occupancy_night WHERE night < @before; DELETE FROM occupancy_heard WHERE night < @before", new { before = before.Number });
        connection.Execute(
            """
            INSERT INTO occupancy_forgotten (one, before_night) VALUES (1, @before)
            ON CONFLICT (one) DO UPDATE SET before_night = @before WHERE occupancy_forgotten.before_night < @before
            """,
            new { before = before.Number });
    }
}
