using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using NodaTime;

namespace Quartier.Gateway.Store;

/// <summary>How fragments answer open pages (wwwroot/site.js). A list with versions gets Live-Seen and answers Live-Version, and
/// Live-Change where the body is a change only. Any other fragment gets Live-Hash and answers 204 while it is as the page has it.</summary>
public static partial class LiveAnswers
{
    public const string SeenHeader = "Live-Seen";
    public const string VersionHeader = "Live-Version";
    public const string ChangeHeader = "Live-Change";
    public const string HashHeader = "Live-Hash";

    /// <summary>The gateway's own clock, by which pages tell how long ago something was: a phone's may be wrong.</summary>
    public const string NowHeader = "Live-Now";

    /// <summary>A component's markup, with the services of one request.</summary>
    public static async Task<string> Render<TComponent>(IServiceProvider services, IDictionary<string, object?> parameters)
        where TComponent : IComponent
    {
        await using var renderer = new HtmlRenderer(services, services.GetRequiredService<ILoggerFactory>());
        return await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<TComponent>(ParameterView.FromDictionary(parameters))).ToHtmlString());
    }

    /// <summary>What the asking page has not seen yet.</summary>
    public static async Task<IResult> Answer(HttpContext context, LiveList list, string language, Instant now, Func<Task<string>> render)
    {
        var seen = long.TryParse(context.Request.Headers[SeenHeader], NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0;
        var answer = await list.Since(language, seen, render);
        var headers = context.Response.Headers;
        headers[VersionHeader] = answer.Version.ToString(CultureInfo.InvariantCulture);
        headers[NowHeader] = now.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        headers.CacheControl = "no-store";
        if (answer.IsChange)
        {
            headers[ChangeHeader] = "1";
        }

        return answer.Html is { } html ? TypedResults.Text(html, "text/html", Encoding.UTF8) : TypedResults.NoContent();
    }

    /// <summary>Middleware: a fragment that is as the page has it is not sent again. Form tokens are chance and count for nothing.</summary>
    public static async Task SayWhatChanged(HttpContext context, RequestDelegate next)
    {
        if (!context.Request.Headers.TryGetValue(HashHeader, out var known) || !HttpMethods.IsGet(context.Request.Method))
        {
            await next(context);
            return;
        }

        var body = context.Response.Body;
        using var buffer = new MemoryStream();
        context.Response.Body = buffer;
        try
        {
            await next(context);
        }
        finally
        {
            context.Response.Body = body;
        }

        if (context.Response.StatusCode == StatusCodes.Status200OK && !context.Response.HasStarted)
        {
            var html = Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
            var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Token().Replace(html, ""))).AsSpan(0, 8));
            context.Response.Headers[HashHeader] = hash;
            if (hash == known)
            {
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                context.Response.ContentLength = null;
                return;
            }
        }

        buffer.Position = 0;
        await buffer.CopyToAsync(body, context.RequestAborted);
    }

    [GeneratedRegex("(?<=name=\"__RequestVerificationToken\" value=\")[^\"]*", RegexOptions.CultureInvariant)]
    private static partial Regex Token();
}
