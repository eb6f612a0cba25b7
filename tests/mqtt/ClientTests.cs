using System.Text;
using System.Threading.Channels;
using Quartier.Mqtt;
using Xunit;

namespace Quartier.Tests.Mqtt;

/// <summary>The client speaks to Mosquitto, and the same tests hold against the embedded broker.</summary>
public class ClientTests
{
    private static MqttClient Client(int port, string id, bool clean = true, MqttWill? will = null, ushort keepAlive = 30, TimeProvider? time = null) =>
        new(new MqttClientOptions { Host = "127.0.0.1", Port = port, ClientId = id, CleanSession = clean, Will = will, KeepAliveSeconds = keepAlive }, time ?? TimeProvider.System);

    private static ChannelReader<MqttMessage> Collect(MqttClient client)
    {
        var messages = Channel.CreateUnbounded<MqttMessage>();
        client.OnMessage = message => messages.Writer.WriteAsync(message);
        return messages.Reader;
    }

    private static async Task<string> NextAsync(ChannelReader<MqttMessage> messages)
    {
        using var limit = new CancellationTokenSource(RawClient.Patience);
        var message = await messages.ReadAsync(limit.Token);
        return $"{message.Topic}={Encoding.UTF8.GetString(message.Payload)}{(message.Retain ? " retained" : "")}";
    }

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    private static async Task WithBrokerAsync(string broker, Func<int, Task> test)
    {
        if (broker == "mosquitto")
        {
            using var peer = await MosquittoPeer.StartAsync();
            await test(peer.Port);
        }
        else
        {
            await using var ours = await BrokerUnderTest.StartAsync();
            await test(ours.Port);
        }
    }

    [Theory]
    [InlineData("mosquitto")]
    [InlineData("ours")]
    public Task Publishes_of_every_QoS_arrive_once_and_in_order(string broker) => WithBrokerAsync(broker, async port =>
    {
        await using var subscriber = Client(port, "subscriber");
        var messages = Collect(subscriber);
        Assert.False(await subscriber.ConnectAsync());
        Assert.Equal([1], await subscriber.SubscribeAsync("a/#"));
        await using var publisher = Client(port, "publisher");
        await publisher.ConnectAsync();
        await publisher.PublishAsync("a/0", Text("null"), Qos.AtMostOnce);
        await publisher.PublishAsync("a/1", Text("eins"), Qos.AtLeastOnce);
        await publisher.PublishAsync("a/2", Text("zwei"), Qos.ExactlyOnce);
        await publisher.PublishAsync("b", Text("nobody asked"));
        await publisher.PublishAsync("a/3", []);
        Assert.Equal(["a/0=null", "a/1=eins", "a/2=zwei", "a/3="], [await NextAsync(messages), await NextAsync(messages), await NextAsync(messages), await NextAsync(messages)]);
    });

    [Theory]
    [InlineData("mosquitto")]
    [InlineData("ours")]
    public Task Many_publishes_are_under_way_at_once(string broker) => WithBrokerAsync(broker, async port =>
    {
        await using var subscriber = Client(port, "subscriber");
        var messages = Collect(subscriber);
        await subscriber.ConnectAsync();
        await subscriber.SubscribeAsync("n");
        await using var publisher = Client(port, "publisher");
        await publisher.ConnectAsync();
        await Task.WhenAll(Enumerable.Range(0, 500).Select(n => publisher.PublishAsync("n", Text($"{n}"))));
        for (var n = 0; n < 500; n++)
        {
            Assert.Equal($"n={n}", await NextAsync(messages));
        }
    });

    [Theory]
    [InlineData("mosquitto")]
    [InlineData("ours")]
    public Task A_persistent_session_brings_what_was_missed(string broker) => WithBrokerAsync(broker, async port =>
    {
        await using var subscriber = Client(port, "subscriber", clean: false);
        var messages = Collect(subscriber);
        Assert.False(await subscriber.ConnectAsync());
        await subscriber.SubscribeAsync("a");
        await subscriber.DisconnectAsync();
        Assert.Null(await subscriber.Ended);
        await using var publisher = Client(port, "publisher");
        await publisher.ConnectAsync();
        await publisher.PublishAsync("a", Text("missed"));
        Assert.True(await subscriber.ConnectAsync());
        Assert.Equal("a=missed", await NextAsync(messages));
    });

    [Theory]
    [InlineData("mosquitto")]
    [InlineData("ours")]
    public Task A_broker_that_closes_on_DISCONNECT_is_no_lost_connection(string broker) => WithBrokerAsync(broker, async port =>
    {
        // The broker's close races the client's own end: many rounds, as one alone rarely meets it.
        for (var round = 0; round < 200; round++)
        {
            await using var client = Client(port, "leaver");
            await client.ConnectAsync();
            await client.DisconnectAsync();
            Assert.Null(await client.Ended);
        }
    });

    [Theory]
    [InlineData("mosquitto")]
    [InlineData("ours")]
    public Task The_will_of_a_client_that_is_cut_off_arrives_and_stays(string broker) => WithBrokerAsync(broker, async port =>
    {
        await using var watcher = Client(port, "watcher");
        var messages = Collect(watcher);
        await watcher.ConnectAsync();
        await watcher.SubscribeAsync("presence");
        await using var screen = Client(port, "screen", will: new MqttWill("presence", Text("gone"), Qos.AtLeastOnce, Retain: true));
        await screen.ConnectAsync();
        screen.Cut();
        Assert.IsType<MqttConnectionLostException>(await screen.Ended);
        Assert.Equal("presence=gone", await NextAsync(messages));
        await using var late = Client(port, "late");
        var lateMessages = Collect(late);
        await late.ConnectAsync();
        await late.SubscribeAsync("presence");
        Assert.Equal("presence=gone retained", await NextAsync(lateMessages));
    });

    [Fact]
    public async Task An_unanswered_publish_goes_out_again_with_its_identifier_and_DUP()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        await using var client = Client(((System.Net.IPEndPoint)listener.LocalEndpoint).Port, "c", clean: false);
        var connecting = client.ConnectAsync();
        Task one, two;
        using (var first = new RawClient(await listener.AcceptSocketAsync()))
        {
            await first.ReadPacketAsync();
            await first.SendAsync("20020000");
            await connecting;
            one = client.PublishAsync("a", Text("1"));
            two = client.PublishAsync("b", Text("2"), Qos.ExactlyOnce);
            await first.ExpectAsync("3206000161000131");
            await first.ExpectAsync("3406000162000232");
            await first.SendAsync("50020002");
            await first.ExpectAsync("62020002");
        }

        await client.Ended;
        connecting = client.ConnectAsync();
        using var second = new RawClient(await listener.AcceptSocketAsync());
        await second.ReadPacketAsync();
        await second.SendAsync("20020100");
        Assert.True(await connecting);
        await second.ExpectAsync("3a06000161000131");
        await second.ExpectAsync("62020002");
        Assert.False(one.IsCompleted || two.IsCompleted);
        await second.SendAsync("40020001 70020002");
        await Task.WhenAll(one, two).WaitAsync(RawClient.Patience);
    }

    [Fact]
    public async Task A_QoS_2_message_sent_twice_is_handled_once()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        await using var client = Client(((System.Net.IPEndPoint)listener.LocalEndpoint).Port, "c", clean: false);
        var handled = 0;
        client.OnMessage = _ =>
        {
            handled++;
            return ValueTask.CompletedTask;
        };
        var connecting = client.ConnectAsync();
        using var broker = new RawClient(await listener.AcceptSocketAsync());
        await broker.ReadPacketAsync();
        await broker.SendAsync("20020000");
        await connecting;
        await broker.SendAsync(RawClient.Publish("a", "x", Qos.ExactlyOnce, 7));
        await broker.ExpectAsync("50020007");
        await broker.SendAsync(RawClient.Publish("a", "x", Qos.ExactlyOnce, 7, duplicate: true));
        await broker.ExpectAsync("50020007");
        await broker.SendAsync("62020007");
        await broker.ExpectAsync("70020007");
        Assert.Equal(1, handled);
    }

    [Fact]
    public async Task A_refusal_names_its_code()
    {
        await using var host = await BrokerUnderTest.StartAsync(authenticator: new Doorman());
        await using var client = Client(host.Port, "stranger");
        var refusal = await Assert.ThrowsAsync<MqttRefusedException>(() => client.ConnectAsync());
        Assert.Equal(ConnectCode.NotAuthorized, refusal.Code);
    }

    [Fact]
    public async Task Keep_alive_pings_and_ends_when_nobody_answers()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var time = new ManualTime();
        await using var client = Client(((System.Net.IPEndPoint)listener.LocalEndpoint).Port, "c", keepAlive: 60, time: time);
        var connecting = client.ConnectAsync();
        using var broker = new RawClient(await listener.AcceptSocketAsync());
        await broker.ReadPacketAsync();
        await broker.SendAsync("20020000");
        await connecting;
        time.Advance(TimeSpan.FromSeconds(46));
        await broker.ExpectAsync("c000");
        Assert.True(client.IsConnected);
        time.Advance(TimeSpan.FromSeconds(46));
        Assert.Contains("PINGREQ", (await client.Ended.WaitAsync(RawClient.Patience))!.Message, StringComparison.Ordinal);
    }
}
