using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Infrastructure;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Quartier.Tests.Gateway;

/// <summary>Who may use which endpoint, all of them: one that is added without a row here fails, and so does one whose rights change.</summary>
public sealed partial class EndpointRightsTests(GatewayUnderTest gateway) : IClassFixture<GatewayUnderTest>
{
    private const string Anyone = "anyone";
    private const string LoggedIn = "logged in";

    /// <summary>"own proof": no form token, because the request proves itself otherwise.</summary>
    private static readonly string[] Rights =
    [
        "GET / = logged in",
        "GET /accounts = admin",
        "GET /accounts/{name} = admin",
        "GET /alerts/{id:long} = admin street",
        "GET /alerts/{id:long}/state = admin street",
        "GET /api/provision/devices/{id} = anyone, own proof",
        "GET /audit = admin",
        "GET /board = admin street",
        "GET /board/pods = admin street",
        "GET /ca.pem = anyone",
        "GET /clock = admin editor facility planner street",
        "GET /connections = admin editor facility planner street",
        "GET /deliveries = admin street",
        "GET /deliveries/list = admin street",
        "GET /deliveries/{position:long} = admin street",
        "GET /devices-ca.pem = anyone",
        "GET /fleet = admin facility",
        "GET /fleet/list = admin facility",
        "GET /healthz = anyone",
        "GET /hsds = admin planner",
        "GET /hsds/services = admin planner",
        "GET /hsds/services/{id:guid} = admin planner",
        "GET /invitation/{secret} = anyone",
        "GET /l/{token} = anyone, own proof",
        "GET /live = logged in",
        "GET /log-in = anyone",
        "GET /me = logged in",
        "GET /no-access = logged in",
        "GET /now = admin street",
        "GET /now/list = admin street",
        "GET /offers = admin editor",
        "GET /offers/import = admin editor",
        "GET /offers/list = admin editor",
        "GET /offers/{id} = admin editor",
        "GET /offers/{id}/screen-{language}.png = admin editor",
        "GET /planning = admin planner",
        "GET /planning/releases.csv = admin planner",
        "GET /planning/releases.csv-metadata.json = admin planner",
        "GET /planning/releases.json = admin planner",
        "GET /provider = provider",
        "GET /refusals = admin facility",
        "GET /refusals/list = admin facility",
        "POST /accounts = admin",
        "POST /accounts/{name}/end = admin",
        "POST /accounts/{name}/invitation = admin",
        "POST /accounts/{name}/roles = admin",
        "POST /accounts/{name}/sessions/end = admin",
        "POST /alerts/{id:long}/acknowledge = admin street",
        "POST /alerts/{id:long}/resolve = admin street",
        "POST /api/provision/devices = anyone, own proof",
        "POST /api/provision/session = anyone, own proof",
        "POST /clock/confirm = admin",
        "POST /connections/end-plain = admin",
        "POST /deliveries/{position:long}/replay = admin street",
        "POST /fleet/admit = admin facility",
        "POST /fleet/area = admin facility",
        "POST /fleet/revoke = admin facility",
        "POST /invitation/{secret} = anyone",
        "POST /l/{token} = anyone, own proof",
        "POST /language = anyone",
        "POST /log-in = anyone",
        "POST /log-out = logged in",
        "POST /me/password = logged in",
        "POST /me/sessions/end = logged in",
        "POST /now/in-service = admin street",
        "POST /offers/import = admin editor",
        "POST /offers/import/apply = admin editor",
        "POST /offers/{id} = admin editor",
        "POST /planning/ask = admin planner",
        "POST /planning/keys = admin planner",
        "POST /planning/keys/{id:long}/revoke = admin planner",
        "POST /planning/releases = planner, own proof",
        "POST /planning/unsent/{position:long}/replay = admin planner",
        "any /mqtt = anyone",
        "any /mqtt/negotiate = anyone",
        "any {*path:nonfile} = anyone",
    ];

    [Fact]
    public void Every_endpoint_has_the_rights_that_are_written_down_for_it()
    {
        var mapped = gateway.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().SelectMany(Describe).Order(StringComparer.Ordinal);
        Assert.Equal(Rights.Order(StringComparer.Ordinal), mapped);
    }

    /// <summary>Every address that changes something and has no proof of its own, pressed by somebody with every right and no token.</summary>
    [Fact]
    public async Task Nothing_is_changed_without_the_forms_token()
    {
        var actions = Rights.Where(right => right.StartsWith("POST ", StringComparison.Ordinal) && !right.EndsWith("own proof", StringComparison.Ordinal))
            .Select(right => Parameter().Replace(right.Split(' ')[1], "1")).ToList();
        Assert.True(actions.Count >= 14, $"{actions.Count} forms");
        using var admin = await gateway.LogIn("admin");
        foreach (var action in actions)
        {
            Assert.Equal((action, HttpStatusCode.BadRequest), (action, (await admin.PostAsync(action, new FormUrlEncodedContent([]))).StatusCode));
        }
    }

    private static IEnumerable<string> Describe(RouteEndpoint endpoint)
    {
        var proof = endpoint.Metadata.GetMetadata<IAntiforgeryMetadata>() is { RequiresValidation: false } ? ", own proof" : "";
        var methods = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["any"];
        return methods.Select(method => $"{method} {Path(endpoint)} = {Who(endpoint)}{proof}");
    }

    private static string Path(RouteEndpoint endpoint) => endpoint.RoutePattern.RawText is { Length: > 1 } path ? path.TrimEnd('/') : "/";

    private static string Who(RouteEndpoint endpoint)
    {
        if (endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null)
        {
            return Anyone;
        }

        var roles = endpoint.Metadata.GetOrderedMetadata<AuthorizationPolicy>()
            .SelectMany(policy => policy.Requirements).OfType<RolesAuthorizationRequirement>()
            .Select(requirement => string.Join(' ', requirement.AllowedRoles.Order(StringComparer.Ordinal))).ToList();
        return roles.Count == 0 ? LoggedIn : string.Join(" and ", roles);
    }

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();
}
