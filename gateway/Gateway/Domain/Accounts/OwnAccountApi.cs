using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Domain.Accounts;

/// <summary>The page of a person's own account: password and sessions.</summary>
public static class OwnAccountApi
{
    public static void MapOwnAccount(WebApplication app)
    {
        var group = app.MapGroup("/me").RequireAuthorization();
        group.MapGet("", (HttpContext context, Database database, SeenSessions seen, IClock clock, string? done) =>
            Page(context, database, seen, clock.GetCurrentInstant(), PasswordChange.Nothing, done));
        group.MapPost("/password", ChangePassword);
        group.MapPost("/sessions/end", EndSessions);
    }

    private static async Task<Results<RedirectHttpResult, RazorComponentResult<OwnAccountPage>>> ChangePassword(
        HttpContext context, Database database, IClock clock, LogInGuard guard, SeenSessions seen, IDataProtectionProvider protection,
        [FromForm] string? old, [FromForm] string? password, [FromForm] string? again)
    {
        var now = clock.GetCurrentInstant();
        // A limit of this session's own: nobody who guesses at the name elsewhere keeps its owner from changing the password.
        var tried = new LogInTry(context.User.Identity!.Name!, LogInGuard.KeyOf(context.Connection.RemoteIpAddress), $"session {HandleOf(context)}");
        var change = await OwnAccount.ChangePassword(database, guard, now, tried, old ?? "", password ?? "", again ?? "", SigningIn.BrowserOf(context));
        if (change is not { Session: { } session, Account: { } account })
        {
            return Page(context, database, seen, now, change, null);
        }

        await SigningIn.As(context, account, session);
        KnownDevice.Write(context, protection, account.Name);
        return TypedResults.LocalRedirect("/me?done=password");
    }

    private static async Task<RedirectHttpResult> EndSessions(HttpContext context, Database database, IClock clock, [FromForm] string? session)
    {
        var who = context.User.Identity!.Name!;
        await OwnAccount.EndSessions(database, clock.GetCurrentInstant(), who, who, session ?? "", HandleOf(context));
        return TypedResults.LocalRedirect("/me?done=session");
    }

    private static RazorComponentResult<OwnAccountPage> Page(HttpContext context, Database database, SeenSessions seen, Instant now, PasswordChange change, string? done)
    {
        var name = context.User.Identity!.Name!;
        var wait = (int)Math.Ceiling(change.Wait.TotalSeconds);
        if (wait > 0)
        {
            context.Response.Headers.RetryAfter = wait.ToString(CultureInfo.InvariantCulture);
        }

        return new RazorComponentResult<OwnAccountPage>(new
        {
            Name = name,
            Roles = database.Read(db => AccountsTable.Find(db, name))?.RoleList ?? [],
            Sessions = seen.Of(database.Read(db => SessionsTable.Of(db, name, now))),
            Own = HandleOf(context),
            change.Fault,
            change.IsOldWrong,
            WaitSeconds = wait,
            Done = done ?? "",
            Now = now,
        })
        {
            StatusCode = wait > 0 ? StatusCodes.Status429TooManyRequests
                : change.Fault is not null || change.IsOldWrong ? StatusCodes.Status422UnprocessableEntity
                : StatusCodes.Status200OK,
        };
    }

    private static string HandleOf(HttpContext context) => SessionsTable.HandleOf(context.User.FindFirstValue(Session.Claim) ?? "");
}
