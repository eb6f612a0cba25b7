using System.Net;
using System.Net.WebSockets;
using Microsoft.Extensions.DependencyInjection;
using Quartier.Mqtt;
using Quartier.Tests.Gateway.Tls;
using Quartier.Tests.Support;
using Xunit;

namespace Quartier.Tests.Gateway.Broker;

/// <summary>mqtt.js speaks to the broker over the console's ports.</summary>
public sealed class WebSocketTests : IAsyncLifetime
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("quartier-websocket-");
    private OpenGateway gateway = null!;

    public async Task InitializeAsync() =>
        gateway = await OpenGateway.Start(Path.Combine(folder.FullName, "data"), "127.0.0.1", options => options with { AnonymousMqtt = true });

    public async Task DisposeAsync()
    {
        await gateway.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("ws", "4")]
    [InlineData("ws", "5")]
    [InlineData("wss", "5")]
    public async Task Mqtt_js_publishes_receives_resumes_and_leaves_a_will(string scheme, string version)
    {
        var url = scheme == "ws" ? $"ws://127.0.0.1:{gateway.HttpPort}/mqtt" : $"wss://localhost:{gateway.HttpsPort}/mqtt";
        var script = Checkout.PathTo("tests", "mqtt", "peers", "conversation.js");
        var (code, said) = await OpenSsl.Program("node", "",
            [script, Path.Combine(NodePeers.Folder, "node_modules", "mqtt"), url, version, gateway.Authorities(folder.FullName).Browsers]);
        Assert.True(code == 0, said);
        Assert.Equal("granted 1\na/0 qos0 null\na/1 qos1 eins\na/2 qos1 zwei\nresumed true\na/1 qos1 missed\nwill gone\n", said);
    }

    /// <summary>Longer than the library's buffer, in pieces as they come: a frame of WebSocket need not be a packet of MQTT.</summary>
    [Fact]
    public async Task A_packet_may_come_in_pieces_and_be_longer_than_a_buffer()
    {
        using var socket = await Connect();
        var packet = Publish(200_000);
        foreach (var piece in ((byte[])[.. Greeting, .. packet]).Chunk(7_000))
        {
            await socket.SendAsync(piece, WebSocketMessageType.Binary, endOfMessage: true, default);
        }

        Assert.Equal([0x20, 2, 0, 0, 0x40, 2, 0, 7], await Receive(socket, 8));
        var client = Assert.Single(gateway.Services.GetRequiredService<MqttBroker>().Clients(), client => client.ClientId == "w");
        Assert.StartsWith("127.0.0.1:", client.From, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_MQTT_is_ended_and_the_console_goes_on()
    {
        using var socket = await Connect();
        await socket.SendAsync("GET / HTTP/1.1"u8.ToArray(), WebSocketMessageType.Binary, endOfMessage: true, default);
        var end = await socket.ReceiveAsync(new byte[10], default);
        Assert.Equal(WebSocketMessageType.Close, end.MessageType);
        using var browser = gateway.Browser("127.0.0.1", secure: false);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync("/mqtt/negotiate")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/log-in")).StatusCode);
    }

    /// <summary>MQTT-6.0.0-1: any other kind of frame ends the connection, whatever is in it and however it is cut.</summary>
    [Theory]
    [InlineData(100)]
    [InlineData(5)]
    [InlineData(0)]
    public async Task A_text_frame_ends_the_connection_and_nothing_in_it_is_read(int first)
    {
        using var socket = await Connect();
        var beginning = Greeting[..Math.Min(first, Greeting.Length)];
        await socket.SendAsync(beginning, WebSocketMessageType.Text, endOfMessage: beginning.Length == Greeting.Length, default);
        if (beginning.Length < Greeting.Length)
        {
            await socket.SendAsync(Greeting[beginning.Length..], WebSocketMessageType.Text, endOfMessage: true, default);
        }

        var end = await socket.ReceiveAsync(new byte[10], default);
        Assert.Equal((WebSocketMessageType.Close, WebSocketCloseStatus.InvalidMessageType), (end.MessageType, end.CloseStatus));
    }

    [Fact]
    public async Task A_text_frame_ends_a_session_that_stands()
    {
        using var socket = await Connect();
        await socket.SendAsync(Greeting, WebSocketMessageType.Binary, endOfMessage: true, default);
        Assert.Equal([0x20, 2, 0, 0], await Receive(socket, 4));
        await socket.SendAsync(Publish(10), WebSocketMessageType.Text, endOfMessage: true, default);
        Assert.Equal(WebSocketCloseStatus.InvalidMessageType, (await socket.ReceiveAsync(new byte[10], default)).CloseStatus);
    }

    private static byte[] Greeting => [0x10, 13, 0, 4, .. "MQTT"u8, 4, 2, 0, 60, 0, 1, (byte)'w'];

    private async Task<ClientWebSocket> Connect()
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("mqtt");
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{gateway.HttpPort}/mqtt"), default);
        Assert.Equal("mqtt", socket.SubProtocol);
        return socket;
    }

    private static async Task<byte[]> Receive(ClientWebSocket socket, int bytes)
    {
        var received = new byte[bytes];
        for (var at = 0; at < bytes;)
        {
            var piece = await socket.ReceiveAsync(received.AsMemory(at), default);
            Assert.Equal(WebSocketMessageType.Binary, piece.MessageType);
            at += piece.Count;
        }

        return received;
    }

    /// <summary>At QoS 1 with identifier 7, to a topic that nobody listens to.</summary>
    private static byte[] Publish(int payload)
    {
        var rest = 2 + 1 + 2 + payload;
        return [0x32, (byte)((rest % 128) | 128), (byte)((rest / 128 % 128) | 128), (byte)(rest / 16384), 0, 1, (byte)'x', 0, 7, .. new byte[payload]];
    }
}
