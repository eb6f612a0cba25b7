using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;
using Quartier.Gateway.Domain.Alerts;
using Quartier.Gateway.Domain.Audit;
using Quartier.Gateway.Domain.Shelters;
using Quartier.Gateway.Pages;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Domain.PodBoard;

/// <summary>The live board. Street workers see it because they are responsible for the person in a pod; an administrator may look,
/// and each look is logged; nobody else (design §8).</summary>
public static class PodBoardApi
{
    public static void MapPodBoard(WebApplication app)
    {
        var group = app.MapGroup("/board").RequireAuthorization(policy => policy.RequireRole(Roles.Street, Roles.Admin));
        group.MapGet("", Board);
        group.MapGet("/pods", Pods);
    }

    private static async Task<RazorComponentResult<BoardPage>> Board(HttpContext context, Database database, BoardLive board, IClock clock, AlertSettings settings, ReaderLanguage say)
    {
        await LogLook(database, clock, context.User);
        var list = await board.Since(say.Language, 0, () => Render(context, database, clock, settings));
        return new RazorComponentResult<BoardPage>(new { Html = list.Html!, Seen = list.Version });
    }

    private static async Task<IResult> Pods(HttpContext context, Database database, BoardLive board, IClock clock, AlertSettings settings, ReaderLanguage say)
    {
        await LogLook(database, clock, context.User);
        return await LiveAnswers.Answer(context, board, say.Language, clock.GetCurrentInstant(), () => Render(context, database, clock, settings));
    }

    private static Task<string> Render(HttpContext context, Database database, IClock clock, AlertSettings settings) =>
        LiveAnswers.Render<PodList>(context.RequestServices, Parameters(database, clock, settings));

    private static Task LogLook(Database database, IClock clock, ClaimsPrincipal person) => AuditedViews.Log(database, clock, person, "board.looked-at", "");

    private static Dictionary<string, object?> Parameters(Database database, IClock clock, AlertSettings settings) => database.Read(db => new Dictionary<string, object?>
    {
        ["Pods"] = SheltersTable.All(db),
        ["Standing"] = AlertCases.Standing(db),
        ["Now"] = clock.GetCurrentInstant(),
        ["Heartbeat"] = settings.Heartbeat,
    });
}
