using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;
using Quartier.Gateway.Domain.Accounts;
using Quartier.Gateway.Domain.Audit;
using Quartier.Gateway.Host;
using Quartier.Gateway.Ingest;
using Quartier.Gateway.Store;
using Quartier.Wire;

namespace Quartier.Gateway.Domain.Registry;

public sealed record SessionRequest(string? Name, string? Password);

/// <param name="Token">Good for half an hour, for this API alone.</param>
public sealed record SessionAnswer(string Token);

/// <param name="Kind">screen or pod.</param>
/// <param name="Id">A pod's DevEUI; a screen's id, or empty for one made from the place.</param>
/// <param name="Replace">An already registered device gets new credentials, the old ones end.</param>
public sealed record ProvisionRequestBody(string? Kind, string? Id, string? Name, string? Place, string? Area, bool Replace);

/// <param name="MqttSecret">Shown this once; the store keeps a hash.</param>
public sealed record Provisioned(string Id, string? MqttUser, string? MqttSecret, int MqttPort, DateTimeOffset Now);

public sealed record ProvisionContact(string Id, DateTimeOffset? LastContact, bool Revoked);

/// <summary>What the USB tool needs: a session for a facility account, a device with fresh credentials, its first contact.
/// JSON with a bearer token instead of cookie and form token: a program has neither.</summary>
public static class ProvisionApi
{
    private static readonly Duration SessionLength = Duration.FromMinutes(30);

    public static void MapProvision(WebApplication app)
    {
        var group = app.MapGroup("/api/provision").AllowAnonymous().DisableAntiforgery();
        group.MapPost("/session", LogIn).RequireRateLimiting(Security.LogInLimit);
        group.MapPost("/devices", (HttpContext context, ProvisionRequestBody body, Database database, IClock clock, IDataProtectionProvider protection, Quartier.Mqtt.MqttBroker broker) =>
            Register(context, body, database, clock, protection, broker, Endpoints.MqttPort(app) ?? 0));
        group.MapGet("/devices/{id}", Contact);
    }

    private static async Task<Results<Ok<SessionAnswer>, UnauthorizedHttpResult, StatusCodeHttpResult>> LogIn(
        SessionRequest body, Database database, IClock clock, IDataProtectionProvider protection)
    {
        var now = clock.GetCurrentInstant();
        if (await AccountDesk.LogIn(database, now, body.Name, body.Password) is not { } account)
        {
            return TypedResults.Unauthorized();
        }

        return MayProvision(account)
            ? TypedResults.Ok(new SessionAnswer(Protector(protection).Protect(
                string.Create(CultureInfo.InvariantCulture, $"{(now + SessionLength).ToUnixTimeSeconds()}|{account.Stamp}|{account.Name}"))))
            : TypedResults.StatusCode(StatusCodes.Status403Forbidden);
    }

    private static async Task<Results<Created<Provisioned>, UnauthorizedHttpResult, BadRequest<string>, Conflict<string>>> Register(
        HttpContext context, ProvisionRequestBody body, Database database, IClock clock, IDataProtectionProvider protection, Quartier.Mqtt.MqttBroker broker, int mqttPort)
    {
        var now = clock.GetCurrentInstant();
        if (Person(context, database, protection, now) is not { } person)
        {
            return TypedResults.Unauthorized();
        }

        var screen = body.Kind == "screen";
        var id = (body.Id ?? "").Trim().ToLowerInvariant();
        if ((!screen && body.Kind != "pod") || string.IsNullOrWhiteSpace(body.Name)
            || !(screen ? id.Length == 0 || ScreenTopics.IsDeviceId(id) : DeviceNames.IsDevEui(id)))
        {
            return TypedResults.BadRequest("kind (screen or pod), id and name are needed; a pod's id is its DevEUI");
        }

        var secret = Credentials.NewSecret();
        var registered = await database.WriteAsync(db =>
        {
            var chosen = id.Length > 0 ? id : ProvisionRules.FreeScreenId(body.Place ?? body.Name, taken => RegistryTable.Find(db, taken) is not null);
            if (RegistryTable.Find(db, chosen) is { Revoked: false } && !body.Replace)
            {
                return null;
            }

            RegistryTable.Add(db, Device.New(
                chosen, screen ? DeviceKind.Screen : DeviceKind.Shelter, ProvisionRules.Short(body.Name), ProvisionRules.Short(body.Place), ProvisionRules.Short(body.Area), now));
            if (screen)
            {
                Credentials.Put(db, chosen, MqttRights.Screen, secret);
            }

            AuditTable.Add(db, now, person, "device.provisioned", chosen, body.Kind!);
            return chosen;
        });
        if (registered is null)
        {
            return TypedResults.Conflict("registered already");
        }

        // A device that is replaced must not stay connected with what it was given before.
        broker.Revoke(registered);
        return TypedResults.Created($"/api/provision/devices/{registered}", new Provisioned(
            registered, screen ? registered : null, screen ? secret : null, mqttPort, now.ToDateTimeOffset()));
    }

    private static Results<Ok<ProvisionContact>, UnauthorizedHttpResult, NotFound> Contact(
        HttpContext context, string id, Database database, IClock clock, IDataProtectionProvider protection)
    {
        if (Person(context, database, protection, clock.GetCurrentInstant()) is null)
        {
            return TypedResults.Unauthorized();
        }

        return database.Read(db => RegistryTable.Find(db, id)) is { } device
            ? TypedResults.Ok(new ProvisionContact(device.Id, device.LastContact?.ToDateTimeOffset(), device.Revoked))
            : TypedResults.NotFound();
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
