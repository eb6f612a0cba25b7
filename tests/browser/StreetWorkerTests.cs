using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using NodaTime;
using Quartier.Gateway.Domain.Alerts;
using Quartier.Gateway.Domain.Shelters;
using Quartier.Gateway.Host;
using Quartier.Gateway.Store;
using Quartier.Simulator.Demo;
using Quartier.Tests.Support;
using Quartier.Wire;
using Xunit;

namespace Quartier.Tests.Browser;

/// <summary>The street worker's way, on a phone at night: the alarm appears without a reload, one tap takes it, the letter's link
/// works once.</summary>
public sealed class StreetWorkerTests : IAsyncLifetime
{
    private const string Chromium = "/usr/bin/chromium";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("quartier-street-");
    private WebApplication app = null!;
    private IPlaywright playwright = null!;
    private IBrowser browser = null!;

    public async Task InitializeAsync()
    {
        Assert.True(File.Exists(Chromium), "chromium is missing; ./quartier test installs it (apt-get install chromium).");
        app = GatewayHost.Build(DemoQuarter.In(new GatewayOptions { DataDirectory = folder.FullName, HttpPort = 0, MqttPort = -1 }), TimeProvider.System);
        await app.StartAsync();
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium, Args = ["--no-sandbox", "--disable-gpu"] });
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
    public async Task An_alarm_appears_without_reload_and_one_tap_takes_it()
    {
        var phone = await Phone("de");
        await LogIn(phone);
        await Assertions.Expect(phone.GetByText("Gerade ist kein Alarm offen.")).ToBeVisibleAsync();
        await Keep(phone, "street.calm.de");
        await phone.EvaluateAsync("() => { window.loadedOnce = true; }");

        Report(AlarmKind.Smoke, 1);
        var take = phone.GetByRole(AriaRole.Button, new() { Name = "Ich kümmere mich" });
        await Assertions.Expect(take).ToBeVisibleAsync();
        Assert.True(await phone.EvaluateAsync<bool>("() => window.loadedOnce === true"));
        // In one step on the page: the list may be fetched again at any moment.
        var size = await phone.EvaluateAsync<double[]>("() => { const box = document.querySelector('.button-thumb').getBoundingClientRect(); return [box.width, box.height]; }");
        Assert.True(size is [>= 280, >= 56], $"{size[0]} x {size[1]} is too small for a thumb");
        await Keep(phone, "street.alarm.de");
        await NoFindings(phone);

        await take.TapAsync();
        await phone.Arrives("/alerts/1");
        await Assertions.Expect(phone.Locator(".taken-by")).ToContainTextAsync("street");
        // The call, then who has taken it.
        await Assertions.Expect(phone.GetByText("Briefkasten dieses Rechners · team@localhost")).ToHaveCountAsync(2);
        await Keep(phone, "street.case.de");
        await NoFindings(phone);
    }

    [Fact]
    public async Task The_letter_in_the_mailbox_has_a_link_that_acknowledges_once()
    {
        var phone = await Phone("en");
        await LogIn(phone);
        Report(AlarmKind.Sos, 2);
        await phone.GotoAsync("/deliveries");
        await phone.GetByText("ALARM Notruf / SOS – Karlsplatz").ClickAsync();
        var link = phone.Locator("#letter a[href*='/l/']").First;
        var address = (await link.GetAttributeAsync("href"))!;
        await Keep(phone, "street.letter.en");
        await NoFindings(phone);

        var stranger = await Phone("de");
        await stranger.GotoAsync(address);
        await Keep(stranger, "street.link.de");
        await stranger.GetByRole(AriaRole.Button, new() { Name = "Ich kümmere mich" }).TapAsync();
        await Assertions.Expect(stranger.GetByText("Danke. Das Team sieht")).ToBeVisibleAsync();
        await stranger.GotoAsync(address);
        await Assertions.Expect(stranger.GetByText("Dieser Link wurde schon benutzt")).ToBeVisibleAsync();
        await NoFindings(stranger);

        await phone.GotoAsync("/now");
        await Assertions.Expect(phone.Locator(".taken-by")).ToContainTextAsync("team@localhost");
        await Assertions.Expect(phone.GetByRole(AriaRole.Button, new() { Name = "I take care of it" })).ToHaveCountAsync(0);
    }

    private void Report(AlarmKind kind, int sequence)
    {
        var now = Instant.FromDateTimeOffset(TimeProvider.System.GetUtcNow());
        app.Services.GetRequiredService<Database>().Write(db => AlertCases.Take(db, new AlarmReport(DemoQuarter.Karlsplatz, now, kind, true, sequence, 0)));
    }

    private async Task<IPage> Phone(string language)
    {
        var context = await browser.NewContextAsync(new()
        {
            BaseURL = app.Urls.First(), Locale = language == "de" ? "de-DE" : "en-GB", ViewportSize = new() { Width = 390, Height = 844 }, IsMobile = true, HasTouch = true,
        });
        context.SetDefaultTimeout(60_000);
        Assertions.SetDefaultExpectTimeout(60_000);
        return await context.NewPageAsync();
    }

    private static async Task LogIn(IPage page)
    {
        await page.GotoAsync("/log-in");
        await page.Locator("#name").FillAsync("street");
        await page.Locator("#password").FillAsync("street-demo");
        await page.Locator("button[type=submit].button-primary").ClickAsync();
        await page.Arrives("/now");
    }

    private static async Task NoFindings(IPage page)
    {
        Assert.Equal(0, await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth"));
        await page.EvaluateAsync(await File.ReadAllTextAsync(Path.Combine(NodePeers.Folder, "node_modules", "axe-core", "axe.min.js")));
        var findings = await page.EvaluateAsync<string>(
            "async () => (await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })).violations.map(v => v.id + ': ' + v.nodes.map(n => n.html).join(' ')).join('\\n')");
        Assert.Equal("", findings);
    }

    private static Task Keep(IPage page, string name) =>
        page.ScreenshotAsync(new() { Path = Checkout.PathTo("artifacts", "screenshots", name + ".png"), FullPage = true });
}
