using Quartier.Mqtt;
using Xunit;
using static Quartier.Tests.Mqtt.Packets5;

namespace Quartier.Tests.Mqtt;

/// <summary>MQTT 5: options of a subscription and the reasons why one is refused. Options: retain handling 5..4 | retain as published 3 | no local 2 | QoS 1..0.</summary>
public class Subscription5Tests
{
    [Fact]
    public async Task No_local_keeps_a_clients_own_messages_from_it()
    {
        await using var host = await BrokerUnderTest.StartAsync();
        using var client = await ConnectedAsync(host, "c");
        using var other = await ConnectedAsync(host, "other");
        await SubscribeAsync(client, "a", 0x04);
        await client.SendAsync(Publish("30", "a", "own"));
        await client.PingAsync();
        await other.SendAsync(Publish("30", "a", "other's"));
        await client.ExpectAsync(Publish("30", "a", "other's"));
        // Another subscription of the same client that matches wants them all the same.
        await SubscribeAsync(client, "+", 0x00);
        await client.SendAsync(Publish("30", "a", "own"));
        await client.ExpectAsync(Publish("30", "a", "own"));
    }

    [Theory]
    [InlineData(0x00, "30")]
    [InlineData(0x08, "31")]
    public async Task Retain_as_published_shows_the_flag_as_it_was_sent(byte options, string header)
    {
        await using var host = await BrokerUnderTest.StartAsync();
        using var client = await ConnectedAsync(host, "c");
        await SubscribeAsync(client, "a", options);
        await client.SendAsync(Publish("31", "a", "kept"));
        await client.ExpectAsync(Publish(header, "a", "kept"));
        await client.SendAsync(Publish("30", "a", "not kept"));
        await client.ExpectAsync(Publish("30", "a", "not kept"));
    }

    [Theory]
    [InlineData(0x00, true, true)]
    [InlineData(0x10, true, false)]
    [InlineData(0x20, false, false)]
    public async Task Retain_handling_says_whom_the_retained_message_greets(byte options, bool first, bool again)
    {
        await using var host = await BrokerUnderTest.StartAsync();
        host.Broker.Publish("a", "kept"u8.ToArray(), retain: true, Qos.AtMostOnce);
        using var client = await ConnectedAsync(host, "c");
        foreach (var greeted in new[] { first, again })
        {
            await SubscribeAsync(client, "a", options);
            if (greeted)
            {
                await client.ExpectAsync(Publish("31", "a", "kept"));
            }

            await client.PingAsync();
        }
    }

    [Fact]
    public async Task A_subscription_that_is_refused_says_why()
    {
        await using var host = await BrokerUnderTest.StartAsync(new BrokerOptions { SubscriptionsMax = 1, FilterLevelsMax = 4 }, authenticator: new Doorman());
        using var client = await host.OpenAsync();
        await client.SendAsync(Connect("c", user: "s-1", password: "geheim"));
        await client.ExpectAsync(ConnAck());
        foreach (var (filter, code) in new[]
        {
            ("quartier/v1/s-2/#", "87"), ("$share/g/quartier/v1/s-1/#", "9e"), ("quartier/v1/s-1/a/b", "8f"), ("quartier/v1/s-1/a", "01"), ("quartier/v1/s-1/b", "97"),
        })
        {
            await client.SendAsync(Subscribe(filter));
            await client.ExpectAsync($"9004 0001 00 {code}");
        }
    }

    [Fact]
    public async Task A_shared_subscription_of_version_3_1_1_is_refused_too()
    {
        await using var host = await BrokerUnderTest.StartAsync();
        using var client = await host.ConnectAsync("c");
        await client.SendAsync(SubscribePacket.Write(1, [new("$share/g/a", Qos.AtMostOnce)]));
        await client.ExpectAsync("9003 0001 80");
    }

    [Fact]
    public async Task Unsubscribing_says_whether_there_was_something()
    {
        await using var host = await BrokerUnderTest.StartAsync();
        using var client = await ConnectedAsync(host, "c");
        await SubscribeAsync(client, "a", 0);
        await client.SendAsync("a209 0002 00 0001 61 0001 62");
        await client.ExpectAsync("b005 0002 00 00 11");
        await client.SendAsync(Publish("30", "a", "no more"));
        await client.PingAsync();
    }

    private static async Task<RawClient> ConnectedAsync(BrokerUnderTest host, string clientId)
    {
        var client = await host.OpenAsync();
        await client.SendAsync(Connect(clientId));
        await client.ExpectAsync(ConnAck());
        return client;
    }

    private static async Task SubscribeAsync(RawClient client, string filter, byte options)
    {
        await client.SendAsync(Subscribe(filter, options));
        await client.ExpectAsync($"9004 0001 00 {options & 3:x2}");
    }
}
