using Quartier.Mqtt;
using Xunit;
using static Quartier.Tests.Mqtt.Packets5;

namespace Quartier.Tests.Mqtt;

/// <summary>Retained messages that outlive the broker.</summary>
public class RetainedTests
{
    private readonly ManualTime time = new();
    private readonly Shelf shelf = new();

    [Fact]
    public async Task What_is_retained_greets_the_clients_of_the_next_broker()
    {
        await using (var host = await BrokerUnderTest.StartAsync(time: time, retained: shelf))
        {
            using var client = await ConnectedAsync(host);
            await client.SendAsync(Publish("33", "a", "first", id: 1) + Publish("33", "a", "kept", "03 0001 74 02 0000003c", id: 2) + Publish("33", "b", "brief", "02 0000000a", id: 3) + Publish("33", "c", "emptied", id: 4) + Publish("33", "c", "", id: 5));
            for (var id = 1; id <= 5; id++)
            {
                await client.ExpectAsync($"4002 {id:x4}");
            }
        }

        time.Advance(TimeSpan.FromSeconds(20));
        await using var next = await BrokerUnderTest.StartAsync(time: time, retained: shelf);
        using var newcomer = await ConnectedAsync(next);
        await newcomer.SendAsync(Subscribe("#"));
        await newcomer.ExpectAsync("9004 0001 00 01");
        await newcomer.ExpectAsync(Publish("33", "a", "kept", "02 00000028 03 0001 74"));
        await newcomer.PingAsync();
        Assert.Equal(["a"], shelf.Messages.Keys);
    }

    [Fact]
    public async Task A_retained_publish_is_acknowledged_when_it_is_stored_and_others_need_not_wait_for_it()
    {
        shelf.Stored = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var host = await BrokerUnderTest.StartAsync(retained: shelf);
        using var watcher = await host.ConnectAsync("watcher");
        await watcher.SubscribeAsync("a");
        using var client = await host.ConnectAsync("c");
        await client.PublishAsync("a", "x", Qos.AtLeastOnce, 1, retain: true);
        await watcher.ExpectPublishAsync("a", "x");
        await client.PingAsync();
        await watcher.PublishAsync("b", "y", Qos.AtLeastOnce, 1);
        await watcher.ExpectAsync("40020001");
        shelf.Stored.SetResult();
        await client.ExpectAsync("40020001");
    }

    [Fact]
    public async Task What_could_not_be_stored_is_not_acknowledged_and_comes_again()
    {
        shelf.Stored = new TaskCompletionSource();
        shelf.Stored.SetException(new IOException("The disk is full."));
        await using var host = await BrokerUnderTest.StartAsync(retained: shelf);
        using (var client = await host.ConnectAsync("c"))
        {
            await client.PublishAsync("a", "x", Qos.AtLeastOnce, 1, retain: true);
            await client.ExpectEndAsync();
        }

        shelf.Stored = null;
        using var again = await host.ConnectAsync("c");
        await again.PublishAsync("a", "x", Qos.AtLeastOnce, 1, retain: true, duplicate: true);
        await again.ExpectAsync("40020001");
    }

    /// <summary>Goal: nobody fills memory and disk with retained messages. Method: 100 bytes, of which topic and payload of each take 41.</summary>
    [Fact]
    public async Task They_are_bounded_in_bytes_and_room_comes_back()
    {
        await using var host = await BrokerUnderTest.StartAsync(new BrokerOptions { RetainedBytesMax = 100 }, retained: shelf);
        foreach (var topic in new[] { "a", "b", "c" })
        {
            host.Broker.Publish(topic, new byte[40], retain: true);
        }

        Assert.Equal(["a", "b"], shelf.Messages.Keys.Order());
        host.Broker.Publish("a", new byte[57], retain: true);
        host.Broker.Publish("b", [], retain: true);
        host.Broker.Publish("c", new byte[41], retain: true);
        host.Broker.Publish("a", new byte[58], retain: true);
        Assert.Equal([("a", 57), ("c", 41)], shelf.Messages.Values.Select(message => (message.Topic, message.Payload.Length)).Order());
    }

    private static async Task<RawClient> ConnectedAsync(BrokerUnderTest host)
    {
        var client = await host.OpenAsync();
        await client.SendAsync(Connect("c", keepAlive: 3_600));
        await client.ExpectAsync(ConnAck());
        return client;
    }

    /// <summary>A store in memory that answers when the test says so.</summary>
    private sealed class Shelf : IRetainedStore
    {
        public Dictionary<string, RetainedMessage> Messages { get; } = [];

        /// <summary>What a change waits for; null: nothing.</summary>
        public TaskCompletionSource? Stored { get; set; }

        public IReadOnlyList<RetainedMessage> Load() => [.. Messages.Values];

        public Task PutAsync(RetainedMessage message)
        {
            Messages[message.Topic] = message;
            return Stored?.Task ?? Task.CompletedTask;
        }

        public Task RemoveAsync(string topic)
        {
            Messages.Remove(topic);
            return Stored?.Task ?? Task.CompletedTask;
        }
    }
}
