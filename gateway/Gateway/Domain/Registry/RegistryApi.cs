using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using Quartier.Gateway.Domain.Accounts;
using Quartier.Gateway.Domain.Audit;
using Quartier.Gateway.Host;
using Quartier.Gateway.Ingest;
using Quartier.Gateway.Store;
using Quartier.Mqtt;
using Quartier.Wire;

namespace Quartier.Gateway.Domain.Registry;

/// <summary>The fleet: last contact and health, strangers to admit, devices to revoke. Nothing here tells whether a pod is occupied.</summary>
public static class RegistryApi
{
    public static void MapRegistry(WebApplication app)
    {
        var group = app.MapGroup("/fleet").RequireAuthorization(policy => policy.RequireRole(Roles.Facility, Roles.Admin));
        group.MapGet("", (Database database, IClock clock, GatewayOptions options) => new RazorComponentResult<FleetPage>(Parameters(database, clock, options)));
        group.MapGet("/list", (Database database, IClock clock, GatewayOptions options) => new RazorComponentResult<FleetList>(Parameters(database, clock, options)));
        group.MapPost("/admit", Admit);
        group.MapPost("/revoke", Revoke);
    }

    private static Dictionary<string, object?> Parameters(Database database, IClock clock, GatewayOptions options) => new()
    {
        ["Devices"] = database.Read(RegistryTable.All),
        ["Strangers"] = database.Read(RegistryTable.Strangers),
        ["Screens"] = database.Read(ScreensTable.All),
        ["Now"] = clock.GetCurrentInstant(),
        ["Heartbeat"] = options.ShelterHeartbeat,
    };

    private static async Task<Results<RedirectHttpResult, BadRequest>> Admit(
        Database database, IClock clock, ClaimsPrincipal person,
        [FromForm] string? id, [FromForm] string? kind, [FromForm] string? name, [FromForm] string? place, [FromForm] string? area)
    {
        var device = (id ?? "").Trim().ToLowerInvariant();
        if (DeviceKinds.FromWord(kind ?? "") is not { } deviceKind || string.IsNullOrWhiteSpace(name)
            || !(deviceKind == DeviceKind.Screen ? ScreenTopics.IsDeviceId(device) : DeviceNames.IsDevEui(device)))
        {
            return TypedResults.BadRequest();
        }

        var now = clock.GetCurrentInstant();
        await database.WriteAsync(db =>
        {
            RegistryTable.Add(db, Device.New(device, deviceKind, ProvisionRules.Short(name), ProvisionRules.Short(place), ProvisionRules.Short(area), now));
            AuditTable.Add(db, now, person.Identity!.Name!, "device.registered", device, deviceKind.Word());
        });
        return TypedResults.LocalRedirect("/fleet");
    }

    private static async Task<Results<RedirectHttpResult, NotFound>> Revoke(
        Database database, IClock clock, ClaimsPrincipal person, MqttBroker broker, [FromForm] string? id)
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

        broker.Revoke(device.Id);
        return TypedResults.LocalRedirect("/fleet");
    }
}
