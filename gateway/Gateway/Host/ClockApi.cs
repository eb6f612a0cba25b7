using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;
using Quartier.Gateway.Pages;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Host;

/// <summary>The gateway's time beside the system's, and an administrator's word which is right.</summary>
public static class ClockApi
{
    public static void MapClock(WebApplication app)
    {
        app.MapGet("/clock", Page).RequireAuthorization(policy => policy.RequireRole(Roles.Staff));
        app.MapPost("/clock/confirm", Confirm).RequireAuthorization(policy => policy.RequireRole(Roles.Admin));
    }

    private static RazorComponentResult<ClockPage> Page(Database database, ClockWatch clock, ClaimsPrincipal person) => new(new
    {
        Step = database.Read(ClockTable.Find),
        clock.Now,
        clock.Wall,
        MayConfirm = person.IsInRole(Roles.Admin),
    });

    private static async Task<RedirectHttpResult> Confirm(Database database, ClockWatch clock, GatewayHealth health, ClaimsPrincipal person)
    {
        await database.WriteAsync(db => clock.Confirm(db, person.Identity!.Name!));
        health.Clear(ClockWatch.Fault.Name);
        return TypedResults.LocalRedirect("/clock");
    }
}
