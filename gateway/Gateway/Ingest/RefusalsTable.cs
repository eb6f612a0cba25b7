using System.Data.Common;
using Dapper;
using NodaTime;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Ingest;

public sealed record Refusal(long Id, Instant At, string Reason, string Device, string Sender, string Topic, string Detail, int Bytes, byte[] Payload);

public sealed record RefusalCount(string Reason, long Count, Instant LastAt);

/// <summary>Refused messages with their reason. The latest are kept whole (their first bytes), every one is counted for ever.</summary>
public static class RefusalsTable
{
    /// <summary>A flood of refused messages must not fill the disk.</summary>
    public const int KeptMax = 2_000;

    private const int PayloadBytesKept = 2_048;
    private const int TextMax = 300;

    private static readonly Statement Insert = new(
        """
        INSERT INTO refusals (at, reason, device, sender, topic, detail, bytes, payload)
        VALUES (@at, @reason, @device, @sender, @topic, @detail, @bytes, @payload)
        """);

    private static readonly Statement Forget = new("DELETE FROM refusals WHERE id <= (SELECT MAX(id) FROM refusals) - @kept");

    private static readonly Statement Count = new(
        """
        INSERT INTO refusal_counts (reason, count, last_at) VALUES (@reason, 1, @at)
        ON CONFLICT (reason) DO UPDATE SET count = refusal_counts.count + 1, last_at = excluded.last_at
        """);

    public static void Add(DbConnection db, Envelope envelope, RefusalReason reason, string? device, string detail, Instant now)
    {
        var payload = KeyMaterial.Strip(envelope.Payload);
        var kept = payload.AsSpan(0, Math.Min(payload.Length, PayloadBytesKept)).ToArray();
        Insert.Run(db, now.ToMicros(), reason.Slug(), device ?? "", Short(envelope.Sender), Short(envelope.Topic), Short(detail), envelope.Payload.Length, kept);
        Forget.Run(db, KeptMax);
        Count.Run(db, reason.Slug(), now.ToMicros());
    }

    /// <summary>The counts stay; what was refused goes with the raw messages.</summary>
    public static int DeleteBefore(DbConnection db, Instant limit) =>
        db.Execute("DELETE FROM refusals WHERE at < @limit", new { limit = limit.ToMicros() });

    public static IReadOnlyList<Refusal> Latest(DbConnection db, int count) =>
        [.. db.Query<Row>("SELECT id, at, reason, device, sender, topic, detail, bytes, payload FROM refusals ORDER BY id DESC LIMIT @count", new { count })
            .Select(row => new Refusal(row.Id, row.At.ToInstant(), row.Reason, row.Device, row.Sender, row.Topic, row.Detail, (int)row.Bytes, row.Payload))];

    public static IReadOnlyList<RefusalCount> Counts(DbConnection db) =>
        [.. db.Query<(string Reason, long Count, long LastAt)>("SELECT reason, count, last_at FROM refusal_counts ORDER BY count DESC, reason")
            .Select(row => new RefusalCount(row.Reason, row.Count, row.LastAt.ToInstant()))];

    private static string Short(string text) => text.Length <= TextMax ? text : text[..TextMax] + "…";

    private sealed record Row(long Id, long At, string Reason, string Device, string Sender, string Topic, string Detail, long Bytes, byte[] Payload);
}
