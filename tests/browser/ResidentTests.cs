using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using NodaTime;
using NodaTime.Text;
using Quartier.Gateway.Domain.Offers;
using Quartier.Gateway.Store;
using Quartier.Tests.Support;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Quartier.Tests.Browser;

/// <summary>The resident in front of the shop window: reads, opens an offer, scans it, changes the language, and is still right
/// about tonight when the network has been gone for an hour.</summary>
public sealed partial class ResidentTests(Quarter quarter) : IClassFixture<Quarter>
{
    [Fact]
    public async Task A_resident_reads_opens_and_scans_an_offer_changes_language_and_outlives_the_network()
    {
        var window = await quarter.OpenWindow();
        var text = window.Locator("#screen-text");
        await Expect(text).ToContainTextAsync("Themen");
        await Expect(text).ToContainTextAsync("Uhr", new() { Timeout = 30_000 });
        await Offer();
        // What is on stands on the first part; a night's page has many, ten seconds each.
        await window.Locator("#speed-10").ClickAsync();
        Assert.Contains("Langprobe", await FirstPart(window, with: "Kurzprobe"), StringComparison.Ordinal);
        await window.Locator("#speed-1").ClickAsync();
        await Quarter.Picture(window, "screen-now-de");

        Assert.StartsWith("https://", await ScanFirstCode(window), StringComparison.Ordinal);
        await Quarter.Picture(window, "screen-detail-de");

        await Home(window);
        await Press(window, "previous", 2);
        await Press(window, "select");
        await Expect(text).ToContainTextAsync("Topics");
        await Quarter.Picture(window, "screen-now-en");

        await window.Locator("#net-wifi").ClickAsync();
        // The two requests go their own ways: the hour must pass after the cut, not before it.
        await Expect(window.Locator("#net-wifi")).ToHaveAttributeAsync("aria-pressed", "true");
        await window.Locator("form[action='/jump'] button").ClickAsync();
        await window.Locator("#speed-60").ClickAsync();
        await Expect(text).ToContainTextAsync("Keine Verbindung", new() { Timeout = 30_000 });
        await Expect(text).ToContainTextAsync("Stand: vor");
        await window.Locator("#speed-10").ClickAsync();
        await Quarter.Picture(window, "screen-offline");
        var words = await FirstPart(window);
        var clock = Minutes(Clock().Match(words).Value);
        // The one that ended within the hour has gone, the one that lasts is told with its end. Each "on until" has its hour before it;
        // past midnight counts on. Half a day ahead would be an end gone by.
        Assert.DoesNotContain("Kurzprobe", words, StringComparison.Ordinal);
        Assert.Contains("Langprobe", words, StringComparison.Ordinal);
        Assert.NotEmpty(Until().Matches(words));
        Assert.All(Until().Matches(words), match => Assert.InRange((Minutes(match.Groups[1].Value) - clock + 1440) % 1440, 1, 720));

        await window.Locator("#net-wifi").ClickAsync();
        await Expect(text).Not.ToContainTextAsync("Keine Verbindung", new() { Timeout = 60_000 });
        await Expect(text).ToContainTextAsync("Stand: gerade eben");
    }

    /// <summary>Two offers that are on now, one of them over within the hour: what is on otherwise depends on the hour of the test. They began
    /// before the others of the day, and so stand before them.</summary>
    private async Task Offer()
    {
        var now = Instant.FromDateTimeOffset(quarter.Demo.GatewayServices.GetRequiredService<TimeProvider>().GetUtcNow());
        string Event(string name, int minutesLeft) => $"""
            BEGIN:VEVENT
            UID:{name}@resident.example
            SUMMARY:{name}
            DTSTAMP:{Utc(now)}
            DTSTART:{Utc(now - Duration.FromHours(6))}
            DTEND:{Utc(now + Duration.FromMinutes(minutesLeft))}
            END:VEVENT

            """;
        static string Utc(Instant at) => InstantPattern.CreateWithInvariantCulture("uuuuMMdd'T'HHmmss'Z'").Format(at);
        var calendar = $"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//resident//DE\n{Event("Kurzprobe", 30)}{Event("Langprobe", 180)}END:VCALENDAR\n";
        var database = quarter.Demo.GatewayServices.GetRequiredService<Database>();
        var report = await database.WriteAsync(db =>
            ImportRun.Run(db, Encoding.UTF8.GetBytes(calendar.ReplaceLineEndings("\r\n")), new ImportRequest("resident.ics"), now));
        Assert.Equal(2, report.Count(ImportRun.Added));
    }

    /// <summary>Opens one offer after another until one has a web address, as a curious person would.</summary>
    private static async Task<string> ScanFirstCode(IPage window)
    {
        for (var row = 1; row <= 6; row++)
        {
            await Home(window);
            await Press(window, "next", row);
            await Press(window, "select");
            await Expect(window.Locator("#screen-text")).ToContainTextAsync("Zurück");
            for (var look = 0; look < 10; look++)
            {
                var read = Zbar.Read(await (await window.APIRequest.GetAsync(new Uri(new Uri(window.Url), "/screen.png").ToString())).BodyAsync());
                if (read.Length > 0)
                {
                    return read;
                }

                await ShownWords(window);
            }
        }

        return "";
    }

    /// <summary>Back until the start page is there; its first button names the topics.</summary>
    private static async Task Home(IPage window)
    {
        for (var i = 0; i < 4 && !(await ShownWords(window)).Contains("Themen", StringComparison.Ordinal); i++)
        {
            await Press(window, "select", 0);
            var size = await window.Locator("#screen").EvaluateAsync<int[]>("e => [e.naturalWidth, e.naturalHeight]");
            await window.APIRequest.PostAsync(new Uri(new Uri(window.Url), $"/screen/touch?x={size[0] / 8}&y={size[1] - 8}").ToString());
        }

        await Expect(window.Locator("#screen-text")).ToContainTextAsync("Themen");
    }

    private static async Task Press(IPage window, string key, int times = 1)
    {
        for (var i = 0; i < times; i++)
        {
            await window.Locator($"#key-{key}").ClickAsync();
        }
    }

    private static async Task<string> ShownWords(IPage window) =>
        await (await window.APIRequest.GetAsync(new Uri(new Uri(window.Url), "/part/screen").ToString())).TextAsync();

    /// <summary>The first part of "now and next", which a screen that nobody touches comes back to by itself.</summary>
    /// <param name="with">Words that must have come to it.</param>
    private static async Task<string> FirstPart(IPage window, string with = "")
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var words = await ShownWords(window);
            if (FirstOfSome().IsMatch(words) && words.Contains(with, StringComparison.Ordinal))
            {
                return words;
            }

            patience.Token.ThrowIfCancellationRequested();
        }
    }

    private static int Minutes(string clock)
    {
        var parts = clock.Split(':');
        return (int.Parse(parts[0], CultureInfo.InvariantCulture) * 60) + int.Parse(parts[1], CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"\b1/\d+ ▶")]
    private static partial Regex FirstOfSome();

    [GeneratedRegex(@"\d\d:\d\d")]
    private static partial Regex Clock();

    [GeneratedRegex(@"jetzt bis (\d\d:\d\d)")]
    private static partial Regex Until();
}
