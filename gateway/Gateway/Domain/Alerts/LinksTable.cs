using System.Data.Common;
using Dapper;
using NodaTime;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Domain.Alerts;

/// <summary>One-time links as the store knows them: number, expiry and the one moment of use. Neither a token nor anything to
/// make one from is here; a token proves itself by its MAC (<see cref="AcknowledgeLink"/>).</summary>
/// <param name="Recipient">Whom the link was sent to: who acknowledges by it.</param>
public sealed record Link(long Id, long AlertId, string Recipient, Instant ExpiresAt, Instant? UsedAt);

public static class LinksTable
{
    /// <returns>The new link's placeholder for a letter.</returns>
    public static string Add(DbConnection connection, long alertId, string recipient, Instant now)
    {
        // Whole seconds: the expiry is part of the signed text.
        var expires = Instant.FromUnixTimeSeconds((now + AcknowledgeLink.Lifetime).ToUnixTimeSeconds());
        var id = connection.ExecuteScalar<long>("SELECT COALESCE(MAX(id), 0) + 1 FROM alert_links");
        connection.Execute(
            "INSERT INTO alert_links (id, alert_id, recipient, expires_at) VALUES (@id, @alertId, @recipient, @expires)",
            new { id, alertId, recipient, expires = expires.ToMicros() });
        return AcknowledgeLink.Placeholder(id, expires);
    }

    /// <returns>Null when the store knows no link of this number and expiry: forgotten long after it expired, or of a store
    /// that was since restored from a backup.</returns>
    public static Link? Find(DbConnection connection, long id, Instant expires) =>
        connection
            .Query<(long Id, long AlertId, string Recipient, long ExpiresAt, long? UsedAt)>(
                "SELECT id, alert_id, recipient, expires_at, used_at FROM alert_links WHERE id = @id AND expires_at = @expires",
                new { id, expires = expires.ToMicros() })
            .Select(row => new Link(row.Id, row.AlertId, row.Recipient, row.ExpiresAt.ToInstant(), row.UsedAt.ToInstant()))
            .SingleOrDefault();

    /// <returns>False when it was used before.</returns>
    public static bool Use(DbConnection connection, long id, Instant now) =>
        connection.Execute("UPDATE alert_links SET used_at = @now WHERE id = @id AND used_at IS NULL", new { id, now = now.ToMicros() }) == 1;

    public static void Forget(DbConnection connection, Instant expiredBefore) =>
        connection.Execute("DELETE FROM alert_links WHERE expires_at < @before", new { before = expiredBefore.ToMicros() });
}
