using Quartier.Mqtt;
using Xunit;
using static Quartier.Tests.Mqtt.Packets5;

namespace Quartier.Tests.Mqtt;

/// <summary>MQTT 5: what a message carries, how long it is worth something, and how many a side takes.</summary>
public class Message5Tests
{
    private const string Travelling = "01 01 03 0004 74657874 08 0001 72 09 0002 01ff 26 0001 6b 0001 76 26 0001 6b 0001 77";

    private readonly ManualTime time = new();

    [Fact]
    public async Task Properties_travel_as_they_were_sent_and_only_to_those_who_read_them()
    {
        await using var host = await BrokerUnderTest.StartAsync();
        using var five = await ConnectedAsync(host, "five");
        await SubscribeAsync(five, "a");
        using var three = await host.ConnectAsync("three");
        await three.SubscribeAsync("a");
        await five.SendAsync(Publish("32", "a", "x", Travelling, id: 7));
        await five.ExpectAsync(Publish("32", "a", "x", Travelling));
        await five.ExpectAsync("4002 0007");
        await three.ExpectPublishAsync("a", "x");
        await three.PublishAsync("a", "old");
        await five.ExpectAsync(Publish("30", "a", "old"));
    }

    [Fact]
    public async Task A_message_counts_down_while_it_waits_and_is_not_delivered_when_its_time_is_over()
    {
        await using var host = await BrokerUnderTest.StartAsync(time: time);
        await AwayAsync(host, "screen", "a");
        using var publisher = await ConnectedAsync(host, "publisher");
        await publisher.SendAsync(Publish("32", "a", "long", "02 0000003c", id: 1));
        await publisher.ExpectAsync("4002 0001");
        await publisher.SendAsync(Publish("32", "a", "short", "02 0000000a", id: 2));
        await publisher.ExpectAsync("4002 0002");
        time.Advance(TimeSpan.FromSeconds(20));
        using var screen = await BackAsync(host, "screen");
        await screen.ExpectAsync(Publish("32", "a", "long", "02 00000028"));
        await screen.PingAsync();
        Assert.Equal(1, host.Broker.Client("screen")!.Waiting);
    }

    [Fact]
    public async Task A_retained_message_greets_until_its_time_is_over()
    {
        await using var host = await BrokerUnderTest.StartAsync(new BrokerOptions { RetainedMax = 1 }, time: time);
        using var client = await ConnectedAsync(host, "c");
        await client.SendAsync(Publish("31", "a", "x", "02 0000003c"));
        await client.PingAsync();
        time.Advance(TimeSpan.FromSeconds(59));
        await SubscribeAsync(client, "a");
        await client.ExpectAsync(Publish("31", "a", "x", "02 00000001"));
        time.Advance(TimeSpan.FromSeconds(2));
        await SubscribeAsync(client, "a");
        await client.PingAsync();
        // Its place is free for another.
        await client.SendAsync(Publish("31", "b", "y"));
        await SubscribeAsync(client, "b");
        await client.ExpectAsync(Publish("31", "b", "y"));
    }

    [Fact]
    public async Task A_client_gets_no_more_at_once_than_it_takes_also_after_it_came_back()
    {
        await using var host = await BrokerUnderTest.StartAsync();
        using (var first = await ConnectedAsync(host, "c", "21 0002 11 00000e10"))
        {
            await SubscribeAsync(first, "a");
            for (var n = 1; n <= 4; n++)
            {
                host.Broker.Publish("a", [(byte)('0' + n)]);
            }

            await first.ExpectAsync(Publish("32", "a", "1", id: 1));
            await first.ExpectAsync(Publish("32", "a", "2", id: 2));
            await first.PingAsync();
            await first.SendAsync("4002 0001");
            await first.ExpectAsync(Publish("32", "a", "3", id: 3));
            await first.PingAsync();
            await first.SendAsync("e000");
            await first.ExpectEndAsync();
        }

        using var second = await host.OpenAsync();
        await second.SendAsync(Connect("c", "21 0001 11 00000e10", cleanStart: false));
        await second.ExpectAsync(ConnAck(sessionPresent: true));
        await second.ExpectAsync(Publish("3a", "a", "2", id: 2));
        await second.PingAsync();
        await second.SendAsync("4002 0002");
        await second.ExpectAsync(Publish("3a", "a", "3", id: 3));
        await second.SendAsync("4002 0003");
        await second.ExpectAsync(Publish("32", "a", "4", id: 4));
        await second.PingAsync();
    }

    /// <summary>Goal: the limit holds to the byte. Method: QoS 1, topic "a": 8 bytes besides the payload of a packet below 130 bytes.</summary>
    [Fact]
    public async Task A_packet_longer_than_the_client_takes_is_not_sent_and_counted()
    {
        await using var host = await BrokerUnderTest.StartAsync();
        using var client = await ConnectedAsync(host, "c", "27 00000080");
        await SubscribeAsync(client, "a");
        host.Broker.Publish("a", new byte[121]);
        host.Broker.Publish("a", new byte[120]);
        Assert.Equal(128, (await client.ReadPacketAsync())!.Length);
        await client.PingAsync();
        Assert.Equal((1, 1), (host.Broker.Client("c")!.Waiting, host.Broker.Client("c")!.Dropped));
    }

    [Fact]
    public async Task What_the_client_does_not_take_any_more_after_a_reconnect_leaves_the_window()
    {
        await using var host = await BrokerUnderTest.StartAsync();
        using (var first = await ConnectedAsync(host, "c", "11 00000e10"))
        {
            await SubscribeAsync(first, "a");
            host.Broker.Publish("a", new byte[500]);
            Assert.Equal(509, (await first.ReadPacketAsync())!.Length);
            await first.SendAsync("e000");
            await first.ExpectEndAsync();
        }

        using var second = await host.OpenAsync();
        await second.SendAsync(Connect("c", "27 00000080", cleanStart: false));
        await second.ExpectAsync(ConnAck(sessionPresent: true));
        await second.PingAsync();
        Assert.Equal((0, 1), (host.Broker.Client("c")!.Waiting, host.Broker.Client("c")!.Dropped));
    }

    [Theory]
    [InlineData("32")]
    [InlineData("34")]
    public async Task Whoever_sends_more_at_once_than_CONNACK_said_is_sent_away(string header)
    {
        var intake = new HeldIntake();
        await using var host = await BrokerUnderTest.StartAsync(new BrokerOptions { UncommittedMax = 2 }, intake);
        using var client = await host.OpenAsync();
        await client.SendAsync(Connect("c"));
        await client.ExpectAsync(Whole("20", "00 00 13 210002 2700040000 220020 2501 2801 2900 2a00"));
        await client.SendAsync(Publish(header, "a", "1", id: 1) + Publish(header, "a", "2", id: 2) + Publish(header, "a", "3", id: 3));
        await client.ExpectAsync("e00193");
        intake.Commit.SetResult();
        await client.ExpectEndAsync();
    }

    [Fact]
    public async Task Room_for_another_comes_with_every_acknowledgement()
    {
        await using var host = await BrokerUnderTest.StartAsync(new BrokerOptions { UncommittedMax = 2 });
        using var client = await host.OpenAsync();
        await client.SendAsync(Connect("c"));
        await client.ReadPacketAsync();
        for (ushort id = 1; id < 20; id += 2)
        {
            await client.SendAsync(Publish("32", "a", "1", id: id) + Publish("34", "a", "2", id: (ushort)(id + 1)));
            await client.ExpectAsync($"4002 {id:x4}");
            await client.ExpectAsync($"5002 {id + 1:x4}");
            await client.SendAsync($"6202 {id + 1:x4}");
            await client.ExpectAsync($"7002 {id + 1:x4}");
        }
    }

    [Fact]
    public async Task An_alias_stands_for_its_topic_on_this_connection_only()
    {
        await using var host = await BrokerUnderTest.StartAsync();
        using var watcher = await host.ConnectAsync("watcher");
        await watcher.SubscribeAsync("#");
        using var client = await ConnectedAsync(host, "c");
        await client.SendAsync(Publish("30", "a/b", "1", "23 0001"));
        await client.SendAsync(Publish("30", "", "2", "23 0001"));
        await client.SendAsync(Publish("30", "c", "3", "23 0001"));
        await client.SendAsync(Publish("30", "", "4", "23 0001"));
        foreach (var (topic, payload) in new[] { ("a/b", "1"), ("a/b", "2"), ("c", "3"), ("c", "4") })
        {
            await watcher.ExpectPublishAsync(topic, payload);
        }

        using var other = await ConnectedAsync(host, "other");
        await other.SendAsync(Publish("30", "", "5", "23 0001"));
        await other.ExpectAsync("e00182");
    }

    [Fact]
    public async Task A_publish_without_a_right_is_refused_by_reason_and_leaves_no_trace()
    {
        await using var host = await BrokerUnderTest.StartAsync(authenticator: new Doorman());
        using var client = await host.OpenAsync();
        await client.SendAsync(Connect("c", user: "s-1", password: "geheim"));
        await client.ExpectAsync(ConnAck());
        await client.SendAsync(Publish("32", "quartier/v1/s-2/hello", "forged", id: 2));
        await client.ExpectAsync("4003 0002 87");
        await client.SendAsync(Publish("34", "quartier/v1/s-2/hello", "forged", id: 3));
        await client.ExpectAsync("5003 0003 87");
        // The refusal ended the exchange: the number is free, and a PUBREL for it finds nothing.
        await client.SendAsync("6202 0003");
        await client.ExpectAsync("7003 0003 92");
        await client.SendAsync(Publish("34", "quartier/v1/s-1/hello", "own", id: 3));
        await client.ExpectAsync("5002 0003");
        Assert.Equal(2, host.Broker.Client("c", "s-1")!.PublishesWithoutRight);
    }

    private static async Task<RawClient> ConnectedAsync(BrokerUnderTest host, string clientId, string properties = "")
    {
        var client = await host.OpenAsync();
        await client.SendAsync(Connect(clientId, properties, keepAlive: 3_600));
        await client.ExpectAsync(ConnAck());
        return client;
    }

    private static async Task SubscribeAsync(RawClient client, string filter)
    {
        await client.SendAsync(Subscribe(filter));
        await client.ExpectAsync("9004 0001 00 01");
    }

    private static async Task AwayAsync(BrokerUnderTest host, string clientId, string filter)
    {
        using var client = await ConnectedAsync(host, clientId, "11 00000e10");
        await SubscribeAsync(client, filter);
        await client.SendAsync("e000");
        await client.ExpectEndAsync();
    }

    private static async Task<RawClient> BackAsync(BrokerUnderTest host, string clientId)
    {
        var client = await host.OpenAsync();
        await client.SendAsync(Connect(clientId, "11 00000e10", cleanStart: false));
        await client.ExpectAsync(ConnAck(sessionPresent: true));
        return client;
    }

    /// <summary>Commits when the test says so.</summary>
    private sealed class HeldIntake : IPublishIntake
    {
        public TaskCompletionSource Commit { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ValueTask TakeAsync(IReadOnlyList<InboundPublish> publishes) => new(Commit.Task);
    }
}
