using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using NodaTime;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Domain.Accounts;

/// <summary>A log-in that has not ended.</summary>
/// <param name="Account">Its name.</param>
public sealed record Session(string Account, Instant EndsAt)
{
    /// <summary>The claim that carries the session's id.</summary>
    public const string Claim = "session";

    /// <summary>From the log-in on, whatever is done meanwhile.</summary>
    public static readonly Duration Length = Duration.FromHours(12);
}

/// <summary>Who is logged in. The browser's cookie carries the id, the store its digest: a copy of the store opens no session. A
/// session ends by itself, by log-out, and by whatever changes the account's stamp.</summary>
public static class SessionsTable
{
    /// <summary>Of one account at once; the oldest makes room.</summary>
    public const int PerAccountMax = 50;

    private const int IdBytes = 16;

    /// <returns>The new session's id, for the cookie alone.</returns>
    public static string Open(DbConnection db, Account account, Instant now, Duration length)
    {
        var id = RandomNumberGenerator.GetHexString(IdBytes * 2, lowercase: true);
        db.Execute(
            """
            INSERT INTO sessions (id, account, stamp, opened_at, ends_at) VALUES (@id, @Name, @Stamp, @now, @ends);
            DELETE FROM sessions WHERE account = @Name AND id NOT IN (
              SELECT id FROM sessions WHERE account = @Name ORDER BY opened_at DESC, rowid DESC LIMIT @PerAccountMax)
            """,
            new { id = Digest(id), account.Name, account.Stamp, now = now.ToMicros(), ends = (now + length).ToMicros(), PerAccountMax });
        return id;
    }

    /// <returns>Null when it has ended.</returns>
    public static Session? Find(DbConnection db, string id, Instant now) =>
        db.Query<(string Account, long EndsAt)>(
                """
                SELECT account, ends_at FROM sessions JOIN accounts ON name = account AND accounts.stamp = sessions.stamp
                WHERE sessions.id = @id AND ends_at > @now
                """,
                new { id = Digest(id), now = now.ToMicros() })
            .Select(row => new Session(row.Account, row.EndsAt.ToInstant()))
            .SingleOrDefault();

    public static void End(DbConnection db, string id) => db.Execute("DELETE FROM sessions WHERE id = @id", new { id = Digest(id) });

    public static void Forget(DbConnection db, Instant now) => db.Execute("DELETE FROM sessions WHERE ends_at <= @now", new { now = now.ToMicros() });

    private static string Digest(string id) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)));
}
