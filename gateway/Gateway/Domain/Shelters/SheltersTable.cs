using System.Data.Common;
using Dapper;
using NodaTime;
using NodaTime.Text;
using Quartier.Gateway.Store;
using Quartier.Wire;

namespace Quartier.Gateway.Domain.Shelters;

/// <summary>The last report of each pod, and its stays. A pod is a registered device of kind shelter.</summary>
public static class SheltersTable
{
    /// <summary>Nearly every status: the pod is known and no alarm of it holds. Half the price of the other statement, which takes the
    /// same values.</summary>
    private static readonly Statement TakeQuietly = new(
        $"""
        UPDATE pods SET reported_at = @at, received_at = @received, port = @port, {Joined(column => $"{column.Name} = @{column.Name}")}
        WHERE device = @device AND alarms = ''
        """);

    private static readonly Statement Take = new(
        $"""
        INSERT INTO pods (reported_at, received_at, port, {Joined(column => column.Name)}, device, alarms, alarms_at)
        VALUES (@at, @received, @port, {Joined(column => $"@{column.Name}")}, @device, '', 0)
        ON CONFLICT (device) DO UPDATE SET reported_at = excluded.reported_at, received_at = excluded.received_at, port = excluded.port,
          {Joined(column => $"{column.Name} = excluded.{column.Name}")}
        RETURNING alarms
        """);

    private static readonly string ReportColumns =
        $"p.reported_at AS ReportedAt, p.received_at AS ReceivedAt, p.port, {Joined(column => $"p.{column.Reads}")}";

    private static readonly WriterCache<Stay?> Lasting = new("stays", OpenStay);

    private const int FirstStatusValue = 3;

    private const string StayColumns = "id, device, began_at AS BeganAt, ended_at AS EndedAt, night";

    /// <summary>Takes over a status that is the pod's youngest.</summary>
    /// <returns>The stay step it caused.</returns>
    public static StayStep Observe(DbConnection db, ShelterObservation observation, Instant now)
    {
        if (Keep(db, observation).Length > 0)
        {
            EndAlarms(db, observation);
        }

        return MoveStay(db, observation);
    }

    /// <summary>Takes over an alarm that is the pod's youngest message.</summary>
    public static void Report(DbConnection db, AlarmReport report, Instant now)
    {
        var holding = db.ExecuteScalar<string?>("SELECT alarms FROM pods WHERE device = @Device", new { report.Device });
        var alarms = ShelterRules.Apply(Kinds(holding ?? ""), report.Kind, report.Active);
        db.Execute(
            """
            INSERT INTO pods (device, alarms, alarms_at) VALUES (@Device, @alarms, @at)
            ON CONFLICT (device) DO UPDATE SET alarms = excluded.alarms, alarms_at = excluded.alarms_at
            """,
            new { report.Device, alarms = string.Join(' ', alarms), at = report.ReceivedAt.ToMicros() });
    }

    /// <summary>The pod's youngest status; null before the first.</summary>
    public static ShelterObservation? LastObservation(DbConnection db, string device) =>
        Reports(db, $"SELECT p.device, {ReportColumns} FROM pods p WHERE p.device = @device", static (row, status) => row.ToObservation(status), new { device }).SingleOrDefault();

    /// <summary>Every registered pod, also one that never reported.</summary>
    public static IReadOnlyList<Pod> All(DbConnection db) =>
        Reports(
            db,
            $"""
            SELECT d.id AS Device, d.name, d.place, d.area, p.alarms,
              p.out_since AS OutSince, p.out_by AS OutBy, p.out_why AS OutWhy, p.out_case AS OutCase, {ReportColumns}
            FROM devices d LEFT JOIN pods p ON p.device = d.id
            WHERE d.kind = 'shelter' AND d.revoked = 0 ORDER BY d.name, d.id
            """,
            static (row, status) => row.ToPod(status));

    public static Pod? Find(DbConnection db, string device) => All(db).FirstOrDefault(pod => pod.Device == device);

    public static void TakeOut(DbConnection db, string device, OutOfService state) => db.Execute(
        """
        INSERT INTO pods (device, alarms, alarms_at, out_since, out_by, out_why, out_case) VALUES (@device, '', 0, @since, @By, @Why, @Case)
        ON CONFLICT (device) DO UPDATE SET out_since = excluded.out_since, out_by = excluded.out_by, out_why = excluded.out_why, out_case = excluded.out_case
        """,
        new { device, since = state.Since.ToMicros(), state.By, state.Why, state.Case });

    public static void PutBack(DbConnection db, string device) =>
        db.Execute("UPDATE pods SET out_since = NULL, out_by = NULL, out_why = NULL, out_case = NULL WHERE device = @device", new { device });

    public static Stay? OpenStay(DbConnection db, string device) =>
        db.QuerySingleOrDefault<StayRow>($"SELECT {StayColumns} FROM stays WHERE device = @device AND ended_at IS NULL", new { device })?.ToStay();

    /// <summary>What is left of an ended stay is its pod-night, which the Occupancy slice keeps (design §8).</summary>
    public static int ForgetStays(DbConnection db, Instant endedBefore) =>
        db.Execute("DELETE FROM stays WHERE ended_at < @limit", new { limit = endedBefore.ToMicros() });

    /// <summary>Stays that began in the given nights, first and last included.</summary>
    public static IReadOnlyList<Stay> Stays(DbConnection db, LocalDate firstNight, LocalDate lastNight) =>
        [.. db.Query<StayRow>(
                $"SELECT {StayColumns} FROM stays WHERE night >= @first AND night <= @last ORDER BY began_at, id",
                new { first = LocalDatePattern.Iso.Format(firstNight), last = LocalDatePattern.Iso.Format(lastNight) })
            .Select(row => row.ToStay())];

    /// <summary>A stay that was stamped in the future belongs to this night.</summary>
    public static void HealNights(DbConnection db, Instant now) =>
        db.Execute("UPDATE stays SET night = @night WHERE night > @night", new { night = LocalDatePattern.Iso.Format(ShelterRules.NightOf(now)) });

    /// <returns>The alarm kinds that were reported to hold.</returns>
    private static string Keep(DbConnection db, ShelterObservation observation)
    {
        var values = new Cell[FirstStatusValue + StatusColumn.All.Count + 1];
        (values[0], values[1], values[2], values[^1]) = (observation.At.ToMicros(), observation.ReceivedAt.ToMicros(), observation.Port, observation.Device);
        for (var i = 0; i < StatusColumn.All.Count; i++)
        {
            values[FirstStatusValue + i] = StatusColumn.All[i].Write(observation.Status);
        }

        return TakeQuietly.Run(db, values) > 0 ? "" : Take.First(db, static row => row.Text(0), values)!;
    }

    private static void EndAlarms(DbConnection db, ShelterObservation observation)
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

    private static StayStep MoveStay(DbConnection db, ShelterObservation observation)
    {
        var open = Lasting.Of(db, observation.Device);
        var step = ShelterRules.Step(open is not null, observation.Status.Occupancy);
        var changedAt = observation.ChangedAt;
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

    /// <summary>Rows of a pod, and beside each its status, null before the first.</summary>
    private static IReadOnlyList<T> Reports<T>(DbConnection db, string text, Func<PodRow, PodStatus?, T> read, object? values = null) =>
        [.. db.Query(text, read, values, splitOn: nameof(PodStatus.Occupancy))];

    private static string Joined(Func<StatusColumn, string> text) => string.Join(", ", StatusColumn.All.Select(text));

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

        public int? Port { get; init; }

        public string? Alarms { get; init; }

        public long? OutSince { get; init; }

        public string? OutBy { get; init; }

        public string? OutWhy { get; init; }

        public long? OutCase { get; init; }

        public Pod ToPod(PodStatus? status) => new(Device, Name, Place, Area, ToObservation(status), Kinds(Alarms ?? ""))
        {
            Out = OutSince is { } since ? new OutOfService(since.ToInstant(), OutBy ?? "", OutWhy ?? "", OutCase ?? 0) : null,
        };

        public ShelterObservation? ToObservation(PodStatus? status) =>
            status is not null && ReportedAt is { } at
                ? new ShelterObservation(Device, at.ToInstant(), status) { ReceivedAt = (ReceivedAt ?? at).ToInstant(), Port = Port }
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
