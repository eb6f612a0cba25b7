using System.Data.Common;
using Dapper;
using Microsoft.AspNetCore.Identity;
using NodaTime;
using Quartier.Gateway.Pages;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Domain.Accounts;

public static class AccountsTable
{
    private const string Columns = "id, name, password_hash AS PasswordHash, roles, stamp";
    private static readonly PasswordHasher<string> Hasher = new();

    // Compared against when the name is unknown or has no password, so that the answer takes as long as for a known one.
    private static readonly string NobodysHash = Hasher.HashPassword("nobody", "nobody");

    /// <summary>Adds the account, or gives an existing one this password and these roles. <paramref name="stamp"/> is fresh chance.</summary>
    public static void Put(DbConnection connection, string name, string password, IEnumerable<string> roles, string stamp) =>
        PutHash(connection, name, Hash(name, password), roles, stamp);

    /// <summary>Slow on purpose: a hundred thousand rounds against guessing.</summary>
    public static string Hash(string name, string password) => Hasher.HashPassword(name, password);

    public static void PutHash(DbConnection connection, string name, string hash, IEnumerable<string> roles, string stamp) =>
        connection.Execute(
            """
            INSERT INTO accounts (name, password_hash, roles, stamp) VALUES (@name, @hash, @roles, @stamp)
            ON CONFLICT (name) DO UPDATE SET password_hash = excluded.password_hash, roles = excluded.roles, stamp = excluded.stamp
            """,
            new { name, hash, roles = string.Join(' ', roles), stamp });

    /// <returns>False: meanwhile it has another password, or is gone.</returns>
    /// <param name="known">The account as it was when its old password was asked for.</param>
    public static bool SetPassword(DbConnection connection, Account known, string hash, string stamp) =>
        connection.Execute(
            "UPDATE accounts SET password_hash = @hash, stamp = @stamp WHERE name = @Name AND stamp = @Known",
            new { known.Name, Known = known.Stamp, hash, stamp }) == 1;

    /// <summary>Keeps the day and no more: when somebody begins to work is not the gateway's business.</summary>
    public static void UsedOn(DbConnection connection, string name, Instant now) =>
        connection.Execute(
            "UPDATE accounts SET used_on = @day WHERE name = @name",
            new { name, day = now.InBerlin().Date.AtStartOfDayInZone(TimeWords.Berlin).ToInstant().ToMicros() });

    public static Account? Find(DbConnection connection, string name) =>
        connection.QuerySingleOrDefault<Account>($"SELECT {Columns} FROM accounts WHERE name = @name", new { name });

    public static IReadOnlyList<Account> All(DbConnection connection) =>
        [.. connection.Query<Account>($"SELECT {Columns} FROM accounts ORDER BY name")];

    public static IReadOnlyList<ListedAccount> List(DbConnection connection)
    {
        var invited = InvitationsTable.Unused(connection).ToDictionary(invitation => invitation.Account, invitation => invitation.ExpiresAt);
        return [.. connection.Query<(string Name, string Roles, bool HasPassword, long? UsedOn)>(
                "SELECT name, roles, CASE WHEN password_hash = '' THEN 0 ELSE 1 END AS HasPassword, used_on AS UsedOn FROM accounts ORDER BY name")
            .Select(row => new ListedAccount(
                row.Name,
                row.Roles.Split(' ', StringSplitOptions.RemoveEmptyEntries),
                row.HasPassword,
                row.UsedOn.ToInstant(),
                invited.TryGetValue(row.Name, out var until) ? until : null))];
    }

    public static void SetRoles(DbConnection connection, string name, IEnumerable<string> roles, string stamp) =>
        connection.Execute("UPDATE accounts SET roles = @roles, stamp = @stamp WHERE name = @name", new { name, roles = string.Join(' ', roles), stamp });

    public static void Remove(DbConnection connection, string name)
    {
        InvitationsTable.Remove(connection, name);
        connection.Execute("DELETE FROM accounts WHERE name = @name", new { name });
    }

    public static int Count(DbConnection connection) => connection.ExecuteScalar<int>("SELECT COUNT(*) FROM accounts");

    public static Account? Verify(DbConnection connection, string name, string password)
    {
        var account = Find(connection, name) is { HasPassword: true } known ? known : null;
        var verdict = Hasher.VerifyHashedPassword(name, account?.PasswordHash ?? NobodysHash, password);
        return verdict == PasswordVerificationResult.Failed ? null : account;
    }
}
