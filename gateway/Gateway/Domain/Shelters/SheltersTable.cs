using Dapper;
using Microsoft.Data.Sqlite;
using NodaTime;
using NodaTime.Text;
using Quartier.Gateway.Store;
using Quartier.Wire;

namespace Quartier.Gateway.Domain.Shelters;

/// <summary>The last report of each pod, and its stays. A pod is a registered device of kind shelter.</summary>
public static class SheltersTable
{
    public const string Schema = """
        CREATE TABLE IF NOT EXISTS pods (
          device TEXT NOT NULL PRIMARY KEY,
          reported_at INTEGER,
          status BLOB,
          alarms TEXT NOT NULL,
          alarms_at INTEGER NOT NULL,
          received_at INTEGER,
          out_since INTEGER,
          out_by TEXT,
          out_why TEXT,
          out_case INTEGER);
        CREATE TABLE IF NOT EXISTS stays (
          id INTEGER PRIMARY KEY,
          device TEXT NOT NULL,
          began_at INTEGER NOT NULL,
          ended_at INTEGER,
          night TEXT NOT NULL);
        CREATE INDEX IF NOT EXISTS stays_device ON stays (device, began_at);
        """;

    /// <summary>Until the next report an older folder's pods count as received when they were reported.</summary>
    public static readonly AddedColumn[] Added =
    [
        new("pods", "received_at", "INTEGER"),
        new("pods", "out_since", "INTEGER"),
        new("pods", "out_by", "TEXT"),
        new("pods", "out_why", "TEXT"),
        new("pods", "out_case", "INTEGER"),
    ];

    private static readonly Statement Take = new(
        """
        INSERT INTO pods (device, reported_at, status, received_at, alarms, alarms_at) VALUES (@device, @at, @frame, @received, '', 0)
        ON CONFLICT (device) DO UPDATE SET reported_at = excluded.reported_at, status = excluded.status, received_at = excluded.received_at
        RETURNING alarms
        """);

    private static readonly Memo<Stay?> Lasting = new("stays", OpenStay);

    private const string StayColumns = "id, device, began_at AS BeganAt, ended_at AS EndedAt, night";

    /// <summary>Takes over a status that is the pod's youngest.</summary>
    /// <returns>The stay step it caused.</returns>
    public static StayStep Observe(SqliteConnection db, ShelterObservation observation, Instant now)
    {
        var frame = new byte[ShelterStatusV1.Bytes];
        observation.Status.Encode(frame);
        var alarms = Take.First(db, static row => row.Text(0), observation.Device, observation.At.ToMicros(), frame, observation.ReceivedAt.ToMicros());
        if (alarms!.Length > 0)
        {
            EndAlarms(db, observation);
        }

        return MoveStay(db, observation);
    }

    /// <summary>Takes over an alarm that is the pod's youngest message.</summary>
    public static void Report(SqliteConnection db, AlarmReport report, Instant now)
    {
        var holding = db.ExecuteScalar<string?>("SELECT alarms FROM pods WHERE device = @Device", new { report.Device });
        var alarms = ShelterRules.Apply(Kinds(holding ?? ""), report.Kind, report.Active);
        db.Execute(
            """
            INSERT INTO pods (device, reported_at, status, alarms, alarms_at) VALUES (@Device, NULL, NULL, @alarms, @at)
            ON CONFLICT (device) DO UPDATE SET alarms = excluded.alarms, alarms_at = excluded.alarms_at
            """,
            new { report.Device, alarms = string.Join(' ', alarms), at = report.ReceivedAt.ToMicros() });
    }

    /// <summary>The pod's youngest status; null before the first.</summary>
    public static ShelterObservation? LastObservation(SqliteConnection db, string device) =>
        db.QuerySingleOrDefault<PodRow>("SELECT device, reported_at AS ReportedAt, received_at AS ReceivedAt, status FROM pods WHERE device = @device", new { device })?.ToObservation();

    /// <summary>Every registered pod, also one that never reported.</summary>
    public static IReadOnlyList<Pod> All(SqliteConnection db) =>
        [.. db.Query<PodRow>(
                """
                SELECT d.id AS Device, d.name, d.place, d.area, p.reported_at AS ReportedAt, p.received_at AS ReceivedAt, p.status, p.alarms,
                  p.out_since AS OutSince, p.out_by AS OutBy, p.out_why AS OutWhy, p.out_case AS OutCase
                FROM devices d LEFT JOIN pods p ON p.device = d.id
                WHERE d.kind = 'shelter' AND d.revoked = 0 ORDER BY d.name, d.id
                """)
            .Select(row => row.ToPod())];

    public static Pod? Find(SqliteConnection db, string device) => All(db).FirstOrDefault(pod => pod.Device == device);

    public static void TakeOut(SqliteConnection db, string device, OutOfService state) => db.Execute(
        """
        INSERT INTO pods (device, alarms, alarms_at, out_since, out_by, out_why, out_case) VALUES (@device, '', 0, @since, @By, @Why, @Case)
        ON CONFLICT (device) DO UPDATE SET out_since = excluded.out_since, out_by = excluded.out_by, out_why = excluded.out_why, out_case = excluded.out_case
        """,
        new { device, since = state.Since.ToMicros(), state.By, state.Why, state.Case });

    public static void PutBack(SqliteConnection db, string device) =>
        db.Execute("UPDATE pods SET out_since = NULL, out_by = NULL, out_why = NULL, out_case = NULL WHERE device = @device", new { device });

    public static Stay? OpenStay(SqliteConnection db, string device) =>
        db.QuerySingleOrDefault<StayRow>($"SELECT {StayColumns} FROM stays WHERE device = @device AND ended_at IS NULL", new { device })?.ToStay();

    /// <summary>What is left of an ended stay is its pod-night, which the Occupancy slice keeps (design §8).</summary>
    public static int ForgetStays(SqliteConnection db, Instant endedBefore) =>
        db.Execute("DELETE FROM stays WHERE ended_at < @limit", new { limit = endedBefore.ToMicros() });

    /// <summary>Stays that began in the given nights, first and last included.</summary>
    public static IReadOnlyList<Stay> Stays(SqliteConnection db, LocalDate firstNight, LocalDate lastNight) =>
        [.. db.Query<StayRow>(
                $"SELECT {StayColumns} FROM stays WHERE night >= @first AND night <= @last ORDER BY began_at, id",
                new { first = LocalDatePattern.Iso.Format(firstNight), last = LocalDatePattern.Iso.Format(lastNight) })
            .Select(row => row.ToStay())];

    /// <summary>A stay that was stamped in the future belongs to this night.</summary>
    public static void HealNights(SqliteConnection db, Instant now) =>
        db.Execute("UPDATE stays SET night = @night WHERE night > @night", new { night = LocalDatePattern.Iso.Format(ShelterRules.NightOf(now)) });

    private static void EndAlarms(SqliteConnection db, ShelterObservation observation)
    {
        var alarms = db.ExecuteScalar<string?>(
            "SELECT alarms FROM pods WHERE device = @Device AND alarms <> '' AND alarms_at < @at",
            new { observation.Device, at = observation.ReceivedAt.ToMicros() });
        if (alarms is not null)
        {
            var holding = string.Join(' ', ShelterRules.Apply(Kinds(alarms), observation.Status));
            db.Execute("UPDATE pods SET alarms = @holding WHERE device = @Device", new { observation.Device, holding });
        }
    }

    private static StayStep MoveStay(SqliteConnection db, ShelterObservation observation)
    {
        var open = Lasting.Of(db, observation.Device);
        var step = ShelterRules.Step(open is not null, observation.Status.Occupancy);
        var changedAt = observation.At - Duration.FromMinutes(observation.Status.AgeMinutes);
        if (step == StayStep.Open)
        {
            db.Execute(
                "INSERT INTO stays (device, began_at, ended_at, night) VALUES (@Device, @began, NULL, @night)",
                new { observation.Device, began = changedAt.ToMicros(), night = LocalDatePattern.Iso.Format(ShelterRules.NightOf(changedAt)) });
        }
        else if (step == StayStep.End)
        {
            var ended = Instant.Max(changedAt, open!.BeganAt);
            db.Execute("UPDATE stays SET ended_at = @ended WHERE id = @Id", new { ended = ended.ToMicros(), open.Id });
        }

        return step;
    }

    private static IReadOnlyList<AlarmKind> Kinds(string text) =>
        [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Enum.Parse<AlarmKind>)];

    private sealed class PodRow
    {
        public string Device { get; init; } = "";

        public string Name { get; init; } = "";

        public string Place { get; init; } = "";

        public string Area { get; init; } = "";

        public long? ReportedAt { get; init; }

        public long? ReceivedAt { get; init; }

        public byte[]? Status { get; init; }

        public string? Alarms { get; init; }

        public long? OutSince { get; init; }

        public string? OutBy { get; init; }

        public string? OutWhy { get; init; }

        public long? OutCase { get; init; }

        public Pod ToPod()
        {
            return new Pod(Device, Name, Place, Area, ToObservation() is { } last ? ShelterRules.Report(last) : null, Kinds(Alarms ?? ""))
            {
                Out = OutSince is { } since ? new OutOfService(since.ToInstant(), OutBy ?? "", OutWhy ?? "", OutCase ?? 0) : null,
            };
        }

        public ShelterObservation? ToObservation() =>
            Status is not null && ReportedAt is { } at && ShelterStatusV1.TryDecode(Status, Status.Length, out var status)
                ? new ShelterObservation(Device, at.ToInstant(), status) { ReceivedAt = (ReceivedAt ?? at).ToInstant() }
                : null;
    }

    private sealed class StayRow
    {
        public long Id { get; init; }

        public string Device { get; init; } = "";

        public long BeganAt { get; init; }

        public long? EndedAt { get; init; }

        public string Night { get; init; } = "";

        public Stay ToStay() => new(Id, Device, BeganAt.ToInstant(), EndedAt.ToInstant(), LocalDatePattern.Iso.Parse(Night).Value);
    }
}
