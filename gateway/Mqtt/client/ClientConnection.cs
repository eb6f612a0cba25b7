using System.Buffers;
using System.IO.Pipelines;
using System.Net.Security;
using System.Net.Sockets;

namespace Quartier.Mqtt;

/// <summary>A packet that a broker sent, copied out of the receive buffer.</summary>
internal readonly record struct BrokerPacket(PacketType Type, ushort Id, MqttMessage? Message, byte[] Body);

/// <summary>One network connection of a client: opens it, reads packets from it, writes to it.</summary>
internal sealed class ClientConnection : IDisposable
{
    private readonly Socket socket;
    private readonly Stream stream;
    private readonly PipeReader input;
    private readonly int packetBytesMax;
    private readonly TaskCompletionSource<Exception?> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool leaving;

    private ClientConnection(Socket socket, Stream stream, int packetBytesMax)
    {
        this.socket = socket;
        this.stream = stream;
        this.packetBytesMax = packetBytesMax;
        input = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));
        Output = new ClientOutput(stream, End);
    }

    public ClientOutput Output { get; }

    public Task<Exception?> Ended => ended.Task;

    public static async Task<ClientConnection> OpenAsync(MqttClientOptions options, CancellationToken cancel)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        var opened = false;
        try
        {
            await socket.ConnectAsync(options.Host, options.Port, cancel).ConfigureAwait(false);
            Stream stream = new NetworkStream(socket, ownsSocket: true);
            if (options.Tls is not null)
            {
                var tls = new SslStream(stream);
                await tls.AuthenticateAsClientAsync(options.Tls, cancel).ConfigureAwait(false);
                stream = tls;
            }

            opened = true;
            return new ClientConnection(socket, stream, options.PacketBytesMax);
        }
        finally
        {
            if (!opened)
            {
                socket.Dispose();
            }
        }
    }

    /// <returns>Null when the connection has ended; <see cref="Ended"/> then says why.</returns>
    public async ValueTask<BrokerPacket?> ReadAsync(CancellationToken cancel = default)
    {
        try
        {
            while (true)
            {
                var result = await input.ReadAsync(cancel).ConfigureAwait(false);
                var status = Next(result.Buffer, out var packet, out var consumed);
                input.AdvanceTo(consumed, packet is null ? result.Buffer.End : consumed);
                if (packet is not null)
                {
                    return packet;
                }

                if (status != FrameStatus.Incomplete)
                {
                    End(new InvalidDataException("The broker sent something that is not MQTT 3.1.1."));
                    return null;
                }

                if (result.IsCompleted)
                {
                    End(new MqttConnectionLostException("The broker closed the connection."));
                    return null;
                }
            }
        }
        catch (IOException cause)
        {
            End(cause);
        }
        catch (OperationCanceledException cause)
        {
            End(cause);
        }
        catch (ObjectDisposedException cause)
        {
            End(cause);
        }

        return null;
    }

    /// <summary>Sends DISCONNECT and ends the connection.</summary>
    public async Task LeaveAsync()
    {
        // A broker closes the connection on reading DISCONNECT, often before the sender has returned: the reader then
        // sees an end that is no loss.
        leaving = true;
        Output.Write(PacketType.Disconnect, PacketWriter.WriteEmpty);
        await Output.Sent.ConfigureAwait(false);
        End(null);
    }

    /// <summary>Ends the connection; the first cause counts, null is an orderly end.</summary>
    public void End(Exception? cause)
    {
        if (ended.TrySetResult(leaving ? null : cause))
        {
            Output.Close();
            socket.Dispose();
        }
    }

    public void Dispose()
    {
        End(null);
        stream.Dispose();
    }

    private FrameStatus Next(ReadOnlySequence<byte> buffer, out BrokerPacket? packet, out SequencePosition consumed)
    {
        var reader = new FrameReader(buffer, packetBytesMax);
        var status = reader.Next(out var frame);
        packet = status == FrameStatus.Complete ? Read(frame) : null;
        consumed = packet is null ? buffer.Start : reader.Consumed;
        return status;
    }

    private static BrokerPacket? Read(Frame frame)
    {
        switch (frame.Type)
        {
            case PacketType.Publish:
                if (!PublishPacket.TryRead(frame, out var publish) || TopicName.FromUtf8(publish.TopicUtf8) is not { } topic)
                {
                    return null;
                }

                var message = new MqttMessage(topic.Text, publish.Payload.ToArray(), publish.Qos, publish.Retain, publish.Duplicate);
                return new BrokerPacket(PacketType.Publish, publish.Id, message, []);
            case PacketType.PubAck or PacketType.PubRec or PacketType.PubRel or PacketType.PubComp or PacketType.UnsubAck:
                return AckPacket.TryRead(frame, out var id) ? new BrokerPacket(frame.Type, id, null, []) : null;
            case PacketType.SubAck when frame.Flags == 0 && frame.Body.Length >= 3:
                return new BrokerPacket(PacketType.SubAck, (ushort)((frame.Body[0] * 256) + frame.Body[1]), null, frame.Body[2..].ToArray());
            case PacketType.ConnAck when frame.Flags == 0 && frame.Body.Length == 2:
            case PacketType.PingResp when frame.Flags == 0 && frame.Body.IsEmpty:
                return new BrokerPacket(frame.Type, 0, null, frame.Body.ToArray());
            default:
                return null;
        }
    }
}
