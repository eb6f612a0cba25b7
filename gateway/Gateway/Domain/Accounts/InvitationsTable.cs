using System.Data.Common;
using Dapper;
using NodaTime;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Domain.Accounts;

/// <summary>Links to choose a password by, under the digests of their secrets: a copy of the store opens none.</summary>
public static class InvitationsTable
{
    /// <summary>After its expiry, so that a late link still says what became of it.</summary>
    public static readonly Duration Kept = Duration.FromDays(90);

    private const string Columns = "account, made_at AS MadeAt, expires_at AS ExpiresAt, used_at AS UsedAt, replaced_at AS ReplacedAt";

    public static void Add(DbConnection db, string digest, string account, Instant now) =>
        db.Execute(
            "INSERT INTO invitations (digest, account, made_at, expires_at) VALUES (@digest, @account, @now, @expires)",
            new { digest, account, now = now.ToMicros(), expires = (now + Invitation.Length).ToMicros() });

    /// <summary>The account's links that nobody used are good no more.</summary>
    public static void Replace(DbConnection db, string account, Instant now) =>
        db.Execute("UPDATE invitations SET replaced_at = @now WHERE account = @account AND used_at IS NULL AND replaced_at IS NULL", new { account, now = now.ToMicros() });

    public static Invitation? Find(DbConnection db, string digest) =>
        Read(db, $"SELECT {Columns} FROM invitations WHERE digest = @digest", new { digest }).SingleOrDefault();

    /// <summary>Those that were neither used nor replaced, whether expired or not; of each account one at most.</summary>
    public static IReadOnlyList<Invitation> Unused(DbConnection db) =>
        Read(db, $"SELECT {Columns} FROM invitations WHERE used_at IS NULL AND replaced_at IS NULL", null);

    /// <returns>False: it was used or replaced before.</returns>
    public static bool Use(DbConnection db, string digest, Instant now) =>
        db.Execute("UPDATE invitations SET used_at = @now WHERE digest = @digest AND used_at IS NULL AND replaced_at IS NULL", new { digest, now = now.ToMicros() }) == 1;

    public static void Remove(DbConnection db, string account) => db.Execute("DELETE FROM invitations WHERE account = @account", new { account });

    public static void Forget(DbConnection db, Instant now) =>
        db.Execute("DELETE FROM invitations WHERE expires_at < @before", new { before = (now - Kept).ToMicros() });

    private static IReadOnlyList<Invitation> Read(DbConnection db, string sql, object? values) =>
        [.. db.Query<(string Account, long MadeAt, long ExpiresAt, long? UsedAt, long? ReplacedAt)>(sql, values)
            .Select(row => new Invitation(row.Account, row.MadeAt.ToInstant(), row.ExpiresAt.ToInstant(), row.UsedAt.ToInstant(), row.ReplacedAt.ToInstant()))];
}
