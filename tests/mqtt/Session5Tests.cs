using Quartier.Mqtt;
using Xunit;
using static Quartier.Tests.Mqtt.Packets5;

namespace Quartier.Tests.Mqtt;

/// <summary>MQTT 5: how long a session and a will outlive their connection.</summary>
public class Session5Tests
{
    private const string AnHour = "11 00000e10";

    private readonly ManualTime time = new();

    [Theory]
    [InlineData("", "e000", 0, false)]
    [InlineData("11 00000000", "e000", 0, false)]
    [InlineData(AnHour, "e000", 3_599, true)]
    [InlineData(AnHour, "e000", 3_601, false)]
    [InlineData(AnHour, "e007 00 05 11 00000000", 0, false)]
    [InlineData(AnHour, "e007 00 05 11 00000e20", 3_615, true)]
    [InlineData(AnHour, "e007 00 05 11 00000e20", 3_617, false)]
    public async Task A_session_lasts_as_long_as_its_client_said_last(string properties, string disconnect, int awaySeconds, bool present)
    {
        await using var host = await BrokerUnderTest.StartAsync(time: time);
        using (var first = await ConnectedAsync(host, Connect("c", properties), ConnAck()))
        {
            await first.SendAsync(disconnect);
            await first.ExpectEndAsync();
        }

        time.Advance(TimeSpan.FromSeconds(awaySeconds));
        using var second = await ConnectedAsync(host, Connect("c", AnHour, cleanStart: false), ConnAck(present));
    }

    /// <summary>A session of version 3.1.1 never expires by that standard; for whoever does not come back for a week it is over.</summary>
    [Theory]
    [InlineData(6, true)]
    [InlineData(8, false)]
    public async Task No_session_outlives_a_week_without_its_client(int days, bool present)
    {
        await using var host = await BrokerUnderTest.StartAsync(time: time);
        using (var first = await host.ConnectAsync("c", clean: false))
        {
            await first.SendAsync("e000");
            await first.ExpectEndAsync();
        }

        using (var five = await ConnectedAsync(host, Connect("five", "11 ffffffff"), ConnAck(more: "11 00093a80")))
        {
            await five.SendAsync("e000");
            await five.ExpectEndAsync();
        }

        time.Advance(TimeSpan.FromDays(days));
        using var second = await host.ConnectAsync("c", clean: false, sessionPresent: present);
        using var again = await ConnectedAsync(host, Connect("five", AnHour, cleanStart: false), ConnAck(present));
    }

    [Fact]
    public async Task A_clean_start_forgets_what_was_there_and_keeps_what_comes()
    {
        await using var host = await BrokerUnderTest.StartAsync(time: time);
        using (var first = await ConnectedAsync(host, Connect("c", AnHour), ConnAck()))
        {
            await first.SendAsync(Subscribe("old"));
            await first.ExpectAsync("9004 0001 00 01");
            await first.SendAsync("e000");
            await first.ExpectEndAsync();
        }

        using (var second = await ConnectedAsync(host, Connect("c", AnHour), ConnAck()))
        {
            await second.SendAsync(Subscribe("new"));
            await second.ExpectAsync("9004 0001 00 01");
            await second.SendAsync("e000");
            await second.ExpectEndAsync();
        }

        host.Broker.Publish("old", "1"u8.ToArray());
        host.Broker.Publish("new", "2"u8.ToArray());
        using var third = await ConnectedAsync(host, Connect("c", AnHour, cleanStart: false), ConnAck(sessionPresent: true));
        await third.ExpectAsync(Publish("32", "new", "2"));
        await third.PingAsync();
    }

    [Theory]
    [InlineData("18 0000000a", 9, false)]
    [InlineData("18 0000000a", 11, true)]
    [InlineData("", 0, true)]
    public async Task A_will_waits_as_long_as_its_client_asked(string delay, int awaySeconds, bool said)
    {
        await using var host = await BrokerUnderTest.StartAsync(time: time);
        using var watcher = await WatcherAsync(host);
        using (var mortal = await ConnectedAsync(host, Mortal(AnHour, delay), ConnAck()))
        {
            await GoneAsync(host, mortal);
        }

        time.Advance(TimeSpan.FromSeconds(awaySeconds));
        if (said)
        {
            await watcher.ExpectAsync(Publish("30", "will", "gone"));
        }

        await watcher.PingAsync();
    }

    [Fact]
    public async Task Whoever_comes_back_in_time_is_not_called_gone()
    {
        await using var host = await BrokerUnderTest.StartAsync(time: time);
        using var watcher = await WatcherAsync(host);
        using (var mortal = await ConnectedAsync(host, Mortal(AnHour, "18 0000000a"), ConnAck()))
        {
            await GoneAsync(host, mortal);
        }

        using var back = await ConnectedAsync(host, Connect("mortal", AnHour, cleanStart: false), ConnAck(sessionPresent: true));
        time.Advance(TimeSpan.FromSeconds(20));
        await watcher.PingAsync();
    }

    [Theory]
    [InlineData("clean start")]
    [InlineData("expiry")]
    public async Task A_will_does_not_outlive_its_session(string end)
    {
        await using var host = await BrokerUnderTest.StartAsync(time: time);
        using var watcher = await WatcherAsync(host);
        using (var mortal = await ConnectedAsync(host, Mortal("11 00000005", "18 0000ffff"), ConnAck()))
        {
            await GoneAsync(host, mortal);
        }

        RawClient? next = null;
        if (end == "expiry")
        {
            time.Advance(TimeSpan.FromSeconds(6));
        }
        else
        {
            next = await ConnectedAsync(host, Connect("mortal"), ConnAck());
        }

        await watcher.ExpectAsync(Publish("30", "will", "gone"));
        next?.Dispose();
    }

    [Fact]
    public async Task A_DISCONNECT_that_asks_for_it_leaves_the_will_with_its_properties()
    {
        await using var host = await BrokerUnderTest.StartAsync(time: time);
        using var watcher = await WatcherAsync(host);
        using var mortal = await ConnectedAsync(host, Mortal("", "03 0001 74 02 0000003c"), ConnAck());
        await mortal.SendAsync("e00104");
        await mortal.ExpectEndAsync();
        await watcher.ExpectAsync(Publish("30", "will", "gone", "02 0000003c 03 0001 74"));
    }

    private static string Mortal(string properties, string will) => Connect("mortal", properties, cleanStart: false, willFlags: "04", will: Will("will", "gone", will));

    private static async Task<RawClient> WatcherAsync(BrokerUnderTest host)
    {
        var watcher = await ConnectedAsync(host, Connect("watcher", keepAlive: 3_600), ConnAck());
        await watcher.SendAsync(Subscribe("will"));
        await watcher.ExpectAsync("9004 0001 00 01");
        return watcher;
    }

    /// <summary>Ends the connection without a normal DISCONNECT, and returns when the broker is through with it.</summary>
    private static async Task GoneAsync(BrokerUnderTest host, RawClient client)
    {
        await client.SendAsync("0000");
        await client.ExpectAsync("e00181");
        await client.ExpectEndAsync();
        Assert.Null(host.Broker.Client("mortal"));
    }

    private static async Task<RawClient> ConnectedAsync(BrokerUnderTest host, string connect, string connAck)
    {
        var client = await host.OpenAsync();
        await client.SendAsync(connect);
        await client.ExpectAsync(connAck);
        return client;
    }
}
