using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Quartier.Mqtt;

namespace Quartier.Tests.Bench;

/// <summary>Makes the n-th payload of a device; the same bytes for every peer.</summary>
internal delegate byte[] PayloadOf(int device, int number);

/// <summary>One raw MQTT connection of the load generator, the same code against every broker. Publishes at QoS 1 with a fixed
/// number in flight, or subscribes and acknowledges. What it gets is checked: the acknowledgements' order, the deliveries' number.</summary>
internal sealed class LoadClient : IDisposable
{
    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] buffer = new byte[64 * 1024];
    private readonly ArrayBufferWriter<byte> leaving = new(64 * 1024);
    private int kept;

    public static async Task<LoadClient> ConnectAsync(int port, string clientId, CancellationToken stop)
    {
        var client = new LoadClient();
        await client.socket.ConnectAsync(IPAddress.Loopback, port, stop);
        await client.SendAllAsync(new ConnectPacket(clientId, true, 0, null, null, null).ToBytes(), stop);
        await client.ExpectAsync([0x20, 2, 0, 0], stop);
        return client;
    }

    public async Task SubscribeAsync(string filter, CancellationToken stop)
    {
        await SendAllAsync(SubscribePacket.Write(1, [new SubscriptionRequest(filter, Qos.AtLeastOnce)]), stop);
        await ExpectAsync([0x90, 3, 0, 1, 1], stop);
    }

    /// <summary>Publishes count messages at QoS 1, at most inFlight unacknowledged.</summary>
    public async Task PublishAsync(string topic, int device, int count, int inFlight, PayloadOf payload, CancellationToken stop)
    {
        var topicUtf8 = System.Text.Encoding.UTF8.GetBytes(topic);
        var sent = 0;
        var acknowledged = 0;
        while (acknowledged < count)
        {
            leaving.ResetWrittenCount();
            while (sent < count && sent - acknowledged < inFlight)
            {
                PacketWriter.WritePublish(leaving, topicUtf8, payload(device, sent), Qos.AtLeastOnce, retain: false, duplicate: false, Id(sent));
                sent++;
            }

            if (leaving.WrittenCount > 0)
            {
                await SendAllAsync(leaving.WrittenMemory, stop);
            }

            acknowledged += await TakeAcknowledgementsAsync(acknowledged, stop);
        }
    }

    /// <summary>Receives that many deliveries and acknowledges each.</summary>
    public async Task ReceiveAsync(int count, CancellationToken stop)
    {
        var received = 0;
        while (received < count)
        {
            var length = kept + await ReceiveSomeAsync(stop);
            received += AnswerDeliveries(length);
            await SendAllAsync(leaving.WrittenMemory, stop);
        }
    }

    public void Dispose() => socket.Dispose();

    private static ushort Id(int number) => (ushort)((number % 65535) + 1);

    private async Task<int> TakeAcknowledgementsAsync(int alreadyAcknowledged, CancellationToken stop)
    {
        var length = kept + await ReceiveSomeAsync(stop);
        var at = 0;
        for (; length - at >= 4; at += 4)
        {
            var id = BinaryPrimitives.ReadUInt16BigEndian(buffer.AsSpan(at + 2));
            if (buffer[at] != 0x40 || id != Id(alreadyAcknowledged + (at / 4)))
            {
                throw new InvalidDataException($"PUBACK {Id(alreadyAcknowledged + (at / 4))} was expected, {Convert.ToHexString(buffer.AsSpan(at, 4))} came.");
            }
        }

        Keep(at, length);
        return at / 4;
    }

    private int AnswerDeliveries(int length)
    {
        leaving.ResetWrittenCount();
        var count = 0;
        var at = 0;
        while (FrameReader.Measure(buffer.AsSpan(at, length - at), int.MaxValue, out var header, out var body) == FrameStatus.Complete && length - at >= header + body)
        {
            var frame = new Frame(buffer[at], buffer.AsSpan(at + header, body));
            if (frame.Type != PacketType.Publish || !PublishPacket.TryRead(frame, out var publish))
            {
                throw new InvalidDataException($"A PUBLISH was expected, {frame.Type} came.");
            }

            PacketWriter.WriteAck(leaving, PacketType.PubAck, publish.Id);
            count++;
            at += header + body;
        }

        Keep(at, length);
        return count;
    }

    private void Keep(int from, int length)
    {
        kept = length - from;
        buffer.AsSpan(from, kept).CopyTo(buffer);
    }

    private async ValueTask<int> ReceiveSomeAsync(CancellationToken stop)
    {
        var read = await socket.ReceiveAsync(buffer.AsMemory(kept), stop);
        return read > 0 ? read : throw new IOException("The broker closed the connection.");
    }

    private async ValueTask ExpectAsync(byte[] expected, CancellationToken stop)
    {
        var length = 0;
        while (length < expected.Length)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(length), stop);
            length += read > 0 ? read : throw new IOException("The broker closed the connection.");
        }

        if (!buffer.AsSpan(0, length).SequenceEqual(expected))
        {
            throw new InvalidDataException($"{Convert.ToHexString(expected)} was expected, {Convert.ToHexString(buffer.AsSpan(0, length))} came.");
        }
    }

    private async ValueTask SendAllAsync(ReadOnlyMemory<byte> bytes, CancellationToken stop)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await socket.SendAsync(bytes, stop)..];
        }
    }
}
