using Microsoft.Playwright;
using Quartier.Tests.Support;
using Xunit;

namespace Quartier.Tests.Browser;

/// <summary>The social planner's way: log in, read the figures with their range, release a month, take the data along, give a program
/// a key. The demo's made-up past gives eight weeks to look at.</summary>
public sealed class PlannerTests(Quarter quarter) : IClassFixture<Quarter>
{
    private const int WeeksReleased = 8;

    [Fact]
    public async Task A_planner_reads_figures_with_their_range_releases_a_month_and_takes_the_data_along()
    {
        var page = await Open("de");
        Assert.Equal("Planung", await page.Locator("h1").TextContentAsync());
        await Assertions.Expect(page.GetByRole(AriaRole.Img, new() { Name = "Mitte" })).ToBeVisibleAsync();
        await Quarter.Picture(page, "planner");
        var rows = page.Locator("tbody tr");
        var before = await rows.CountAsync();
        Assert.InRange(before, WeeksReleased, WeeksReleased + 1);

        // Asking for a figure that is there gives the figure that is there.
        await page.GetByLabel("Weitere Zahl freigeben").FillAsync((await rows.First.Locator("th").TextContentAsync())!.Trim());
        await page.GetByRole(AriaRole.Button, new() { Name = "Weiter" }).ClickAsync();
        await Assertions.Expect(rows).ToHaveCountAsync(before);
        await page.GetByLabel("Weitere Zahl freigeben").FillAsync("2099-01");
        await page.GetByRole(AriaRole.Button, new() { Name = "Weiter" }).ClickAsync();
        await Assertions.Expect(page.Locator("#refused")).ToContainTextAsync("noch nicht vorbei");

        var csv = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Zahlen als CSV" }).ClickAsync());
        Assert.Equal("releases.csv", csv.SuggestedFilename);
        Assert.Equal(before + 1, (await File.ReadAllLinesAsync(await csv.PathAsync())).Length);

        await page.GetByLabel("Wofür").FillAsync("Statistikstelle");
        await page.GetByRole(AriaRole.Button, new() { Name = "Schlüssel anlegen" }).ClickAsync();
        var key = (await page.Locator("#new-key code").TextContentAsync())!;
        using var program = new HttpClient { BaseAddress = new Uri(quarter.GatewayUrl) };
        program.DefaultRequestHeaders.Authorization = new("Bearer", key);
        Assert.Contains("occupied_pod_nights", await program.GetStringAsync("/planning/releases.json"));
        Assert.Contains("\"contents\":[{", await program.GetStringAsync("/hsds/services"));
    }

    [Theory]
    [InlineData("de", "bis", true)]
    [InlineData("en", "to", true)]
    [InlineData("en", "to", false)]
    public async Task The_page_stands_in_both_languages_and_on_a_phone_without_axe_findings(string language, string word, bool phone)
    {
        var page = await Open(language, phone);
        Assert.Contains($" {word} ", await page.Locator("tbody tr").First.TextContentAsync());
        Assert.Equal(0, await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth"));
        await Quarter.Picture(page, $"planner-{language}-{(phone ? "phone" : "desk")}");

        // The page's own policy forbids scripts from elsewhere; the DevTools protocol evaluates beside it.
        await page.EvaluateAsync(await File.ReadAllTextAsync(Path.Combine(NodePeers.Folder, "node_modules", "axe-core", "axe.min.js")));
        var findings = await page.EvaluateAsync<string>(
            "async () => (await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })).violations.map(v => v.id + ': ' + v.nodes.map(n => n.html).join(' ')).join('\\n')");
        Assert.Equal("", findings);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_figure_is_drawn_only_after_its_cost_was_shown(bool phone)
    {
        var page = await Open("de", phone);
        var rows = page.Locator("tbody tr");
        var before = await rows.CountAsync();

        await page.GetByLabel("Weitere Zahl freigeben").FillAsync(LastMonth());
        await page.GetByRole(AriaRole.Button, new() { Name = "Weiter" }).ClickAsync();
        if (await page.Locator("#confirm").CountAsync() == 0)
        {
            // Drawn by the other case of this test already: asking again costs nothing and needs no second yes.
            await Assertions.Expect(rows).ToHaveCountAsync(before);
            return;
        }

        await Quarter.Picture(page, $"planner-confirm-{(phone ? "phone" : "desk")}");
        Assert.Equal(0, await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth"));
        await Assertions.Expect(page.Locator("section[aria-labelledby=confirm]")).ToContainTextAsync("ε = 1/2");
        if (!phone)
        {
            return;
        }

        await page.GetByRole(AriaRole.Button, new() { Name = "Ja, freigeben" }).ClickAsync();
        await Assertions.Expect(rows).ToHaveCountAsync(before + 1);
    }

    /// <summary>The youngest month whose waiting days are over; the demo's past of ten weeks holds it whole.</summary>
    private static string LastMonth()
    {
        var month = Quartier.Gateway.Outputs.Planning.ReleasePeriod.TryParse($"{TimeProvider.System.GetUtcNow().AddDays(-9).AddMonths(-1):yyyy-MM}");
        return month!.Name;
    }

    /// <summary>The page, once the gateway's own timer has released the weeks: it draws them in its first second.</summary>
    private async Task<IPage> Open(string language, bool phone = false)
    {
        var page = await quarter.OpenConsole("planner", "/planning", language, phone);
        for (var i = 0; i < 60 && await page.Locator("tbody tr").CountAsync() < WeeksReleased; i++)
        {
            await page.ReloadAsync();
        }

        return page;
    }
}
