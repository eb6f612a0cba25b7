using System.Data.Common;
using Dapper;
using Quartier.Gateway.Domain.PodNights;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Outputs.Planning;

/// <summary>Every figure that has ever left. Rows are added and never changed; each row's digest covers the row before it.</summary>
public static class LedgerTable
{
    private const string Columns = """
        sequence, period, area, statistic, first_night AS FirstNight, last_night AS LastNight, pods, offered, epsilon, value,
        round_to AS RoundTo, suppress_below AS SuppressBelow, released_at AS ReleasedAt, digest, reported, noised, simulated
        """;

    public static LedgerRow? Find(DbConnection connection, string id) =>
        connection.QuerySingleOrDefault<Stored>($"SELECT {Columns} FROM release_ledger WHERE id = @id", new { id })?.ToRow();

    /// <summary>The figures of one period, of whatever area.</summary>
    public static IReadOnlyList<LedgerRow> OfPeriod(DbConnection connection, string period, string statistic) =>
        [.. connection.Query<Stored>(
            $"SELECT {Columns} FROM release_ledger WHERE period = @period AND statistic = @statistic ORDER BY sequence", new { period, statistic })
            .Select(row => row.ToRow())];

    public static IReadOnlyList<LedgerRow> All(DbConnection connection) =>
        [.. connection.Query<Stored>($"SELECT {Columns} FROM release_ledger ORDER BY sequence").Select(row => row.ToRow())];

    public static IReadOnlyList<JournalLine> After(DbConnection connection, long sequence) =>
        [.. connection.Query<Stored>($"SELECT {Columns} FROM release_ledger WHERE sequence > @sequence ORDER BY sequence", new { sequence })
            .Select(row => new JournalLine(row.ToRow(), row.Digest))];

    /// <summary>Rows with a night in common with the given ones, of whatever area, period and statistic.</summary>
    public static IReadOnlyList<LedgerRow> Overlapping(DbConnection connection, Night first, Night last) =>
        [.. connection.Query<Stored>(
            $"SELECT {Columns} FROM release_ledger WHERE first_night <= @last AND last_night >= @first ORDER BY sequence",
            new { first = first.Number, last = last.Number }).Select(row => row.ToRow())];

    /// <returns>The last row's sequence and digest; 0 and an empty text for an empty ledger.</returns>
    public static (long Sequence, string Digest) Head(DbConnection connection)
    {
        var head = connection.QuerySingleOrDefault<Stored>($"SELECT {Columns} FROM release_ledger ORDER BY sequence DESC LIMIT 1");
        return head is null ? (0, string.Empty) : (head.Sequence, head.Digest);
    }

    public static string? DigestAt(DbConnection connection, long sequence) =>
        connection.QuerySingleOrDefault<string?>("SELECT digest FROM release_ledger WHERE sequence = @sequence", new { sequence });

    public static void Insert(DbConnection connection, JournalLine line) => connection.Execute(
        """
        INSERT INTO release_ledger (sequence, id, period, area, statistic, first_night, last_night, pods, offered, epsilon, value,
            round_to, suppress_below, released_at, digest, reported, noised, simulated)
        VALUES (@Sequence, @Id, @Period, @Area, @Statistic, @First, @Last, @Pods, @Offered, @Epsilon, @Value,
            @RoundTo, @SuppressBelow, @ReleasedAt, @Digest, @Reported, @Noised, @Simulated)
        """,
        new
        {
            line.Row.Sequence,
            line.Row.Id,
            line.Row.Period,
            line.Row.Area,
            line.Row.Statistic,
            First = line.Row.First.Number,
            Last = line.Row.Last.Number,
            Pods = string.Join('\n', SpanText.Of(line.Row)),
            line.Row.Offered,
            Epsilon = line.Row.Epsilon.ToString(),
            line.Row.Value,
            line.Row.RoundTo,
            line.Row.SuppressBelow,
            ReleasedAt = line.Row.ReleasedAt.ToMicros(),
            line.Digest,
            line.Row.Reported,
            line.Row.Noised,
            Simulated = line.Row.Simulated ? 1 : 0,
        });

    private sealed class Stored
    {
        public long Sequence { get; init; }

        public string Period { get; init; } = "";

        public string Area { get; init; } = "";

        public string Statistic { get; init; } = "";

        public long FirstNight { get; init; }

        public long LastNight { get; init; }

        public string Pods { get; init; } = "";

        public long Offered { get; init; }

        public string Epsilon { get; init; } = "";

        public long? Value { get; init; }

        public long RoundTo { get; init; }

        public long SuppressBelow { get; init; }

        public long ReleasedAt { get; init; }

        public string Digest { get; init; } = "";

        public long? Reported { get; init; }

        public long? Noised { get; init; }

        public long Simulated { get; init; }

        public LedgerRow ToRow() => new(
            Sequence,
            Period,
            Area,
            Statistic,
            Night.FromNumber((int)FirstNight),
            Night.FromNumber((int)LastNight),
            SpanText.Read(Pods.Split('\n'), Night.FromNumber((int)FirstNight), Night.FromNumber((int)LastNight)),
            (int)Offered,
            Planning.Epsilon.Parse(Epsilon),
            (int?)Value,
            (int)RoundTo,
            (int)SuppressBelow,
            ReleasedAt.ToInstant())
        {
            Reported = (int?)Reported,
            Noised = (int?)Noised,
            Simulated = Simulated != 0,
        };
    }
}
