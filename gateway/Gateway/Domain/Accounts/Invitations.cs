using System.Data.Common;
using NodaTime;
using Quartier.Gateway.Domain.Audit;
using Quartier.Gateway.Pages;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Domain.Accounts;

/// <summary>A fresh link's secret, to be shown once, or why there is none.</summary>
public sealed record InvitationMade(string Secret, AccountRefusal? Refusal = null)
{
    public static InvitationMade Refused(AccountRefusal refusal) => new("", refusal);
}

/// <param name="Account">Null unless the link is open.</param>
/// <param name="Session">The new session's id, where a password was chosen.</param>
public sealed record InvitationOpened(InvitationState State, Account? Account, PasswordFault? Fault = null, string? Session = null);

/// <summary>Makes links by which people choose a password, and lets them: each with its audit row in the same commit, which never
/// holds the secret.</summary>
public static class Invitations
{
    /// <summary>An account without a password, and the link to choose one.</summary>
    public static InvitationMade Add(DbConnection db, Instant now, string who, string name, IReadOnlyList<string> roles)
    {
        if (AccountRules.CheckNew(name, roles, AccountsTable.All(db)) is { } refusal)
        {
            return InvitationMade.Refused(refusal);
        }

        var distinct = Roles.All.Where(roles.Contains).ToList();
        AccountsTable.PutHash(db, name, "", distinct, AccountChanges.NewStamp());
        AuditTable.Add(db, now, who, "account.invited", name, string.Join(' ', distinct));
        return Make(db, now, name);
    }

    /// <summary>Another link. A password that the account has opens nothing from now on, and its sessions end: whoever asks for this
    /// has lost it, or fears that somebody else knows it.</summary>
    public static InvitationMade Renew(DbConnection db, Instant now, string who, string name)
    {
        if (AccountRules.CheckReset(who, name, AccountsTable.All(db)) is { } refusal)
        {
            return InvitationMade.Refused(refusal);
        }

        AccountsTable.SetPassword(db, AccountsTable.Find(db, name)!, "", AccountChanges.NewStamp());
        AuditTable.Add(db, now, who, "account.password-reset", name);
        return Make(db, now, name);
    }

    public static InvitationOpened Look(DbConnection db, string digest, Instant now)
    {
        if (InvitationsTable.Find(db, digest) is not { } invitation || AccountsTable.Find(db, invitation.Account) is not { } account)
        {
            return new InvitationOpened(InvitationState.Unknown, null);
        }

        var state = invitation.At(now);
        return new InvitationOpened(state, state == InvitationState.Open ? account : null);
    }

    /// <summary>Gives the account the chosen password and opens a session. Of two who use one link at once, one is first.</summary>
    public static async Task<InvitationOpened> Use(Database database, Instant now, string secret, string chosen, string repeated, string browser)
    {
        var digest = Invitation.Digest(secret);
        var looked = database.Read(db => Look(db, digest, now));
        if (looked.Account is not { Name: var name })
        {
            return looked;
        }

        if (PasswordRules.Check(name, chosen, repeated) is { } fault)
        {
            return looked with { Fault = fault };
        }

        // Slow on purpose, and so not in the writer's turn.
        var hash = AccountsTable.Hash(name, chosen);
        return await database.WriteAsync(db =>
        {
            var opened = Look(db, digest, now);
            if (opened.Account is not { } account || !InvitationsTable.Use(db, digest, now))
            {
                return opened;
            }

            var ready = account with { PasswordHash = hash, Stamp = AccountChanges.NewStamp() };
            AccountsTable.SetPassword(db, account, hash, ready.Stamp);
            AuditTable.Add(db, now, name, "account.password-chosen", name);
            return opened with { Account = ready, Session = SessionsTable.Open(db, ready, now, Session.Length, browser) };
        });
    }

    private static InvitationMade Make(DbConnection db, Instant now, string name)
    {
        var secret = Invitation.NewSecret();
        InvitationsTable.Replace(db, name, now);
        InvitationsTable.Add(db, Invitation.Digest(secret), name, now);
        return new InvitationMade(secret);
    }
}
