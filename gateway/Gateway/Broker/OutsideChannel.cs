using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using MQTTnet;
using MQTTnet.Adapter;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Formatter;
using MQTTnet.Packets;

namespace Quartier.Gateway.Broker;

/// <summary>MQTTnet's way to the network, with two bounds that its own has not: a packet is kept up to <see cref="PacketBytesMax"/>,
/// and no more than <see cref="UnsettledMax"/> messages are handed on before the first of them is settled; then nothing more is read.</summary>
internal sealed class OutsideChannel(OutsideOptions options, OutsideTls? tls, MqttProtocolVersion version) : IMqttChannelAdapter, IMqttClientAdapterFactory
{
    public const int PacketBytesMax = 256 * 1024;
    public const int UnsettledMax = 256;

    private const byte TypeBits = 0xF0;
    private const byte ConnAck = 0x20;
    private const byte Publish = 0x30;
    private const byte UnacceptableVersion = 1;
    private const int WriterBytes = 4_096;

    private readonly SemaphoreSlim sending = new(1);
    private readonly SemaphoreSlim room = new(UnsettledMax);
    private readonly byte[] one = new byte[1];
    private Socket? socket;
    private Stream? stream;
    private Stream? input;
    private long received;
    private long sent;

    public long BytesReceived => Interlocked.Read(ref received);

    public long BytesSent => Interlocked.Read(ref sent);

    public X509Certificate2? ClientCertificate => null;

    public EndPoint? RemoteEndPoint => socket?.RemoteEndPoint;

    public EndPoint? LocalEndPoint => socket?.LocalEndPoint;

    public bool IsSecureConnection => tls is not null;

    public MqttPacketFormatterAdapter PacketFormatterAdapter { get; } = new(version, new MqttBufferWriter(WriterBytes, PacketBytesMax));

    public IMqttChannelAdapter CreateClientAdapter(MqttClientOptions clientOptions, MqttPacketInspector packetInspector, IMqttNetLogger logger) => this;

    /// <summary>Nothing more is read, and so no answer either, before a message is settled.</summary>
    public bool IsFull => room.CurrentCount == 0;

    /// <summary>A message that was handed on is stored and acknowledged.</summary>
    public void Settle() => room.Release();

    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(options.Host, options.PortOrDefault, cancellationToken);
        stream = new NetworkStream(socket, ownsSocket: true);
        if (tls is not null)
        {
            stream = await tls.OpenAsync(stream, cancellationToken);
        }

        input = PipeReader.Create(stream).AsStream();
    }

    public Task DisconnectAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public async Task<MqttPacket?> ReceivePacketAsync(CancellationToken cancellationToken)
    {
        var packet = PacketFormatterAdapter.Decode(await ReadAsync(input!, cancellationToken));
        if (packet is MqttPublishPacket)
        {
            await room.WaitAsync(cancellationToken);
        }

        return packet;
    }

    public async Task SendPacketAsync(MqttPacket packet, CancellationToken cancellationToken)
    {
        await sending.WaitAsync(cancellationToken);
        try
        {
            var bytes = PacketFormatterAdapter.Encode(packet).Join();
            await stream!.WriteAsync(bytes, cancellationToken);
            Interlocked.Add(ref sent, bytes.Count);
        }
        finally
        {
            PacketFormatterAdapter.Cleanup();
            sending.Release();
        }
    }

    public void ResetStatistics()
    {
        Interlocked.Exchange(ref received, 0);
        Interlocked.Exchange(ref sent, 0);
    }

    public void Dispose()
    {
        // The socket first: a TLS stream would wait for its close to be written to a peer that may not read.
        socket?.Dispose();
        stream?.Dispose();
    }

    private async ValueTask<ReceivedMqttPacket> ReadAsync(Stream from, CancellationToken cancel)
    {
        await from.ReadExactlyAsync(one, cancel);
        var flags = one[0];
        var length = await ReadLengthAsync(from, cancel);
        var isMessage = (flags & TypeBits) == Publish;
        if (length > PacketBytesMax && !isMessage)
        {
            throw new OutsideException(OutsideTrouble.NotMqtt);
        }

        // A message that is too long is cut, so that the pipeline refuses it: left unacknowledged it would come for ever and stop
        // everything behind it, and a maximum told to the broker would make the broker drop it without a word.
        var body = new byte[Math.Min(length, PacketBytesMax)];
        await from.ReadExactlyAsync(body, cancel);
        await SkipAsync(from, length - body.Length, cancel);
        Interlocked.Add(ref received, length);
        return new ReceivedMqttPacket(flags, new ArraySegment<byte>(Understandable(flags, body)), body.Length + 2);
    }

    private async ValueTask<int> ReadLengthAsync(Stream from, CancellationToken cancel)
    {
        var length = 0;
        for (var shift = 0; shift < 4 * 7; shift += 7)
        {
            await from.ReadExactlyAsync(one, cancel);
            length |= (one[0] & 0x7F) << shift;
            if (one[0] < 0x80)
            {
                return length;
            }
        }

        throw new OutsideException(OutsideTrouble.NotMqtt);
    }

    private static async ValueTask SkipAsync(Stream from, int length, CancellationToken cancel)
    {
        var scratch = new byte[Math.Min(length, WriterBytes)];
        while (length > 0)
        {
            var next = scratch.AsMemory(0, Math.Min(length, scratch.Length));
            await from.ReadExactlyAsync(next, cancel);
            length -= next.Length;
        }
    }

    /// <summary>A broker of 3.1.1 alone refuses a CONNECT of version 5 in its own two bytes, which version 5 cannot read.</summary>
    private byte[] Understandable(byte flags, byte[] body) =>
        version == MqttProtocolVersion.V500 && (flags & TypeBits) == ConnAck && body is [_, UnacceptableVersion]
            ? [0, (byte)MQTTnet.Protocol.MqttConnectReasonCode.UnsupportedProtocolVersion, 0]
            : body;
}
