using System.Net;

namespace Quartier.Gateway.Host;

/// <summary>The names that the console answers under. Else a page elsewhere could point a name of its own at this machine and read
/// the console through the visitor's browser. An address in digits and localhost cannot be pointed anywhere, and always hold.</summary>
public static class AllowedHosts
{
    /// <summary>A machine's own names, without anybody saying them.</summary>
    public static IReadOnlySet<string> Of(GatewayOptions options)
    {
        string?[] names = [options.PublicUrl?.IdnHost, Environment.MachineName, Environment.MachineName + ".local", .. options.HostNames];
        return names.OfType<string>().Where(name => name.Length > 0).ToHashSet(StringComparer.OrdinalIgnoreCase);
    }

    /// <param name="host">As the request says it, without the port.</param>
    public static bool IsAllowed(string host, IReadOnlySet<string> names) =>
        host.Length == 0
        || IPAddress.TryParse(host.Trim('[', ']'), out _)
        || host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || names.Contains(host.TrimEnd('.'));

    public static void Use(WebApplication app)
    {
        var names = Of(app.Services.GetRequiredService<GatewayOptions>());
        app.Use(async (context, next) =>
        {
            var host = context.Request.Host.Host;
            if (IsAllowed(host, names))
            {
                await next(context);
                return;
            }

            context.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
            context.Response.ContentType = "text/plain; charset=utf-8";
            await context.Response.WriteAsync(
                "Dieses Gateway antwortet unter diesem Namen nicht. Start mit --public-url https://NAME/ oder --host-name NAME.\n"
                + "This gateway does not answer under this name. Start it with --public-url https://NAME/ or --host-name NAME.\n");
        });
    }
}
