using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;
using Quartier.Gateway.Pages;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Domain.Audit;

public static class AuditApi
{
    private const int Shown = 200;

    public static void MapAudit(WebApplication app)
    {
        var group = app.MapGroup("/audit").RequireAuthorization(policy => policy.RequireRole(Roles.Admin));
        group.MapGet("", (Database database, IClock clock) => new RazorComponentResult<AuditPage>(
            new { Entries = database.Read(db => AuditTable.Latest(db, Shown)), Now = clock.GetCurrentInstant() }));
    }
}
