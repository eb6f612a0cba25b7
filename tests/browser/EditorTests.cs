using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Quartier.Tests.Browser;

/// <summary>The editor: imports a feed after a rehearsal, edits an offer, hides one, and is told why a broken file was refused.</summary>
public sealed class EditorTests(Quarter quarter) : IClassFixture<Quarter>
{
    private const string Feed = """
        <rss version="2.0" xmlns:ev="http://purl.org/rss/1.0/modules/event/"><channel><title>Probefeed</title><link>https://probe.example.org/</link>
        <item><title>Nähcafé für alle</title><guid isPermaLink="false">n1</guid><link>https://probe.example.org/1</link><description>Maschinen sind da 🧵.</description><ev:startdate>2098-05-01T10:00</ev:startdate></item>
        <item><title>Ohne Datum</title><guid isPermaLink="false">n2</guid><link>https://probe.example.org/2</link></item>
        </channel></rss>
        """;

    [Fact]
    public async Task A_feed_is_rehearsed_taken_over_edited_and_hidden()
    {
        var page = await quarter.OpenConsole("editor", "/offers");
        await Expect(page.Locator("tbody tr").First).ToBeVisibleAsync();
        Assert.True(await page.Locator("tbody tr").CountAsync() >= 40);
        await Quarter.Picture(page, "offers");

        await Upload(page, "probe.xml", Feed);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Vorschau des Imports");
        await Expect(page.Locator(".chips")).ToContainTextAsync("neu 1");
        await Expect(page.Locator("table")).ToContainTextAsync("nennt kein Datum");
        await Expect(page.Locator("table")).ToContainTextAsync("🧵");
        await Quarter.Picture(page, "offers-import-preview");

        await page.GetByRole(AriaRole.Button, new() { Name = "Übernehmen" }).ClickAsync();
        await page.GotoAsync(quarter.GatewayUrl + "/offers?q=N%C3%A4hcaf%C3%A9");
        await page.GetByRole(AriaRole.Link, new() { Name = "Nähcafé für alle" }).ClickAsync();
        await page.Locator("#title-en").FillAsync("Sewing café");
        await page.Locator("#text-en").FillAsync("Machines are there.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Speichern" }).ClickAsync();
        await Expect(page.Locator(".notice-good")).ToContainTextAsync("Gespeichert");
        await Expect(page.Locator("#title-en")).ToHaveValueAsync("Sewing café");
        await Expect(page.Locator("img[src*='screen-de.png']")).ToHaveJSPropertyAsync("naturalWidth", 320);
        await Expect(page.Locator("img[src*='screen-en.png']")).ToHaveJSPropertyAsync("naturalWidth", 320);
        await Expect(page.Locator("img[src*='screen-en.png']")).ToHaveAttributeAsync("alt", new Regex("Sewing café"));
        await Quarter.Picture(page, "offer-edit");

        await page.Locator("#hidden").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Speichern" }).ClickAsync();
        await page.GotoAsync(quarter.GatewayUrl + "/offers?q=N%C3%A4hcaf%C3%A9");
        await Expect(page.Locator(".empty")).ToBeVisibleAsync();
        await page.GotoAsync(quarter.GatewayUrl + "/offers?show=hidden&q=N%C3%A4hcaf%C3%A9");
        await Expect(page.Locator("tbody")).ToContainTextAsync("verborgen");
    }

    [Fact]
    public async Task A_broken_file_is_refused_with_its_line_and_what_to_do()
    {
        var page = await quarter.OpenConsole("editor", "/offers", phone: true);
        await Upload(page, "kaputt.xml", Feed[..300]);
        await Expect(page.Locator("#refusal")).ToContainTextAsync("hört mittendrin auf");
        await Expect(page.Locator(".facts")).ToContainTextAsync(new Regex("line \\d+"));
        await Expect(page.Locator("main")).ToContainTextAsync("Im Katalog wurde nichts verändert");
        await Quarter.Picture(page, "offers-refused-phone");
    }

    [Fact]
    public async Task The_editors_pages_speak_english_and_fit_a_phone()
    {
        var page = await quarter.OpenConsole("editor", "/offers", "en", phone: true);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Offers");
        await Quarter.Picture(page, "offers-phone-en");
        foreach (var path in new[] { "/offers", "/offers/import" })
        {
            await page.GotoAsync(quarter.GatewayUrl + path);
            Assert.Equal(0, await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth"));
        }

        await page.GotoAsync(quarter.GatewayUrl + "/offers");
        await page.Locator("tbody a").First.ClickAsync();
        Assert.Equal(0, await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth"));
        await Quarter.Picture(page, "offer-edit-phone-en");
    }

    private async Task Upload(IPage page, string name, string content)
    {
        await page.GotoAsync(quarter.GatewayUrl + "/offers/import");
        await page.Locator("#file").SetInputFilesAsync(new FilePayload { Name = name, MimeType = "application/rss+xml", Buffer = Encoding.UTF8.GetBytes(content) });
        await page.Locator("main form button[type=submit]").ClickAsync();
    }
}
