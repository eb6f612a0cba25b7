namespace Quartier.Gateway.Pages;

/// <summary>The roles of design §6. Who may see what stands in docs/privacy.md; an endpoint group names the roles it admits.</summary>
public static class Roles
{
    /// <summary>Street worker: pods, stays, alarms.</summary>
    public const string Street = "street";

    /// <summary>Facility staff: devices, labels, refusals.</summary>
    public const string Facility = "facility";

    /// <summary>Editor of offers.</summary>
    public const string Editor = "editor";

    /// <summary>Social planner: released figures only.</summary>
    public const string Planner = "planner";

    /// <summary>Administrator: accounts and the audit log; may look at pods, and each look is logged.</summary>
    public const string Admin = "admin";

    /// <summary>Somebody who offers things, a club or a church: no member of the staff, and nothing of the console is theirs but their start page.</summary>
    public const string Provider = "provider";

    public static readonly IReadOnlyList<string> All = [Street, Facility, Editor, Planner, Admin, Provider];

    /// <summary>Those who run the centre.</summary>
    public static readonly IReadOnlyList<string> Staff = [Street, Facility, Editor, Planner, Admin];
}
