using System.Data.Common;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using Quartier.Gateway.Domain.Audit;
using Quartier.Gateway.Domain.Registry;
using Quartier.Gateway.Domain.Shelters;
using Quartier.Gateway.Pages;
using Quartier.Gateway.Store;
using Quartier.Gateway.Store.Outbox;

namespace Quartier.Gateway.Domain.Alerts;

/// <summary>A case with the name that people know its pod by.</summary>
public sealed record NamedCase(Alert Alert, string PodName, string Place);

/// <summary>Everything a case's page shows.</summary>
public sealed record CaseFile(NamedCase Case, IReadOnlyList<AlertEvent> History, IReadOnlyList<(OutboxMessage Message, IReadOnlyList<OutboxAttempt> Attempts)> Deliveries)
{
    /// <summary>The pod's last report still holds the condition: closing asks which it is.</summary>
    public bool StillReported { get; init; }
}

/// <summary>"What needs me now", a case, and the two buttons on it. For those who are responsible for the person in the pod;
/// an administrator's look is logged (design §8).</summary>
public static class AlertsApi
{
    private const int ClosedShown = 20;

    public static void MapAlerts(WebApplication app)
    {
        var now = app.MapGroup("/now").RequireAuthorization(policy => policy.RequireRole(Roles.Street, Roles.Admin));
        now.MapGet("", Now);
        now.MapGet("/list", List);
        now.MapPost("/in-service", InService);

        var cases = app.MapGroup("/alerts").RequireAuthorization(policy => policy.RequireRole(Roles.Street, Roles.Admin));
        cases.MapGet("/{id:long}", Case);
        cases.MapGet("/{id:long}/state", CaseState);
        cases.MapPost("/{id:long}/acknowledge", Acknowledge);
        cases.MapPost("/{id:long}/resolve", Resolve);
    }

    /// <summary>A case by its pod's name, for pages.</summary>
    public static NamedCase Named(DbConnection db, Alert alert) =>
        RegistryTable.Find(db, alert.Pod) is { } pod ? new NamedCase(alert, pod.Name, pod.Place) : new NamedCase(alert, alert.Pod, "");

    private static async Task<RazorComponentResult<NowPage>> Now(Database database, IClock clock, GatewayHealth health, AlertSettings settings, ClaimsPrincipal person)
    {
        await LogLook(database, clock, person, "");
        var parameters = ListParameters(database, clock, health);
        parameters["Closed"] = database.Read(db => AlertsTable.Closed(db, ClosedShown).Select(alert => Named(db, alert)).ToList());
        parameters["NoMail"] = settings.LetterChannel == ChannelNames.Mailbox;
        parameters["NoWebhook"] = settings is { LetterChannel: ChannelNames.Mail, HasTeamChannel: false };
        parameters["Nobody"] = settings is { LetterChannel: null, HasTeamChannel: false };
        return new RazorComponentResult<NowPage>(parameters);
    }

    private static async Task<RazorComponentResult<NowList>> List(Database database, IClock clock, GatewayHealth health, ClaimsPrincipal person)
    {
        await LogLook(database, clock, person, "");
        return new RazorComponentResult<NowList>(ListParameters(database, clock, health));
    }

    private static async Task<Results<RazorComponentResult<CasePage>, NotFound>> Case(
        Database database, IClock clock, ClaimsPrincipal person, long id, string? late, string? ask)
    {
        if (database.Read(db => Open(db, id)) is not { } file)
        {
            return TypedResults.NotFound();
        }

        await LogLook(database, clock, person, AlertCases.CaseName(id));
        return new RazorComponentResult<CasePage>(new { File = file, Now = clock.GetCurrentInstant(), Late = late is not null, Ask = ask is not null });
    }

    private static async Task<Results<RazorComponentResult<CaseState>, NotFound>> CaseState(Database database, IClock clock, ClaimsPrincipal person, long id)
    {
        if (database.Read(db => Open(db, id)) is not { } file)
        {
            return TypedResults.NotFound();
        }

        await LogLook(database, clock, person, AlertCases.CaseName(id));
        return new RazorComponentResult<CaseState>(new { File = file, Now = clock.GetCurrentInstant() });
    }

    private static async Task<Results<RedirectHttpResult, NotFound>> Acknowledge(Database database, IClock clock, ClaimsPrincipal person, long id)
    {
        var who = person.Identity!.Name!;
        var result = await database.WriteAsync(db => AlertCases.Acknowledge(db, id, who, clock.GetCurrentInstant()));
        return result is { } outcome ? ToCase(id, outcome.First || outcome.Case.AcknowledgedBy == who) : TypedResults.NotFound();
    }

    /// <summary>Closes a case. What the pod still reports is closed only with a word on which it is; without one the page asks.</summary>
    private static async Task<Results<RedirectHttpResult, NotFound>> Resolve(
        Database database, IClock clock, ClaimsPrincipal person, long id, [FromForm] string? closing, [FromForm] string? note)
    {
        var who = person.Identity!.Name!;
        var said = ClosingWord.Of(closing, note);
        var result = await database.WriteAsync(db => AlertCases.Resolve(db, id, who, clock.GetCurrentInstant(), said));
        return result is not { } outcome ? TypedResults.NotFound()
            : outcome.Asks ? TypedResults.LocalRedirect($"/alerts/{id}?ask=1")
            : ToCase(id, outcome.First || outcome.Case.ResolvedBy == who);
    }

    /// <summary>One press puts a pod back in service; a second one changes nothing.</summary>
    private static async Task<RedirectHttpResult> InService(Database database, IClock clock, ClaimsPrincipal person, [FromForm] string pod)
    {
        await database.WriteAsync(db => AlertCases.PutBack(db, pod, person.Identity!.Name!, clock.GetCurrentInstant()));
        return TypedResults.LocalRedirect("/now");
    }

    // A second tap by the same person is no second person.
    private static RedirectHttpResult ToCase(long id, bool first) => TypedResults.LocalRedirect($"/alerts/{id}{(first ? "" : "?late=1")}");

    private static Dictionary<string, object?> ListParameters(Database database, IClock clock, GatewayHealth health) => database.Read(db => new Dictionary<string, object?>
    {
        ["Open"] = AlertsTable.Open(db).Select(alert => Named(db, alert)).ToList(),
        ["StillReported"] = AlertCases.Standing(db).Where(danger => !danger.IsOpen).ToList(),
        ["Out"] = SheltersTable.All(db).Where(pod => pod.Out is not null).ToList(),
        ["Red"] = health.Red(clock.GetCurrentInstant()),
        ["Now"] = clock.GetCurrentInstant(),
    });

    private static CaseFile? Open(DbConnection db, long id) => AlertsTable.Find(db, id) is { } alert
        ? new CaseFile(
            Named(db, alert),
            AlertsTable.History(db, id),
            [.. OutboxTable.OfSubjectsBeginning(db, AlertNotices.SubjectPrefix(id)).Select(message => (message, OutboxTable.Attempts(db, message.Position)))])
        { StillReported = AlertCases.StillReports(db, alert) }
        : null;

    private static Task LogLook(Database database, IClock clock, ClaimsPrincipal person, string at) => AuditedViews.Log(database, clock, person, "alert.looked-at", at);
}
