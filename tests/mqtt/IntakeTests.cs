using System.Threading.Channels;
using Quartier.Mqtt;
using Xunit;

namespace Quartier.Tests.Mqtt;

/// <summary>Nothing is acknowledged or routed before the intake has it; order is kept; a failed intake ends the connection.</summary>
public class IntakeTests
{
    [Fact]
    public async Task Nothing_is_acknowledged_or_routed_before_the_intake_has_taken_it()
    {
        var intake = new HeldIntake();
        await using var host = await BrokerUnderTest.StartAsync(intake: intake);
        using var watcher = await host.ConnectAsync("watcher");
        await watcher.SubscribeAsync("#");
        using var client = await host.ConnectAsync("c", user: "u");
        await client.PublishAsync("a", "1", Qos.AtLeastOnce, 1);
        var taken = await intake.NextAsync();
        Assert.Equal(("c", "u", "a", Qos.AtLeastOnce, false), (taken.Publishes[0].ClientId, taken.Publishes[0].User, taken.Publishes[0].Topic, taken.Publishes[0].Qos, taken.Publishes[0].IsWill));
        await client.PingAsync();
        await watcher.PingAsync();
        taken.Finish();
        await client.ExpectAsync("40020001");
        await watcher.ExpectPublishAsync("a", "1");
    }

    [Fact]
    public async Task Acknowledgements_keep_the_order_of_the_publishes_when_commits_finish_out_of_order()
    {
        var intake = new HeldIntake();
        await using var host = await BrokerUnderTest.StartAsync(intake: intake);
        using var client = await host.ConnectAsync("c");
        await client.PublishAsync("a", "1", Qos.AtLeastOnce, 1);
        var one = await intake.NextAsync();
        await client.PublishAsync("a", "2", Qos.ExactlyOnce, 2);
        var two = await intake.NextAsync();
        await client.PublishAsync("a", "2", Qos.ExactlyOnce, 2, duplicate: true);
        await client.PublishAsync("a", "3", Qos.AtLeastOnce, 3);
        var three = await intake.NextAsync();
        three.Finish();
        two.Finish();
        await client.PingAsync();
        one.Finish();
        await client.ExpectAsync("40020001");
        await client.ExpectAsync("50020002");
        await client.ExpectAsync("50020002");
        await client.ExpectAsync("40020003");
    }

    [Fact]
    public async Task A_failed_intake_ends_the_connection_without_an_acknowledgement_and_the_repetition_is_taken()
    {
        var intake = new HeldIntake();
        await using var host = await BrokerUnderTest.StartAsync(intake: intake);
        using var client = await host.ConnectAsync("c", clean: false);
        await client.PublishAsync("a", "1", Qos.ExactlyOnce, 1);
        var one = await intake.NextAsync();
        await client.PublishAsync("a", "2", Qos.AtLeastOnce, 2);
        var two = await intake.NextAsync();
        two.Finish();
        one.Fail(new IOException("disk full"));
        await client.ExpectEndAsync();
        using var again = await host.ConnectAsync("c", clean: false, sessionPresent: true);
        await again.PublishAsync("a", "1", Qos.ExactlyOnce, 1, duplicate: true);
        (await intake.NextAsync()).Finish();
        await again.ExpectAsync("50020001");
    }

    [Fact]
    public async Task A_newcomer_waits_for_its_predecessors_commit_so_that_QoS_2_stays_exactly_once()
    {
        var intake = new HeldIntake();
        await using var host = await BrokerUnderTest.StartAsync(intake: intake);
        using var older = await host.ConnectAsync("c", clean: false);
        await older.PublishAsync("a", "1", Qos.ExactlyOnce, 1);
        var taken = await intake.NextAsync();
        older.Cut();
        using var newer = await host.OpenAsync();
        await newer.SendAsync(new ConnectPacket("c", false, 0, null, null, null).ToBytes());
        await newer.PublishAsync("a", "1", Qos.ExactlyOnce, 1, duplicate: true);
        taken.Finish();
        await newer.ExpectAsync("20020100");
        await newer.ExpectAsync("50020001");
        Assert.Equal(1, intake.Count);
    }

    [Fact]
    public async Task A_will_goes_through_the_intake_and_says_that_it_is_one()
    {
        var intake = new HeldIntake();
        await using var host = await BrokerUnderTest.StartAsync(intake: intake);
        using var client = await host.ConnectAsync("c", will: new MqttWill("presence", "off"u8.ToArray(), Retain: true));
        client.Cut();
        var taken = await intake.NextAsync();
        Assert.Equal(("presence", true, true), (taken.Publishes[0].Topic, taken.Publishes[0].IsWill, taken.Publishes[0].Retain));
        taken.Finish();
    }

    [Fact]
    public async Task Uncommitted_publishes_are_bounded_by_not_reading_on()
    {
        var intake = new HeldIntake();
        await using var host = await BrokerUnderTest.StartAsync(new BrokerOptions { UncommittedMax = 10 }, intake);
        using var client = await host.ConnectAsync("c");
        for (ushort id = 1; id <= 10; id++)
        {
            await client.PublishAsync("a", "x", Qos.AtLeastOnce, id);
        }

        var held = new List<HeldIntake.Held>();
        while (held.Sum(one => one.Publishes.Count) < 10)
        {
            held.Add(await intake.NextAsync());
        }

        await client.SendAsync("c000");
        await client.PublishAsync("a", "x", Qos.AtLeastOnce, 11);
        // Another client's round trip gives the broker every chance to read on; it must not.
        using (var other = await host.ConnectAsync("other"))
        {
            await other.PingAsync();
        }

        Assert.Equal(10, intake.Count);
        held.ForEach(one => one.Finish());
        for (var id = 1; id <= 10; id++)
        {
            await client.ExpectAsync($"4002{id:X4}");
        }

        await client.ExpectAsync("d000");
        (await intake.NextAsync()).Finish();
        await client.ExpectAsync("4002000b");
    }

    /// <summary>Takes publishes and holds them until the test says how it went.</summary>
    private sealed class HeldIntake : IPublishIntake
    {
        private readonly Channel<Held> calls = Channel.CreateUnbounded<Held>();
        private int count;

        public int Count => Volatile.Read(ref count);

        public ValueTask TakeAsync(IReadOnlyList<InboundPublish> publishes)
        {
            var held = new Held(publishes);
            Interlocked.Add(ref count, publishes.Count);
            calls.Writer.TryWrite(held);
            return new ValueTask(held.Outcome);
        }

        public async Task<Held> NextAsync()
        {
            using var limit = new CancellationTokenSource(RawClient.Patience);
            return await calls.Reader.ReadAsync(limit.Token);
        }

        public sealed class Held(IReadOnlyList<InboundPublish> publishes)
        {
            private readonly TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);

            public IReadOnlyList<InboundPublish> Publishes => publishes;

            public Task Outcome => done.Task;

            public void Finish() => done.SetResult();

            public void Fail(Exception cause) => done.SetException(cause);
        }
    }
}
