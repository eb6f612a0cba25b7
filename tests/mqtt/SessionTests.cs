using Quartier.Mqtt;
using Xunit;

namespace Quartier.Tests.Mqtt;

/// <summary>Sessions, QoS, retained messages and wills, byte by byte over a socket.</summary>
public class SessionTests
{
    [Fact]
    public async Task A_QoS_1_publish_reaches_subscribers_at_the_lower_QoS()
    {
        await using var host = await BrokerUnderTest.StartAsync();
        using var zero = await host.ConnectAsync("zero");
        using var one = await host.ConnectAsync("one");
        await zero.SubscribeAsync("a/+", Qos.AtMostOnce);
        await one.SubscribeAsync("a/+", Qos.ExactlyOnce);
        using var publisher = await host.ConnectAsync("publisher");
        await publisher.PublishAsync("a/b", "x", Qos.AtLeastOnce, 10, duplicate: true);
        await publisher.ExpectAsync("4002000a");
        await zero.ExpectAsync("3006 0003612f62 78".Replace(" ", "", StringComparison.Ordinal));
        await one.ExpectPublishAsync("a/b", "x");
        await publisher.PublishAsync("a/b", "y");
        await one.ExpectAsync("3006 0003612f62 79".Replace(" ", "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Overlapping_subscriptions_bring_one_copy_at_the_highest_QoS()
    {
        await using var host = await BrokerUnderTest.StartAsync();
        using var client = await host.ConnectAsync("c");
        await client.SubscribeAsync("a/#", Qos.AtMostOnce);
        await client.SubscribeAsync("a/+", Qos.AtLeastOnce, id: 2);
        await client.PublishAsync("a/b", "x", Qos.AtLeastOnce, 1);
        await client.ExpectAsync("3208 0003612f62 0001 78".Replace(" ", "", StringComparison.Ordinal));
        await client.ExpectAsync("40020001");
        await client.PingAsync();
    }

    [Fact]
    public async Task A_QoS_2_publish_is_delivered_once_whatever_is_repeated_and_reconnected()
    {
        await using var host = await BrokerUnderTest.StartAsync();
        using var watcher = await host.ConnectAsync("watcher");
        await watcher.SubscribeAsync("a");
        using (var first = await host.ConnectAsync("sender", clean: false))
        {
            await first.PublishAsync("a", "once", Qos.ExactlyOnce, 5);
            await first.ExpectAsync("50020005");
            await first.PublishAsync("a", "once", Qos.ExactlyOnce, 5, duplicate: true);
            await first.ExpectAsync("50020005");
            first.Cut();
        }

        using var second = await host.ConnectAsync("sender", clean: false, sessionPresent: true);
        await second.PublishAsync("a", "once", Qos.ExactlyOnce, 5, duplicate: true);
        await second.ExpectAsync("50020005");
        await second.SendAsync("62020005");
        await second.ExpectAsync("70020005");
        await second.SendAsync("62020005");
        await second.ExpectAsync("70020005");
        await second.PublishAsync("a", "next", Qos.ExactlyOnce, 5);
        await second.ExpectAsync("50020005");
        await watcher.ExpectPublishAsync("a", "once");
        await watcher.ExpectPublishAsync("a", "next");
    }

    [Fact]
    public async Task A_persistent_session_queues_and_sends_again_what_was_not_acknowledged()
    {
        await using var host = await BrokerUnderTest.StartAsync();
        using (var first = await host.ConnectAsync("screen", clean: false))
        {
            await first.SubscribeAsync("a");
            host.Broker.Publish("a", "1"u8.ToArray());
            await first.ExpectPublishAsync("a", "1", acknowledge: false);
            await first.SendAsync("e000");
            await first.ExpectEndAsync();
        }

        host.Broker.Publish("a", "2"u8.ToArray());
        host.Broker.Publish("a", "lost"u8.ToArray(), qos: Qos.AtMostOnce);
        using var second = await host.ConnectAsync("screen", clean: false, sessionPresent: true);
        await second.ExpectPublishAsync("a", "1", duplicate: true);
        await second.ExpectPublishAsync("a", "2");
        await second.PingAsync();
        using var clean = await host.ConnectAsync("screen");
        host.Broker.Publish("a", "3"u8.ToArray());
        await clean.PingAsync();
        await second.ExpectEndAsync();
    }

    [Fact]
    public async Task The_window_limits_what_is_in_flight_and_the_queue_keeps_the_order()
    {
        await using var host = await BrokerUnderTest.StartAsync(new BrokerOptions { InFlightMax = 2, QueueMessagesMax = 3 });
        using var client = await host.ConnectAsync("slow");
        await client.SubscribeAsync("a");
        for (var n = 1; n <= 7; n++)
        {
            host.Broker.Publish("a", [(byte)('0' + n)]);
        }

        await client.ExpectPublishAsync("a", "1", acknowledge: false);
        await client.ExpectPublishAsync("a", "2", acknowledge: false);
        await client.PingAsync();
        Assert.Equal((5, 2), (host.Broker.Client("slow")!.Waiting, host.Broker.Client("slow")!.Dropped));
        await client.SendAsync("40020002 40020001");
        await client.ExpectPublishAsync("a", "3");
        await client.ExpectPublishAsync("a", "4");
        await client.ExpectPublishAsync("a", "5");
        await client.PingAsync();
        Assert.Equal(0, host.Broker.Client("slow")!.Waiting);
    }

    [Fact]
    public async Task A_retained_message_greets_every_new_subscription_until_it_is_emptied()
    {
        await using var host = await BrokerUnderTest.StartAsync();
        using var client = await host.ConnectAsync("c");
        await client.PublishAsync("a/b", "kept", Qos.AtLeastOnce, 1, retain: true);
        await client.ExpectAsync("40020001");
        await client.SubscribeAsync("a/#");
        await client.ExpectPublishAsync("a/b", "kept", retain: true);
        await client.PublishAsync("a/b", "not kept");
        await client.ExpectPublishAsync("a/b", "not kept");
        await client.SubscribeAsync("a/#", id: 2);
        await client.ExpectPublishAsync("a/b", "kept", retain: true);
        await client.PublishAsync("a/b", "", retain: true);
        await client.ExpectPublishAsync("a/b", "");
        await client.SubscribeAsync("a/b", id: 3);
        await client.PingAsync();
    }

    [Theory]
    [InlineData("cut", true)]
    [InlineData("protocol error", true)]
    [InlineData("taken over", true)]
    [InlineData("revoked", true)]
    [InlineData("disconnect", false)]
    public async Task The_will_is_said_exactly_when_the_client_does_not_say_goodbye(string end, bool said)
    {
        await using var host = await BrokerUnderTest.StartAsync();
        using var watcher = await host.ConnectAsync("watcher");
        await watcher.SubscribeAsync("will");
        using var client = await host.ConnectAsync("c", will: new MqttWill("will", "gone"u8.ToArray(), Qos.AtLeastOnce, Retain: true), user: "u");
        RawClient? next = null;
        switch (end)
        {
            case "cut":
                client.Cut();
                break;
            case "protocol error":
                await client.SendAsync("0000");
                break;
            case "taken over":
                next = await host.ConnectAsync("c", user: "u");
                break;
            case "revoked":
                host.Broker.Revoke("u");
                break;
            default:
                await client.SendAsync("e000");
                await client.ExpectEndAsync();
                break;
        }

        if (said)
        {
            await watcher.ExpectPublishAsync("will", "gone");
        }

        await watcher.PingAsync();
        next?.Dispose();
    }

    [Fact]
    public async Task A_newcomer_takes_over_and_its_predecessors_will_comes_before_its_first_message()
    {
        await using var host = await BrokerUnderTest.StartAsync();
        using var watcher = await host.ConnectAsync("watcher");
        await watcher.SubscribeAsync("presence");
        using var older = await host.ConnectAsync("screen", will: new MqttWill("presence", "off"u8.ToArray()));
        using var newer = await host.ConnectAsync("screen", will: new MqttWill("presence", "off"u8.ToArray()));
        await newer.PublishAsync("presence", "on");
        await watcher.ExpectPublishAsync("presence", "off");
        await watcher.ExpectPublishAsync("presence", "on");
        await older.ExpectEndAsync();
        Assert.Equal("screen", Assert.Single(host.Broker.Clients(), client => client.ClientId != "watcher").ClientId);
    }

    [Fact]
    public async Task Ten_newcomers_of_one_name_leave_one_connected()
    {
        await using var host = await BrokerUnderTest.StartAsync();
        var clients = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => host.OpenAsync()));
        await Task.WhenAll(clients.Select(client => client.SendAsync(new ConnectPacket("same", true, 0, null, null, null).ToBytes())));
        // Every client sees its CONNACK (or was thrown out while another came), then all but one see the end.
        var ends = clients.Select(async client =>
        {
            while (await client.ReadPacketAsync() is not null)
            {
            }
        }).ToArray();
        var left = ends.ToList();
        while (left.Count > 1)
        {
            left.Remove(await Task.WhenAny(left));
        }

        Assert.Single(host.Broker.Clients());
        foreach (var client in clients)
        {
            client.Dispose();
        }
    }

    [Fact]
    public async Task Unsubscribing_stops_what_comes_later()
    {
        await using var host = await BrokerUnderTest.StartAsync();
        using var client = await host.ConnectAsync("c");
        await client.SubscribeAsync("a/+");
        await client.SendAsync(SubscribePacket.WriteUnsubscribe(9, ["a/#"]));
        await client.ExpectAsync("b0020009");
        await client.PublishAsync("a/b", "still");
        await client.ExpectPublishAsync("a/b", "still");
        await client.SendAsync(SubscribePacket.WriteUnsubscribe(10, ["a/+"]));
        await client.ExpectAsync("b002000a");
        await client.PublishAsync("a/b", "no more");
        await client.PingAsync();
    }

    [Fact]
    public async Task The_sessions_that_are_away_longest_make_room()
    {
        var time = new ManualTime();
        await using var host = await BrokerUnderTest.StartAsync(new BrokerOptions { AwaySessionsMax = 2 }, time: time);
        foreach (var id in new[] { "a", "b", "c" })
        {
            using var client = await host.ConnectAsync(id, clean: false);
            await client.SendAsync("e000");
            await client.ExpectEndAsync();
            time.Advance(TimeSpan.FromMinutes(1));
        }

        using var b = await host.ConnectAsync("b", clean: false, sessionPresent: true);
        using var a = await host.ConnectAsync("a", clean: false, sessionPresent: false);
    }
}
