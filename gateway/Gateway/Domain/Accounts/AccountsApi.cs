using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using Quartier.Gateway.Domain.Audit;
using Quartier.Gateway.Pages;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Domain.Accounts;

/// <summary>Log in, log out, language.</summary>
public static class AccountsApi
{
    private const int LanguageDays = 365;
    private const int BackMax = 2_000;

    public static void MapAccounts(WebApplication app)
    {
        app.MapGet("/", Start);
        app.MapGet("/log-in", (string? back) => Page(back, "", null)).AllowAnonymous();
        app.MapPost("/log-in", LogIn).AllowAnonymous();
        app.MapPost("/log-out", LogOut);
        app.MapPost("/language", SetLanguage).AllowAnonymous();
        app.MapGet("/provider", () => new RazorComponentResult<ProviderPage>()).RequireAuthorization(policy => policy.RequireRole(Roles.Provider));
        app.MapGet("/no-access", () => new RazorComponentResult<NoAccessPage> { StatusCode = StatusCodes.Status403Forbidden });
    }

    /// <summary>The page a person's work begins on.</summary>
    public static string StartOf(ClaimsPrincipal person) =>
        person.IsInRole(Roles.Street) ? "/now"
        : person.IsInRole(Roles.Facility) || person.IsInRole(Roles.Admin) ? "/fleet"
        : person.IsInRole(Roles.Editor) ? "/offers"
        : person.IsInRole(Roles.Planner) ? "/planning"
        : "/provider";

    private static RedirectHttpResult Start(ClaimsPrincipal person) => TypedResults.LocalRedirect(StartOf(person));

    private static async Task<Results<RedirectHttpResult, RazorComponentResult<LogInPage>>> LogIn(
        HttpContext context, Database database, IClock clock, LogInGuard guard, IDataProtectionProvider protection,
        [FromForm] string? name, [FromForm] string? password, [FromForm] string? back)
    {
        var now = clock.GetCurrentInstant();
        var typed = (name ?? "").Trim();
        var tried = new LogInTry(typed, LogInGuard.KeyOf(context.Connection.RemoteIpAddress), KnownDevice.Read(context.Request, protection, typed));
        var outcome = await AccountChanges.LogIn(database, guard, now, tried, password);
        if (outcome.Account is not { } account)
        {
            if (outcome.Wait > Duration.Zero)
            {
                context.Response.Headers.RetryAfter = outcome.WaitSeconds.ToString(CultureInfo.InvariantCulture);
            }

            return Page(back, typed, outcome);
        }

        var session = await database.WriteAsync(db => SessionsTable.Open(db, account, now, Session.Length, SigningIn.BrowserOf(context)));
        var person = await SigningIn.As(context, account, session);
        KnownDevice.Write(context, protection, account.Name);
        return TypedResults.LocalRedirect(LocalPath(back) ?? StartOf(person));
    }

    private static async Task<RedirectHttpResult> LogOut(HttpContext context, Database database, IClock clock)
    {
        var (who, session) = (context.User.Identity!.Name!, context.User.FindFirstValue(Session.Claim)!);
        await database.WriteAsync(db =>
        {
            SessionsTable.End(db, session);
            AuditTable.Add(db, clock.GetCurrentInstant(), who, "account.log-out", who);
        });
        await context.SignOutAsync();
        return TypedResults.LocalRedirect("/log-in");
    }

    private static RedirectHttpResult SetLanguage(HttpContext context, [FromForm] string? to, [FromForm] string? back)
    {
        context.Response.Cookies.Append(ReaderLanguage.Cookie, to == "en" ? "en" : "de", new CookieOptions
        {
            MaxAge = TimeSpan.FromDays(LanguageDays), SameSite = SameSiteMode.Lax, HttpOnly = true, IsEssential = true, Secure = context.Request.IsHttps,
        });
        return TypedResults.LocalRedirect(LocalPath(back) ?? "/");
    }

    /// <param name="refused">Null: nothing was tried yet.</param>
    private static RazorComponentResult<LogInPage> Page(string? back, string name, LogInOutcome? refused) =>
        new(new { Back = LocalPath(back) ?? "", Name = name, Failed = refused is not null, WaitSeconds = refused?.WaitSeconds ?? 0 })
        {
            StatusCode = refused is null ? StatusCodes.Status200OK
                : refused.WaitSeconds > 0 ? StatusCodes.Status429TooManyRequests
                : StatusCodes.Status401Unauthorized,
        };

    // "//host" and "/\host" leave this site. What is no plain ASCII cannot stand in a header: it is written as an address writes it.
    private static string? LocalPath(string? back) =>
        back is ['/', ..] && back is not ['/', '/' or '\\', ..] && back.Length <= BackMax && !back.Any(char.IsControl)
            ? string.Concat(back.EnumerateRunes().Select(rune => rune.Value is > ' ' and < 127 ? rune.ToString() : Uri.EscapeDataString(rune.ToString())))
            : null;
}
