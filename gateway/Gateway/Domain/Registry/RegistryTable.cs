using Dapper;
using Microsoft.Data.Sqlite;
using NodaTime;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Domain.Registry;

public static class RegistryTable
{
    public const string Schema = """
        CREATE TABLE IF NOT EXISTS devices (
          id TEXT NOT NULL PRIMARY KEY,
          kind TEXT NOT NULL,
          name TEXT NOT NULL,
          place TEXT NOT NULL,
          area TEXT NOT NULL,
          registered_at INTEGER NOT NULL,
          last_contact INTEGER,
          firmware TEXT NOT NULL,
          revoked INTEGER NOT NULL);
        CREATE TABLE IF NOT EXISTS mqtt_credentials (
          name TEXT NOT NULL PRIMARY KEY,
          rights TEXT NOT NULL,
          salt BLOB NOT NULL,
          hash BLOB NOT NULL);
        CREATE TABLE IF NOT EXISTS strangers (
          id TEXT NOT NULL PRIMARY KEY,
          kind TEXT NOT NULL,
          name TEXT NOT NULL,
          first_seen INTEGER NOT NULL,
          last_seen INTEGER NOT NULL,
          count INTEGER NOT NULL);
        """;

    /// <summary>A flood of made-up names must not fill the disk.</summary>
    public const int StrangersMax = 500;

    private const string Columns = "id, kind, name, place, area, registered_at AS RegisteredAt, last_contact AS LastContact, firmware, revoked";

    public static Device? Find(SqliteConnection db, string id) =>
        db.QuerySingleOrDefault<Row>($"SELECT {Columns} FROM devices WHERE id = @id", new { id })?.ToDevice();

    public static IReadOnlyList<Device> All(SqliteConnection db) =>
        [.. db.Query<Row>($"SELECT {Columns} FROM devices ORDER BY kind, name, id").Select(row => row.ToDevice())];

    /// <summary>Registers the device, or gives a registered one this kind, name, place and area; its history stays.</summary>
    public static void Add(SqliteConnection db, Device device)
    {
        db.Execute(
            """
            INSERT INTO devices (id, kind, name, place, area, registered_at, last_contact, firmware, revoked)
            VALUES (@Id, @kind, @Name, @Place, @Area, @registeredAt, NULL, @Firmware, 0)
            ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, name = excluded.name, place = excluded.place, area = excluded.area, revoked = 0
            """,
            new { device.Id, kind = device.Kind.Word(), device.Name, device.Place, device.Area, registeredAt = device.RegisteredAt.ToMicros(), device.Firmware });
        db.Execute("DELETE FROM strangers WHERE id = @Id", new { device.Id });
    }

    public static void SetKind(SqliteConnection db, string id, DeviceKind kind) =>
        db.Execute("UPDATE devices SET kind = @kind WHERE id = @id", new { id, kind = kind.Word() });

    /// <summary>Closes the broker and the pipeline to the device. Its history stays.</summary>
    public static void Revoke(SqliteConnection db, string id)
    {
        db.Execute("UPDATE devices SET revoked = 1 WHERE id = @id", new { id });
        db.Execute("DELETE FROM mqtt_credentials WHERE name = @id", new { id });
    }

    /// <summary>A message of the device from this moment was recorded; an older one than known changes nothing.</summary>
    public static void Heard(SqliteConnection db, string id, Instant at) =>
        db.Execute(
            "UPDATE devices SET last_contact = @at WHERE id = @id AND (last_contact IS NULL OR last_contact < @at)",
            new { id, at = at.ToMicros() });

    public static void SetFirmware(SqliteConnection db, string id, string firmware) =>
        db.Execute("UPDATE devices SET firmware = @firmware WHERE id = @id", new { id, firmware });

    public static void NoteStranger(SqliteConnection db, string id, DeviceKind kind, string name, Instant now)
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

    public static IReadOnlyList<Stranger> Strangers(SqliteConnection db) =>
        [.. db.Query<(string Id, string Kind, string Name, long FirstSeen, long LastSeen, long Count)>(
                "SELECT id, kind, name, first_seen, last_seen, count FROM strangers ORDER BY last_seen DESC, id")
            .Select(row => new Stranger(
                row.Id, DeviceKinds.FromWord(row.Kind) ?? DeviceKind.Unassigned, row.Name, row.FirstSeen.ToInstant(), row.LastSeen.ToInstant(), row.Count))];

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
