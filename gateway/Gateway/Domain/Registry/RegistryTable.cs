using System.Data.Common;
using Dapper;
using NodaTime;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Domain.Registry;

public static class RegistryTable
{
    /// <summary>A flood of made-up names must not fill the disk.</summary>
    public const int StrangersMax = 500;

    private const string Columns =
        "id, kind, name, place, area, registered_at AS RegisteredAt, last_at AS LastContact, firmware, revoked FROM devices LEFT JOIN contacts ON device = id";

    private static readonly Statement FindRegistered = new("SELECT id, kind, name, revoked FROM devices WHERE id = @id");

    private static readonly WriterCache<Registered?> Known = new("devices", static (db, id) => FindRegistered.First(db, ReadRegistered, id));

    // Contacts lie in a table of their own because they change with every report and the rest hardly ever.
    private static readonly Statement Contact = new(
        """
        INSERT INTO contacts (device, last_at) VALUES (@device, @at)
        ON CONFLICT (device) DO UPDATE SET last_at = excluded.last_at WHERE contacts.last_at < excluded.last_at
        """);

    private static readonly Statement FindLast = new("SELECT session, counter, message_at FROM contacts WHERE device = @device AND message_at IS NOT NULL");

    private static readonly Statement SetLast = new(
        "UPDATE contacts SET last_at = CASE WHEN last_at > @now THEN last_at ELSE @now END, session = @session, counter = @counter, message_at = @at WHERE device = @device");

    public static Device? Find(DbConnection db, string id) =>
        db.QuerySingleOrDefault<Row>($"SELECT {Columns} WHERE id = @id", new { id })?.ToDevice();

    public static IReadOnlyList<Device> All(DbConnection db) =>
        [.. db.Query<Row>($"SELECT {Columns} ORDER BY kind, name, id").Select(row => row.ToDevice())];

    /// <summary>Asked with every report.</summary>
    public static Registered? Registration(DbConnection db, string id) => Known.Of(db, id);

    /// <summary>Registers the device, or gives a registered one this kind, name, place and area; its history stays.</summary>
    public static void Add(DbConnection db, Device device)
    {
        db.Execute(
            """
            INSERT INTO devices (id, kind, name, place, area, registered_at, firmware, revoked)
            VALUES (@Id, @kind, @Name, @Place, @Area, @registeredAt, @Firmware, 0)
            ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, name = excluded.name, place = excluded.place, area = excluded.area, revoked = 0
            """,
            new { device.Id, kind = device.Kind.Word(), device.Name, device.Place, device.Area, registeredAt = device.RegisteredAt.ToMicros(), device.Firmware });
        db.Execute("DELETE FROM strangers WHERE id = @Id", new { device.Id });
    }

    public static void SetKind(DbConnection db, string id, DeviceKind kind) =>
        db.Execute("UPDATE devices SET kind = @kind WHERE id = @id", new { id, kind = kind.Word() });

    public static void SetArea(DbConnection db, string id, string area) =>
        db.Execute("UPDATE devices SET area = @area WHERE id = @id", new { id, area });

    /// <summary>Closes the broker and the pipeline to the device. Its history stays.</summary>
    public static void Revoke(DbConnection db, string id)
    {
        db.Execute("UPDATE devices SET revoked = 1 WHERE id = @id", new { id });
        Credentials.Remove(db, id, MqttRights.Screen);
    }

    /// <summary>The device's youngest message; null: none is known.</summary>
    public static LastMessage? LastMessage(DbConnection db, string device) => FindLast.First(db, ReadLast, device);

    /// <summary>The device was heard at this moment by the gateway's own clock.</summary>
    public static void Heard(DbConnection db, string id, Instant now) => Contact.Run(db, id, now.ToMicros());

    /// <summary>The same, and what was heard is its youngest message.</summary>
    public static void Heard(DbConnection db, string id, Instant now, LastMessage last)
    {
        if (SetLast.Run(db, now.ToMicros(), last.Session, last.Counter, last.At.ToMicros(), id) == 0)
        {
            Heard(db, id, now);
            SetLast.Run(db, now.ToMicros(), last.Session, last.Counter, last.At.ToMicros(), id);
        }
    }

    public static void SetFirmware(DbConnection db, string id, string firmware) =>
        db.Execute("UPDATE devices SET firmware = @firmware WHERE id = @id", new { id, firmware });

    public static void NoteStranger(DbConnection db, string id, DeviceKind kind, string name, Instant now)
    {
        var inserted = db.ExecuteScalar<long>(
            """
            INSERT INTO strangers (id, kind, name, first_seen, last_seen, count) VALUES (@id, @kind, @name, @now, @now, 1)
            ON CONFLICT (id) DO UPDATE SET last_seen = excluded.last_seen, name = excluded.name, count = strangers.count + 1
            RETURNING count
            """,
            new { id, kind = kind.Word(), name = name.Length > 80 ? name[..80] : name, now = now.ToMicros() });
        if (inserted == 1)
        {
            db.Execute(
                "DELETE FROM strangers WHERE id NOT IN (SELECT id FROM strangers ORDER BY last_seen DESC, id LIMIT @StrangersMax)",
                new { StrangersMax });
        }
    }

    public static IReadOnlyList<Stranger> Strangers(DbConnection db) =>
        [.. db.Query<(string Id, string Kind, string Name, long FirstSeen, long LastSeen, long Count)>(
                "SELECT id, kind, name, first_seen, last_seen, count FROM strangers ORDER BY last_seen DESC, id")
            .Select(row => new Stranger(
                row.Id, DeviceKinds.FromWord(row.Kind) ?? DeviceKind.Unassigned, row.Name, row.FirstSeen.ToInstant(), row.LastSeen.ToInstant(), row.Count))];

    private static LastMessage ReadLast(Store.Row row) => new(row.Text(0), row.LongOrNull(1), row.Long(2).ToInstant());

    private static Registered ReadRegistered(Store.Row row) =>
        new(row.Text(0), DeviceKinds.FromWord(row.Text(1)) ?? DeviceKind.Unassigned, row.Text(2), row.Long(3) != 0);

    private sealed class Row
    {
        public string Id { get; init; } = "";

        public string Kind { get; init; } = "";

        public string Name { get; init; } = "";

        public string Place { get; init; } = "";

        public string Area { get; init; } = "";

        public long RegisteredAt { get; init; }

        public long? LastContact { get; init; }

        public string Firmware { get; init; } = "";

        public long Revoked { get; init; }

        public Device ToDevice() => new(
            Id, DeviceKinds.FromWord(Kind) ?? DeviceKind.Unassigned, Name, Place, Area, RegisteredAt.ToInstant(), LastContact.ToInstant(), Firmware, Revoked != 0);
    }
}
