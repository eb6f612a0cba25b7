using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Quartier.Gateway.Outputs.Notify;
using Quartier.Gateway.Store;
using Quartier.Gateway.Store.Outbox;
using Quartier.Simulator.Boards;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Quartier.Tests.Browser;

/// <summary>The developer: lets things happen in the window and sees the console follow, without a reload.</summary>
public sealed class DeveloperTests(Quarter quarter) : IClassFixture<Quarter>
{
    private static readonly PodIdentity Karlsplatz = PodIdentity.Demo[0];
    private static readonly PodIdentity AlterFriedhof = PodIdentity.Demo[1];

    [Fact]
    public async Task A_locked_pod_is_occupied_on_the_open_board_within_five_seconds()
    {
        var board = await quarter.OpenConsole("street", "/board");
        var window = await quarter.OpenWindow();
        await Expect(Card(board, Karlsplatz)).ToContainTextAsync("Frei");

        await Act(window, Karlsplatz, "enter");
        await Act(window, Karlsplatz, "lock");
        await Expect(Card(board, Karlsplatz)).ToContainTextAsync("Belegt", new() { Timeout = 5_000 });
        await Expect(Part(window, Karlsplatz).Locator(".thinks")).ToContainTextAsync("von innen verriegelt");
        await Expect(window.Locator(".log")).ToContainTextAsync("die Tür wird von innen verriegelt");
        await Quarter.Picture(window, "window-occupied");
        await Quarter.Picture(board, "board-occupied");

        // The change is read aloud from one place, and takes the place of nothing that is seen.
        await Expect(window.Locator("[data-said]")).ToHaveCountAsync(1);
        await Expect(window.Locator("[data-said]")).ToHaveTextAsync("Karlsplatz: belegt");

        // Leaving: occupied still, and free only once flap, motion and air agree.
        await Act(window, Karlsplatz, "leave");
        await Expect(Part(window, Karlsplatz).Locator(".compare")).ToContainTextAsync("leer");
        await window.Locator("#speed-60").ClickAsync();
        await Expect(Card(board, Karlsplatz)).ToContainTextAsync("Frei", new() { Timeout = 30_000 });
        await window.Locator("#speed-1").ClickAsync();
    }

    [Fact]
    public async Task Smoke_is_on_the_board_at_once_and_its_confirmation_back_at_the_pod()
    {
        var board = await quarter.OpenConsole("street", "/board");
        var window = await quarter.OpenWindow();
        await Act(window, AlterFriedhof, "smoke");
        await Expect(Card(board, AlterFriedhof)).ToContainTextAsync("Rauch", new() { Timeout = 5_000 });
        await window.Locator("#speed-10").ClickAsync();
        await Expect(Part(window, AlterFriedhof).Locator(".alarms .confirmed")).ToContainTextAsync("vom Gateway bestätigt");
        await Act(window, AlterFriedhof, "sos");
        await Expect(Part(window, AlterFriedhof).Locator(".lamp")).ToContainTextAsync("Lampe leuchtet", new() { Timeout = 20_000 });
        await Quarter.Picture(window, "window-alarms");
        await Act(window, AlterFriedhof, "smoke");
        await Expect(Part(window, AlterFriedhof).Locator(".alarms")).Not.ToContainTextAsync("Rauch", new() { Timeout = 20_000 });
        await window.Locator("#speed-1").ClickAsync();
    }

    [Fact]
    public async Task A_safety_alarm_reaches_the_team_by_letter_and_by_chat()
    {
        var window = await quarter.OpenWindow();
        await Act(window, Karlsplatz, "smoke");
        var chat = window.Locator("#log li, .lines li").Filter(new() { HasText = "Team-Chat" }).Filter(new() { HasText = "Rauch / Smoke – Karlsplatz" });
        await Expect(chat).ToHaveCountAsync(1, new() { Timeout = 20_000 });
        await Quarter.Picture(window, "window-team-chat");
        var store = quarter.Demo.GatewayServices.GetRequiredService<Database>();
        var sent = store.Read(db => OutboxTable.Latest(db, 100)).Where(message => message.Payload.Contains("Karlsplatz", StringComparison.Ordinal) && message.Payload.Contains("Smoke", StringComparison.Ordinal));
        Assert.Equal([ChannelNames.Mailbox, ChannelNames.Team], sent.Select(message => message.Channel).Order());
        await Act(window, Karlsplatz, "smoke");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("t=1764000000,v1=0000000000000000000000000000000000000000000000000000000000000000")]
    public async Task The_team_chat_refuses_what_the_gateway_did_not_sign(string? signature)
    {
        using var http = new HttpClient();
        using var forged = new HttpRequestMessage(HttpMethod.Post, quarter.WindowUrl + "/team-chat") { Content = new StringContent("""{"data":{"text":"forged"}}""") };
        if (signature is not null)
        {
            forged.Headers.Add(WebhookSignature.HeaderName, signature);
        }

        using var answer = await http.SendAsync(forged);
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.DoesNotContain(quarter.Demo.Quarter.World.Trace.Recent, line => line.Detail.Contains("forged", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_window_works_in_english_and_on_a_phone_without_scrolling_sideways()
    {
        var window = await quarter.OpenWindow("en", phone: true);
        await Expect(window.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("Window to the quarter");
        var overflow = await window.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        Assert.Equal(0, overflow);
        await Quarter.Picture(window, "window-phone-en");
    }

    private static ILocator Card(IPage board, PodIdentity pod) =>
        board.Locator("article").Filter(new() { Has = board.Locator($"#pod-{pod.DevEui}") });

    private static ILocator Part(IPage window, PodIdentity pod) => window.Locator($"[data-pod='{pod.DevEui}']");

    private static Task Act(IPage window, PodIdentity pod, string act) => window.Locator($"[id='{pod.DevEui}-{act}']").ClickAsync();
}
