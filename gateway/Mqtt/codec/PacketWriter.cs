using System.Buffers;
using System.Buffers.Binary;

namespace Quartier.Mqtt;

/// <summary>Writes the frequent packets straight into a pipe's memory.</summary>
public static class PacketWriter
{
    /// <summary>Largest body that four bytes of remaining length can state.</summary>
    public const int BodyBytesMax = 268_435_455;

    /// <summary>Payloads up to this size are written together with their header.</summary>
    private const int SmallPayloadBytes = 1024;

    public static void WriteHeader(IBufferWriter<byte> output, byte header, int bodyLength)
    {
        var span = output.GetSpan(5);
        output.Advance(PutHeader(span, header, bodyLength));
    }

    /// <summary>PUBACK, PUBREC, PUBREL (with its flags 0010), PUBCOMP or UNSUBACK.</summary>
    public static void WriteAck(IBufferWriter<byte> output, PacketType type, ushort id)
    {
        var span = output.GetSpan(4);
        span[0] = (byte)(((int)type << 4) | (type == PacketType.PubRel ? 2 : 0));
        span[1] = 2;
        BinaryPrimitives.WriteUInt16BigEndian(span[2..], id);
        output.Advance(4);
    }

    /// <summary>PINGREQ, PINGRESP or DISCONNECT.</summary>
    public static void WriteEmpty(IBufferWriter<byte> output, PacketType type)
    {
        var span = output.GetSpan(2);
        span[0] = (byte)((int)type << 4);
        span[1] = 0;
        output.Advance(2);
    }

    public static void WriteConnAck(IBufferWriter<byte> output, bool sessionPresent, ConnectCode code)
    {
        var span = output.GetSpan(4);
        span[0] = 0x20;
        span[1] = 2;
        span[2] = sessionPresent ? (byte)1 : (byte)0;
        span[3] = (byte)code;
        output.Advance(4);
    }

    public static void WriteSubAck(IBufferWriter<byte> output, ushort id, ReadOnlySpan<byte> codes)
    {
        WriteHeader(output, 0x90, 2 + codes.Length);
        var span = output.GetSpan(2 + codes.Length);
        BinaryPrimitives.WriteUInt16BigEndian(span, id);
        codes.CopyTo(span[2..]);
        output.Advance(2 + codes.Length);
    }

    /// <param name="id">Packet identifier; ignored at QoS 0.</param>
    /// <returns>Bytes written.</returns>
    public static int WritePublish(IBufferWriter<byte> output, ReadOnlySpan<byte> topicUtf8, ReadOnlySpan<byte> payload, Qos qos, bool retain, bool duplicate, ushort id)
    {
        var idLength = qos == Qos.AtMostOnce ? 0 : 2;
        var bodyLength = 2 + topicUtf8.Length + idLength + payload.Length;
        var header = (byte)(0x30 | (duplicate ? 8 : 0) | ((int)qos << 1) | (retain ? 1 : 0));
        var together = payload.Length <= SmallPayloadBytes ? payload.Length : 0;
        var span = output.GetSpan(5 + 2 + topicUtf8.Length + idLength + together);
        var at = PutHeader(span, header, bodyLength);
        var headerLength = at;
        BinaryPrimitives.WriteUInt16BigEndian(span[at..], (ushort)topicUtf8.Length);
        topicUtf8.CopyTo(span[(at + 2)..]);
        at += 2 + topicUtf8.Length;
        if (idLength > 0)
        {
            BinaryPrimitives.WriteUInt16BigEndian(span[at..], id);
            at += 2;
        }

        if (together > 0)
        {
            payload.CopyTo(span[at..]);
            at += payload.Length;
        }

        output.Advance(at);
        if (together < payload.Length)
        {
            output.Write(payload);
        }

        return headerLength + bodyLength;
    }

    private static int PutHeader(Span<byte> span, byte header, int bodyLength)
    {
        if (bodyLength is < 0 or > BodyBytesMax)
        {
            throw new ArgumentOutOfRangeException(nameof(bodyLength), $"A packet's body has at most {BodyBytesMax} bytes.");
        }

        span[0] = header;
        var at = 1;
        do
        {
            var digit = bodyLength & 0x7F;
            bodyLength >>= 7;
            span[at++] = (byte)(bodyLength > 0 ? digit | 0x80 : digit);
        }
        while (bodyLength > 0);
        return at;
    }
}
