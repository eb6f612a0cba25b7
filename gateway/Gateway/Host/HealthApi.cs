using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;
using NodaTime.Text;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Host;

/// <summary>/healthz for programs that watch: "ok", or 503 and one line for each fault. Anyone may ask, so it names no person, pod or
/// address.</summary>
public static class HealthApi
{
    public static void MapHealth(WebApplication app) => app.MapGet("/healthz", Ask).AllowAnonymous();

    private static ContentHttpResult Ask(GatewayHealth health, IClock clock)
    {
        var red = health.Red(clock.GetCurrentInstant());
        return red.Count == 0
            ? TypedResults.Text("ok")
            : TypedResults.Text(string.Concat(red.Select(Line)), statusCode: StatusCodes.Status503ServiceUnavailable);
    }

    private static string Line(RedLine line) =>
        string.Create(CultureInfo.InvariantCulture, $"{line.Fault.Name}: red since {InstantPattern.General.Format(line.Since)}\n");
}
