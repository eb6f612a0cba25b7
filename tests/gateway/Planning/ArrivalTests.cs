using System.Text.Json.Nodes;
using Dapper;
using NodaTime;
using NodaTime.Text;
using Quartier.Gateway.Domain.Offers;
using Quartier.Gateway.Outputs.Notify;
using Quartier.Gateway.Outputs.Planning;
using Quartier.Gateway.Store.Outbox;
using Quartier.Tests.Gateway.Outbox;
using Xunit;

namespace Quartier.Tests.Gateway.Planning;

/// <summary>What reaches the planning backend, before a real receiver over HTTP.</summary>
public class ArrivalTests
{
    private static readonly Instant Now = InstantPattern.ExtendedIso.Parse("2026-11-21T10:00:00Z").Value;

    private const string Secret = "a secret of the planning backend";

    [Fact]
    public void Areas_with_umlauts_arrive_like_any_other_each_under_a_key_of_its_own()
    {
        using var desk = new ReleaseStore(new ReleasePolicy { MinimumPods = 1 }, seed: null);
        string[] areas = ["Söflingen", "Sóflingen", "S%C3%B6flingen", "Weststadt", "Böfingen / Nord", "إيزلسبيرغ"];
        foreach (var area in areas)
        {
            desk.Put($"pod of {area}", area, "2026-10-05");
            Assert.True(desk.Ask("2026-W47", area).Drawn);
        }

        desk.Database.Write(connection => PlanningPush.Ledger(connection, ReleaseStore.Later));
        using var receiver = new Receiver(Path.Combine(desk.Folder.FullName, "received.jsonl"), Secret);
        Deliver(desk, receiver);

        Assert.Equal(areas.Order(), receiver.Events.Select(sent => (string)sent["data"]!["area"]!).Order());
        Assert.Empty(desk.Database.Read(connection => OutboxTable.Unsent(connection, ChannelNames.Planning)));
    }

    [Theory]
    [InlineData("release:2026-W47:occupied_pod_nights:Mitte", "release:2026-W47:occupied_pod_nights:Mitte")]
    [InlineData("Söflingen", "S%C3%B6flingen")]
    [InlineData("S%C3%B6flingen", "S%25C3%25B6flingen")]
    [InlineData(" a b\r\nc ", "%20a b%0D%0Ac%20")]
    public void A_header_holds_visible_ASCII_and_can_be_decoded(string text, string header)
    {
        Assert.Equal(header, HeaderText.Of(text));
        Assert.Equal(text, Uri.UnescapeDataString(header));
    }

    [Fact]
    public void A_dead_event_that_is_sent_again_tells_what_is_true_now_as_the_newest_of_its_subject()
    {
        using var desk = new ReleaseStore(seed: null);
        PutOffer(desk, "Sprachcafé", "1");
        var dead = Assert.Single(desk.Database.Read(connection => OutboxTable.Unsent(connection, ChannelNames.Planning)));
        desk.Database.Write(connection => connection.Execute("UPDATE outbox SET state = 'dead'"));
        PutOffer(desk, "Sprachcafé am Abend", "2");
        using var receiver = new Receiver(Path.Combine(desk.Folder.FullName, "received.jsonl"), Secret);
        Deliver(desk, receiver);
        Assert.Equal([2], receiver.Events.Select(Sequence));

        using var http = WebhookChannel.Client();
        Assert.True(desk.Database.Write(connection => OutboxTable.Replay(connection, dead.Position, Now, [Channel(receiver, http)])));
        Deliver(desk, receiver);

        Assert.Equal([2, 3], receiver.Events.Select(Sequence));
        Assert.All(receiver.Events, sent => Assert.Equal("Sprachcafé am Abend", (string?)sent["data"]!["name"]));
        Assert.Single(receiver.Events.Select(sent => (string?)sent["subject"]).Distinct());
    }

    [Fact]
    public void A_dead_event_about_a_service_that_is_gone_tells_that_it_is_gone()
    {
        using var desk = new ReleaseStore(seed: null);
        PutOffer(desk, "Sprachcafé", "1");
        var dead = Assert.Single(desk.Database.Read(connection => OutboxTable.Unsent(connection, ChannelNames.Planning)));
        desk.Database.Write(connection => connection.Execute("UPDATE outbox SET state = 'dead'; DELETE FROM offers"));
        var renewed = desk.Database.Read(connection => PlanningPush.Renewed(connection, dead, Now))!;
        Assert.Equal("de.quartier.planning.service.removed", (string?)JsonNode.Parse(renewed)!["type"]);
    }

    [Fact]
    public void The_events_of_each_subject_are_numbered_and_old_ones_without_a_number_still_leave()
    {
        using var room = new Mailroom();
        room.Add("a1", "a");
        room.Add("b1", "b");
        room.Add("a2", "a");
        room.Add("a2", "a");
        room.Add("a3", "a");
        Assert.Equal([1L, 2, 3, 1], new[] { "a1", "a2", "a3", "b1" }.Select(key => room.Find(key).Sequence));
        Assert.Equal("000000000007", (string?)JsonNode.Parse(CloudEvent.WithSequence("{\"id\":\"ö\"}", 7))!["sequence"]);
    }

    [Fact]
    public async Task The_planners_page_shows_what_has_not_arrived_and_sends_it_again()
    {
        await using var console = await PlannerConsole.Start(Now);
        console.Tick(Now);
        await console.LogIn("planner");
        Assert.DoesNotContain("id=\"unsent\"", await console.Http.GetStringAsync("/planning"));

        console.Database.Write(connection =>
        {
            OutboxTable.Add(connection, new NewMessage(ChannelNames.Planning, "release/2026-W47:Söflingen", "k1", "{}", Now), Now);
            OutboxTable.Add(connection, new NewMessage("mail", "a letter", "k2", "{}", Now), Now);
            connection.Execute("UPDATE outbox SET state = 'dead', attempts = 4, last_error = 'no answer' WHERE message_key IN ('k1', 'k2')");
        });
        var page = System.Net.WebUtility.HtmlDecode(await console.Http.GetStringAsync("/planning"));
        Assert.Contains("release/2026-W47:Söflingen", page);
        Assert.Contains("no answer", page);
        Assert.DoesNotContain("a letter", page);

        foreach (var message in console.Database.Read(connection => OutboxTable.Dead(connection)))
        {
            await console.Post("/planning", $"/planning/unsent/{message.Position}/replay", []);
        }

        var left = console.Database.Read(connection => OutboxTable.Dead(connection));
        Assert.Equal(["a letter"], left.Select(message => message.Subject));
    }

    [Fact]
    public void What_a_simulated_run_drew_says_so_and_is_never_pushed()
    {
        using var desk = new ReleaseStore(seed: 5);
        Assert.True(desk.Ask("2026-W47").Row!.Simulated);
        Assert.Equal(0, desk.Database.Write(connection => PlanningPush.Ledger(connection, ReleaseStore.Later)));
        Assert.Empty(desk.Database.Read(connection => OutboxTable.Unsent(connection, ChannelNames.Planning)));

        desk.Releases = ReleaseStore.Drawing(ReleasePolicy.Default, null);
        Assert.False(desk.Ask("2026-W48").Row!.Simulated);
        Assert.Equal(1, desk.Database.Write(connection => PlanningPush.Ledger(connection, ReleaseStore.Later)));
        Assert.Equal([true, false], desk.Ledger().Select(row => (bool)ReleaseDocuments.ToJson(row)["simulated"]!));
        Assert.Equal([true, false], new ReleaseJournal(desk.JournalPath).Read().Select(line => line.Row.Simulated));
    }

    private static int Sequence(JsonNode sent) => int.Parse((string)sent["sequence"]!, System.Globalization.CultureInfo.InvariantCulture);

    private static void PutOffer(ReleaseStore desk, string title, string state) => desk.Database.Write(connection =>
    {
        OffersTable.Put(connection, HsdsTests.OwnOffer("a", title));
        PlanningPush.Catalogue(connection, state, () => HsdsRules.Catalogue(OffersTable.All(connection), Now), Now);
    });

    private static WebhookChannel Channel(Receiver receiver, HttpClient http) => new(
        ChannelNames.Planning,
        new WebhookOptions { Url = $"http://127.0.0.1:{receiver.Port}/", Secret = Secret },
        http,
        new StandingClock(ReleaseStore.Later),
        payload => payload,
        PlanningPush.Renewed);

    private static void Deliver(ReleaseStore desk, Receiver receiver)
    {
        if (!receiver.IsAlive)
        {
            receiver.Start("");
        }

        using var http = WebhookChannel.Client();
        var pump = new OutboxPump(desk.Database, [Channel(receiver, http)], new StandingClock(ReleaseStore.Later));
        for (var round = 0; round < 20 && desk.Database.Read(OutboxTable.NextDue) is not null; round++)
        {
            pump.Round();
        }
    }
}
