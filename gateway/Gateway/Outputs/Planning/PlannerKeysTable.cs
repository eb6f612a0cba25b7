using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using NodaTime;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Outputs.Planning;

/// <summary>A read key of a planning backend, without the key itself.</summary>
public sealed record PlannerKey(long Id, string Name, Instant CreatedAt, Instant? RevokedAt);

/// <summary>Keys are 160 bits of chance made here and shown once; a plain SHA-256 is all that is kept, because there is no
/// dictionary to try.</summary>
public static class PlannerKeysTable
{
    private const string Prefix = "quartier-";
    private const int HexDigits = 40;

    /// <returns>The key; it cannot be had again.</returns>
    public static string Create(DbConnection connection, string name, Instant now)
    {
        var key = Prefix + RandomNumberGenerator.GetHexString(HexDigits, lowercase: true);
        connection.Execute(
            "INSERT INTO planner_keys (name, hash, created_at) VALUES (@name, @hash, @now)",
            new { name, hash = Hash(key), now = now.ToMicros() });
        return key;
    }

    public static string? NameOf(DbConnection connection, string key) => connection.QuerySingleOrDefault<string?>(
        "SELECT name FROM planner_keys WHERE hash = @hash AND revoked_at IS NULL", new { hash = Hash(key) });

    public static IReadOnlyList<PlannerKey> All(DbConnection connection) =>
        [.. connection.Query<(long Id, string Name, long CreatedAt, long? RevokedAt)>("SELECT id, name, created_at, revoked_at FROM planner_keys ORDER BY id")
            .Select(row => new PlannerKey(row.Id, row.Name, row.CreatedAt.ToInstant(), row.RevokedAt.ToInstant()))];

    public static bool Revoke(DbConnection connection, long id, Instant now) => connection.Execute(
        "UPDATE planner_keys SET revoked_at = @now WHERE id = @id AND revoked_at IS NULL", new { id, now = now.ToMicros() }) == 1;

    private static string Hash(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
