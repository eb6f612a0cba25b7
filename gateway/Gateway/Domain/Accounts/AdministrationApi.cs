using System.Net;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Primitives;
using NodaTime;
using Quartier.Gateway.Pages;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Domain.Accounts;

/// <summary>The administrators' pages of all accounts and of each.</summary>
public static class AdministrationApi
{
    /// <param name="best">Where people reach the console best; null: nowhere.</param>
    public static void MapAdministration(WebApplication app, Func<Uri?> best)
    {
        var group = app.MapGroup("/accounts").RequireAuthorization(policy => policy.RequireRole(Roles.Admin));
        group.MapGet("", (Database database, IClock clock, string? ended) => List(database, clock.GetCurrentInstant(), ended ?? "", "", [], null));
        group.MapPost("", (HttpContext context, Database database, IClock clock, [FromForm] string? name, [FromForm] StringValues? role) =>
            Add(context, database, clock.GetCurrentInstant(), best(), (name ?? "").Trim(), Ticked(role)));
        group.MapGet("/{name}", (HttpContext context, Database database, SeenSessions seen, IClock clock, string name, string? done) =>
            One(context, database, seen, clock.GetCurrentInstant(), name, done ?? "", null));
        group.MapPost("/{name}/roles", ChangeRoles);
        group.MapPost("/{name}/invitation", (HttpContext context, Database database, SeenSessions seen, IClock clock, string name) =>
            Renew(context, database, seen, clock.GetCurrentInstant(), best(), name));
        group.MapPost("/{name}/sessions/end", EndSessions);
        group.MapPost("/{name}/end", End);
    }

    private static async Task<Results<RazorComponentResult<LetterPage>, RazorComponentResult<AccountsPage>>> Add(
        HttpContext context, Database database, Instant now, Uri? best, string name, string[] roles)
    {
        var made = await database.WriteAsync(db => Invitations.Add(db, now, Who(context), name, roles));
        return made.Refusal is { } refusal ? List(database, now, "", name, roles, refusal) : Letter(context, best, name, made.Secret, now, isFirst: true);
    }

    private static async Task<Results<RazorComponentResult<LetterPage>, RazorComponentResult<AccountPage>, RedirectHttpResult>> Renew(
        HttpContext context, Database database, SeenSessions seen, Instant now, Uri? best, string name)
    {
        var isFirst = database.Read(db => AccountsTable.Find(db, name)) is { HasPassword: false };
        var made = await database.WriteAsync(db => Invitations.Renew(db, now, Who(context), name));
        return made.Refusal is { } refusal ? Narrow(One(context, database, seen, now, name, "", refusal)) : Letter(context, best, name, made.Secret, now, isFirst);

        static Results<RazorComponentResult<LetterPage>, RazorComponentResult<AccountPage>, RedirectHttpResult> Narrow(Results<RazorComponentResult<AccountPage>, RedirectHttpResult> page) =>
            page.Result is RazorComponentResult<AccountPage> shown ? shown : (RedirectHttpResult)page.Result;
    }

    private static async Task<Results<RazorComponentResult<AccountPage>, RedirectHttpResult>> ChangeRoles(
        HttpContext context, Database database, SeenSessions seen, IClock clock, string name, [FromForm] StringValues? role, [FromForm] string? known)
    {
        var now = clock.GetCurrentInstant();
        return await database.WriteAsync(db => AccountChanges.ChangeRoles(db, now, Who(context), name, Ticked(role), known ?? "")) is { } refusal
            ? One(context, database, seen, now, name, "", refusal)
            : TypedResults.LocalRedirect($"{PathOf(name)}?done=roles");
    }

    private static async Task<RedirectHttpResult> EndSessions(HttpContext context, Database database, IClock clock, string name, [FromForm] string? session)
    {
        await OwnAccount.EndSessions(database, clock.GetCurrentInstant(), Who(context), name, session ?? "", "");
        return TypedResults.LocalRedirect($"{PathOf(name)}?done=session");
    }

    private static async Task<Results<RazorComponentResult<AccountPage>, RedirectHttpResult>> End(HttpContext context, Database database, SeenSessions seen, IClock clock, string name)
    {
        var now = clock.GetCurrentInstant();
        return await database.WriteAsync(db => AccountChanges.Remove(db, now, Who(context), name)) is { } refusal and not AccountRefusal.Unknown
            ? One(context, database, seen, now, name, "", refusal)
            : TypedResults.LocalRedirect($"/accounts?ended={Uri.EscapeDataString(name)}");
    }

    internal static string PathOf(string name) => $"/accounts/{Uri.EscapeDataString(name)}";

    private static string[] Ticked(StringValues? roles) => [.. (roles ?? StringValues.Empty).OfType<string>()];

    private static string Who(HttpContext context) => context.User.Identity!.Name!;

    private static RazorComponentResult<AccountsPage> List(Database database, Instant now, string ended, string name, IReadOnlyList<string> roles, AccountRefusal? refusal) =>
        new(new { Accounts = database.Read(AccountsTable.List), Now = now, Ended = ended, Name = name, Chosen = roles, Refusal = refusal })
        {
            StatusCode = StatusOf(refusal),
        };

    // An account that has ended meanwhile: the list says how things stand.
    private static Results<RazorComponentResult<AccountPage>, RedirectHttpResult> One(
        HttpContext context, Database database, SeenSessions seen, Instant now, string name, string done, AccountRefusal? refusal)
    {
        if (database.Read(AccountsTable.List).FirstOrDefault(account => account.Name == name) is not { } account)
        {
            return TypedResults.LocalRedirect($"/accounts?ended={Uri.EscapeDataString(name)}");
        }

        var sessions = seen.Of(database.Read(db => SessionsTable.Of(db, name, now)));
        return new RazorComponentResult<AccountPage>(new { Account = account, Sessions = sessions, IsOwn = name == Who(context), Done = done, Refusal = refusal, Now = now })
        {
            StatusCode = StatusOf(refusal),
        };
    }

    private static RazorComponentResult<LetterPage> Letter(HttpContext context, Uri? best, string name, string secret, Instant now, bool isFirst)
    {
        // The address that the administrator uses, unless only this machine can.
        var own = new Uri($"{context.Request.Scheme}://{context.Request.Host}");
        var address = IsHere(own) && best is not null && !IsHere(best) ? best : own;
        return new RazorComponentResult<LetterPage>(new
        {
            Name = name,
            Address = new Uri(address, "/").AbsoluteUri,
            Link = new Uri(address, $"/invitation/{secret}").AbsoluteUri,
            IsOfThisMachine = IsHere(address),
            ExpiresAt = now + Invitation.Length,
            IsFirst = isFirst,
        });
    }

    private static bool IsHere(Uri address) => address.IsLoopback || (IPAddress.TryParse(address.Host, out var ip) && IPAddress.IsLoopback(ip));

    private static int StatusOf(AccountRefusal? refusal) => refusal switch
    {
        null => StatusCodes.Status200OK,
        AccountRefusal.BadName or AccountRefusal.BadRole => StatusCodes.Status422UnprocessableEntity,
        _ => StatusCodes.Status409Conflict,
    };
}
