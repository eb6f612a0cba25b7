using System.Net;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http.HttpResults;
using Quartier.Board;
using Quartier.Gateway.Pages;
using Quartier.Simulator.Window.Pages;

namespace Quartier.Simulator.Window;

/// <summary>The window to the quarter: one page, its live parts, and the acts that its buttons stand for. For the developer's own
/// machine: it listens on the loopback only and needs no log-in.</summary>
internal static class WindowHost
{
    private const int LogLines = 60;
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(150);

    public static WebApplication Build(Demo demo, int port)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders().AddSimpleConsole(console => console.SingleLine = true).SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseSetting(WebHostDefaults.ServerUrlsKey, "").ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        builder.Services.AddSingleton(demo);
        builder.Services.AddRazorComponents();
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddScoped(services => ReaderLanguage.For(services.GetRequiredService<IHttpContextAccessor>().HttpContext!.Request));
        var app = builder.Build();
        app.Use(Guard);
        MapPage(app);
        MapActs(app);
        TeamChat.Map(app);
        return app;
    }

    private static void MapPage(WebApplication app)
    {
        app.MapGet("/", async (Demo demo) => new RazorComponentResult<WindowPage>(new { Demo = demo, View = await WindowView.Take(demo) }));
        app.MapGet("/part/pod/{devEui}", Pod);
        app.MapGet("/part/log", (Demo demo) => new RazorComponentResult<LogPart>(new { Trace = demo.Quarter.World.Trace.Recent, Most = LogLines }));
        app.MapGet("/part/state", async (Demo demo) => new RazorComponentResult<StatePart>(new { Demo = demo, View = await WindowView.Take(demo) }));
        app.MapGet("/events", (Demo demo, ReaderLanguage say, CancellationToken gone) => TypedResults.ServerSentEvents(Beats(demo, say, gone)));
        app.MapGet("/screen.png", async (Demo demo) => TypedResults.Bytes(await demo.Pacer.Ask(demo.Quarter.Screen.Canvas.ToPng), "image/png"));
        app.MapGet("/part/screen", async (Demo demo) => TypedResults.Text(WindowView.ScreenWords(await demo.Pacer.Ask(demo.Quarter.Screen.Canvas.ToText))));
        app.MapGet("/window.css", () => Asset("window.css", "text/css; charset=utf-8"));
        app.MapGet("/window.js", () => Asset("window.js", "text/javascript; charset=utf-8"));
        app.MapGet("/icon.svg", () => Asset("icon.svg", "image/svg+xml"));
    }

    private static void MapActs(WebApplication app)
    {
        app.MapPost("/pod/{devEui}/{act}", async Task<Results<RedirectHttpResult, NoContent, NotFound>> (string devEui, string act, Demo demo, HttpRequest request) =>
        {
            var (pod, chosen) = (demo.Quarter.Pods.FirstOrDefault(p => p.Identity.DevEui == devEui), PodActs.Find(act));
            if (pod is null || chosen is null)
            {
                return TypedResults.NotFound();
            }

            return await Done(demo, request, () => chosen.Do(pod.Scene));
        });
        app.MapPost("/net/radio", (Demo demo, HttpRequest request) => Done(demo, request, () => Networks.SwitchRadio(demo)));
        app.MapPost("/net/wifi", (Demo demo, HttpRequest request) => Done(demo, request, () => Networks.SwitchWifi(demo)));
        app.MapPost("/people", (Demo demo, HttpRequest request) => Done(demo, request, () => demo.Quarter.Pods.ToList().ForEach(pod => pod.Guests.Active = !pod.Guests.Active)));
        app.MapPost("/speed/{factor:int}", async Task<Results<RedirectHttpResult, NoContent, NotFound>> (int factor, Demo demo, HttpRequest request) =>
        {
            if (!Pacer.Speeds.Contains(factor))
            {
                return TypedResults.NotFound();
            }

            return await Done(demo, request, () => demo.Pacer.Speed = factor);
        });
        app.MapPost("/jump", (Demo demo, HttpRequest request) => Done(demo, request, () => demo.Pacer.Jump(60 * 60 * 1000)));
        app.MapPost("/screen/{key}", async Task<Results<RedirectHttpResult, NoContent, NotFound>> (string key, int? x, int? y, Demo demo, HttpRequest request) =>
        {
            Key? pressed = key switch { "previous" => Key.Previous, "select" => Key.Select, "next" => Key.Next, "touch" => Key.Touch, _ => null };
            return pressed is { } chosen
                ? await Done(demo, request, () => demo.Quarter.Screen.Press(chosen, x ?? 0, y ?? 0))
                : TypedResults.NotFound();
        });
        app.MapPost("/language/{language}", (string language, HttpResponse response) =>
        {
            response.Cookies.Append(ReaderLanguage.Cookie, language == "en" ? "en" : "de", new CookieOptions { SameSite = SameSiteMode.Lax, MaxAge = TimeSpan.FromDays(365) });
            return TypedResults.Redirect("/");
        });
    }

    /// <summary>Acts on the world's thread, then answers: a script wants nothing, a plain form the page again.</summary>
    internal static async Task<Results<RedirectHttpResult, NoContent, NotFound>> Done(Demo demo, HttpRequest request, Action act)
    {
        await demo.Pacer.Ask(() =>
        {
            act();
            return true;
        });
        return request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal) ? TypedResults.Redirect("/") : TypedResults.NoContent();
    }

    private static async Task<Results<RazorComponentResult<PodPart>, NotFound>> Pod(string devEui, Demo demo)
    {
        var pod = demo.Quarter.Pods.FirstOrDefault(p => p.Identity.DevEui == devEui);
        return pod is null
            ? TypedResults.NotFound()
            : new RazorComponentResult<PodPart>(new { Pod = await demo.Pacer.Ask(() => PodView.Of(pod, demo.Quarter.World.NowMs)) });
    }

    /// <summary>What changed, a few times a second: the page fetches the parts whose number grew.</summary>
    private static async IAsyncEnumerable<SseItem<WindowBeat>> Beats(Demo demo, ReaderLanguage say, [EnumeratorCancellation] CancellationToken gone)
    {
        WindowBeat? before = null;
        while (!gone.IsCancellationRequested)
        {
            var beat = await demo.Pacer.Ask(() => WindowBeat.Of(demo, say));
            if (beat != before)
            {
                before = beat;
                yield return new SseItem<WindowBeat>(beat);
            }

            await Task.Delay(Beat, gone).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Other pages in the same browser must not act on the quarter.</summary>
    private static Task Guard(HttpContext context, RequestDelegate next)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
        var site = context.Request.Headers["Sec-Fetch-Site"].ToString();
        if (HttpMethods.IsPost(context.Request.Method) && site is not ("" or "same-origin" or "none"))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        }

        return next(context);
    }

    private static IResult Asset(string name, string type) =>
        typeof(WindowHost).Assembly.GetManifestResourceStream(name) is { } stream ? Results.Stream(stream, type) : Results.NotFound();
}
