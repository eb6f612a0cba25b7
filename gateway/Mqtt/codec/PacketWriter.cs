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

    /// <summary>PUBACK, PUBREC or PUBCOMP of version 5 with a reason to state.</summary>
    public static void WriteAck(IBufferWriter<byte> output, PacketType type, ushort id, ReasonCode reason)
    {
        if (reason == ReasonCode.Success)
        {
            WriteAck(output, type, id);
            return;
        }

        var span = output.GetSpan(5);
        span[0] = (byte)((int)type << 4);
        span[1] = 3;
        BinaryPrimitives.WriteUInt16BigEndian(span[2..], id);
        span[4] = (byte)reason;
        output.Advance(5);
    }

    /// <summary>DISCONNECT of version 5.</summary>
    public static void WriteDisconnect(IBufferWriter<byte> output, ReasonCode reason)
    {
        var span = output.GetSpan(3);
        span[0] = 0xE0;
        span[1] = 1;
        span[2] = (byte)reason;
        output.Advance(3);
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

    public static void WriteSubAck(IBufferWriter<byte> output, ushort id, ReadOnlySpan<byte> codes) =>
        WriteCodes(output, 0x90, id, propertiesLength: false, codes);

    /// <summary>SUBACK of version 5, without properties.</summary>
    public static void WriteSubAck5(IBufferWriter<byte> output, ushort id, ReadOnlySpan<byte> codes) =>
        WriteCodes(output, 0x90, id, propertiesLength: true, codes);

    /// <summary>UNSUBACK of version 5, without properties.</summary>
    public static void WriteUnsubAck5(IBufferWriter<byte> output, ushort id, ReadOnlySpan<byte> codes) =>
        WriteCodes(output, 0xB0, id, propertiesLength: true, codes);

    /// <param name="id">Packet identifier; ignored at QoS 0.</param>
    /// <returns>Bytes written.</returns>
    public static int WritePublish(IBufferWriter<byte> output, ReadOnlySpan<byte> topicUtf8, ReadOnlySpan<byte> payload, Qos qos, bool retain, bool duplicate, ushort id)
    {
        var idLength = qos == Qos.AtMostOnce ? 0 : 2;
        var bodyLength = 2 + topicUtf8.Length + idLength + payload.Length;
        var together = payload.Length <= SmallPayloadBytes ? payload.Length : 0;
        var span = output.GetSpan(5 + 2 + topicUtf8.Length + idLength + together);
        var headerLength = PutHeader(span, PublishHeader(qos, retain, duplicate), bodyLength);
        var at = headerLength + PutTopic(span[headerLength..], topicUtf8, qos, id);
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

    /// <summary>PUBLISH of version 5.</summary>
    /// <param name="travelling">Properties as their publisher wrote them.</param>
    /// <param name="expirySeconds">What is left of the message's life; null when it does not expire.</param>
    public static void WritePublish5(
        IBufferWriter<byte> output, ReadOnlySpan<byte> topicUtf8, ReadOnlySpan<byte> payload, Qos qos, bool retain, bool duplicate, ushort id,
        ReadOnlySpan<byte> travelling, uint? expirySeconds)
    {
        var propertiesLength = travelling.Length + (expirySeconds is null ? 0 : 5);
        WriteHeader(output, PublishHeader(qos, retain, duplicate), PublishBodyLength5(topicUtf8.Length, payload.Length, qos, propertiesLength));
        var span = output.GetSpan(2 + topicUtf8.Length + 2 + 4 + 5);
        var at = PutTopic(span, topicUtf8, qos, id);
        at += PutVariable(span[at..], propertiesLength);
        if (expirySeconds is { } seconds)
        {
            span[at] = (byte)PropertyId.MessageExpiry;
            BinaryPrimitives.WriteUInt32BigEndian(span[(at + 1)..], seconds);
            at += 5;
        }

        output.Advance(at);
        output.Write(travelling);
        output.Write(payload);
    }

    /// <summary>Bytes of a PUBLISH of version 5 behind its remaining length.</summary>
    public static int PublishBodyLength5(int topicLength, int payloadLength, Qos qos, int propertiesLength) =>
        2 + topicLength + (qos == Qos.AtMostOnce ? 0 : 2) + VariableLength(propertiesLength) + propertiesLength + payloadLength;

    /// <summary>A number of one to four bytes, as lengths are written.</summary>
    public static void WriteVariable(IBufferWriter<byte> output, int number) => output.Advance(PutVariable(output.GetSpan(4), number));

    /// <summary>Bytes that a length takes, 1 to 4.</summary>
    public static int VariableLength(int number) => number < 128 ? 1 : number < 16_384 ? 2 : number < 2_097_152 ? 3 : 4;

    private static byte PublishHeader(Qos qos, bool retain, bool duplicate) => (byte)(0x30 | (duplicate ? 8 : 0) | ((int)qos << 1) | (retain ? 1 : 0));

    private static int PutTopic(Span<byte> span, ReadOnlySpan<byte> topicUtf8, Qos qos, ushort id)
    {
        BinaryPrimitives.WriteUInt16BigEndian(span, (ushort)topicUtf8.Length);
        topicUtf8.CopyTo(span[2..]);
        var at = 2 + topicUtf8.Length;
        if (qos == Qos.AtMostOnce)
        {
            return at;
        }

        BinaryPrimitives.WriteUInt16BigEndian(span[at..], id);
        return at + 2;
    }

    private static void WriteCodes(IBufferWriter<byte> output, byte header, ushort id, bool propertiesLength, ReadOnlySpan<byte> codes)
    {
        var codesAt = propertiesLength ? 3 : 2;
        WriteHeader(output, header, codesAt + codes.Length);
        var span = output.GetSpan(codesAt + codes.Length);
        span[2] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(span, id);
        codes.CopyTo(span[codesAt..]);
        output.Advance(codesAt + codes.Length);
    }

    private static int PutHeader(Span<byte> span, byte header, int bodyLength)
    {
        if (bodyLength is < 0 or > BodyBytesMax)
        {
            throw new ArgumentOutOfRangeException(nameof(bodyLength), $"A packet's body has at most {BodyBytesMax} bytes.");
        }

        span[0] = header;
        return 1 + PutVariable(span[1..], bodyLength);
    }

    private static int PutVariable(Span<byte> span, int number)
    {
        var at = 0;
        do
        {
            var digit = number & 0x7F;
            number >>= 7;
            span[at++] = (byte)(number > 0 ? digit | 0x80 : digit);
        }
        while (number > 0);
        return at;
    }
}
