using System.Data.Common;
using Dapper;
using NodaTime;
using Quartier.Gateway.Domain.Registry;
using Quartier.Gateway.Domain.Shelters;
using Quartier.Gateway.Host;
using Quartier.Gateway.Store;
using Quartier.Wire;
using Xunit;

namespace Quartier.Tests.Gateway;

/// <summary>A pod's last status lies in columns; what older versions kept as the frame itself is read over at the start.</summary>
[Trait("Store", "own")]
public sealed class PodColumnsTests : IDisposable
{
    private const string OlderPods = """
        DROP TABLE schema_versions;
        DROP TABLE pods;
        CREATE TABLE pods (device TEXT NOT NULL PRIMARY KEY, reported_at INTEGER, status BLOB, alarms TEXT NOT NULL, alarms_at INTEGER NOT NULL, received_at INTEGER);
        """;

    private static readonly Instant Now = TestStore.Evening;

    private readonly string folder = Directory.CreateTempSubdirectory("quartier-columns-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Every_field_of_a_status_is_kept()
    {
        using var store = new TestStore();
        var status = Filled();
        store.Database.Write(db =>
        {
            RegistryTable.Add(db, Device.New(Uplink.Pod, DeviceKind.Shelter, "Karlsplatz", "", "Mitte", Now));
            return SheltersTable.Observe(db, new ShelterObservation(Uplink.Pod, Now, status) { ReceivedAt = Now + Duration.FromSeconds(1), Port = 3 }, Now);
        });
        var kept = store.Database.Read(db => SheltersTable.LastObservation(db, Uplink.Pod))!;
        Assert.Equal(status, kept.Status);
        Assert.Equal((Now, Now + Duration.FromSeconds(1), 3), (kept.At, kept.ReceivedAt, kept.Port));
        Assert.Equal(kept, store.Database.Read(db => SheltersTable.Find(db, Uplink.Pod))!.Report);
    }

    [Fact]
    public void What_is_not_known_is_kept_as_such()
    {
        using var store = new TestStore();
        var status = new PodStatus { Occupancy = Occupancy.Unknown, Reason = OccupancyReason.SensorFault };
        Registered.Pods(store.Database, Uplink.Pod);
        store.Database.Write(db => SheltersTable.Observe(db, new ShelterObservation(Uplink.Pod, Now, status), Now));
        Assert.Equal(status, store.Database.Read(db => SheltersTable.LastObservation(db, Uplink.Pod))!.Status);
    }

    [Fact]
    public void An_older_folders_frames_are_read_over_once_and_no_pod_loses_its_state()
    {
        Before(db =>
        {
            RegistryTable.Add(db, Device.New(Uplink.Pod, DeviceKind.Shelter, "Karlsplatz", "", "Mitte", Now));
            db.Execute(OlderPods);
            Older(db, Uplink.Pod, Frame(Uplink.Occupied(42)), Now + Duration.FromSeconds(2));
            Older(db, "beforeReceipts", Frame(Uplink.Free(7)), null);
            Older(db, "damaged", [1, 2, 3], null);
            Older(db, "alarmOnly", null, null);
        });

        for (var start = 0; start < 2; start++)
        {
            using var upgraded = Database.Open(folder, Tables.All, Durability.None);
            var pod = upgraded.Read(db => SheltersTable.Find(db, Uplink.Pod))!;
            Assert.Equal((Now, Now + Duration.FromSeconds(2), Ports.ShelterStatus), (pod.Report!.At, pod.Report.ReceivedAt, pod.Report.Port));
            Assert.Equal((Occupancy.Occupied, 42, 7.9, 3.55), (pod.Report.Status.Occupancy, pod.Report.Status.AgeMinutes, pod.Report.Status.TemperatureCelsius, pod.Report.Status.BatteryVolts));
            Assert.Equal([AlarmKind.Sos], pod.Alarms);
            var other = upgraded.Read(db => SheltersTable.LastObservation(db, "beforeReceipts"))!;
            Assert.Equal((Now, Now, Occupancy.Free), (other.At, other.ReceivedAt, other.Status.Occupancy));
            Assert.Null(upgraded.Read(db => SheltersTable.LastObservation(db, "damaged")));
            Assert.Null(upgraded.Read(db => SheltersTable.LastObservation(db, "alarmOnly")));
            Assert.Equal(0, upgraded.Read(db => db.ExecuteScalar<long>("SELECT COUNT(*) FROM pragma_table_info('pods') WHERE name = 'status'")));
        }
    }

    /// <summary>A report between two starts is younger than the frame that was read over before it.</summary>
    [Fact]
    public void A_report_after_the_upgrade_is_not_undone_by_the_next_start()
    {
        Before(db =>
        {
            RegistryTable.Add(db, Device.New(Uplink.Pod, DeviceKind.Shelter, "Karlsplatz", "", "Mitte", Now));
            db.Execute(OlderPods);
            Older(db, Uplink.Pod, Frame(Uplink.Occupied(42)), Now);
        });
        using (var upgraded = Database.Open(folder, Tables.All, Durability.None))
        {
            var status = new PodStatus { Occupancy = Occupancy.Free, Reason = OccupancyReason.Aired };
            upgraded.Write(db => SheltersTable.Observe(db, new ShelterObservation(Uplink.Pod, Now + Duration.FromMinutes(9), status), Now));
        }

        using var again = Database.Open(folder, Tables.All, Durability.None);
        Assert.Equal(Occupancy.Free, again.Read(db => SheltersTable.LastObservation(db, Uplink.Pod))!.Status.Occupancy);
    }

    /// <summary>Without what later scripts put on its tables.</summary>
    private void Before(Action<DbConnection> work)
    {
        var older = new Schema([.. Tables.All.Sqlite.Migrations.Where(migration => string.CompareOrdinal(migration.Name, "0004") < 0)]);
        using var database = Database.Open(folder, Tables.All with { Sqlite = older }, Durability.None);
        Registered.Pods(database, "beforeReceipts", "damaged", "alarmOnly");
        database.Write(work);
    }

    /// <summary>Every field differs from what it is where nothing was said, so that a forgotten column shows.</summary>
    private static PodStatus Filled()
    {
        var status = new PodStatus { Occupancy = Occupancy.Occupied, Reason = OccupancyReason.Humidity };
        var empty = status with { Occupancy = default, Reason = default };
        foreach (var (field, number) in typeof(PodStatus).GetProperties().Where(field => field.CanWrite && !field.PropertyType.IsEnum).Zip(Enumerable.Range(1, 100)))
        {
            field.SetValue(status, Value(field.PropertyType, number));
        }

        Assert.All(typeof(PodStatus).GetProperties().Where(field => field.CanWrite), field => Assert.NotEqual(field.GetValue(empty), field.GetValue(status)));
        return status;
    }

    private static object Value(Type type, int number) => Type.GetTypeCode(Nullable.GetUnderlyingType(type) ?? type) switch
    {
        TypeCode.Boolean => true,
        TypeCode.Int32 => number,
        TypeCode.Double => (double)number,
        _ => throw new ArgumentException($"a status has no field of type {type.Name} yet; say here what one looks like", nameof(type)),
    };

    private static void Older(DbConnection db, string device, byte[]? frame, Instant? receivedAt) => db.Execute(
        "INSERT INTO pods (device, reported_at, status, alarms, alarms_at, received_at) VALUES (@device, @at, @frame, 'Sos', 5, @received)",
        new { device, at = frame is null ? (long?)null : Now.ToMicros(), frame, received = receivedAt?.ToMicros() });

    private static byte[] Frame(ShelterStatusV1 status)
    {
        var frame = new byte[ShelterStatusV1.Bytes];
        status.Encode(frame);
        return frame;
    }
}
