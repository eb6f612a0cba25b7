using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Quartier.Gateway.Host;
using Quartier.Gateway.Store;
using Quartier.Simulator.Demo;

namespace Quartier.Tests.Gateway.Planning;

/// <summary>The real gateway on a free port with the demo quarter in it, and a person in front of it.</summary>
internal sealed partial class PlannerConsole : IAsyncDisposable
{
    private readonly DirectoryInfo folder;
    private readonly WebApplication app;

    private PlannerConsole(DirectoryInfo folder, WebApplication app)
    {
        this.folder = folder;
        this.app = app;
        Http = NewClient();
    }

    public HttpClient Http { get; }

    public Database Database => app.Services.GetRequiredService<Database>();

    public static async Task<PlannerConsole> Start(Instant now)
    {
        var folder = StoreFolder.Create("planner");
        var options = DemoQuarter.In(new GatewayOptions { DataDirectory = folder.FullName, HttpPort = 0, MqttPort = -1 });
        var app = GatewayHost.Build(options, new StandingTime(now));
        await app.StartAsync();
        return new PlannerConsole(folder, app);
    }

    /// <summary>One tick of the timer at once, so that nothing waits for its second.</summary>
    public void Tick(Instant now) =>
        Duties.Step(Database, now, [], app.Services.GetRequiredService<GatewayOptions>(), app.Services.GetRequiredService<GatewayHealth>());

    public HttpClient NewClient() => new(new HttpClientHandler { CookieContainer = new CookieContainer(), AllowAutoRedirect = false })
    {
        BaseAddress = new Uri(app.Urls.First()),
    };

    public Task<HttpResponseMessage> LogIn(string name) =>
        Post("/log-in", "/log-in", new() { ["name"] = name, ["password"] = $"{name}-demo", ["back"] = "" });

    /// <summary>Sends a form as the page at <paramref name="from"/> would, with its token.</summary>
    public async Task<HttpResponseMessage> Post(string from, string to, Dictionary<string, string> fields)
    {
        fields["__RequestVerificationToken"] = FormToken().Match(await Http.GetStringAsync(from)).Groups[1].Value;
        return await Http.PostAsync(to, new FormUrlEncodedContent(fields));
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex FormToken();

    private sealed class StandingTime(Instant now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now.ToDateTimeOffset();

        public override long GetTimestamp() => 0;
    }
}
