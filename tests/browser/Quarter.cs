using System.Collections.Concurrent;
using Microsoft.Playwright;
using Quartier.Simulator.Demo;
using Quartier.Simulator.Window;
using Quartier.Tests.Support;
using Xunit;

namespace Quartier.Tests.Browser;

/// <summary>A living quarter with a browser in front of it: gateway, pods, screen and window on free ports with a store of their own.
/// Use it as a class fixture; each page is a fresh context, so that one test's cookies are not another's.</summary>
public sealed class Quarter : IAsyncLifetime
{
    private const string Chromium = "/usr/bin/chromium";

    private readonly ConcurrentDictionary<string, string> sessions = new();
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("quartier-browser-");
    private IPlaywright? playwright;
    private IBrowser? browser;

    public Demo Demo { get; private set; } = null!;

    public string GatewayUrl => Demo.GatewayUrl;

    public string WindowUrl => Demo.WindowUrl;

    public string DataDirectory => folder.FullName;

    public async Task InitializeAsync()
    {
        if (!File.Exists(Chromium))
        {
            throw new InvalidOperationException("The browser tests need Debian's Chromium: ./quartier test installs it, or: apt-get install chromium");
        }

        Demo = await Demo.StartAsync(new DemoOptions { DataDirectory = folder.FullName, HttpPort = 0, MqttPort = 0, WindowPort = 0 });
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Chromium,
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync",
            ],
        });
    }

    public async Task DisposeAsync()
    {
        if (browser is not null)
        {
            await browser.DisposeAsync();
        }

        playwright?.Dispose();
        await Demo.DisposeAsync();
        folder.Delete(recursive: true);
    }

    /// <summary>The window to the quarter, where things are made to happen.</summary>
    public async Task<IPage> OpenWindow(string language = "de", bool phone = false)
    {
        var page = await NewPage(language, phone, null);
        await page.GotoAsync(WindowUrl);
        return page;
    }

    /// <summary>The console, logged in.</summary>
    /// <param name="role">Name of a demo account: street, facility, editor, planner, admin.</param>
    /// <param name="path">Where to go then, for example /board.</param>
    public async Task<IPage> OpenConsole(string role, string path = "/", string language = "de", bool phone = false)
    {
        if (!sessions.TryGetValue(role, out var session))
        {
            var account = DemoQuarter.Accounts.Single(a => a.Name == role);
            var first = await NewPage(language, phone, null);
            await first.GotoAsync(GatewayUrl + "/log-in");
            await first.Locator("input[name=name]").FillAsync(account.Name);
            await first.Locator("input[name=password]").FillAsync(account.Password);
            await first.Locator("form[action='/log-in'] button[type=submit]").ClickAsync();
            await first.Leaves("/log-in");
            session = await first.Context.StorageStateAsync();
            sessions[role] = session;
            await first.Context.CloseAsync();
        }

        var page = await NewPage(language, phone, session);
        await page.GotoAsync(GatewayUrl + path);
        return page;
    }

    /// <summary>Keeps a picture under artifacts/screenshots, for people.</summary>
    public static async Task<string> Picture(IPage page, string name)
    {
        var path = Checkout.PathTo("artifacts", "screenshots", name + ".png");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = path, FullPage = true });
        return path;
    }

    private async Task<IPage> NewPage(string language, bool phone, string? session)
    {
        var context = await browser!.NewContextAsync(new BrowserNewContextOptions
        {
            Locale = language == "de" ? "de-DE" : "en-GB",
            ViewportSize = phone ? new ViewportSize { Width = 390, Height = 844 } : new ViewportSize { Width = 1360, Height = 900 },
            IsMobile = phone,
            HasTouch = phone,
            StorageState = session,
        });
        // A bound for what never comes, not a measure of speed: two busy processes beside the suite must not end it.
        context.SetDefaultTimeout(60_000);
        return await context.NewPageAsync();
    }
}
