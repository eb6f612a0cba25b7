using System.Security.Claims;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Domain.Accounts;

/// <summary>Where the link of a letter leads: choosing a password, without a log-in. Looking at it changes nothing.</summary>
public static class InvitationApi
{
    public static void MapInvitation(WebApplication app)
    {
        var group = app.MapGroup("/invitation").AllowAnonymous();
        // A right link always passes; who tries others is looked at less and less often.
        group.AddEndpointFilter(async (call, next) =>
        {
            var services = call.HttpContext.RequestServices;
            call.HttpContext.Response.Headers["Referrer-Policy"] = "no-referrer";
            var digest = Invitation.Digest(call.HttpContext.GetRouteValue("secret") as string ?? "");
            var known = services.GetRequiredService<Database>().Read(db => InvitationsTable.Find(db, digest)) is not null;
            var now = services.GetRequiredService<IClock>().GetCurrentInstant();
            return !known && services.GetRequiredService<AddressGuard>().Fail(LogInGuard.KeyOf(call.HttpContext.Connection.RemoteIpAddress), now) > Duration.Zero
                ? TypedResults.StatusCode(StatusCodes.Status429TooManyRequests)
                : await next(call);
        });
        group.MapGet("/{secret}", (HttpContext context, Database database, IClock clock, string secret) =>
            Page(context, secret, database.Read(db => Invitations.Look(db, Invitation.Digest(secret), clock.GetCurrentInstant()))));
        group.MapPost("/{secret}", Use);
    }

    private static async Task<Results<RedirectHttpResult, RazorComponentResult<InvitationPage>>> Use(
        HttpContext context, Database database, IClock clock, IDataProtectionProvider protection, string secret, [FromForm] string? password, [FromForm] string? again)
    {
        var opened = await Invitations.Use(database, clock.GetCurrentInstant(), secret, password ?? "", again ?? "", SigningIn.BrowserOf(context));
        if (opened is not { Account: { } account, Session: { } session })
        {
            return Page(context, secret, opened);
        }

        // Whoever was logged in here goes: the browser's cookie is the new person's.
        if (context.User.FindFirstValue(Session.Claim) is { } other)
        {
            await database.WriteAsync(db => SessionsTable.End(db, other));
        }

        var person = await SigningIn.As(context, account, session);
        KnownDevice.Write(context, protection, account.Name);
        return TypedResults.LocalRedirect(AccountsApi.StartOf(person));
    }

    private static RazorComponentResult<InvitationPage> Page(HttpContext context, string secret, InvitationOpened opened) =>
        new(new { Secret = secret, Opened = opened, Reader = context.User.Identity?.Name ?? "" })
        {
            StatusCode = opened.State switch
            {
                InvitationState.Unknown => StatusCodes.Status404NotFound,
                InvitationState.Open when opened.Fault is null => StatusCodes.Status200OK,
                InvitationState.Open => StatusCodes.Status422UnprocessableEntity,
                _ => StatusCodes.Status410Gone,
            },
        };
}
