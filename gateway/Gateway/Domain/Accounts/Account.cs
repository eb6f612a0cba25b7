using Quartier.Gateway.Pages;

namespace Quartier.Gateway.Domain.Accounts;

/// <summary>A person of the staff. Stamp changes with the password or the roles and ends every session that was open before.</summary>
public sealed record Account(long Id, string Name, string PasswordHash, string Roles, string Stamp)
{
    public IReadOnlyList<string> RoleList => Roles.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
