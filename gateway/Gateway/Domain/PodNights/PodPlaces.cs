using System.Data.Common;
using Dapper;
using NodaTime;
using Quartier.Gateway.Domain.Registry;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Domain.PodNights;

/// <summary>Nights of one pod without a gap, first and last included.</summary>
public readonly record struct PodSpan(string Pod, Night First, Night Last)
{
    public int Nights => Last.Number - First.Number + 1;

    public bool Holds(string pod, Night night) => Pod == pod && First.CompareTo(night) <= 0 && night.CompareTo(Last) <= 0;
}

/// <summary>Which pod a device serves, and in which nights a pod belonged to an area. A pod is a place, not a device: a device that is
/// registered under the name and place of another serves the other's pod. So a figure of the past is counted with the pods of its own
/// nights, whatever was put up, swapped, moved or taken away since.
/// The registry stays the truth; this follows it once an hour and at a device's first report. What is new counts from tonight; what ends
/// or changes its area still counts tonight as it was.</summary>
public static class PodPlaces
{
    private static readonly WriterCache<IReadOnlyList<(int From, string Pod)>> Served = new("occupancy_device", ReadServed);

    /// <summary>The pod that the device served in a night; a report from before it was known here counts for its first pod.</summary>
    public static string PodOf(DbConnection db, string device, Night night)
    {
        var served = Served.Of(db, device);
        if (served.Count == 0)
        {
            if (RegistryTable.Find(db, device) is { } known)
            {
                FollowDevice(db, known, ByPlace(RegistryTable.All(db)), night);
            }

            served = Served.Of(db, device);
        }

        return served.Count == 0 ? device : served.LastOrDefault(row => row.From <= night.Number, served[0]).Pod;
    }

    /// <summary>Takes over what the registry says now.</summary>
    public static void Follow(DbConnection db, Night tonight)
    {
        var devices = RegistryTable.All(db);
        var places = ByPlace(devices);
        foreach (var device in devices.OrderBy(device => device.RegisteredAt).ThenBy(device => device.Id, StringComparer.Ordinal))
        {
            FollowDevice(db, device, places, tonight);
        }

        // A pod is there as long as one device that is not revoked serves it.
        var held = devices.Where(IsPod).Select(device => ServedNow(db, device.Id)).ToHashSet(StringComparer.Ordinal);
        foreach (var pod in db.Query<string>("SELECT pod FROM occupancy_area WHERE until_night IS NULL").Where(pod => !held.Contains(pod)).ToList())
        {
            End(db, pod, tonight.Number + 1);
        }
    }

    /// <summary>Whether any pod ever belonged to the area.</summary>
    public static bool Knows(DbConnection db, string area) =>
        db.ExecuteScalar<bool>("SELECT EXISTS (SELECT 1 FROM occupancy_area WHERE area = @area)", new { area });

    /// <summary>Every area with a pod now, by name.</summary>
    public static IReadOnlyList<string> AreasNow(DbConnection db) =>
        [.. db.Query<string>("SELECT DISTINCT area FROM occupancy_area WHERE until_night IS NULL AND area <> '' ORDER BY area").Order(StringComparer.Ordinal)];

    /// <summary>The pods of each area in the given nights, by name of the area and then of the pod.</summary>
    public static IReadOnlyList<(string Area, PodSpan Span)> Spans(DbConnection db, Night first, Night last) =>
        [.. db.Query<(string Area, string Pod, long From, long? Until)>(
                """
                SELECT area, pod, from_night, until_night FROM occupancy_area
                WHERE area <> '' AND from_night <= @last AND (until_night IS NULL OR until_night > @first)
                """,
                new { first = first.Number, last = last.Number })
            .Select(row => (row.Area, Span: new PodSpan(
                row.Pod,
                Night.FromNumber(Math.Max(first.Number, (int)row.From)),
                Night.FromNumber(Math.Min(last.Number, (int)(row.Until - 1 ?? last.Number))))))
            .OrderBy(row => row.Area, StringComparer.Ordinal).ThenBy(row => row.Span.Pod, StringComparer.Ordinal).ThenBy(row => row.Span.First)];

    private static bool IsPod(Device device) => device.Kind == DeviceKind.Shelter && !device.Revoked;

    private static void FollowDevice(DbConnection db, Device device, ILookup<string, Device> places, Night tonight)
    {
        if (!IsPod(device))
        {
            return;
        }

        var own = ServedNow(db, device.Id);
        var pod = PlaceTakenOver(db, device, places) ?? (own is not null && HasSuccessor(db, own, device) ? null : own) ?? FreePod(db, device.Id, tonight);
        var from = own is null ? BeganAt(db, device, tonight) : tonight.Number;
        if (pod != own)
        {
            db.Execute(
                """
                INSERT INTO occupancy_device (device, from_night, pod) VALUES (@device, @from, @pod)
                ON CONFLICT (device, from_night) DO UPDATE SET pod = @pod
                """,
                new { device = device.Id, from, pod });
        }

        Place(db, pod, device.Area.Trim(), Math.Min(from, tonight.Number), tonight);
    }

    private static void Place(DbConnection db, string pod, string area, int from, Night tonight)
    {
        var last = db.QueryFirstOrDefault<(long From, long? Until, string Area)>(
            "SELECT from_night, until_night, area FROM occupancy_area WHERE pod = @pod ORDER BY from_night DESC LIMIT 1", new { pod });
        if (last.Area is null)
        {
            Begin(db, pod, area, from);
        }
        else if (last.Until is { } until && until >= from && last.Area == area)
        {
            db.Execute("UPDATE occupancy_area SET until_night = NULL WHERE pod = @pod AND from_night = @From", new { pod, last.From });
        }
        else if (last.Until is { } ended)
        {
            Begin(db, pod, area, Math.Max(from, (int)ended));
        }
        else if (last.Area != area)
        {
            var tomorrow = tonight.Number + 1;
            End(db, pod, tomorrow);
            Begin(db, pod, area, tomorrow);
        }
    }

    private static void Begin(DbConnection db, string pod, string area, int from) => db.Execute(
        """
        INSERT INTO occupancy_area (pod, from_night, area) VALUES (@pod, @from, @area)
        ON CONFLICT (pod, from_night) DO UPDATE SET area = @area, until_night = NULL
        """,
        new { pod, from, area });

    /// <summary>Ends what lasts; what would begin only then was never there.</summary>
    private static void End(DbConnection db, string pod, int until) => db.Execute(
        """
        DELETE FROM occupancy_area WHERE pod = @pod AND until_night IS NULL AND from_night >= @until;
        UPDATE occupancy_area SET until_night = @until WHERE pod = @pod AND until_night IS NULL
        """,
        new { pod, until });

    /// <summary>The night from which a device that is new here counts. In a data folder of an older version it served its pod before anybody
    /// wrote that down: since it was registered, or since it was first heard.</summary>
    private static int BeganAt(DbConnection db, Device device, Night tonight)
    {
        var heard = db.ExecuteScalar<int?>("SELECT first_night FROM occupancy_watch WHERE pod = @Id", new { device.Id }) ?? tonight.Number;
        return Math.Min(Math.Min(tonight.Number, heard), Night.Containing(device.RegisteredAt).Number);
    }

    /// <summary>The pod of the device that was registered before under the same name and place. Without a place or an area, a name alone
    /// proves nothing.</summary>
    private static string? PlaceTakenOver(DbConnection db, Device device, ILookup<string, Device> places) =>
        device.Name.Trim().Length == 0 || (device.Place.Trim().Length == 0 && device.Area.Trim().Length == 0)
            ? null
            : places[PlaceOf(device)].TakeWhile(other => other.Id != device.Id).Select(other => ServedNow(db, other.Id)).FirstOrDefault(pod => pod is not null);

    private static bool HasSuccessor(DbConnection db, string pod, Device device) => db.ExecuteScalar<bool>(
        """
        SELECT EXISTS (
            SELECT 1 FROM occupancy_device s JOIN devices d ON d.id = s.device
            WHERE s.pod = @pod AND s.device <> @Id AND d.revoked = 0 AND d.registered_at >= @registered
              AND s.from_night = (SELECT MAX(from_night) FROM occupancy_device WHERE device = s.device))
        """,
        new { pod, device.Id, registered = device.RegisteredAt.ToMicros() });

    /// <summary>The device's own id, unless its old pod is served by another device now.</summary>
    private static string FreePod(DbConnection db, string device, Night tonight)
    {
        var taken = db.ExecuteScalar<bool>("SELECT EXISTS (SELECT 1 FROM occupancy_device WHERE pod = @device)", new { device });
        return taken ? $"{device}@{tonight}" : device;
    }

    /// <summary>Pods by name and place, in the order in which they were registered.</summary>
    private static ILookup<string, Device> ByPlace(IReadOnlyList<Device> devices) =>
        devices.Where(device => device.Kind == DeviceKind.Shelter)
            .OrderBy(device => device.RegisteredAt).ThenBy(device => device.Id, StringComparer.Ordinal)
            .ToLookup(PlaceOf, StringComparer.OrdinalIgnoreCase);

    private static string PlaceOf(Device device) => $"{device.Name.Trim()}\n{device.Place.Trim()}";

    private static string? ServedNow(DbConnection db, string device) => ReadServed(db, device) is { Count: > 0 } served ? served[^1].Pod : null;

    private static IReadOnlyList<(int From, string Pod)> ReadServed(DbConnection db, string device) =>
        [.. db.Query<(long From, string Pod)>("SELECT from_night, pod FROM occupancy_device WHERE device = @device ORDER BY from_night", new { device })
            .Select(row => ((int)row.From, row.Pod))];
}
