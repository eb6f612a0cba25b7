using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using NodaTime;
using Quartier.Gateway.Domain.Offers;
using Quartier.Gateway.Domain.Registry;
using Quartier.Gateway.Store;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Quartier.Tests.Browser;

/// <summary>The editors' list when there is much in it: pages, and what may be said of the screens.</summary>
public sealed class OfferListTests(Quarter quarter) : IClassFixture<Quarter>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_list_is_turned_page_by_page_and_says_of_each_screen_what_is_proved(bool phone)
    {
        var database = quarter.Demo.GatewayServices.GetRequiredService<Database>();
        var now = Instant.FromUtc(2026, 11, 28, 8, 0);
        var events = string.Concat(Enumerable.Range(0, 120).Select(i => $"BEGIN:VEVENT\r\nUID:s{i}\r\nSUMMARY:Blättern {i:000}\r\nDTSTART:20981224T{10 + (i / 60)}{i % 60:00}00Z\r\nEND:VEVENT\r\n"));
        database.Write(db =>
        {
            ImportRun.Run(db, Encoding.UTF8.GetBytes($"BEGIN:VCALENDAR\r\n{events}END:VCALENDAR\r\n"), new ImportRequest("b.ics") { Source = "Blättern" }, now);
            RegistryTable.Add(db, Device.New("gesperrt-1", DeviceKind.Screen, "Altes Fenster", "", "", now));
            RegistryTable.Revoke(db, "gesperrt-1");
            RegistryTable.Add(db, Device.New("neu-1", DeviceKind.Screen, "Neues Fenster", "", "", now));
        });
        var page = await quarter.OpenConsole("editor", "/offers?q=Bl%C3%A4ttern", phone: phone);
        await Expect(page.GetByText("gesperrt-1: gesperrt")).ToBeVisibleAsync();
        await Expect(page.GetByText("neu-1: hat noch nichts bestätigt")).ToBeVisibleAsync();
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(50);
        await page.GetByRole(AriaRole.Link, new() { Name = "Weiter" }).ClickAsync();
        await Expect(page.GetByText("Seite 2 von 3")).ToBeVisibleAsync();
        await Expect(page.Locator("tbody tr").First).ToContainTextAsync("Blättern 050");
        await page.GetByRole(AriaRole.Link, new() { Name = "Weiter" }).ClickAsync();
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(20);
        await Quarter.Picture(page, phone ? "offers-pages-phone" : "offers-pages");
    }
}
