using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;
using Quartier.Gateway.Domain.Accounts;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Ingest;

/// <summary>What was refused and why, for whoever looks after the devices.</summary>
public static class RefusalsApi
{
    private const int Shown = 100;

    public static void MapRefusals(WebApplication app)
    {
        var group = app.MapGroup("/refusals").RequireAuthorization(policy => policy.RequireRole(Roles.Facility, Roles.Admin));
        group.MapGet("", (Database database, IClock clock) => new RazorComponentResult<RefusalsPage>(Parameters(database, clock)));
        group.MapGet("/list", (Database database, IClock clock) => new RazorComponentResult<RefusalList>(Parameters(database, clock)));
    }

    private static Dictionary<string, object?> Parameters(Database database, IClock clock) => new()
    {
        ["Refusals"] = database.Read(db => RefusalsTable.Latest(db, Shown)),
        ["Counts"] = database.Read(RefusalsTable.Counts),
        ["Now"] = clock.GetCurrentInstant(),
    };
}
