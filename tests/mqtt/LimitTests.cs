using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Quartier.Mqtt;
using Xunit;

namespace Quartier.Tests.Mqtt;

/// <summary>Rights, limits, time, and what the log says about an end.</summary>
public class LimitTests
{
    [Fact]
    public async Task A_screen_reaches_its_own_topics_only()
    {
        await using var host = await BrokerUnderTest.StartAsync(authenticator: new Doorman());
        using var watcher = await host.ConnectAsync("w", user: "s-2", password: "geheim");
        await watcher.SubscribeAsync("quartier/v1/s-2/#");
        using var screen = await host.ConnectAsync("s", user: "s-1", password: "geheim");
        await screen.SendAsync(SubscribePacket.Write(1, [new("quartier/v1/s-1/entry", Qos.AtLeastOnce), new("quartier/#", Qos.AtLeastOnce), new("#", Qos.AtMostOnce), new("$SYS/#", Qos.AtMostOnce)]));
        await screen.ExpectAsync("9006000101808080");
        await screen.PublishAsync("quartier/v1/s-2/hello", "forged", Qos.AtLeastOnce, 2);
        await screen.ExpectAsync("40020002");
        await screen.PublishAsync("$SYS/broker", "forged", Qos.ExactlyOnce, 3);
        await screen.ExpectAsync("50020003");
        await watcher.PingAsync();
        Assert.Equal(2, host.Broker.Client("s", "s-1")!.PublishesWithoutRight);
    }

    [Theory]
    [InlineData(null, null, "20020005")]
    [InlineData("s-1", null, "20020004")]
    [InlineData("s-1", "falsch", "20020004")]
    public async Task A_stranger_is_refused_with_the_code_of_the_reason(string? user, string? password, string connAck)
    {
        await using var host = await BrokerUnderTest.StartAsync(authenticator: new Doorman());
        using var client = await host.OpenAsync();
        var secret = password is null ? null : System.Text.Encoding.UTF8.GetBytes(password);
        await client.SendAsync([.. new ConnectPacket("c", true, 0, null, user, secret).ToBytes(), .. RawClient.Publish("quartier/v1/s-1/x", "after")]);
        await client.ExpectAsync(connAck);
        await client.ExpectEndAsync();
        Assert.Empty(host.Broker.Clients());
    }

    [Fact]
    public async Task A_will_on_a_foreign_topic_is_refused_at_once()
    {
        await using var host = await BrokerUnderTest.StartAsync(authenticator: new Doorman());
        using var client = await host.OpenAsync();
        await client.SendAsync(new ConnectPacket("c", true, 0, new MqttWill("quartier/v1/s-2/presence", [0]), "s-1", "geheim"u8.ToArray()).ToBytes());
        await client.ExpectAsync("20020005");
        await client.ExpectEndAsync();
    }

    [Fact]
    public async Task A_client_id_is_given_or_refused()
    {
        await using var host = await BrokerUnderTest.StartAsync();
        using var anonymous = await host.ConnectAsync("");
        Assert.StartsWith("auto-", Assert.Single(host.Broker.Clients()).ClientId, StringComparison.Ordinal);
        using var nameless = await host.OpenAsync();
        await nameless.SendAsync(new ConnectPacket("", false, 0, null, null, null).ToBytes());
        await nameless.ExpectAsync("20020002");
        await nameless.ExpectEndAsync();
        using var longName = await host.OpenAsync();
        await longName.SendAsync(new ConnectPacket(new string('x', 129), true, 0, null, null, null).ToBytes());
        await longName.ExpectAsync("20020002");
        await longName.ExpectEndAsync();
    }

    [Fact]
    public async Task Keep_alive_ends_a_silent_client_after_one_and_a_half_periods()
    {
        var time = new ManualTime();
        var log = new LogLines();
        await using var host = await BrokerUnderTest.StartAsync(time: time, log: log);
        using var client = await host.ConnectAsync("c", keepAlive: 60);
        time.Advance(TimeSpan.FromSeconds(89));
        await client.PingAsync();
        time.Advance(TimeSpan.FromSeconds(89));
        Assert.Equal(TimeSpan.FromSeconds(89), time.GetUtcNow() - host.Broker.Client("c")!.LastContact);
        time.Advance(TimeSpan.FromSeconds(2));
        await client.ExpectEndAsync();
        Assert.Contains("KeepAliveExpired", await log.WaitAsync("closed"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_that_never_says_CONNECT_is_closed()
    {
        var time = new ManualTime();
        var log = new LogLines();
        await using var host = await BrokerUnderTest.StartAsync(time: time, log: log);
        using var silent = await host.OpenAsync();
        using var slow = await host.OpenAsync();
        using var other = await host.ConnectAsync("proof-that-both-were-accepted");
        await slow.SendAsync("100e00");
        time.Advance(TimeSpan.FromSeconds(11));
        await silent.ExpectEndAsync();
        await slow.ExpectEndAsync();
        await other.PingAsync();
        Assert.Contains("NoConnectInTime", await log.WaitAsync("closed"), StringComparison.Ordinal);
    }

    /// <summary>Goal: whoever floods the broker with connections that come to nothing does not fill the log.</summary>
    [Fact]
    public async Task A_flood_of_refused_connections_is_two_lines_a_minute()
    {
        var time = new ManualTime();
        var log = new LogLines();
        await using var host = await BrokerUnderTest.StartAsync(authenticator: new Doorman(), time: time, log: log);
        for (var n = 0; n < 50; n++)
        {
            using var stranger = await host.OpenAsync();
            await stranger.SendAsync(n % 5 == 4 ? "3000" : Convert.ToHexString(new ConnectPacket("c", true, 0, null, "s-1", [0x78]).ToBytes()));
            while (await stranger.ReadPacketAsync() is not null)
            {
                // The refusal; what counts is that it is over.
            }
        }

        using var limit = new CancellationTokenSource(RawClient.Patience);
        while (host.Broker.Refusals.Connections.Unsaid < 49)
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        time.Advance(TimeSpan.FromSeconds(61));
        var more = await log.WaitAsync("more connections");
        Assert.Contains("49 more connections were not admitted in the last minute: BadUserNameOrPassword 39, FirstPacketNotConnect 10", more, StringComparison.Ordinal);
        Assert.Equal(1, log.Seen.Count(line => line.Contains("was not admitted", StringComparison.Ordinal)));
        Assert.Equal(2, log.Seen.Count);
    }

    /// <summary>A client with rights of its own can repeat what it may not do as fast as it likes.</summary>
    [Fact]
    public async Task A_flood_of_what_a_client_may_not_do_is_two_lines_a_minute_for_each_kind()
    {
        var time = new ManualTime();
        var log = new LogLines();
        await using var host = await BrokerUnderTest.StartAsync(new BrokerOptions { RetainedMax = 0 }, authenticator: new Doorman(), time: time, log: log);
        using var screen = await host.ConnectAsync("s", user: "s-1", password: "geheim");
        for (var n = 0; n < 20; n++)
        {
            await screen.SendAsync(RawClient.Publish($"quartier/v1/s-2/{n}", "forged"));
            await screen.SendAsync(RawClient.Publish("quartier/v1/s-1/presence", "on", retain: true));
            await screen.SendAsync(SubscribePacket.Write(1, [new($"quartier/v1/s-2/{n}", Qos.AtMostOnce)]));
            await screen.ExpectAsync("9003000180");
        }

        time.Advance(TimeSpan.FromSeconds(61));
        await log.WaitAsync("19 more topics were published to without the right to in the last minute: s 19");
        await log.WaitAsync("19 more subscriptions were not granted in the last minute: s 19");
        await log.WaitAsync("19 more messages were not retained in the last minute: s 19");
        Assert.Equal(6, log.Seen.Count(line => line.Contains("no right", StringComparison.Ordinal) || line.Contains("not granted", StringComparison.Ordinal) || line.Contains("not retained", StringComparison.Ordinal) || line.Contains("more topics", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Whoever_is_not_known_yet_sends_no_more_than_a_CONNECT_needs()
    {
        await using var host = await BrokerUnderTest.StartAsync();
        using var announces = await host.OpenAsync();
        await announces.SendAsync("10818001");
        await announces.ExpectEndAsync();
        using var within = await host.OpenAsync();
        await within.SendAsync(new ConnectPacket("c", true, 0, new MqttWill("w", new byte[16_000]), null, null).ToBytes());
        await within.ExpectAsync("20020000");
        await within.PublishAsync("a", new string('x', 200_000), Qos.AtLeastOnce, 1);
        await within.ExpectAsync("40020001");
    }

    [Theory]
    [InlineData("3081808001", "PacketTooLarge")]
    [InlineData("30ffffffff01", "MalformedPacket")]
    [InlineData("100e00044d5154540402003c00026331", "SecondConnect")]
    [InlineData("50020001", "UnexpectedPacket")]
    [InlineData("3006000361c08078", "TopicNameInvalid")]
    [InlineData("e000", "ClientDisconnected")]
    public async Task The_log_names_why_a_connection_ended(string hex, string reason)
    {
        var log = new LogLines();
        await using var host = await BrokerUnderTest.StartAsync(log: log);
        using var client = await host.ConnectAsync("c");
        await client.SendAsync(hex);
        await client.ExpectEndAsync();
        Assert.Contains(reason, await log.WaitAsync("closed"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connections_subscriptions_and_levels_are_limited()
    {
        await using var host = await BrokerUnderTest.StartAsync(new BrokerOptions { ConnectionsMax = 2, SubscriptionsMax = 2, FilterLevelsMax = 3 });
        using var one = await host.ConnectAsync("one");
        using var two = await host.ConnectAsync("two");
        using var three = await host.OpenAsync();
        await three.SendAsync(new ConnectPacket("three", true, 0, null, null, null).ToBytes());
        await three.ExpectAsync("20020003");
        await three.ExpectEndAsync();
        await one.SendAsync(SubscribePacket.Write(1, [new("a/b/c/d", Qos.AtMostOnce), new("a", Qos.AtMostOnce), new("b", Qos.AtMostOnce), new("c", Qos.AtMostOnce), new("a", Qos.AtLeastOnce)]));
        await one.ExpectAsync("900700018000008001");
    }

    [Fact]
    public async Task Retained_messages_are_limited_but_can_always_be_replaced()
    {
        await using var host = await BrokerUnderTest.StartAsync(new BrokerOptions { RetainedMax = 1 });
        host.Broker.Publish("a", "1"u8.ToArray(), retain: true);
        host.Broker.Publish("b", "1"u8.ToArray(), retain: true);
        host.Broker.Publish("a", "2"u8.ToArray(), retain: true);
        using var client = await host.ConnectAsync("c");
        await client.SubscribeAsync("#");
        await client.ExpectPublishAsync("a", "2", retain: true);
        await client.PingAsync();
    }

    [Fact]
    public async Task A_client_that_does_not_read_costs_bounded_memory_and_no_one_else_waits()
    {
        await using var host = await BrokerUnderTest.StartAsync(new BrokerOptions { QueueMessagesMax = 50 });
        using var deaf = await host.ConnectAsync("deaf");
        await deaf.SubscribeAsync("a", Qos.AtMostOnce);
        using var reader = await host.ConnectAsync("reader");
        await reader.SubscribeAsync("a", Qos.AtMostOnce);
        var payload = new string('x', 60_000);
        for (var n = 0; n < 400; n++)
        {
            host.Broker.Publish("a", System.Text.Encoding.UTF8.GetBytes(payload));
            await reader.ExpectPublishAsync("a", payload);
        }

        var seen = host.Broker.Client("deaf")!;
        Assert.True(seen.Dropped > 0, "nothing was dropped");
        Assert.InRange(seen.Waiting, 0, 50);
    }

    [Fact]
    public async Task Packets_may_arrive_in_any_pieces()
    {
        await using var host = await BrokerUnderTest.StartAsync();
        using var client = await host.OpenAsync();
        byte[] all = [.. new ConnectPacket("c", true, 0, null, null, null).ToBytes(), .. RawClient.Publish("a", new string('x', 9000), Qos.AtLeastOnce, 1), .. RawClient.Publish("b", "y", Qos.AtLeastOnce, 2)];
        var gen = new Support.Gen(3);
        for (var at = 0; at < all.Length;)
        {
            var length = Math.Min(gen.Chance(500) ? 1 : gen.Next(1, 3000), all.Length - at);
            await client.SendAsync(all[at..(at + length)]);
            at += length;
        }

        await client.ExpectAsync("20020000");
        await client.ExpectAsync("40020001");
        await client.ExpectAsync("40020002");
    }
}

/// <summary>The broker's log as lines a test can wait for.</summary>
public sealed class LogLines : ILoggerProvider, ILogger
{
    private readonly BlockingCollection<string> lines = [];

    /// <summary>Every line up to the one that was waited for.</summary>
    public List<string> Seen { get; } = [];

    public Task<string> WaitAsync(string containing) => Task.Run(() =>
    {
        using var limit = new CancellationTokenSource(RawClient.Patience);
        return lines.GetConsumingEnumerable(limit.Token).First(line =>
        {
            Seen.Add(line);
            return line.Contains(containing, StringComparison.Ordinal);
        });
    });

    public ILogger CreateLogger(string categoryName) => categoryName.Contains("Mqtt", StringComparison.Ordinal) ? this : Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => lines.Add(formatter(state, exception));

    public void Dispose()
    {
    }
}
