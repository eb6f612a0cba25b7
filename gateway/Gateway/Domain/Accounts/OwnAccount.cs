using NodaTime;
using Quartier.Gateway.Domain.Audit;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Domain.Accounts;

/// <param name="Session">The new session's id; null: nothing was changed, and one of the others says why.</param>
/// <param name="Wait">More than zero: the try came too early and was not looked at.</param>
public sealed record PasswordChange(Account? Account, string? Session, bool IsOldWrong, PasswordFault? Fault, Duration Wait)
{
    public static readonly PasswordChange Nothing = new(null, null, false, null, Duration.Zero);
}

/// <summary>What a person does with their own account, each change with its audit row in the same commit.</summary>
public static class OwnAccount
{
    /// <summary>Another password in the place of the old one. The new stamp ends every session; the one that asked gets a new id.</summary>
    public static async Task<PasswordChange> ChangePassword(
        Database database, LogInGuard guard, Instant now, LogInTry tried, string old, string chosen, string repeated, string browser)
    {
        if (PasswordRules.Check(tried.Name, chosen, repeated) is { } fault)
        {
            return PasswordChange.Nothing with { Fault = fault };
        }

        if (guard.Begin(tried, now) is var wait && wait > Duration.Zero)
        {
            return PasswordChange.Nothing with { Wait = wait };
        }

        if (database.Read(db => AccountsTable.Verify(db, tried.Name, old)) is not { } account)
        {
            await database.WriteAsync(db => AuditTable.Add(db, now, tried.Name, "account.password-change-refused", tried.Name, tried.Address));
            return PasswordChange.Nothing with { IsOldWrong = true };
        }

        guard.Passed(tried);
        var hash = AccountsTable.Hash(account.Name, chosen);
        var renewed = account with { PasswordHash = hash, Stamp = AccountChanges.NewStamp() };
        var session = await database.WriteAsync(db =>
        {
            if (!AccountsTable.SetPassword(db, account, hash, renewed.Stamp))
            {
                return null;
            }

            AuditTable.Add(db, now, account.Name, "account.password-changed", account.Name);
            return SessionsTable.Open(db, renewed, now, Session.Length, browser);
        });
        return PasswordChange.Nothing with { Account = renewed, Session = session, IsOldWrong = session is null };
    }

    /// <summary>Ends one session of an account, or all but one.</summary>
    /// <param name="handle">Empty: all but <paramref name="own"/>.</param>
    /// <returns>How many ended.</returns>
    public static Task<int> EndSessions(Database database, Instant now, string who, string account, string handle, string own) => database.WriteAsync(db =>
    {
        if (handle.Length > 0)
        {
            var browser = SessionsTable.Of(db, account, now).FirstOrDefault(session => session.Handle == handle)?.Browser;
            if (!SessionsTable.EndOne(db, account, handle))
            {
                return 0;
            }

            AuditTable.Add(db, now, who, "account.session-ended", account, browser ?? "");
            return 1;
        }

        var ended = SessionsTable.EndAllBut(db, account, own);
        if (ended > 0)
        {
            AuditTable.Add(db, now, who, "account.sessions-ended", account, ended.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        return ended;
    });
}
