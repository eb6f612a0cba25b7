using System.Text.Json;
using NodaTime;
using Quartier.Gateway.Outputs.Notify;

namespace Quartier.Simulator.Window;

/// <summary>The team's chat, as far as the demo needs one: the second channel beside the letter. It takes the gateway's signed
/// webhook, refuses everything else, and what it took stands in the window's log.</summary>
internal static class TeamChat
{
    public const string Actor = "team-chat";
    public const string Path = "/team-chat";

    /// <summary>Known to everybody, as the demo's passwords are.</summary>
    public const string Secret = "demo-team-chat-secret";

    private const int BodyBytesMax = 64 * 1024;
    private static readonly Duration Tolerance = Duration.FromMinutes(5);

    public static WebhookOptions At(int windowPort) => new() { Url = $"http://localhost:{windowPort}{Path}", Secret = Secret };

    public static void Map(WebApplication app) => app.MapPost(Path, async Task<IResult> (Demo demo, HttpRequest request, CancellationToken gone) =>
    {
        if (request.ContentLength is not (> 0 and <= BodyBytesMax))
        {
            return TypedResults.StatusCode(StatusCodes.Status413PayloadTooLarge);
        }

        var body = new byte[request.ContentLength.Value];
        await request.Body.ReadExactlyAsync(body, gone);
        var now = await demo.Pacer.Ask(() => demo.Quarter.World.Now);
        if (!WebhookSignature.Verify(Secret, request.Headers[WebhookSignature.HeaderName], body, now, Tolerance))
        {
            return TypedResults.Unauthorized();
        }

        if (TextOf(body) is not { } text)
        {
            return TypedResults.BadRequest();
        }

        await demo.Pacer.Ask(() =>
        {
            demo.Quarter.World.Trace.Write(Actor, "message", text);
            return true;
        });
        return TypedResults.NoContent();
    });

    private static string? TextOf(byte[] body)
    {
        try
        {
            using var happened = JsonDocument.Parse(body);
            return happened.RootElement.GetProperty("data").GetProperty("text").GetString();
        }
        catch (Exception wrong) when (wrong is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }
}
