using System.Security.Claims;
using NodaTime;
using Quartier.Gateway.Pages;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Domain.Audit;

/// <summary>Who looks at what tells that somebody is in a pod. Street workers are responsible for the person and may; an administrator
/// may, and it is written down (design §8).</summary>
public static class AuditedViews
{
    /// <summary>An open page fetches its parts again every half minute: that is one look.</summary>
    private static readonly Duration OneLook = Duration.FromMinutes(15);

    /// <param name="action">board.looked-at, alert.looked-at and so on.</param>
    public static async Task Log(Database database, IClock clock, ClaimsPrincipal person, string action, string subject)
    {
        if (person.IsInRole(Roles.Street))
        {
            return;
        }

        var (who, now) = (person.Identity!.Name!, clock.GetCurrentInstant());
        if (!database.Read(db => AuditTable.IsThereSince(db, now - OneLook, who, action, subject)))
        {
            await database.WriteAsync(db => AuditTable.Add(db, now, who, action, subject));
        }
    }
}
