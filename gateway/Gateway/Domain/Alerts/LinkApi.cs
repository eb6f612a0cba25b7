using System.Data.Common;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;
using Quartier.Gateway.Domain.Accounts;
using Quartier.Gateway.Domain.Audit;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Domain.Alerts;

/// <summary>What a one-time link leads to.</summary>
public enum LinkState
{
    /// <summary>It can still be used: the page shows the case and a button.</summary>
    Ready,

    /// <summary>It was just used and this person was the first.</summary>
    Acknowledged,

    /// <summary>The case was acknowledged or closed by somebody else, or by another link.</summary>
    Late,
    Used,
    Expired,

    /// <summary>Not a link of this gateway.</summary>
    Forged,
}

/// <param name="Link">Null for a forged one.</param>
/// <param name="Case">Null where the page may not tell, or the case was deleted.</param>
public sealed record OpenedLink(LinkState State, Link? Link, NamedCase? Case);

/// <summary>Acknowledging from a letter, without a log-in. Looking at the link changes nothing, so that a mail scanner cannot
/// acknowledge an alarm; only the button does. The token in the address is the proof, so no form token is asked for.</summary>
public static class LinkApi
{
    private static readonly Duration ForgeryNotedEvery = Duration.FromMinutes(1);

    public static void MapLinks(WebApplication app)
    {
        var group = app.MapGroup("/l").AllowAnonymous().DisableAntiforgery();
        // A right link always passes; who tries forged ones is looked at less and less often.
        group.AddEndpointFilter(async (call, next) =>
        {
            var services = call.HttpContext.RequestServices;
            var forged = !AcknowledgeLink.TryOpen(services.GetRequiredService<LinkKey>(), call.HttpContext.GetRouteValue("token") as string, out _, out _);
            var now = services.GetRequiredService<IClock>().GetCurrentInstant();
            return forged && services.GetRequiredService<AddressGuard>().Fail(LogInGuard.KeyOf(call.HttpContext.Connection.RemoteIpAddress), now) > Duration.Zero
                ? TypedResults.StatusCode(StatusCodes.Status429TooManyRequests)
                : await next(call);
        });
        group.MapGet("/{token}", (Database database, IClock clock, LinkKey key, HttpContext context, string token) =>
            Page(context, database.Read(db => Look(db, key, token, clock.GetCurrentInstant())), token, clock));
        group.MapPost("/{token}", UseByButton);
    }

    private static async Task<RazorComponentResult<LinkPage>> UseByButton(
        Database database, IClock clock, LinkKey key, HttpContext context, string token)
    {
        var now = clock.GetCurrentInstant();
        return Page(context, await database.WriteAsync(db => Use(db, key, token, now)), token, clock);
    }

    public static OpenedLink Look(DbConnection db, LinkKey key, string token, Instant now)
    {
        if (!AcknowledgeLink.TryOpen(key, token, out var id, out var expires))
        {
            return new OpenedLink(LinkState.Forged, null, null);
        }

        // An old link whose row was deleted with the letters is expired too, whatever else is forgotten.
        var link = LinksTable.Find(db, id, expires);
        if (link is null || now >= expires)
        {
            return new OpenedLink(LinkState.Expired, link, null);
        }

        var named = AlertsTable.Find(db, link.AlertId) is { } alert ? AlertsApi.Named(db, alert) : null;
        return named is null ? new OpenedLink(LinkState.Expired, link, null)
            : link.UsedAt is not null ? new OpenedLink(LinkState.Used, link, named)
            : named.Alert.AcknowledgedAt is not null || !named.Alert.IsOpen ? new OpenedLink(LinkState.Late, link, named)
            : new OpenedLink(LinkState.Ready, link, named);
    }

    /// <summary>Uses the link, in one transaction: of two taps on one link, and of two people with a link each, one is first.</summary>
    public static OpenedLink Use(DbConnection db, LinkKey key, string token, Instant now)
    {
        var opened = Look(db, key, token, now);
        switch (opened.State)
        {
            case LinkState.Ready:
                LinksTable.Use(db, opened.Link!.Id, now);
                var (alert, _) = AlertCases.Acknowledge(db, opened.Link.AlertId, opened.Link.Recipient, now)!.Value;
                return new OpenedLink(LinkState.Acknowledged, opened.Link, opened.Case! with { Alert = alert });
            case LinkState.Forged:
                NoteForgery(db, now);
                break;
            default:
                AuditTable.Add(db, now, opened.Link?.Recipient ?? "", $"alert.link-{opened.State.ToString().ToLowerInvariant()}", opened.Link is { } link ? AlertCases.CaseName(link.AlertId) : "");
                break;
        }

        return opened;
    }

    // One row a minute tells of an attack as well as a thousand do, and cannot fill the disk.
    private static void NoteForgery(DbConnection db, Instant now)
    {
        if (!AuditTable.Latest(db, 50).Any(entry => entry.Action == "alert.link-forged" && now - entry.At < ForgeryNotedEvery))
        {
            AuditTable.Add(db, now, "", "alert.link-forged", "");
        }
    }

    private static RazorComponentResult<LinkPage> Page(HttpContext context, OpenedLink opened, string token, IClock clock)
    {
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        return new RazorComponentResult<LinkPage>(new { Opened = opened, Token = token, Now = clock.GetCurrentInstant() })
        {
            StatusCode = opened.State switch
            {
                LinkState.Forged => StatusCodes.Status404NotFound,
                LinkState.Expired or LinkState.Used => StatusCodes.Status410Gone,
                _ => StatusCodes.Status200OK,
            },
        };
    }
}
