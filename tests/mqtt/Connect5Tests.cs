using Quartier.Mqtt;
using Xunit;
using static Quartier.Tests.Mqtt.Packets5;

namespace Quartier.Tests.Mqtt;

/// <summary>MQTT 5: what CONNECT is answered, and what is said at the end.</summary>
public class Connect5Tests
{
    [Fact]
    public async Task A_client_without_an_id_is_told_the_one_it_was_given()
    {
        await using var host = await BrokerUnderTest.StartAsync();
        using var client = await host.OpenAsync();
        await client.SendAsync(Connect("", "11 00000e10", cleanStart: false));
        var answer = Convert.ToHexStringLower((await client.ReadPacketAsync())!);
        var given = Assert.Single(host.Broker.Clients()).ClientId;
        Assert.Equal(ConnAck(more: $"12 {given.Length:x4} {Convert.ToHexStringLower(System.Text.Encoding.ASCII.GetBytes(given))}"), answer);
        await client.SendAsync("e000");
        await client.ExpectEndAsync();
        using var again = await host.OpenAsync();
        await again.SendAsync(Connect(given, "11 00000e10", cleanStart: false));
        await again.ExpectAsync(ConnAck(sessionPresent: true));
    }

    [Theory]
    [InlineData(null, null, "87")]
    [InlineData("s-1", "falsch", "86")]
    public async Task A_stranger_is_refused_with_the_reason(string? user, string? password, string reason)
    {
        await using var host = await BrokerUnderTest.StartAsync(authenticator: new Doorman());
        using var client = await host.OpenAsync();
        await client.SendAsync(Connect("c", user: user, password: password));
        await client.ExpectAsync($"200300{reason}00");
        await client.ExpectEndAsync();
    }

    [Fact]
    public async Task A_will_on_a_foreign_topic_is_refused_at_once()
    {
        await using var host = await BrokerUnderTest.StartAsync(authenticator: new Doorman());
        using var client = await host.OpenAsync();
        await client.SendAsync(Connect("c", user: "s-1", password: "geheim", willFlags: "04", will: Will("quartier/v1/s-2/presence", "x")));
        await client.ExpectAsync("2003008700");
        await client.ExpectEndAsync();
    }

    [Fact]
    public async Task Whoever_finds_no_room_or_brings_a_bad_name_learns_so()
    {
        await using var host = await BrokerUnderTest.StartAsync(new BrokerOptions { ConnectionsMax = 1, ClientIdCharactersMax = 3 });
        using var longName = await host.OpenAsync();
        await longName.SendAsync(Connect("long"));
        await longName.ExpectAsync("2003008500");
        await longName.ExpectEndAsync();
        using var narrow = await host.OpenAsync();
        await narrow.SendAsync(Connect("c", "27 0000007f"));
        await narrow.ExpectAsync("2003008300");
        await narrow.ExpectEndAsync();
        using var one = await host.ConnectAsync("one");
        using var two = await host.OpenAsync();
        await two.SendAsync(Connect("two"));
        await two.ExpectAsync("2003008800");
        await two.ExpectEndAsync();
    }

    [Fact]
    public async Task The_keep_alive_that_the_server_said_is_the_one_that_counts()
    {
        var time = new ManualTime();
        await using var host = await BrokerUnderTest.StartAsync(time: time);
        using var client = await ConnectedAsync(host, Connect("c", keepAlive: 0), ConnAck(more: "13 0e10"));
        time.Advance(TimeSpan.FromSeconds(5_399));
        await client.PingAsync();
        time.Advance(TimeSpan.FromSeconds(5_401));
        await client.ExpectAsync("e0018d");
        await client.ExpectEndAsync();
    }

    [Theory]
    [InlineData("taken over", "e0018e")]
    [InlineData("revoked", "e00198")]
    [InlineData("broker stops", "e0018b")]
    public async Task A_client_that_is_sent_away_learns_why(string end, string said)
    {
        await using var host = await BrokerUnderTest.StartAsync();
        using var client = await ConnectedAsync(host, Connect("c", user: "u"), ConnAck());
        RawClient? next = null;
        switch (end)
        {
            case "taken over":
                next = await host.ConnectAsync("c", user: "u");
                break;
            case "revoked":
                host.Broker.Revoke("u");
                break;
            default:
                host.Broker.Stop();
                break;
        }

        await client.ExpectAsync(said);
        await client.ExpectEndAsync();
        next?.Dispose();
    }

    /// <summary>Goal: a farewell never waits for a client that does not read. Method: its socket is full when a newcomer takes its name.</summary>
    [Fact]
    public async Task A_client_that_does_not_read_is_cut_without_a_word()
    {
        await using var host = await BrokerUnderTest.StartAsync();
        using var deaf = await ConnectedAsync(host, Connect("c"), ConnAck());
        await deaf.SendAsync(Subscribe("a", 0));
        await deaf.ExpectAsync("9004 0001 00 00");
        for (var n = 0; n < 400; n++)
        {
            host.Broker.Publish("a", new byte[60_000]);
        }

        using var newcomer = await ConnectedAsync(host, Connect("c"), ConnAck());
        await newcomer.PingAsync();
    }

    private static async Task<RawClient> ConnectedAsync(BrokerUnderTest host, string connect, string connAck)
    {
        var client = await host.OpenAsync();
        await client.SendAsync(connect);
        await client.ExpectAsync(connAck);
        return client;
    }
}
