using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Quartier.Gateway.Host;
using Quartier.Gateway.Ingest;
using Quartier.Gateway.Store;
using Quartier.Simulator.Demo;
using Xunit;

namespace Quartier.Tests.Gateway;

/// <summary>The real host on free ports of the loopback, with the demo quarter and a clock that the test moves.</summary>
public sealed partial class GatewayUnderTest : IAsyncLifetime
{
    private readonly string directory;
    private readonly bool isKept;
    private WebApplication app = null!;

    public GatewayUnderTest() => directory = StoreFolder.Create("host").FullName;

    /// <param name="folder">Of the store; it is kept.</param>
    internal GatewayUnderTest(string folder) => (directory, isKept) = (folder, true);

    public ManualTime Time { get; } = new(TestStore.Evening);

    public string Folder => directory;

    public IServiceProvider Services => app.Services;

    public Database Database => app.Services.GetRequiredService<Database>();

    public Uri Console => Endpoints.Console(app)!;

    public int MqttPort => Endpoints.MqttPort(app)!.Value;

    public GatewayOptions Options { get; init; } = DemoQuarter.In(new GatewayOptions { DataDirectory = "", HttpPort = 0, MqttPort = 0 });

    public async Task InitializeAsync()
    {
        app = GatewayHost.Build(Options with { DataDirectory = directory }, Time);
        await app.StartAsync();
    }

    public async Task DisposeAsync()
    {
        // As the program ends: what runs beside the pages has come to its end before the folder goes.
        await app.StopAsync();
        await app.DisposeAsync();
        if (!isKept)
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    public Verdict Accept(Envelope envelope) => Database.Write(db => Pipeline.Accept(db, [envelope], Time.Now, []))[0];

    /// <summary>A browser without a log-in that follows no redirects by itself.</summary>
    public HttpClient Browser(string language = "de")
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = Console };
        client.DefaultRequestHeaders.AcceptLanguage.ParseAdd(language);
        return client;
    }

    public async Task<HttpClient> LogIn(string name, string language = "de")
    {
        var browser = Browser(language);
        var answer = await Post(browser, "/log-in", "/log-in", ("name", name), ("password", DemoQuarter.Accounts.Single(account => account.Name == name).Password));
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        return browser;
    }

    /// <summary>Looks again whenever the store or what is red changes.</summary>
    /// <param name="listen">Adds a further reason to look again; <paramref name="leave"/> takes it away.</param>
    public async Task Until(Func<bool> holds, Action<Action>? listen = null, Action<Action>? leave = null)
    {
        var health = Services.GetRequiredService<GatewayHealth>();
        using var moved = new SemaphoreSlim(0);
        void Moved() => moved.Release();
        void Stored(IReadOnlySet<string> tables) => moved.Release();
        health.Changed += Moved;
        Database.Changed += Stored;
        listen?.Invoke(Moved);
        try
        {
            while (!holds())
            {
                Assert.True(await moved.WaitAsync(TimeSpan.FromSeconds(30)), "nothing moved for half a minute");
            }
        }
        finally
        {
            health.Changed -= Moved;
            Database.Changed -= Stored;
            leave?.Invoke(Moved);
        }
    }

    /// <summary>Sends a form with the token of the page it stands on.</summary>
    public static async Task<HttpResponseMessage> Post(HttpClient browser, string page, string action, params (string Name, string Value)[] fields)
    {
        var token = Token().Match(await browser.GetStringAsync(page)).Groups[1].Value;
        var form = fields.ToDictionary(field => field.Name, field => field.Value);
        form["__RequestVerificationToken"] = token;
        return await browser.PostAsync(action, new FormUrlEncodedContent(form));
    }

    /// <summary>A page as a golden file keeps it: without the form's token, which is chance.</summary>
    public static string WithoutTokens(string html) => Token().Replace(html, "name=\"__RequestVerificationToken\" value=\"\"");

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]*)\"")]
    private static partial Regex Token();
}

/// <summary>A clock that stands until the test moves it. Timers run in real time.</summary>
public sealed class ManualTime(Instant start) : TimeProvider
{
    public Instant Now { get; set; } = start;

    /// <summary>How far somebody has set the wall clock ahead; monotonic time knows nothing of it.</summary>
    public Duration SetAhead { get; set; }

    public override DateTimeOffset GetUtcNow() => (Now + SetAhead).ToDateTimeOffset();

    /// <summary>Monotonic time passes with <see cref="Now"/>.</summary>
    public override long GetTimestamp() => Now.ToUnixTimeTicks();

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;
}
