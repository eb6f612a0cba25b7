using NodaTime;

namespace Quartier.Gateway.Domain.Accounts;

/// <summary>A person who may log in. Stamp changes with the password or the roles and ends every session that was open before.</summary>
public sealed record Account(long Id, string Name, string PasswordHash, string Roles, string Stamp)
{
    public IReadOnlyList<string> RoleList => Roles.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>False from an invitation on until it is used: nobody can log in.</summary>
    public bool HasPassword => PasswordHash.Length > 0;
}

/// <summary>An account as administrators see it.</summary>
/// <param name="UsedOn">The beginning of the day of its last log-in.</param>
/// <param name="InvitedUntil">Until when its unused link is or was good; null: there is none.</param>
public sealed record ListedAccount(string Name, IReadOnlyList<string> RoleList, bool HasPassword, Instant? UsedOn, Instant? InvitedUntil);
