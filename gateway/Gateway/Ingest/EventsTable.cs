using System.Data.Common;
using Dapper;
using NodaTime;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Ingest;

/// <summary>Messages as they came, for as long as design §8 allows; the key makes a redelivery visible.</summary>
public static class EventsTable
{
    private static readonly Statement Find = new("SELECT 1 FROM events WHERE device = @device AND kind = @kind AND key = @key");

    private static readonly Statement Insert = new(
        """
        INSERT INTO events (device, kind, key, at, received_at, topic, payload)
        VALUES (@device, @kind, @key, @at, @now, @topic, @payload)
        """);

    public static bool Has(DbConnection db, string device, string kind, string key) => Find.Any(db, device, kind, key);

    public static bool HasSince(DbConnection db, string device, string kind, Instant since) =>
        db.ExecuteScalar<bool>(
            "SELECT EXISTS (SELECT 1 FROM events WHERE device = @device AND kind = @kind AND received_at >= @since)",
            new { device, kind, since = since.ToMicros() });

    public static void Add(DbConnection db, Received received, Instant at, Instant now) =>
        Insert.Run(db, received.Device, received.Kind, received.Key, at.ToMicros(), now.ToMicros(), received.Envelope.Topic, received.Envelope.Payload);

    public static int DeleteBefore(DbConnection db, Instant limit) =>
        db.Execute("DELETE FROM events WHERE received_at < @limit", new { limit = limit.ToMicros() });
}
