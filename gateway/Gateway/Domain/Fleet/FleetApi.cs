using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using Quartier.Gateway.Domain.Audit;
using Quartier.Gateway.Domain.Offers;
using Quartier.Gateway.Domain.Registry;
using Quartier.Gateway.Pages;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Domain.Fleet;

/// <summary>The fleet: last contact and health, strangers to admit, devices to revoke. Nothing here tells whether a pod is occupied.</summary>
public static class FleetApi
{
    public static void MapFleet(WebApplication app, Duration heartbeat)
    {
        var group = app.MapGroup("/fleet").RequireAuthorization(policy => policy.RequireRole(Roles.Facility, Roles.Admin));
        group.MapGet("", (Database database, IClock clock, GatewayHealth health) => new RazorComponentResult<FleetPage>(Parameters(database, clock, health, heartbeat)));
        group.MapGet("/list", (Database database, IClock clock, GatewayHealth health) => new RazorComponentResult<FleetList>(Parameters(database, clock, health, heartbeat)));
        group.MapPost("/admit", Admit);
        group.MapPost("/area", ChangeArea);
        group.MapPost("/revoke", Revoke);
    }

    private static Dictionary<string, object?> Parameters(Database database, IClock clock, GatewayHealth health, Duration heartbeat) => new()
    {
        ["Red"] = health.Red(clock.GetCurrentInstant()),
        ["Devices"] = database.Read(RegistryTable.All),
        ["Strangers"] = database.Read(RegistryTable.Strangers),
        ["Screens"] = database.Read(ScreensTable.All),
        ["Transports"] = database.Read(db => RootOffers.IsAny(db) ? ScreenTransports.OfScreens(db) : []),
        ["Catalogues"] = database.Read(CatalogueTable.Screens),
        ["ToBeSeen"] = database.Read(CatalogueTable.State).Total,
        ["Now"] = clock.GetCurrentInstant(),
        ["Heartbeat"] = heartbeat,
    };

    private static async Task<Results<RedirectHttpResult, BadRequest, Conflict>> Admit(
        Database database, IClock clock, ClaimsPrincipal person,
        [FromForm] string? id, [FromForm] string? kind, [FromForm] string? name, [FromForm] string? place, [FromForm] string? area)
    {
        var device = (id ?? "").Trim().ToLowerInvariant();
        if (DeviceKinds.FromWord(kind ?? "") is not { } deviceKind || string.IsNullOrWhiteSpace(name) || !ProvisionRules.IsIdOf(deviceKind, device))
        {
            return TypedResults.BadRequest();
        }

        var now = clock.GetCurrentInstant();
        var registering = await database.WriteAsync(db =>
        {
            var registering = Registrations.Register(db, new AskedDevice(device, deviceKind, name, place, area), false, null, now);
            if (registering.Device is not null)
            {
                AuditTable.Add(db, now, person.Identity!.Name!, "device.registered", device, deviceKind.Word());
            }

            return registering;
        });
        return registering.Refusal is null ? TypedResults.LocalRedirect("/fleet") : TypedResults.Conflict();
    }

    /// <summary>By itself and by name: the nights of a pod count for the area it is in, and what is released stays for good.</summary>
    private static async Task<Results<RedirectHttpResult, NotFound>> ChangeArea(
        Database database, IClock clock, ClaimsPrincipal person, [FromForm] string? id, [FromForm] string? area)
    {
        var isKnown = await database.WriteAsync(db =>
        {
            if (RegistryTable.Find(db, id ?? "") is not { } device)
            {
                return false;
            }

            var next = ProvisionRules.Short(area);
            if (next != device.Area)
            {
                RegistryTable.SetArea(db, device.Id, next);
                AuditTable.Add(db, clock.GetCurrentInstant(), person.Identity!.Name!, "device.area-changed", device.Id, $"{device.Area} → {next}");
            }

            return true;
        });
        return isKnown ? TypedResults.LocalRedirect("/fleet") : TypedResults.NotFound();
    }

    private static async Task<Results<RedirectHttpResult, NotFound>> Revoke(
        Database database, IClock clock, ClaimsPrincipal person, [FromForm] string? id)
    {
        var device = await database.WriteAsync(db =>
        {
            if (RegistryTable.Find(db, id ?? "") is not { } known)
            {
                return null;
            }

            RegistryTable.Revoke(db, known.Id);
            AuditTable.Add(db, clock.GetCurrentInstant(), person.Identity!.Name!, "device.revoked", known.Id);
            return known;
        });
        if (device is null)
        {
            return TypedResults.NotFound();
        }

        return TypedResults.LocalRedirect("/fleet");
    }
}
