using System.Security.Claims;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;
using Quartier.Gateway.Broker;
using Quartier.Gateway.Domain.Audit;
using Quartier.Gateway.Domain.Registry;
using Quartier.Gateway.Pages;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Host;

/// <summary>How others reach this gateway: its certificates, its authorities to be trusted, and the end of connections without TLS. And how
/// it reaches the brokers of others.</summary>
public static class ConnectionsApi
{
    private const string PemType = "application/x-pem-file";

    public static void MapConnections(WebApplication app)
    {
        app.MapGet("/connections", Page).RequireAuthorization(policy => policy.RequireRole(Roles.Staff));
        app.MapPost("/connections/end-plain", EndPlain).RequireAuthorization(policy => policy.RequireRole(Roles.Admin));
        app.MapGet("/ca.pem", (Endpoints endpoints) => Pem(endpoints.Certificates?.BrowsersAuthority, "ca.pem")).AllowAnonymous();
        app.MapGet("/devices-ca.pem", (Endpoints endpoints) => Pem(endpoints.Certificates?.DevicesAuthority, "devices-ca.pem")).AllowAnonymous();
    }

    private static RazorComponentResult<ConnectionsPage> Page(HttpContext context, Endpoints endpoints, OutsideBrokers outside, Database database, IClock clock, ClaimsPrincipal person) => new(new
    {
        endpoints.Certificates,
        endpoints.Plain,
        Secure = endpoints.Certificates is null ? null : endpoints.Best,
        MayEnd = person.IsInRole(Roles.Admin),
        IsProven = IsProven(context),
        Screens = database.Read(ScreenTransports.OfScreens),
        MaySeeScreens = person.IsInRole(Roles.Admin) || person.IsInRole(Roles.Facility),
        Brokers = outside.Status,
        Now = clock.GetCurrentInstant(),
    });

    // Whoever ends it over TLS has seen that it works; over a plain connection the button would be the last that was heard of him.
    private static async Task<Results<RedirectHttpResult, Conflict<string>>> EndPlain(HttpContext context, Endpoints endpoints, Database database, IClock clock, ClaimsPrincipal person)
    {
        if (!IsProven(context))
        {
            return TypedResults.Conflict("over TLS only / nur über TLS");
        }

        await database.WriteAsync(db => AuditTable.Add(db, clock.GetCurrentInstant(), person.Identity!.Name!, "connections.plain-ended", ""));
        endpoints.Plain.End();
        return TypedResults.LocalRedirect("/connections");
    }

    private static bool IsProven(HttpContext context) => context.Request.IsHttps;

    private static Results<FileContentHttpResult, NotFound> Pem(X509Certificate2? authority, string name) =>
        authority is null ? TypedResults.NotFound() : TypedResults.Bytes(System.Text.Encoding.ASCII.GetBytes(authority.ExportCertificatePem() + "\n"), PemType, name);
}
