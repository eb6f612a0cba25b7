using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Quartier.Wire;

namespace Quartier.Gateway.Domain.Registry;

/// <summary>What a name may do at the broker.</summary>
public enum MqttRights
{
    /// <summary>A screen: publish and hear its own topics only.</summary>
    Screen,

    /// <summary>The network server: publish device events, hear downlink commands.</summary>
    NetworkServer,
}

/// <summary>Names and secrets at the broker. Secrets are made here, 128 bits of chance each, so that one salted SHA-256 is enough:
/// there is no dictionary to try, and ten thousand screens may reconnect at once after a power cut.</summary>
public static class Credentials
{
    private const int SecretBytes = 16;
    private const int SaltBytes = 16;

    /// <summary>A fresh secret of 32 hex digits; shown once, to be written into the device.</summary>
    public static string NewSecret() => RandomNumberGenerator.GetHexString(SecretBytes * 2, lowercase: true);

    public static void Put(DbConnection db, string name, MqttRights rights, string secret)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        db.Execute(
            """
            INSERT INTO mqtt_credentials (name, rights, salt, hash, liveness) VALUES (@name, @rights, @salt, @hash, @liveness)
            ON CONFLICT (name) DO UPDATE SET rights = excluded.rights, salt = excluded.salt, hash = excluded.hash, liveness = excluded.liveness
            """,
            new { name, rights = rights.ToString(), salt, hash = Hash(salt, secret), liveness = LivenessKeyOf(secret) });
    }

    /// <returns>What the name may do at the broker; null when nobody has it.</returns>
    public static MqttRights? RightsOf(DbConnection db, string name) =>
        Enum.TryParse<MqttRights>(db.QuerySingleOrDefault<string>("SELECT rights FROM mqtt_credentials WHERE name = @name", new { name }), out var rights) ? rights : null;

    /// <summary>A name with other rights keeps its log-in.</summary>
    public static void Remove(DbConnection db, string name, MqttRights rights) =>
        db.Execute("DELETE FROM mqtt_credentials WHERE name = @name AND rights = @rights", new { name, rights = rights.ToString() });

    /// <returns>False when the name already has other rights; nothing was changed.</returns>
    public static bool TryPut(DbConnection db, string name, MqttRights rights, string secret)
    {
        if (RightsOf(db, name) is { } held && held != rights)
        {
            return false;
        }

        Put(db, name, rights, secret);
        return true;
    }

    public static MqttRights? Verify(DbConnection db, string name, string secret)
    {
        var row = db.QuerySingleOrDefault<Row>("SELECT rights, salt, hash FROM mqtt_credentials WHERE name = @name", new { name });
        return row is not null && CryptographicOperations.FixedTimeEquals(Hash(row.Salt, secret), row.Hash) && Enum.TryParse<MqttRights>(row.Rights, out var rights)
            ? rights
            : null;
    }

    /// <summary>Every name with what tells its present secret from any other: the salted hash in hex, which opens nothing.</summary>
    public static Dictionary<string, string> Seals(DbConnection db) =>
        db.Query<Sealed>("SELECT name, hash FROM mqtt_credentials").ToDictionary(row => row.Name, row => Convert.ToHexString(row.Hash), StringComparer.Ordinal);

    /// <returns>Null for a name that nobody has.</returns>
    public static string? Seal(DbConnection db, string name) =>
        db.QuerySingleOrDefault<byte[]>("SELECT hash FROM mqtt_credentials WHERE name = @name", new { name }) is { } hash ? Convert.ToHexString(hash) : null;

    /// <summary>The key by which a device knows its gateway, of a device that has the rights of one. Null: nobody of that name, or one
    /// of an older data folder that has not logged in since.</summary>
    public static byte[]? LivenessKey(DbConnection db, string name) =>
        db.QuerySingleOrDefault<byte[]>("SELECT liveness FROM mqtt_credentials WHERE name = @name AND rights = @rights", new { name, rights = nameof(MqttRights.Screen) }) is { Length: > 0 } key ? key : null;

    /// <summary>For a name that has just logged in: the secret is known at this moment only.</summary>
    public static void NoteLivenessKey(DbConnection db, string name, string secret) =>
        db.Execute("UPDATE mqtt_credentials SET liveness = @key WHERE name = @name AND liveness = @none", new { name, key = LivenessKeyOf(secret), none = Array.Empty<byte>() });

    private static byte[] LivenessKeyOf(string secret)
    {
        var (bytes, key) = (Encoding.UTF8.GetBytes(secret), new byte[Liveness.KeyBytes]);
        Liveness.DeriveKey(new HmacSha256(), bytes, bytes.Length, key);
        return key;
    }

    private static byte[] Hash(byte[] salt, string secret) => SHA256.HashData([.. salt, .. Encoding.UTF8.GetBytes(secret)]);

    private sealed class Sealed
    {
        public string Name { get; init; } = "";

        public byte[] Hash { get; init; } = [];
    }

    private sealed class Row
    {
        public string Rights { get; init; } = "";

        public byte[] Salt { get; init; } = [];

        public byte[] Hash { get; init; } = [];
    }
}
