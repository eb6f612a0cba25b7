using System.Text.Json.Nodes;
using NodaTime;
using NodaTime.Text;
using Quartier.Gateway.Domain.Offers;
using Quartier.Gateway.Outputs.Notify;
using Quartier.Gateway.Outputs.Planning;
using Quartier.Gateway.Store.Outbox;
using Quartier.Tests.Gateway.Outbox;
using Quartier.Tests.Support;
using Xunit;

namespace Quartier.Tests.Gateway.Planning;

public class PlanningPushTests
{
    private static readonly Instant Now = InstantPattern.ExtendedIso.Parse("2026-11-21T10:00:00Z").Value;

    private const string Secret = "a secret of the planning backend";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_receiver_ends_with_exactly_the_ledger_however_often_either_side_is_killed(int seed)
    {
        var gen = new Gen((ulong)seed);
        using var desk = new ReleaseStore(seed: null);
        using var receiver = new Receiver(Path.Combine(desk.Folder.FullName, "received.jsonl"), Secret);
        var time = new StandingClock(ReleaseStore.Later);
        receiver.Start(Crashes(gen));
        for (var week = 42; week <= 49; week++)
        {
            Assert.True(desk.Ask($"2026-W{week}", at: time.Now).Drawn);
            desk.Database.Write(connection => PlanningPush.Ledger(connection, time.Now));
            Deliver(desk, receiver, time, gen, crashPermille: 150, rounds: 3);
        }

        for (var i = 0; i < 200 && desk.Database.Read(OutboxTable.NextDue) is not null; i++)
        {
            Deliver(desk, receiver, time, gen, crashPermille: 0, rounds: 1);
        }

        var ledger = desk.Ledger();
        Assert.Equal(8, ledger.Count);
        Assert.Equal(
            ledger.Select(row => ReleaseDocuments.ToJson(row).ToJsonString()).Order(),
            receiver.Events.Select(FigureOf).Order());
        Assert.Equal(ledger.Select(row => row.Sequence), receiver.Events.Select(sent => (long)sent["data"]!["sequence"]!).Order());
        var last = receiver.Events.MaxBy(sent => (long)sent["data"]!["sequence"]!)!;
        Assert.Equal(desk.Database.Read(LedgerTable.Head).Digest, (string?)last["data"]!["ledger_digest"]);
    }

    [Fact]
    public void A_figure_event_is_a_CloudEvent_with_nothing_of_the_true_count()
    {
        using var desk = new ReleaseStore(seed: null);
        var row = desk.Ask("2026-W47").Row!;
        Assert.Equal(1, desk.Database.Write(connection => PlanningPush.Ledger(connection, ReleaseStore.Later)));
        Assert.Equal(0, desk.Database.Write(connection => PlanningPush.Ledger(connection, ReleaseStore.Later)));
        var message = Assert.Single(desk.Database.Read(connection => OutboxTable.Latest(connection, 10)));
        var sent = JsonNode.Parse(message.Payload)!.AsObject();

        Assert.Equal(ChannelNames.Planning, message.Channel);
        Assert.Equal(
            ["specversion", "id", "source", "type", "subject", "time", "datacontenttype", "data"],
            sent.Select(member => member.Key));
        Assert.Equal($"release:{row.Id}", (string?)sent["id"]);
        Assert.Equal("de.quartier.planning.release", (string?)sent["type"]);
        string[] allowed = [.. ReleaseDocuments.Columns.Select(column => column.Name), "sequence", "ledger_digest"];
        Assert.Equal(allowed.Order(), sent["data"]!.AsObject().Select(member => member.Key).Order());
    }

    [Fact]
    public void Only_services_that_changed_are_sent_and_one_that_is_gone_is_told()
    {
        using var desk = new ReleaseStore();
        int Push(string state, params Offer[] offers) => desk.Database.Write(connection =>
            PlanningPush.Catalogue(connection, state, () => HsdsRules.Catalogue(offers, Now), Now));

        Assert.Equal(2, Push("1", HsdsTests.OwnOffer("a"), HsdsTests.OwnOffer("b")));
        Assert.Equal(0, Push("1"));
        Assert.Equal(0, Push("2", HsdsTests.OwnOffer("a"), HsdsTests.OwnOffer("b")));
        Assert.Equal(1, Push("3", HsdsTests.OwnOffer("a", title: "Sprachcafé am Abend"), HsdsTests.OwnOffer("b")));
        Assert.Equal(1, Push("4", HsdsTests.OwnOffer("a", title: "Sprachcafé am Abend")));
        Assert.Equal(
            ["de.quartier.planning.service", "de.quartier.planning.service", "de.quartier.planning.service", "de.quartier.planning.service.removed"],
            desk.Database.Read(connection => OutboxTable.Latest(connection, 10)).Reverse().Select(message => (string?)JsonNode.Parse(message.Payload)!["type"]));
    }

    private static string FigureOf(JsonNode sent)
    {
        var figure = sent["data"]!.DeepClone().AsObject();
        figure.Remove("sequence");
        figure.Remove("ledger_digest");
        return figure.ToJsonString();
    }

    /// <summary>A few rounds of the pump against the receiver; either side may end in the midst of any of them.</summary>
    private static void Deliver(ReleaseStore desk, Receiver receiver, StandingClock time, Gen gen, int crashPermille, int rounds)
    {
        for (var i = 0; i < rounds; i++)
        {
            if (!receiver.IsAlive)
            {
                receiver.Start(crashPermille > 0 ? Crashes(gen) : "");
            }

            using var http = WebhookChannel.Client();
            var options = new WebhookOptions { Url = $"http://127.0.0.1:{receiver.Port}/", Secret = Secret };
            var channel = new WebhookChannel(ChannelNames.Planning, options, http, time, payload => payload);
            var pump = new OutboxPump(desk.Database, [channel], time, (_, _) =>
            {
                if (gen.Chance(crashPermille))
                {
                    throw new KilledException();
                }
            });
            try
            {
                pump.PutBackUnfinished();
                pump.Round();
            }
            catch (KilledException)
            {
                desk.Restart();
            }

            time.Pass(Duration.Max(Duration.Zero, (desk.Database.Read(OutboxTable.NextDue) ?? time.Now) - time.Now));
        }
    }

    private static string Crashes(Gen gen) => $"{gen.Next(1, 5)}:{(gen.Chance(500) ? "before" : "after")}";

    private sealed class KilledException : Exception;
}
