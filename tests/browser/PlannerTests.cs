using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using NodaTime;
using Quartier.Gateway.Host;
using Quartier.Gateway.Outputs.Planning;
using Quartier.Gateway.Store;
using Quartier.Tests.Support;
using Xunit;

namespace Quartier.Tests.Browser;

/// <summary>The social planner's way: log in, read the figures with their range, release a month, take the data along, give a program
/// a key.</summary>
public sealed class PlannerTests : IAsyncLifetime
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("quartier-planner-");
    private WebApplication app = null!;
    private IPlaywright playwright = null!;
    private IBrowser browser = null!;

    public async Task InitializeAsync()
    {
        app = GatewayHost.Build(new GatewayOptions { DataDirectory = folder.FullName, HttpPort = 0, MqttPort = -1, Demo = true }, TimeProvider.System);
        await app.StartAsync();
        playwright = await Playwright.CreateAsync();
        const string chromium = "/usr/bin/chromium";
        Assert.True(File.Exists(chromium), "chromium is missing; ./quartier test installs it (apt-get install chromium).");
        browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = chromium, Args = ["--no-sandbox"] });
    }

    public async Task DisposeAsync()
    {
        await browser.DisposeAsync();
        playwright.Dispose();
        await app.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_planner_reads_figures_with_their_range_releases_a_month_and_takes_the_data_along()
    {
        await Released();
        var page = await browser.NewPageAsync(new() { BaseURL = app.Urls.First(), Locale = "de-DE", ViewportSize = new() { Width = 1100, Height = 900 } });
        await LogIn(page);

        Assert.Equal("Planung", await page.Locator("h1").TextContentAsync());
        await Assertions.Expect(page.GetByRole(AriaRole.Img, new() { Name = "Mitte" })).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("tbody tr")).ToHaveCountAsync(8);
        await Keep(page, "planner.de.png");

        var month = new LocalDate(1970, 1, 1) + Period.FromDays(app.Services.GetRequiredService<Database>().Read(LedgerTable.All)[^3].First.Number);
        await page.GetByLabel("Weitere Zahl freigeben").FillAsync($"{month.PlusMonths(-1).Year:0000}-{month.PlusMonths(-1).Month:00}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Freigeben" }).ClickAsync();
        await Assertions.Expect(page.Locator("tbody tr, #refused")).Not.ToHaveCountAsync(8);

        var csv = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Zahlen als CSV" }).ClickAsync());
        var lines = await File.ReadAllLinesAsync(await csv.PathAsync());
        Assert.Equal(await page.Locator("tbody tr").CountAsync() + 1, lines.Length);
        Assert.Equal("releases.csv", csv.SuggestedFilename);

        await page.GetByLabel("Wofür").FillAsync("Statistikstelle");
        await page.GetByRole(AriaRole.Button, new() { Name = "Schlüssel anlegen" }).ClickAsync();
        var key = (await page.Locator("#new-key code").TextContentAsync())!;
        using var program = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        program.DefaultRequestHeaders.Authorization = new("Bearer", key);
        Assert.Contains("occupied_pod_nights", await program.GetStringAsync("/planning/releases.json"));
    }

    [Theory]
    [InlineData("de", "bis", 390)]
    [InlineData("en", "to", 390)]
    [InlineData("en", "to", 1100)]
    public async Task The_page_stands_in_both_languages_and_on_a_phone_without_axe_findings(string language, string word, int width)
    {
        await Released();
        var page = await browser.NewPageAsync(new() { BaseURL = app.Urls.First(), Locale = language, ViewportSize = new() { Width = width, Height = 844 } });
        await LogIn(page);
        Assert.Contains($" {word} ", await page.Locator("tbody tr").First.TextContentAsync());
        var overflow = await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        Assert.Equal(0, overflow);
        await Keep(page, $"planner.{language}.{width}.png");

        // The page's own policy forbids scripts from elsewhere; the DevTools protocol evaluates beside it.
        await page.EvaluateAsync(await File.ReadAllTextAsync(Path.Combine(NodePeers.Folder, "node_modules", "axe-core", "axe.min.js")));
        var findings = await page.EvaluateAsync<string>(
            "async () => (await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })).violations.map(v => v.id + ': ' + v.nodes.map(n => n.html).join(' ')).join('\\n')");
        Assert.Equal("", findings);
    }

    /// <summary>Waits until the gateway's own timer has released the demo's weeks.</summary>
    private async Task Released()
    {
        var database = app.Services.GetRequiredService<Database>();
        var released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        database.Changed += tables =>
        {
            if (tables.Contains("release_ledger"))
            {
                released.TrySetResult();
            }
        };
        if (database.Read(LedgerTable.All).Count == 0)
        {
            await released.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }
    }

    private static async Task LogIn(IPage page)
    {
        await page.GotoAsync("/planning");
        await page.Locator("#name").FillAsync("planner");
        await page.Locator("#password").FillAsync("planner-demo");
        await page.Locator("button[type=submit].button-primary").ClickAsync();
        await page.WaitForURLAsync("**/planning");
    }

    private static Task Keep(IPage page, string name) =>
        page.ScreenshotAsync(new() { Path = Checkout.PathTo("artifacts", "browser", name), FullPage = true });
}
