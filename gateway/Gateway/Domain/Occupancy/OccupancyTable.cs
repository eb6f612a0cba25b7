using Dapper;
using Microsoft.Data.Sqlite;
using NodaTime;
using Quartier.Gateway.Domain.Shelters;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Domain.PodNights;

/// <summary>Which pod was occupied in which night, and nothing else: no hour, no number of people, no length of stay.
/// The namespace is not called Occupancy because the wire format has a type of that name.
/// Only Outputs/Planning reads it, and only as a count inside the transaction of a release.</summary>
public static class OccupancyTable
{
    public const string Schema = """
        CREATE TABLE IF NOT EXISTS occupancy_night (
            pod TEXT NOT NULL,
            night INTEGER NOT NULL,
            PRIMARY KEY (pod, night));
        CREATE TABLE IF NOT EXISTS occupancy_watch (
            pod TEXT PRIMARY KEY,
            first_night INTEGER NOT NULL);
        CREATE TABLE IF NOT EXISTS occupancy_forgotten (
            one INTEGER PRIMARY KEY CHECK (one = 1),
            before_night INTEGER NOT NULL);
        """;

    private static readonly Statement FindWatched = new("SELECT 1 FROM occupancy_watch WHERE pod = @pod");

    private static readonly Memo<bool> IsWatched = new("occupancy_watch", static (db, pod) => FindWatched.Any(db, pod));

    /// <summary>Takes one status of a pod. The night of a stay is that in which it began; reports while it lasts add nothing.</summary>
    /// <param name="step">What the status did to the pod's stay.</param>
    public static void Take(SqliteConnection connection, ShelterObservation observation, StayStep step)
    {
        if (!IsWatched.Of(connection, observation.Device))
        {
            Watch(connection, observation.Device, Night.Containing(observation.At));
        }

        if (step == StayStep.Open)
        {
            Mark(connection, observation.Device, Night.Containing(observation.At - Duration.FromMinutes(observation.Status.AgeMinutes)));
        }
    }

    /// <summary>From this night on the pod is recorded. The first report decides, whatever it says.</summary>
    public static void Watch(SqliteConnection connection, string pod, Night night) => connection.Execute(
        "INSERT INTO occupancy_watch (pod, first_night) VALUES (@pod, @night) ON CONFLICT (pod) DO NOTHING",
        new { pod, night = night.Number });

    public static void Mark(SqliteConnection connection, string pod, Night night) => connection.Execute(
        "INSERT INTO occupancy_night (pod, night) VALUES (@pod, @night) ON CONFLICT DO NOTHING",
        new { pod, night = night.Number });

    /// <summary>The true count. It may go nowhere but into ReleaseRules.Draw.</summary>
    public static int Count(SqliteConnection connection, IReadOnlyList<string> pods, Night first, Night last) => connection.ExecuteScalar<int>(
        "SELECT COUNT(*) FROM occupancy_night WHERE pod IN @pods AND night BETWEEN @first AND @last",
        new { pods, first = first.Number, last = last.Number });

    /// <summary>The first night that was watched from its beginning and is still kept, for any of these pods; null before the first report.</summary>
    public static Night? RecordedFrom(SqliteConnection connection, IReadOnlyList<string> pods)
    {
        var watched = connection.ExecuteScalar<int?>("SELECT MIN(first_night) FROM occupancy_watch WHERE pod IN @pods", new { pods });
        var forgotten = connection.ExecuteScalar<int?>("SELECT before_night FROM occupancy_forgotten") ?? int.MinValue;
        return watched is { } night ? Night.FromNumber(Math.Max(night, forgotten)) : null;
    }

    /// <summary>Deletes every pod-night before the given one. A release that would need it is refused from then on.</summary>
    public static void Forget(SqliteConnection connection, Night before)
    {
        connection.Execute("DELETE FROM occupancy_night WHERE night < @before", new { before = before.Number });
        connection.Execute(
            """
            INSERT INTO occupancy_forgotten (one, before_night) VALUES (1, @before)
            ON CONFLICT (one) DO UPDATE SET before_night = @before WHERE before_night < @before
            """,
            new { before = before.Number });
    }
}
