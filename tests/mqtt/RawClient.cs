using System.Net.Sockets;
using Quartier.Mqtt;
using Xunit;

namespace Quartier.Tests.Mqtt;

/// <summary>Bytes over a socket, so that a test sees what is really sent. Every wait is bounded.</summary>
public sealed class RawClient(Socket socket) : IDisposable
{
    /// <summary>Only a hung test waits this long.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly List<byte> unread = [];

    public Socket Socket => socket;

    public async Task SendAsync(byte[] bytes)
    {
        using var limit = new CancellationTokenSource(Patience);
        for (var sent = 0; sent < bytes.Length;)
        {
            sent += await socket.SendAsync(bytes.AsMemory(sent), limit.Token);
        }
    }

    public Task SendAsync(string hex) => SendAsync(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));

    public Task PublishAsync(string topic, string payload, Qos qos = Qos.AtMostOnce, ushort id = 0, bool retain = false, bool duplicate = false) =>
        SendAsync(Publish(topic, payload, qos, id, retain, duplicate));

    public static byte[] Publish(string topic, string payload, Qos qos = Qos.AtMostOnce, ushort id = 0, bool retain = false, bool duplicate = false)
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        PacketWriter.WritePublish(output, System.Text.Encoding.UTF8.GetBytes(topic), System.Text.Encoding.UTF8.GetBytes(payload), qos, retain, duplicate, id);
        return output.WrittenSpan.ToArray();
    }

    public async Task SubscribeAsync(string filter, Qos qos = Qos.AtLeastOnce, ushort id = 1)
    {
        await SendAsync(SubscribePacket.Write(id, [new SubscriptionRequest(filter, qos)]));
        Assert.Equal($"9003{id:X4}{Math.Min((int)qos, 1):X2}", Hex(await ReadPacketAsync()));
    }

    /// <summary>Proves that everything sent before was handled and answered with nothing else.</summary>
    public async Task PingAsync()
    {
        await SendAsync("c000");
        await ExpectAsync("d000");
    }

    public async Task ExpectAsync(string hex) => Assert.Equal(hex.Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant(), Hex(await ReadPacketAsync()));

    /// <summary>The next packet must be this PUBLISH; at QoS 1 it is acknowledged.</summary>
    public async Task ExpectPublishAsync(string topic, string payload, bool retain = false, bool duplicate = false, bool acknowledge = true)
    {
        var packet = Received.From(await ReadPacketAsync() ?? throw new Xunit.Sdk.XunitException($"The connection ended; {topic} was expected."));
        Assert.Equal((topic, payload, retain, duplicate), (packet.Topic, packet.Payload, packet.Retain, packet.Duplicate));
        if (acknowledge && packet.Qos == Qos.AtLeastOnce)
        {
            await SendAsync($"4002{packet.Id:X4}");
        }
    }

    public async Task ExpectEndAsync()
    {
        while (await ReadPacketAsync() is { } packet)
        {
            Assert.Fail($"The connection should have ended, but brought {Hex(packet)}.");
        }
    }

    /// <returns>Null at the end of the connection.</returns>
    public async Task<byte[]?> ReadPacketAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        var buffer = new byte[4096];
        while (true)
        {
            var bytes = unread.ToArray();
            if (FrameReader.Measure(bytes, int.MaxValue, out var header, out var body) == FrameStatus.Complete && bytes.Length >= header + body)
            {
                unread.RemoveRange(0, header + body);
                return bytes[..(header + body)];
            }

            int read;
            try
            {
                read = await socket.ReceiveAsync(buffer.AsMemory(), limit.Token);
            }
            catch (SocketException)
            {
                return null;
            }

            if (read == 0)
            {
                return null;
            }

            unread.AddRange(buffer.AsSpan(0, read));
        }
    }

    /// <summary>The peer sees a reset, not an orderly end.</summary>
    public void Cut()
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Dispose();
    }

    public void Dispose() => socket.Dispose();

    private static string Hex(byte[]? packet) => packet is null ? "(end)" : Convert.ToHexString(packet);
}

/// <summary>A PUBLISH as a client got it.</summary>
public sealed record Received(string Topic, string Payload, Qos Qos, bool Retain, bool Duplicate, ushort Id)
{
    public static Received From(byte[] bytes)
    {
        var reader = new FrameReader(new System.Buffers.ReadOnlySequence<byte>(bytes), int.MaxValue);
        Assert.Equal(FrameStatus.Complete, reader.Next(out var frame));
        Assert.Equal(PacketType.Publish, frame.Type);
        Assert.True(PublishPacket.TryRead(frame, out var packet));
        return new Received(
            System.Text.Encoding.UTF8.GetString(packet.TopicUtf8), System.Text.Encoding.UTF8.GetString(packet.Payload), packet.Qos, packet.Retain, packet.Duplicate, packet.Id);
    }
}
