using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;
using NodaTime.Extensions;
using Quartier.Gateway.Domain.Accounts;
using Quartier.Gateway.Domain.Audit;
using Quartier.Gateway.Pages;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Domain.Registry;

public sealed record SessionRequest(string? Name, string? Password);

/// <param name="Token">Good for half an hour, for this API alone.</param>
/// <param name="Tls">Null where the gateway's own broker speaks no TLS.</param>
public sealed record SessionAnswer(string Token, DeviceTls? Tls);

/// <summary>Where the broker speaks TLS, and what a device verifies it against.</summary>
/// <param name="Root">DER.</param>
public sealed record DeviceTls(int Port, byte[] Root);

/// <param name="Kind">screen or pod.</param>
/// <param name="Id">A pod's DevEUI; a screen's id, or empty for one made from the place.</param>
/// <param name="Replace">An already registered device gets new credentials, the old ones end. What is not said is kept.</param>
public sealed record ProvisionRequestBody(string? Kind, string? Id, string? Name, string? Place, string? Area, bool Replace);

/// <param name="MqttSecret">Shown this once; the store keeps a hash.</param>
/// <param name="Place">As it stands in the registry.</param>
/// <param name="TimePort">UDP port where the gateway answers datagrams; 0 where it does not.</param>
public sealed record Provisioned(string Id, string? MqttUser, string? MqttSecret, int MqttPort, DateTimeOffset Now, string Place, int TimePort);

/// <param name="Time">See <see cref="Provisioned.TimePort"/>.</param>
public sealed record DevicePorts(int Mqtt, int Time);

/// <summary>What the gateway around the registry tells of itself.</summary>
/// <param name="Ports">Where devices reach it.</param>
/// <param name="Tls">Null where its broker speaks no TLS.</param>
/// <param name="HasJoined">The network server told of the device's join since then.</param>
/// <param name="Heartbeat">A pod's.</param>
public sealed record DeviceAccess(Func<DevicePorts> Ports, Func<DeviceTls?> Tls, Func<DbConnection, string, Instant, bool> HasJoined, Duration Heartbeat);

/// <param name="Reason">registered, other-kind, name-taken, area-change.</param>
public sealed record ProvisionRefused(string Reason, string Sentence);

/// <param name="LastContact">Of a pod only its last full heartbeat: see <see cref="FleetRules.ContactShown"/>.</param>
/// <param name="Called">The device has called since the moment that was asked for.</param>
public sealed record ProvisionContact(string Id, DateTimeOffset? LastContact, bool Called, bool Revoked);

/// <summary>What the USB tool needs: a session for a facility account, a device with fresh credentials, its first contact.
/// JSON with a bearer token instead of cookie and form token: a program has neither.</summary>
public static class ProvisionApi
{
    private static readonly Duration SessionLength = Duration.FromMinutes(30);

    public static void MapProvision(WebApplication app, DeviceAccess access)
    {
        var group = app.MapGroup("/api/provision").AllowAnonymous().DisableAntiforgery();
        group.MapPost("/session", (HttpContext context, SessionRequest body, Database database, IClock clock, LogInGuard guard, IDataProtectionProvider protection) =>
            LogIn(context, body, database, clock, guard, protection, access.Tls()));
        group.MapPost("/devices", (HttpContext context, ProvisionRequestBody body, Database database, IClock clock, IDataProtectionProvider protection) =>
            Register(context, body, database, clock, protection, access.Ports()));
        group.MapGet("/devices/{id}", (HttpContext context, string id, DateTimeOffset? since, Database database, IClock clock, IDataProtectionProvider protection) =>
            Contact(context, id, since, database, clock, protection, access));
    }

    private static async Task<Results<Ok<SessionAnswer>, UnauthorizedHttpResult, StatusCodeHttpResult>> LogIn(
        HttpContext context, SessionRequest body, Database database, IClock clock, LogInGuard guard, IDataProtectionProvider protection, DeviceTls? tls)
    {
        var now = clock.GetCurrentInstant();
        var tried = new LogInTry((body.Name ?? "").Trim(), LogInGuard.KeyOf(context.Connection.RemoteIpAddress), null);
        var outcome = await AccountChanges.LogIn(database, guard, now, tried, body.Password);
        if (outcome.Account is not { } account)
        {
            return outcome.Wait > Duration.Zero ? TypedResults.StatusCode(StatusCodes.Status429TooManyRequests) : TypedResults.Unauthorized();
        }

        return MayProvision(account)
            ? TypedResults.Ok(new SessionAnswer(Protector(protection).Protect(
                string.Create(CultureInfo.InvariantCulture, $"{(now + SessionLength).ToUnixTimeSeconds()}|{account.Stamp}|{account.Name}")), tls))
            : TypedResults.StatusCode(StatusCodes.Status403Forbidden);
    }

    private static async Task<Results<Created<Provisioned>, UnauthorizedHttpResult, BadRequest<string>, Conflict<ProvisionRefused>>> Register(
        HttpContext context, ProvisionRequestBody body, Database database, IClock clock, IDataProtectionProvider protection, DevicePorts ports)
    {
        var now = clock.GetCurrentInstant();
        if (Person(context, database, protection, now) is not { } person)
        {
            return TypedResults.Unauthorized();
        }

        var screen = body.Kind == "screen";
        var kind = screen ? DeviceKind.Screen : DeviceKind.Shelter;
        var id = (body.Id ?? "").Trim().ToLowerInvariant();
        var called = ProvisionRules.Short(body.Place) is { Length: > 0 } place ? place : ProvisionRules.Short(body.Name);
        if ((!screen && body.Kind != "pod") || !(ProvisionRules.IsIdOf(kind, id) || (screen && id.Length == 0 && called.Length > 0)))
        {
            return TypedResults.BadRequest("kind (screen or pod) and id are needed, for a new device its name or place; a pod's id is its DevEUI, a screen's is none");
        }

        var secret = screen ? Credentials.NewSecret() : null;
        var (registered, refusal) = await database.WriteAsync(db =>
        {
            var chosen = id.Length > 0 ? id : Registrations.FreeScreenId(db, called);
            var registering = Registrations.Register(db, new AskedDevice(chosen, kind, body.Name, body.Place, body.Area), body.Replace, secret, now);
            if (registering.Device is not null)
            {
                AuditTable.Add(db, now, person, "device.provisioned", chosen, body.Kind!);
            }

            return registering;
        });
        if (registered is null)
        {
            return refusal == RegistryRefusal.NameMissing
                ? TypedResults.BadRequest(RegistryRefusal.NameMissing.Sentence())
                : TypedResults.Conflict(new ProvisionRefused(refusal!.Value.Slug(), refusal.Value.Sentence()));
        }

        return TypedResults.Created($"/api/provision/devices/{registered.Id}", new Provisioned(
            registered.Id, screen ? registered.Id : null, secret, ports.Mqtt, now.ToDateTimeOffset(), registered.Place, ports.Time));
    }

    private static Results<Ok<ProvisionContact>, UnauthorizedHttpResult, NotFound> Contact(
        HttpContext context, string id, DateTimeOffset? since, Database database, IClock clock, IDataProtectionProvider protection, DeviceAccess access)
    {
        if (Person(context, database, protection, clock.GetCurrentInstant()) is null)
        {
            return TypedResults.Unauthorized();
        }

        var from = since?.ToInstant();
        var (device, joined) = database.Read(db => (
            RegistryTable.Find(db, id), from is { } start && access.HasJoined(db, id, start)));
        return device is null
            ? TypedResults.NotFound()
            : TypedResults.Ok(new ProvisionContact(
                device.Id,
                FleetRules.ContactShown(device, access.Heartbeat)?.ToDateTimeOffset(),
                from is { } asked && FleetRules.HasCalled(device, asked, joined, access.Heartbeat),
                device.Revoked));
    }

    /// <summary>The account whose session the request carries; null when there is none that still holds.</summary>
    private static string? Person(HttpContext context, Database database, IDataProtectionProvider protection, Instant now)
    {
        const string Scheme = "Bearer ";
        var header = context.Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme, StringComparison.Ordinal))
        {
            return null;
        }

        string[] parts;
        try
        {
            parts = Protector(protection).Unprotect(header[Scheme.Length..]).Split('|', 3);
        }
        catch (CryptographicException)
        {
            return null;
        }

        return long.Parse(parts[0], CultureInfo.InvariantCulture) >= now.ToUnixTimeSeconds()
            && database.Read(db => AccountsTable.Find(db, parts[2])) is { } account && account.Stamp == parts[1] && MayProvision(account)
            ? account.Name
            : null;
    }

    private static bool MayProvision(Account account) => account.RoleList.Contains(Roles.Facility) || account.RoleList.Contains(Roles.Admin);

    private static IDataProtector Protector(IDataProtectionProvider protection) => protection.CreateProtector("Quartier.Provision.Session");
}
