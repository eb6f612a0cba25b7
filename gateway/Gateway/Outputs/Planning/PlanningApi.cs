using System.Security.Claims;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using Quartier.Gateway.Domain.Audit;
using Quartier.Gateway.Pages;
using Quartier.Gateway.Store;
using Quartier.Gateway.Store.Outbox;

namespace Quartier.Gateway.Outputs.Planning;

/// <summary>What a program of the planning backend sends to ask for a figure.</summary>
public sealed record ReleaseRequest(string? Period, string? Area, string? Statistic);

/// <summary>The planner's page, the figures as JSON and CSV, and keys. Reading never draws: a figure is drawn by the timer or by an
/// explicit request.</summary>
public static class PlanningApi
{
    private const int KeyNameMax = 60;

    public static void MapPlanning(WebApplication app)
    {
        var page = app.MapGroup("/planning").RequireAuthorization(policy => policy.RequireRole(Roles.Planner, Roles.Admin));
        page.MapGet("", Page);
        page.MapPost("/ask", AskOnPage);
        page.MapPost("/unsent/{position:long}/replay", SendAgain);
        page.MapPost("/keys", CreateKey);
        page.MapPost("/keys/{id:long}/revoke", RevokeKey);

        var figures = app.MapGroup("/planning").RequireAuthorization(PlannerKeyScheme.EitherWay);
        figures.MapGet("/releases.json", Json);
        figures.MapGet("/releases.csv", Csv);
        figures.MapGet("/releases.csv-metadata.json", () => TypedResults.Text(ReleaseDocuments.Dictionary().ToJsonString(), "application/csvm+json", Encoding.UTF8));
        app.MapPost("/planning/releases", Ask).RequireAuthorization(PlannerKeyScheme.KeyOnly).DisableAntiforgery();
    }

    /// <summary>Why a figure is refused, in words.</summary>
    public static string Words(ReaderLanguage say, ReleaseRefusal refusal) => refusal switch
    {
        ReleaseRefusal.UnknownPeriod => say.Text("Diesen Zeitraum gibt es nicht. Schreiben Sie 2026-W47 oder 2026-11.", "There is no such period. Write 2026-W47 or 2026-11."),
        ReleaseRefusal.UnknownArea => say.Text("Diesen Sozialraum gibt es nicht.", "There is no such area."),
        ReleaseRefusal.UnknownStatistic => say.Text("Diese Kenngröße gibt es nicht.", "There is no such statistic."),
        ReleaseRefusal.TooEarly => say.Text("Der Zeitraum oder die Wartezeit danach ist noch nicht vorbei.", "The period, or the waiting time after it, is not over."),
        ReleaseRefusal.BudgetSpent => say.Text(
            "Nächte in diesem Zeitraum stecken schon in anderen Zahlen. Ihr Schutz ist aufgebraucht, eine weitere Zahl gibt es nicht.",
            "Nights of this period are in other figures already. Their protection is used up; there is no further figure."),
        ReleaseRefusal.NoReports => say.Text(
            "In diesem Zeitraum hat hier keine Schlafkapsel etwas gemeldet. Ob jemand dort war, weiß niemand: Es gibt keine Zahl.",
            "No pod here reported in this period. Nobody knows whether anybody was there: there is no figure."),
        ReleaseRefusal.TooFewPods => say.Text(
            "Hier gab es zu wenige Schlafkapseln, auch zusammen mit den anderen Sozialräumen. Eine Zahl würde von einzelnen Menschen erzählen.",
            "There were too few pods here, the other areas included. A figure would tell about single people."),
        ReleaseRefusal.HeldBack => say.Text(
            "Die Uhr des Gateways wurde verstellt. Bis die Verwaltung sie bestätigt, wird nichts freigegeben, denn es wäre für immer. Fragen Sie danach noch einmal.",
            "The gateway's clock was set. Until an administrator confirms it nothing is released, because that would be for good. Ask again afterwards."),
        _ => say.Text(
            "Der Zeitraum ist nicht vollständig aufgezeichnet: Er beginnt vor der ersten Meldung oder ist schon gelöscht.",
            "The period is not recorded whole: it begins before the first report or was deleted."),
    };

    private static RazorComponentResult<PlanningPage> Page(Database database, IClock clock, Releases releases, GatewayHealth health, string? refused, string? period) =>
        View(database, clock, releases, health, page => page with
        {
            Refusal = Enum.TryParse<ReleaseRefusal>(refused, out var refusal) && Enum.IsDefined(refusal) ? refusal : null,
            Period = period,
        });

    /// <summary>A person draws in two steps, because it cannot be undone: first what it costs is shown; the form then sends that cost back.</summary>
    private static async Task<Results<RedirectHttpResult, RazorComponentResult<PlanningPage>>> AskOnPage(
        Database database, IClock clock, Releases releases, GatewayHealth health, ClaimsPrincipal person, [FromForm] string? period, [FromForm] string? area, [FromForm] string? cost)
    {
        var parsed = ReleasePeriod.TryParse(period);
        var preview = parsed is null ? null : database.Read(connection => releases.Preview(connection, parsed, area ?? "", clock.GetCurrentInstant()));
        if (preview is { Refusal: null, Written: null } && cost != preview.Cost.ToString())
        {
            return View(database, clock, releases, health, page => page with { Preview = preview });
        }

        var answer = await AskAs(database, clock, releases, person, period ?? "", area ?? "", ReleaseKey.OccupiedPodNights);
        return TypedResults.LocalRedirect(answer.Refusal is { } refusal
            ? $"/planning?refused={refusal}&period={Uri.EscapeDataString((period ?? "")[..Math.Min(20, (period ?? "").Length)])}"
            : "/planning");
    }

    private static async Task<RedirectHttpResult> SendAgain(
        Database database, IClock clock, IEnumerable<IDeliveryChannel> channels, ClaimsPrincipal person, long position)
    {
        var now = clock.GetCurrentInstant();
        await database.WriteAsync(connection =>
        {
            if (OutboxTable.Find(connection, position)?.Channel == ChannelNames.Planning && OutboxTable.Replay(connection, position, now, channels))
            {
                AuditTable.Add(connection, now, person.Identity?.Name ?? "", "delivery.replayed", $"delivery {position}");
            }
        });
        return TypedResults.LocalRedirect("/planning#unsent");
    }

    private static async Task<Results<Ok<System.Text.Json.Nodes.JsonObject>, ProblemHttpResult>> Ask(
        Database database, IClock clock, Releases releases, ReaderLanguage say, ClaimsPrincipal person, ReleaseRequest request)
    {
        var answer = await AskAs(
            database, clock, releases, person, request.Period ?? "", request.Area ?? "", request.Statistic ?? ReleaseKey.OccupiedPodNights);
        if (answer.Row is { } row)
        {
            return TypedResults.Ok(ReleaseDocuments.ToJson(row));
        }

        var refusal = answer.Refusal!.Value;
        return TypedResults.Problem(
            type: $"tag:quartier,2026:planning:{refusal}",
            title: refusal.ToString(),
            detail: Words(say, refusal),
            statusCode: refusal is ReleaseRefusal.UnknownPeriod or ReleaseRefusal.UnknownArea or ReleaseRefusal.UnknownStatistic ? 404 : 409);
    }

    private static Task<ReleaseAnswer> AskAs(
        Database database, IClock clock, Releases releases, ClaimsPrincipal person, string period, string area, string statistic) =>
        database.WriteAsync(connection =>
        {
            var now = clock.GetCurrentInstant();
            var answer = releases.Ask(connection, period, area, statistic, now);
            if (answer.Drawn)
            {
                AuditTable.Add(connection, now, person.Identity?.Name ?? "", "release.asked", answer.Row!.Id);
            }

            return answer;
        });

    private static ContentHttpResult Json(Database database) => TypedResults.Text(
        database.Read(connection => ReleaseDocuments.ToJson(LedgerTable.All(connection), LedgerTable.Head(connection).Digest)).ToJsonString(),
        "application/json",
        Encoding.UTF8);

    private static ContentHttpResult Csv(Database database, HttpResponse response)
    {
        response.Headers.ContentDisposition = "attachment; filename=\"releases.csv\"";
        response.Headers.Link = "<releases.csv-metadata.json>; rel=\"describedby\"; type=\"application/csvm+json\"";
        return TypedResults.Text(ReleaseDocuments.ToCsv(database.Read(LedgerTable.All)), "text/csv", Encoding.UTF8);
    }

    private static async Task<RazorComponentResult<PlanningPage>> CreateKey(
        Database database, IClock clock, Releases releases, GatewayHealth health, ClaimsPrincipal person, [FromForm] string? name)
    {
        var called = (name ?? "").Trim();
        called = called.Length == 0 ? "?" : called[..Math.Min(KeyNameMax, called.Length)];
        var key = await database.WriteAsync(connection =>
        {
            var now = clock.GetCurrentInstant();
            AuditTable.Add(connection, now, person.Identity?.Name ?? "", "planner-key.created", called);
            return PlannerKeysTable.Create(connection, called, now);
        });
        return View(database, clock, releases, health, page => page with { NewKey = key });
    }

    private static async Task<RedirectHttpResult> RevokeKey(Database database, IClock clock, ClaimsPrincipal person, long id)
    {
        await database.WriteAsync(connection =>
        {
            var now = clock.GetCurrentInstant();
            if (PlannerKeysTable.Revoke(connection, id, now))
            {
                AuditTable.Add(connection, now, person.Identity?.Name ?? "", "planner-key.revoked", $"{id}");
            }
        });
        return TypedResults.LocalRedirect("/planning#keys");
    }

    private static RazorComponentResult<PlanningPage> View(Database database, IClock clock, Releases releases, GatewayHealth health, Func<PlannersPage, PlannersPage> with)
    {
        var now = clock.GetCurrentInstant();
        var view = database.Read(connection => PlanningView.Read(connection, releases, now));
        return new RazorComponentResult<PlanningPage>(new { Shown = with(new PlannersPage(view, now, health.Red(now))) });
    }
}
