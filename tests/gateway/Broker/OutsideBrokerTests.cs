using System.Net;
using System.Text;
using Dapper;
using NodaTime;
using Quartier.Gateway.Broker;
using Quartier.Gateway.Ingest;
using Quartier.Gateway.Store;
using Quartier.Simulator.Demo;
using Quartier.Wire;
using Xunit;

namespace Quartier.Tests.Gateway.Broker;

/// <summary>The gateway as a client of Mosquitto: what the network server publishes there is in the store before it is acknowledged, and
/// answers go back there.</summary>
public sealed class OutsideBrokerTests
{
    private const string CommandTopic = $"application/{Uplink.Application}/device/{Uplink.Pod}/command/down";

    [Fact]
    public async Task An_alarm_at_the_citys_broker_is_stored_and_confirmed_there_over_MQTT_5()
    {
        using var city = await Mosquitto.Start();
        await city.Subscribe(CommandTopic);
        await using var gateway = await GatewayBeside(("city", city.Port));
        await gateway.Connected("city");
        await city.Publish(Uplink.Topic(Uplink.Pod), Text(Uplink.Alarm(AlarmKind.Smoke, active: true, sequence: 7, counter: 1, gateway.Time.Now)));
        var command = Assert.Single(await city.Hear(CommandTopic));
        var frame = new byte[AlarmConfirmationV1.Bytes];
        new AlarmConfirmationV1 { Sequence = 7 }.Encode(frame);
        Assert.Contains($"\"data\":\"{Convert.ToBase64String(frame)}\"", command, StringComparison.Ordinal);
        Assert.Equal(1, gateway.Events());
        var status = gateway.Status("city");
        Assert.Equal(("MQTT 5", 1, false, 0), (status.Version, status.Messages, status.IsAtMostOnce, status.NotSent));
    }

    [Fact]
    public async Task What_comes_while_the_gateway_is_away_comes_later()
    {
        using var city = await Mosquitto.Start();
        var folder = Directory.CreateTempSubdirectory("quartier-away-");
        await using (var first = await GatewayBeside(folder.FullName, ("city", city.Port)))
        {
            await first.Connected("city");
        }

        await city.Publish(Uplink.Topic(Uplink.Pod), Text(Uplink.Status(Uplink.Occupied(), 1, TestStore.Evening)));
        await using (var second = await GatewayBeside(folder.FullName, ("city", city.Port)))
        {
            await second.Until(() => second.Events() == 1);
        }

        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_broker_that_restarts_in_between_costs_nothing_and_nothing_comes_twice()
    {
        const int Each = 200;
        using var city = await Mosquitto.Start();
        await using var gateway = await GatewayBeside(("city", city.Port));
        await gateway.Connected("city");
        await Send(city, 1, Each);
        city.Signal("TERM");
        await city.Begin();
        await Send(city, Each + 1, Each);
        await gateway.Until(() => gateway.Events() == 2 * Each);
        Assert.Empty(gateway.Database.Read(RefusalsTable.Counts));
    }

    [Fact]
    public async Task A_broker_that_was_killed_and_has_forgotten_us_is_subscribed_to_anew()
    {
        using var city = await Mosquitto.Start();
        await using var gateway = await GatewayBeside(("city", city.Port));
        await gateway.Connected("city");
        await Send(city, 1, 200);
        await gateway.Until(() => gateway.Events() == 200);
        city.Signal("KILL");
        await gateway.Until(() => gateway.Status("city").Trouble is not null);
        await city.Begin();
        await gateway.Connected("city");
        await Send(city, 201, 200);
        await gateway.Until(() => gateway.Events() == 400);
    }

    [Trait("Store", "own")]
    [Fact]
    public async Task What_cannot_be_stored_is_not_acknowledged_and_comes_again()
    {
        using var city = await Mosquitto.Start();
        await using var gateway = await GatewayBeside(("city", city.Port));
        await gateway.Connected("city");
        gateway.FillTheStore();
        var big = Uplink.Event(Uplink.Pod, Ports.ShelterStatus, new byte[ShelterStatusV1.Bytes], 1);
        big["padding"] = new string('x', 40_000);
        await city.Publish(Uplink.Topic(Uplink.Pod), big.ToJsonString());
        await gateway.Until(() => gateway.Red("broker city") is { } red && red.Contains("unacknowledged", StringComparison.Ordinal));
        Assert.Equal(0, gateway.Status("city").Messages);
        gateway.Database.Write(db => db.ExecuteScalar<long>("PRAGMA max_page_count=1000000"));
        await gateway.Until(() => gateway.Events() == 1 && gateway.Red("broker city") is null);
    }

    [Fact]
    public async Task A_message_that_is_refused_is_kept_with_its_reason_and_holds_nothing_up()
    {
        using var city = await Mosquitto.Start();
        await using var gateway = await GatewayBeside(new OutsideOptions { Host = "127.0.0.1", Port = city.Port, Topics = ["#"] });
        await gateway.Connected("city");
        await city.Publish(Uplink.Topic(Uplink.Pod), "{");
        await city.Publish(ScreenTopics.Build(DemoQuarter.Screen, ScreenTopics.Hello), "x");
        await city.Publish(Uplink.Topic(Uplink.Pod), new string(' ', 100_000));
        var huge = Path.Combine(gateway.Folder, "huge");
        await File.WriteAllTextAsync(huge, new string(' ', 2_000_000));
        await city.PublishFile(Uplink.Topic(Uplink.Pod), huge);
        await city.Publish(Uplink.Topic(Uplink.Pod), Text(Uplink.Status(Uplink.Occupied(), 1, gateway.Time.Now)));
        await gateway.Until(() => gateway.Events() == 1);
        Assert.Equal(["invalid-json 1", "too-large 2", "unknown-topic 1"], gateway.Database.Read(RefusalsTable.Counts).Select(count => $"{count.Reason} {count.Count}").Order());
        Assert.All(gateway.Database.Read(db => RefusalsTable.Latest(db, 10)), refusal => Assert.Equal("city", refusal.Sender));
        Assert.Null(gateway.Status("city").Trouble);
    }

    [Fact]
    public async Task Each_broker_stands_alone_whoever_else_refuses_hangs_or_is_not_there()
    {
        using var city = await Mosquitto.Start();
        using var region = await Mosquitto.Start();
        var passwords = Path.GetTempFileName();
        using var strict = await Mosquitto.Start($"allow_anonymous false\npassword_file {passwords}");
        using var hanging = new OldBroker(city.Port, Manner.Never);
        await using var gateway = await GatewayBeside(
            ("city", city.Port), ("hanging", hanging.Port), ("nowhere", GatewayProcess.FreePort()), ("region", region.Port), ("strict", strict.Port));
        await gateway.Connected("city");
        await gateway.Connected("region");
        await gateway.Until(() => gateway.Red("broker strict") is not null && gateway.Red("broker nowhere") is not null);
        await city.Publish(Uplink.Topic(Uplink.Pod), Text(Uplink.Status(Uplink.Occupied(), 1, gateway.Time.Now)));
        await region.Publish(Uplink.Topic(Uplink.Pod), Text(Uplink.Status(Uplink.Free(), 2, gateway.Time.Now)));
        await gateway.Until(() => gateway.Events() == 2);
        Assert.Contains("does not admit this log-in", gateway.Red("broker strict"), StringComparison.Ordinal);
        Assert.Contains("Nobody listens at that address", gateway.Red("broker nowhere"), StringComparison.Ordinal);
        var health = await gateway.Health();
        Assert.Contains("broker strict: red since", health, StringComparison.Ordinal);
        Assert.DoesNotContain("city", health, StringComparison.Ordinal);
        Assert.DoesNotContain("127.0.0.1", health, StringComparison.Ordinal);
        File.Delete(passwords);
    }

    [Fact]
    public async Task The_page_says_how_it_stands_and_when_something_came_only_to_the_administrator()
    {
        using var city = await Mosquitto.Start();
        await using var gateway = await GatewayBeside(("city", city.Port), ("nowhere", GatewayProcess.FreePort()));
        await gateway.Connected("city");
        await gateway.Until(() => gateway.Red("broker nowhere") is not null);
        using var admin = await gateway.LogIn("admin", "en");
        var page = await admin.GetStringAsync("/connections");
        Assert.Contains($"127.0.0.1:{city.Port}", page, StringComparison.Ordinal);
        Assert.Contains("MQTT 5", page, StringComparison.Ordinal);
        Assert.Contains("Nobody listens at that address", page, StringComparison.Ordinal);
        Assert.Contains("Messages", page, StringComparison.Ordinal);
        using var facility = await gateway.LogIn("facility");
        page = WebUtility.HtmlDecode(await facility.GetStringAsync("/connections"));
        Assert.Contains("Unter dieser Adresse hört niemand", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Nachrichten</th>", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broker_that_stands_still_is_noticed_and_commands_wait_for_it()
    {
        using var city = await Mosquitto.Start();
        await city.Subscribe(CommandTopic);
        await using var gateway = await GatewayBeside(new OutsideOptions { Host = "127.0.0.1", Port = city.Port, KeepAliveSeconds = 2 });
        await gateway.Connected("city");
        city.Signal("STOP");
        gateway.Outside.Publish(new Publication(CommandTopic, "{}"u8.ToArray(), Retain: false) { Over = "city" });
        await gateway.Until(() => gateway.Status("city").ConnectedSince is null);
        Assert.Equal(OutsideTrouble.Silent, gateway.Status("city").Trouble);
        Assert.Equal(1, gateway.Status("city").Waiting);
        city.Signal("CONT");
        Assert.Equal("{}", Assert.Single((await city.Hear(CommandTopic)).Distinct()));
        await gateway.Until(() => gateway.Status("city").Waiting == 0);
        Assert.Equal(0, gateway.Status("city").NotSent);
    }

    [Fact]
    public async Task A_command_that_nobody_hears_or_that_finds_the_queue_full_is_counted()
    {
        using var city = await Mosquitto.Start();
        await using var gateway = await GatewayBeside(("city", city.Port), ("nowhere", GatewayProcess.FreePort()));
        await gateway.Connected("city");
        var outside = gateway.Outside;
        outside.Publish(new Publication(CommandTopic, [], Retain: false) { Over = "city" });
        for (var number = 0; number <= OutsideBroker.WaitingMax; number++)
        {
            outside.Publish(new Publication(CommandTopic, [], Retain: false) { Over = "nowhere" });
        }

        Assert.Equal((OutsideBroker.WaitingMax, 1), (gateway.Status("nowhere").Waiting, gateway.Status("nowhere").NotSent));
        await gateway.Until(() => gateway.Status("city").NotSent == 1);
        Assert.Equal(OutsideTrouble.Unheard, gateway.Status("city").Trouble);
    }

    [Theory]
    [InlineData(Manner.InItsOwnWords)]
    [InlineData(Manner.AsTheStandardSays)]
    [InlineData(Manner.ByHangingUp)]
    internal async Task A_broker_without_version_5_is_spoken_to_in_3_1_1_until_a_long_outage(Manner manner)
    {
        using var city = await Mosquitto.Start();
        using var old = new OldBroker(city.Port, manner);
        await using var gateway = await GatewayBeside(("city", old.Port));
        await gateway.Connected("city");
        Assert.Equal("MQTT 3.1.1", gateway.Status("city").Version);
        await city.Publish(Uplink.Topic(Uplink.Pod), Text(Uplink.Status(Uplink.Occupied(), 1, gateway.Time.Now)));
        await gateway.Until(() => gateway.Events() == 1);

        // It has learnt 5, but why ask while the other works?
        old.Manner = null;
        var before = gateway.Status("city").TroubleAt;
        old.Cut();
        await gateway.Until(() => gateway.Status("city").TroubleAt != before);
        await gateway.Connected("city");
        Assert.Equal([5, 4, 4], old.Versions);

        old.Manner = Manner.Never;
        old.Cut();
        await gateway.Until(() => gateway.Status("city").ConnectedSince is null);
        gateway.Time.Now += Duration.FromMinutes(11);
        old.Manner = null;
        old.Cut();
        await gateway.Connected("city");
        Assert.Equal("MQTT 5", gateway.Status("city").Version);
    }

    [Fact]
    public async Task Many_are_under_way_at_once_and_share_a_commit()
    {
        using var city = await Mosquitto.Start("max_inflight_messages 0");
        await using var gateway = await GatewayBeside(("city", city.Port));
        await gateway.Connected("city");
        var before = gateway.Database.CommitCount;
        await gateway.WhileTheStoreStandsStill(() => Send(city, 1, 100));
        await gateway.Until(() => gateway.Status("city").Messages == 100);
        Assert.InRange(gateway.Database.CommitCount - before, 1, 50);
    }

    [Fact]
    public async Task A_store_that_stands_still_is_not_taken_for_a_silent_broker()
    {
        const int More = 600;
        using var city = await Mosquitto.Start("max_inflight_messages 0\nmax_queued_messages 0");

        // In 3.1.1 no receive maximum keeps the broker from sending more than the gateway reads before it has stored.
        using var old = new OldBroker(city.Port, Manner.InItsOwnWords);
        await using var gateway = await GatewayBeside(new OutsideOptions { Host = "127.0.0.1", Port = old.Port, KeepAliveSeconds = 2 });
        await gateway.Connected("city");
        await gateway.WhileTheStoreStandsStill(async () =>
        {
            await Send(city, 1, More);
            await gateway.Until(() => gateway.Status("city").Trouble is not null);
            Assert.Equal(OutsideTrouble.NotStored, gateway.Status("city").Trouble);
        });
        await gateway.Until(() => gateway.Events() == More);
    }

    [Fact]
    public void What_no_broker_does_is_a_fault_of_ours_and_not_called_the_brokers()
    {
        Assert.Null(OutsideTrouble.Of(new InvalidOperationException()));
        Assert.Null(OutsideTrouble.Of(new AggregateException(new NullReferenceException())));
        Assert.Equal(OutsideTrouble.Closed, OutsideTrouble.Of(new IOException("broken", new ObjectDisposedException("socket"))));
        Assert.Equal(OutsideTrouble.Closed, OutsideTrouble.Of(new IOException("broken", new InvalidOperationException("a type that only the framework knows"))));
        Assert.Equal(OutsideTrouble.Silent, OutsideTrouble.Of(new OperationCanceledException()));
    }

    private static string Text(Envelope envelope) => Encoding.UTF8.GetString(envelope.Payload);

    private static async Task Send(Mosquitto city, int first, int count)
    {
        var lines = Enumerable.Range(first, count).Select(counter => Text(Uplink.Status(Uplink.Occupied(), counter, TestStore.Evening)));
        await city.PublishLines(Uplink.Topic(Uplink.Pod), string.Join('\n', lines) + "\n");
    }

    private static Task<GatewayBesideBrokers> GatewayBeside(params (string Name, int Port)[] brokers) => GatewayBeside(null, brokers);

    private static Task<GatewayBesideBrokers> GatewayBeside(string? folder, params (string Name, int Port)[] brokers) =>
        GatewayBesideBrokers.Start(folder, Brokers(brokers));

    private static Dictionary<string, OutsideOptions> Brokers(params (string Name, int Port)[] brokers) =>
        brokers.ToDictionary(broker => broker.Name, broker => new OutsideOptions { Host = "127.0.0.1", Port = broker.Port });

    private static Task<GatewayBesideBrokers> GatewayBeside(OutsideOptions city) => GatewayBesideBrokers.Start(null, new() { ["city"] = city });
}
