using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;
using Quartier.Gateway.Domain.Audit;
using Quartier.Gateway.Pages;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Ingest;

/// <summary>What was refused and why, for whoever looks after the devices.</summary>
public static class RefusalsApi
{
    private const int Shown = 100;

    public static void MapRefusals(WebApplication app)
    {
        var group = app.MapGroup("/refusals").RequireAuthorization(policy => policy.RequireRole(Roles.Facility, Roles.Admin));
        group.MapGet("", async (Database database, IClock clock, ClaimsPrincipal person) => new RazorComponentResult<RefusalsPage>(await Parameters(database, clock, person)));
        group.MapGet("/list", async (Database database, IClock clock, ClaimsPrincipal person) => new RazorComponentResult<RefusalList>(await Parameters(database, clock, person)));
    }

    private static async Task<Dictionary<string, object?>> Parameters(Database database, IClock clock, ClaimsPrincipal person)
    {
        // What a pod sent says whether somebody is in it, also where it was refused.
        var maySeePods = person.IsInRole(Roles.Street) || person.IsInRole(Roles.Admin);
        if (maySeePods)
        {
            await AuditedViews.Log(database, clock, person, "refusal.looked-at", "");
        }

        return new()
        {
            ["MaySeePods"] = maySeePods,
            ["Refusals"] = database.Read(db => RefusalsTable.Latest(db, Shown)),
            ["Oddities"] = database.Read(OdditiesTable.All),
            ["Counts"] = database.Read(RefusalsTable.Counts),
            ["Now"] = clock.GetCurrentInstant(),
        };
    }
}
