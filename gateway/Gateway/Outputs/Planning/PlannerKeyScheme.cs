using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using Quartier.Gateway.Pages;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Outputs.Planning;

/// <summary>"Authorization: Bearer quartier-…" instead of a log-in, for programs of the planning backend. A key reads figures and
/// catalogue and asks for figures; it opens no page.</summary>
public sealed class PlannerKeyScheme(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, Database database)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string Name = "planner-key";

    private const string Bearer = "Bearer ";

    public static void Add(IServiceCollection services) =>
        services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, PlannerKeyScheme>(Name, null);

    /// <summary>A planner who is logged in, or a key.</summary>
    public static void EitherWay(AuthorizationPolicyBuilder policy) =>
        policy.AddAuthenticationSchemes(CookieAuthenticationDefaults.AuthenticationScheme, Name).RequireRole(Roles.Planner, Roles.Admin);

    public static void KeyOnly(AuthorizationPolicyBuilder policy) => policy.AddAuthenticationSchemes(Name).RequireRole(Roles.Planner);

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        if (database.Read(connection => PlannerKeysTable.NameOf(connection, header[Bearer.Length..].Trim())) is not { } name)
        {
            return Task.FromResult(AuthenticateResult.Fail("unknown or revoked key"));
        }

        var identity = new ClaimsIdentity([new(ClaimTypes.Name, $"key:{name}"), new(ClaimTypes.Role, Roles.Planner)], Name);
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Name)));
    }

    /// <summary>Programs get 401 and no way to a log-in page, whatever the other scheme wrote before.</summary>
    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = StatusCodes.Status401Unauthorized;
        Response.Headers.Location = default;
        Response.Headers.WWWAuthenticate = "Bearer realm=\"quartier planning\"";
        return Task.CompletedTask;
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = StatusCodes.Status403Forbidden;
        Response.Headers.Location = default;
        return Task.CompletedTask;
    }
}
