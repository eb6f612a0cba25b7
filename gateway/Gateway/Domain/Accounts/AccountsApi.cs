using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using Quartier.Gateway.Host;
using Quartier.Gateway.Host.Pages;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Domain.Accounts;

/// <summary>Log in, log out, language.</summary>
public static class AccountsApi
{
    private const int LanguageDays = 365;

    public static void MapAccounts(WebApplication app)
    {
        app.MapGet("/", Start);
        app.MapGet("/log-in", (string? back) => Page(back, "", false)).AllowAnonymous();
        app.MapPost("/log-in", LogIn).AllowAnonymous().RequireRateLimiting(Security.LogInLimit);
        app.MapPost("/log-out", (Delegate)LogOut);
        app.MapPost("/language", SetLanguage).AllowAnonymous();
        app.MapGet("/no-access", () => new RazorComponentResult<NoAccessPage> { StatusCode = StatusCodes.Status403Forbidden });
    }

    /// <summary>The page a person's work begins on.</summary>
    public static string StartOf(ClaimsPrincipal person) =>
        person.IsInRole(Roles.Street) ? "/now"
        : person.IsInRole(Roles.Facility) || person.IsInRole(Roles.Admin) ? "/fleet"
        : person.IsInRole(Roles.Editor) ? "/offers"
        : "/planning";

    private static RedirectHttpResult Start(ClaimsPrincipal person) => TypedResults.LocalRedirect(StartOf(person));

    private static async Task<Results<RedirectHttpResult, RazorComponentResult<LogInPage>>> LogIn(
        HttpContext context, Database database, IClock clock, [FromForm] string? name, [FromForm] string? password, [FromForm] string? back)
    {
        if (await AccountDesk.LogIn(database, clock.GetCurrentInstant(), name, password) is not { } account)
        {
            return Page(back, name ?? "", true);
        }

        var claims = new List<Claim> { new(ClaimTypes.Name, account.Name), new(Security.StampClaim, account.Stamp) };
        claims.AddRange(account.RoleList.Select(role => new Claim(ClaimTypes.Role, role)));
        var person = new ClaimsPrincipal(new ClaimsIdentity(claims, CookieAuthenticationDefaults.AuthenticationScheme));
        await context.SignInAsync(person);
        return TypedResults.LocalRedirect(LocalPath(back) ?? StartOf(person));
    }

    private static async Task<RedirectHttpResult> LogOut(HttpContext context)
    {
        await context.SignOutAsync();
        return TypedResults.LocalRedirect("/log-in");
    }

    private static RedirectHttpResult SetLanguage(HttpContext context, [FromForm] string? to, [FromForm] string? back)
    {
        context.Response.Cookies.Append(Say.Cookie, to == "en" ? "en" : "de", new CookieOptions
        {
            MaxAge = TimeSpan.FromDays(LanguageDays), SameSite = SameSiteMode.Lax, HttpOnly = true, IsEssential = true, Secure = context.Request.IsHttps,
        });
        return TypedResults.LocalRedirect(LocalPath(back) ?? "/");
    }

    private static RazorComponentResult<LogInPage> Page(string? back, string name, bool failed) =>
        new(new { Back = LocalPath(back) ?? "", Name = name, Failed = failed })
        {
            StatusCode = failed ? StatusCodes.Status401Unauthorized : StatusCodes.Status200OK,
        };

    // "//host" and "/\host" leave this site.
    private static string? LocalPath(string? back) =>
        back is ['/', ..] && back is not ['/', '/' or '\\', ..] && !back.Any(char.IsControl) ? back : null;
}
