using System.Net;
using System.Text.Json.Nodes;
using NodaTime;
using Quartier.Gateway.Outputs.Notify;
using Quartier.Gateway.Store.Outbox;
using Quartier.Tests.Gateway.Outbox;
using Xunit;

namespace Quartier.Tests.Gateway.Notify;

/// <summary>Our webhook before a receiver in node.</summary>
public sealed class WebhookChannelTests
{
    private const string Secret = "sixteen or more signs";

    [Fact]
    public async Task The_receiver_finds_a_signed_cloud_event_with_its_key()
    {
        using var peer = await Peer.Webhook(Secret, 204);
        Assert.Equal(SendOutcome.Accepted, (await Send(peer.Port)).Outcome);
        var got = await peer.Next();
        Assert.True(got.GetProperty("signed").GetBoolean());
        Assert.True(got.GetProperty("valid").GetBoolean());
        Assert.Equal("k1", got.GetProperty("key").GetString());
        Assert.Equal("k1", got.GetProperty("event").GetProperty("id").GetString());
        Assert.Equal("Grüße", got.GetProperty("event").GetProperty("data").GetProperty("text").GetString());
    }

    [Fact]
    public async Task Another_secret_does_not_verify()
    {
        using var peer = await Peer.Webhook("some other secret!", 200);
        await Send(peer.Port);
        Assert.False((await peer.Next()).GetProperty("signed").GetBoolean());
    }

    [Theory]
    [InlineData(200, SendOutcome.Accepted)]
    [InlineData(302, SendOutcome.Failed)]
    [InlineData(401, SendOutcome.Failed)]
    [InlineData(404, SendOutcome.Failed)]
    [InlineData(410, SendOutcome.Refused)]
    [InlineData(422, SendOutcome.Refused)]
    [InlineData(429, SendOutcome.Failed)]
    [InlineData(503, SendOutcome.Failed)]
    public void What_an_answer_means(int status, SendOutcome expected) => Assert.Equal(expected, WebhookChannel.Judge((HttpStatusCode)status));

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        using var peer = await Peer.Webhook(Secret, 302);
        Assert.Equal("302 Found", (await Send(peer.Port)).Note);
    }

    [Fact]
    public async Task A_receiver_that_was_killed_gets_every_event_once_and_in_order_when_it_is_back()
    {
        using var room = new Mailroom();
        var first = await Peer.Webhook(Secret, 200);
        using var http = WebhookChannel.Client();
        var pump = new OutboxPump(room.Store, [Channel(first.Port, http, room.Clock)], room.Clock);
        Add(room, "e1");
        await pump.RoundAsync(ChannelNames.Team, CancellationToken.None);
        Assert.Equal("e1", (await first.Next()).GetProperty("key").GetString());
        first.Dispose();

        Add(room, "e2");
        Add(room, "e3");
        var next = await pump.RoundAsync(ChannelNames.Team, CancellationToken.None);
        Assert.Equal(1, room.Find("e2").Attempts);
        Assert.Equal(0, room.Find("e3").Attempts);

        using var second = await Peer.Webhook(Secret, 200, first.Port);
        room.Clock.Pass(next!.Value - room.Clock.Now);
        Assert.Null(await pump.RoundAsync(ChannelNames.Team, CancellationToken.None));
        Assert.Equal("e2", (await second.Next()).GetProperty("key").GetString());
        Assert.Equal("e3", (await second.Next()).GetProperty("key").GetString());
        Assert.True(second.HasNothing);
    }

    private static void Add(Mailroom room, string key) => room.Store.Write(db =>
        OutboxTable.Add(db, new NewMessage("webhook", "s", key, Event(key).ToJson(), room.Clock.Now), room.Clock.Now));

    private static CloudEvent Event(string key) =>
        new(key, "urn:quartier", "de.quartier.alert.raised", "case/1", Instant.FromUtc(2026, 11, 21, 22, 0), new JsonObject { ["text"] = "Grüße" });

    private static WebhookChannel Channel(int port, HttpClient http, TimeProvider time) =>
        new("webhook", new WebhookOptions { Url = $"http://127.0.0.1:{port}/", Secret = Secret }, http, time, payload => payload);

    private static async Task<SendResult> Send(int port)
    {
        using var http = WebhookChannel.Client();
        var now = Instant.FromUtc(2026, 11, 21, 22, 0);
        var message = new OutboxMessage(1, "webhook", "s", "k1", Event("k1").ToJson(), now, now, now, 1, OutboxState.Sending, null, null);
        return await Channel(port, http, new StandingClock(now)).SendAsync(message, CancellationToken.None);
    }
}
