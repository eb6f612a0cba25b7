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

/// <summary>A session as its owner and an administrator see it.</summary>
/// <param name="Handle">Names it and opens nothing.</param>
/// <param name="Browser">As in <see cref="BrowserWords"/>.</param>
public sealed record OpenSession(string Handle, Instant OpenedAt, Instant SeenAt, Instant EndsAt, string Browser);

/// <summary>Who is logged in. The browser's cookie carries the id, the store its digest: a copy of the store opens no session. A
/// session ends by itself, by log-out, and by whatever changes the account's stamp.</summary>
public static class SessionsTable
{
    /// <summary>Of one account at once; the oldest makes room.</summary>
    public const int PerAccountMax = 50;

    private const int IdBytes = 16;

    /// <param name="browser">As in <see cref="BrowserWords"/>.</param>
    /// <returns>The new session's id, for the cookie alone.</returns>
    public static string Open(DbConnection db, Account account, Instant now, Duration length, string browser = "")
    {
        var id = RandomNumberGenerator.GetHexString(IdBytes * 2, lowercase: true);
        var handle = HandleOf(id);
        db.Execute(
            """
            INSERT INTO sessions (id, account, stamp, opened_at, ends_at, seen_at, browser) VALUES (@handle, @Name, @Stamp, @now, @ends, @now, @browser);
            DELETE FROM sessions WHERE account = @Name AND id <> @handle AND id NOT IN (
              SELECT id FROM sessions WHERE account = @Name AND id <> @handle ORDER BY opened_at DESC, id LIMIT @others)
            """,
            new { handle, account.Name, account.Stamp, now = now.ToMicros(), ends = (now + length).ToMicros(), browser, others = PerAccountMax - 1 });
        AccountsTable.UsedOn(db, account.Name, now);
        return id;
    }

    /// <summary>Of one account, the last used first.</summary>
    public static IReadOnlyList<OpenSession> Of(DbConnection db, string account, Instant now) =>
        [.. db.Query<(string Handle, long OpenedAt, long SeenAt, long EndsAt, string Browser)>(
                """
                SELECT sessions.id, opened_at, COALESCE(seen_at, opened_at) AS seen, ends_at, browser
                FROM sessions JOIN accounts ON name = account AND accounts.stamp = sessions.stamp
                WHERE account = @account AND ends_at > @now ORDER BY seen DESC, opened_at DESC, sessions.id
                """,
                new { account, now = now.ToMicros() })
            .Select(row => new OpenSession(row.Handle, row.OpenedAt.ToInstant(), row.SeenAt.ToInstant(), row.EndsAt.ToInstant(), row.Browser))];

    public static void Saw(DbConnection db, string handle, Instant at) =>
        db.Execute("UPDATE sessions SET seen_at = @at WHERE id = @handle", new { handle, at = at.ToMicros() });

    /// <returns>False: the account has no such session, perhaps not any more.</returns>
    public static bool EndOne(DbConnection db, string account, string handle) =>
        db.Execute("DELETE FROM sessions WHERE id = @handle AND account = @account", new { handle, account }) > 0;

    /// <param name="handle">The one that stays; empty: none.</param>
    /// <returns>How many ended.</returns>
    public static int EndAllBut(DbConnection db, string account, string handle) =>
        db.Execute("DELETE FROM sessions WHERE account = @account AND id <> @handle", new { account, handle });

    /// <returns>Null when it has ended.</returns>
    public static Session? Find(DbConnection db, string id, Instant now) =>
        db.Query<(string Account, long EndsAt)>(
                """
                SELECT account, ends_at FROM sessions JOIN accounts ON name = account AND accounts.stamp = sessions.stamp
                WHERE sessions.id = @id AND ends_at > @now
                """,
                new { id = HandleOf(id), now = now.ToMicros() })
            .Select(row => new Session(row.Account, row.EndsAt.ToInstant()))
            .SingleOrDefault();

    public static void End(DbConnection db, string id) => db.Execute("DELETE FROM sessions WHERE id = @id", new { id = HandleOf(id) });

    public static void Forget(DbConnection db, Instant now) => db.Execute("DELETE FROM sessions WHERE ends_at <= @now", new { now = now.ToMicros() });

    /// <summary>A session's name in the store, on pages and in forms: the digest of its id.</summary>
    public static string HandleOf(string id) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)));
}
