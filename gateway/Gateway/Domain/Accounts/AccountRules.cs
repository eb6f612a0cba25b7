using System.Text.RegularExpressions;
using Quartier.Gateway.Pages;

namespace Quartier.Gateway.Domain.Accounts;

/// <summary>Why an account was not added, changed or removed.</summary>
public enum AccountRefusal
{
    /// <summary>The name has other signs than letters, digits and . _ - @, or is too long.</summary>
    BadName,

    /// <summary>A role is missing, or is none of <see cref="Roles.All"/>.</summary>
    BadRole,

    /// <summary>There is an account of this name, perhaps in other letter case.</summary>
    NameTaken,

    /// <summary>There is no account of this name.</summary>
    Unknown,

    /// <summary>Nobody who can log in could administer the store after this.</summary>
    LastAdministrator,

    /// <summary>Its roles are not those any more that were to be changed.</summary>
    ChangedMeanwhile,

    /// <summary>It is the account of whoever asked.</summary>
    Own,
}

/// <summary>What may be an account.</summary>
public static partial class AccountRules
{
    public const int NameMax = 64;

    public static AccountRefusal? CheckNew(string name, IReadOnlyList<string> roles, IReadOnlyList<Account> existing) =>
        !IsName(name) ? AccountRefusal.BadName
        : roles.Count == 0 || roles.Any(role => !Roles.All.Contains(role)) ? AccountRefusal.BadRole
        // Two names that differ in letter case only would be mixed up at the log-in.
        : existing.Any(account => string.Equals(account.Name, name, StringComparison.OrdinalIgnoreCase)) ? AccountRefusal.NameTaken
        : null;

    /// <summary>A name that somebody typed, as the audit log may keep it: one line, and never one of our passwords, which people type
    /// into the wrong field.</summary>
    public static string NameForAudit(string typed)
    {
        var line = string.Concat(typed.Select(sign => char.IsControl(sign) ? '·' : sign));
        return Password().IsMatch(line) ? "…" : line.Length > NameMax ? line[..NameMax] + "…" : line;
    }

    public static AccountRefusal? CheckRemoval(string name, IReadOnlyList<Account> existing)
    {
        var account = existing.FirstOrDefault(account => account.Name == name);
        return account is null ? AccountRefusal.Unknown
            : IsLastAdministrator(account, existing) ? AccountRefusal.LastAdministrator
            : null;
    }

    /// <param name="known">The roles that it had when somebody decided, in the order of the store, parted by a space.</param>
    public static AccountRefusal? CheckRoles(string name, IReadOnlyList<string> roles, string known, IReadOnlyList<Account> existing)
    {
        var account = existing.FirstOrDefault(account => account.Name == name);
        return account is null ? AccountRefusal.Unknown
            : account.Roles != known ? AccountRefusal.ChangedMeanwhile
            : roles.Count == 0 || roles.Any(role => !Roles.All.Contains(role)) ? AccountRefusal.BadRole
            : !roles.Contains(Roles.Admin) && IsLastAdministrator(account, existing) ? AccountRefusal.LastAdministrator
            : null;
    }

    /// <summary>Whether an account's password may be taken away until its link is used.</summary>
    public static AccountRefusal? CheckReset(string who, string name, IReadOnlyList<Account> existing)
    {
        var account = existing.FirstOrDefault(account => account.Name == name);
        return account is null ? AccountRefusal.Unknown
            : name == who ? AccountRefusal.Own
            : IsLastAdministrator(account, existing) ? AccountRefusal.LastAdministrator
            : null;
    }

    /// <summary>Signs that a phone's keyboard types without a detour, and that no list or log can misread.</summary>
    private static bool IsName(string name) =>
        name.Length is > 0 and <= NameMax && name.All(sign => char.IsLetterOrDigit(sign) || sign is '.' or '_' or '-' or '@') && char.IsLetterOrDigit(name[0]);

    [GeneratedRegex("^[2-9a-z]{4}(-[2-9a-z]{4}){3}$", RegexOptions.IgnoreCase)]
    private static partial Regex Password();

    // Whoever was invited and has not chosen a password administers nothing yet, and perhaps never will.
    private static bool IsLastAdministrator(Account account, IReadOnlyList<Account> existing) =>
        Administers(account) && !existing.Any(other => other.Name != account.Name && Administers(other));

    private static bool Administers(Account account) => account.HasPassword && account.RoleList.Contains(Roles.Admin);
}
