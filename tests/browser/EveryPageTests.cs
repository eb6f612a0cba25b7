using Microsoft.Playwright;
using Quartier.Tests.Support;
using Xunit;

namespace Quartier.Tests.Browser;

/// <summary>Every page of the console, in both languages, on a phone and at a desk: nothing for axe to find, nothing cut off, and a
/// thumb hits what can be pressed.</summary>
public sealed class EveryPageTests(Quarter quarter) : IClassFixture<Quarter>
{
    private static readonly (string Role, string[] Paths)[] Pages =
    [
        ("street", ["/now", "/board", "/deliveries", "/no-access", "/nowhere", "/clock", "/alerts/999999", "/l/forged"]),
        ("facility", ["/fleet", "/refusals"]),
        ("editor", ["/offers", "/offers?show=problems", "/offers?show=full", "/offers?q=no-such-offer", "/offers/import"]),
        ("planner", ["/planning", "/planning?refused=TooEarly&period=2099-01"]),
        ("admin", ["/audit", "/now", "/fleet", "/refusals", "/clock"]),
    ];

    /// <summary>What can be pressed and is neither a word inside a sentence nor beside a label that belongs to it.</summary>
    private const string TooSmall = """
        () => [...document.querySelectorAll('a, button, summary, select, input:not([type=hidden], [type=checkbox], [type=radio])')]
          .filter(element => element.checkVisibility() && !element.matches('.skip, p a, dd a, td a, .letter a') && element.getBoundingClientRect().height < 44)
          .map(element => element.getBoundingClientRect().height + ' px: ' + element.outerHTML.slice(0, 120)).join('\n')
        """;

    [Theory]
    [InlineData("de", true)]
    [InlineData("en", true)]
    [InlineData("de", false)]
    [InlineData("en", false)]
    public async Task Every_page_is_whole_and_for_everybody(string language, bool phone)
    {
        var axe = await File.ReadAllTextAsync(Path.Combine(NodePeers.Folder, "node_modules", "axe-core", "axe.min.js"));
        var findings = new List<string>();
        foreach (var (role, paths) in Pages)
        {
            var page = await quarter.OpenConsole(role, "/", language, phone);
            foreach (var path in paths)
            {
                await page.GotoAsync(quarter.GatewayUrl + path);
                findings.AddRange((await Judge(page, axe)).Select(finding => $"{role} {path}: {finding}"));
            }

            await page.Context.CloseAsync();
        }

        Assert.Empty(findings);
    }

    private static async Task<IEnumerable<string>> Judge(IPage page, string axe)
    {
        var over = await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        var small = await page.EvaluateAsync<string>(TooSmall);
        await page.EvaluateAsync(axe);
        var violations = await page.EvaluateAsync<string>("async () => (await axe.run(document)).violations.map(v => v.id + ': ' + v.nodes.map(n => n.html).join(' ')).join('\\n')");
        return new[] { over == 0 ? "" : $"{over} px too wide", small, violations }.Where(finding => finding.Length > 0);
    }
}
