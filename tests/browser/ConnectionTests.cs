using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using NodaTime;
using Quartier.Gateway.Domain.Alerts;
using Quartier.Gateway.Domain.Shelters;
using Quartier.Gateway.Host;
using Quartier.Gateway.Store;
using Quartier.Simulator.Demo;
using Quartier.Wire;
using Xunit;

namespace Quartier.Tests.Browser;

/// <summary>A page that stays open for nights: the gateway goes away and comes back, the session ends.</summary>
public sealed class ConnectionTests : IAsyncLifetime
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("quartier-connection-");
    private WebApplication app = null!;
    private IPlaywright playwright = null!;
    private IBrowser browser = null!;

    public async Task InitializeAsync()
    {
        app = await Start(0);
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Args = ["--no-sandbox", "--disable-gpu"] });
    }

    public async Task DisposeAsync()
    {
        await browser.DisposeAsync();
        playwright.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_page_says_that_the_gateway_is_gone_and_catches_up_by_itself_when_it_is_back()
    {
        var page = await LogIn();
        await page.EvaluateAsync("() => { window.loadedOnce = true; }");
        var port = new Uri(app.Urls.First()).Port;
        await app.StopAsync();
        await app.DisposeAsync();
        await Assertions.Expect(page.GetByText("Keine Verbindung zum Gateway.")).ToBeVisibleAsync();

        app = await Start(port);
        var now = Instant.FromDateTimeOffset(TimeProvider.System.GetUtcNow());
        app.Services.GetRequiredService<Database>().Write(db =>
            AlertCases.Take(db, new AlarmReport(DemoQuarter.Karlsplatz, now, AlarmKind.Smoke, true, 1, 0)));
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Ich kümmere mich" })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("Keine Verbindung zum Gateway.")).ToBeHiddenAsync();
        Assert.True(await page.EvaluateAsync<bool>("() => window.loadedOnce === true"));
    }

    [Fact]
    public async Task A_button_pressed_after_the_session_ended_leads_through_the_log_in_back_to_its_page()
    {
        var now = Instant.FromDateTimeOffset(TimeProvider.System.GetUtcNow());
        app.Services.GetRequiredService<Database>().Write(db =>
            AlertCases.Take(db, new AlarmReport(DemoQuarter.Karlsplatz, now, AlarmKind.Sos, true, 1, 0)));
        var page = await LogIn();
        // Else the page itself notices first, and goes to the log-in before anybody presses.
        await page.RouteAsync("**/live", route => route.AbortAsync());
        await page.RouteAsync("**/state", route => route.AbortAsync());
        await page.GotoAsync("/alerts/1");
        await page.Context.ClearCookiesAsync(new() { Name = "quartier" });
        await page.GetByRole(AriaRole.Button, new() { Name = "Ich kümmere mich" }).ClickAsync();
        await Fill(page);
        await Assertions.Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/alerts/1$"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Ich kümmere mich" }).ClickAsync();
        await Assertions.Expect(page.Locator(".taken-by")).ToContainTextAsync("street");
    }

    [Fact]
    public async Task A_second_tap_while_the_answer_is_on_its_way_sends_nothing_and_the_button_says_that_it_works()
    {
        var page = await NewPage();
        await page.GotoAsync("/log-in");
        var (sent, release) = (0, new TaskCompletionSource());
        await page.RouteAsync("**/log-in", async route =>
        {
            sent++;
            await release.Task;
            await route.ContinueAsync();
        });
        await page.Locator("#name").FillAsync("street");
        await page.Locator("#password").FillAsync("street-demo");
        // In the page itself: Playwright does not look at a page that is about to be left.
        var working = await page.EvaluateAsync<string>("""
            () => new Promise(done => {
              const button = document.querySelector('button.button-primary'), announce = document.getElementById('announce');
              new MutationObserver(() => done(`${button.getAttribute('aria-busy')} ${announce.textContent}`)).observe(announce, { childList: true });
              button.click();
              button.click();
            })
            """);
        Assert.Equal("true Einen Moment …", working);
        Assert.Equal(1, sent);
        release.SetResult();
        await Assertions.Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/now$"));
    }

    [Fact]
    public async Task With_the_keyboard_alone_somebody_logs_in_and_takes_an_alarm()
    {
        var now = Instant.FromDateTimeOffset(TimeProvider.System.GetUtcNow());
        app.Services.GetRequiredService<Database>().Write(db =>
            AlertCases.Take(db, new AlarmReport(DemoQuarter.Karlsplatz, now, AlarmKind.Sos, true, 1, 0)));
        var page = await NewPage();
        await page.GotoAsync("/log-in");
        await TabTo(page, "name");
        await page.Keyboard.TypeAsync("street");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("street-demo");
        await page.Keyboard.PressAsync("Enter");
        await page.Arrives("/now");

        // The first stop of every page skips the menu.
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        Assert.Equal("main", await page.EvaluateAsync<string>("() => document.activeElement.id"));
        await TabTo(page, "take-1");
        await page.Keyboard.PressAsync("Enter");
        await page.Arrives("/alerts/1");
        await Assertions.Expect(page.Locator(".taken-by")).ToContainTextAsync("street");
    }

    private static async Task TabTo(IPage page, string id)
    {
        for (var stops = 0; stops < 30 && await page.EvaluateAsync<string>("() => document.activeElement.id") != id; stops++)
        {
            await page.Keyboard.PressAsync("Tab");
        }

        Assert.Equal(id, await page.EvaluateAsync<string>("() => document.activeElement.id"));
    }

    private async Task<WebApplication> Start(int port)
    {
        var started = GatewayHost.Build(
            DemoQuarter.In(new GatewayOptions { DataDirectory = folder.FullName, HttpPort = port, MqttPort = -1 }), TimeProvider.System);
        await started.StartAsync();
        return started;
    }

    private async Task<IPage> NewPage()
    {
        var context = await browser.NewContextAsync(new() { BaseURL = app.Urls.First(), Locale = "de-DE" });
        context.SetDefaultTimeout(60_000);
        Assertions.SetDefaultExpectTimeout(60_000);
        return await context.NewPageAsync();
    }

    private async Task<IPage> LogIn()
    {
        var page = await NewPage();
        await page.GotoAsync("/log-in");
        await Fill(page);
        await page.Arrives("/now");
        return page;
    }

    private static async Task Fill(IPage page)
    {
        await page.Locator("#name").FillAsync("street");
        await page.Locator("#password").FillAsync("street-demo");
        await page.Locator("button[type=submit].button-primary").ClickAsync();
    }
}
