using System.Data.Common;
using System.Security.Cryptography;
using NodaTime;
using Quartier.Gateway.Domain.Audit;
using Quartier.Gateway.Pages;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Domain.Accounts;

/// <summary>An account's fresh password, to be told once, or why there is none.</summary>
public sealed record AccountChange(string Password, AccountRefusal? Refusal = null)
{
    public static AccountChange Refused(AccountRefusal refusal) => new("", refusal);
}

/// <param name="Account">Null: not let in.</param>
/// <param name="Wait">More than zero: the try came too early and was not looked at.</param>
public sealed record LogInOutcome(Account? Account, Duration Wait)
{
    public int WaitSeconds => (int)Math.Ceiling(Wait.TotalSeconds);
}

/// <summary>Adds, renews and removes accounts, each with its audit row in the same commit. Passwords are made here and stored as a hash
/// only; every change ends the sessions that were open under the account.</summary>
public static class AccountChanges
{
    public const string FirstAdministrator = "admin";

    // Without 0, o, 1 and l: read from a screen, told on the phone. 32 signs, 16 of them: 80 bits.
    private const string Alphabet = "23456789abcdefghijkmnpqrstuvwxyz";
    private const int GroupCount = 4;
    private const int GroupLength = 4;
    private const int StampDigits = 16;

    /// <summary>Lets somebody in, or not; the try stands in the audit log with name and address, unless it came too early.</summary>
    public static async Task<LogInOutcome> LogIn(Database database, LogInGuard guard, Instant now, LogInTry tried, string? password)
    {
        if (guard.Begin(tried, now) is var wait && wait > Duration.Zero)
        {
            return new LogInOutcome(null, wait);
        }

        var account = database.Read(db => AccountsTable.Verify(db, tried.Name, password ?? ""));
        if (account is not null)
        {
            guard.Passed(tried);
        }

        await database.WriteAsync(db => AuditTable.Add(
            db, now, account?.Name ?? "", account is null ? "account.log-in-refused" : "account.log-in", AccountRules.NameForAudit(tried.Name), tried.Address));
        return new LogInOutcome(account, Duration.Zero);
    }

    public static AccountChange Add(DbConnection db, Instant now, string who, string name, IReadOnlyList<string> roles)
    {
        if (AccountRules.CheckNew(name, roles, AccountsTable.All(db)) is { } refusal)
        {
            return AccountChange.Refused(refusal);
        }

        var distinct = Roles.All.Where(roles.Contains).ToList();
        var password = Put(db, name, distinct);
        AuditTable.Add(db, now, who, "account.added", name, string.Join(' ', distinct));
        return new AccountChange(password);
    }

    /// <summary>Another password; the roles stay.</summary>
    public static AccountChange Renew(DbConnection db, Instant now, string who, string name)
    {
        if (AccountsTable.Find(db, name) is not { } account)
        {
            return AccountChange.Refused(AccountRefusal.Unknown);
        }

        var password = Put(db, name, account.RoleList);
        InvitationsTable.Replace(db, name, now);
        AuditTable.Add(db, now, who, "account.password-renewed", name);
        return new AccountChange(password);
    }

    /// <summary>Other roles. The account's sessions end, because they carry those of before.</summary>
    /// <param name="known">As in <see cref="AccountRules.CheckRoles"/>.</param>
    public static AccountRefusal? ChangeRoles(DbConnection db, Instant now, string who, string name, IReadOnlyList<string> roles, string known)
    {
        if (AccountRules.CheckRoles(name, roles, known, AccountsTable.All(db)) is { } refusal)
        {
            return refusal;
        }

        var distinct = string.Join(' ', Roles.All.Where(roles.Contains));
        if (distinct != known)
        {
            AccountsTable.SetRoles(db, name, distinct.Split(' '), NewStamp());
            AuditTable.Add(db, now, who, "account.roles-changed", name, $"{known} → {distinct}");
        }

        return null;
    }

    public static AccountRefusal? Remove(DbConnection db, Instant now, string who, string name)
    {
        if (AccountRules.CheckRemoval(name, AccountsTable.All(db)) is { } refusal)
        {
            return refusal;
        }

        AccountsTable.Remove(db, name);
        AuditTable.Add(db, now, who, "account.removed", name);
        return null;
    }

    /// <summary>A store that nobody can log in to gets an administrator: the password, or null where there are accounts.</summary>
    public static string? AddFirst(DbConnection db, Instant now, string who) =>
        AccountsTable.Count(db) > 0 ? null : Add(db, now, who, FirstAdministrator, [Roles.Admin]).Password;

    internal static string NewStamp() => RandomNumberGenerator.GetHexString(StampDigits);

    private static string Put(DbConnection db, string name, IEnumerable<string> roles)
    {
        var password = string.Join('-', Enumerable.Range(0, GroupCount).Select(_ => RandomNumberGenerator.GetString(Alphabet, GroupLength)));
        AccountsTable.Put(db, name, password, roles, NewStamp());
        return password;
    }
}
