using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Quartier.Mqtt;

/// <summary>Builds the body of a seldom packet (CONNECT, SUBSCRIBE, ...); PUBLISH and acknowledgements go through <see cref="PacketWriter"/>.</summary>
internal sealed class BodyWriter
{
    private readonly ArrayBufferWriter<byte> body = new(64);

    public void Byte(byte value)
    {
        body.GetSpan(1)[0] = value;
        body.Advance(1);
    }

    public void Number(ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(body.GetSpan(2), value);
        body.Advance(2);
    }

    /// <summary>Two bytes of length, then the bytes.</summary>
    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > MqttText.BytesMax)
        {
            throw new ArgumentOutOfRangeException(nameof(bytes), $"An MQTT field holds at most {MqttText.BytesMax} bytes.");
        }

        Number((ushort)bytes.Length);
        body.Write(bytes);
    }

    public void Text(string text)
    {
        if (!MqttText.IsSendable(text))
        {
            throw new ArgumentException("An MQTT string is well-formed, without U+0000 and at most 65535 bytes.", nameof(text));
        }

        Bytes(Encoding.UTF8.GetBytes(text));
    }

    public void Property(PropertyId id, bool value)
    {
        Byte((byte)id);
        Byte(value ? (byte)1 : (byte)0);
    }

    public void Property(PropertyId id, ushort value)
    {
        Byte((byte)id);
        Number(value);
    }

    public void Property(PropertyId id, uint value)
    {
        Byte((byte)id);
        BinaryPrimitives.WriteUInt32BigEndian(body.GetSpan(4), value);
        body.Advance(4);
    }

    /// <summary>Properties with their length before them.</summary>
    public void Append(BodyWriter properties)
    {
        PacketWriter.WriteVariable(body, properties.body.WrittenCount);
        body.Write(properties.body.WrittenSpan);
    }

    public byte[] ToPacket(byte header)
    {
        var packet = new ArrayBufferWriter<byte>(body.WrittenCount + 5);
        PacketWriter.WriteHeader(packet, header, body.WrittenCount);
        packet.Write(body.WrittenSpan);
        return packet.WrittenSpan.ToArray();
    }
}
