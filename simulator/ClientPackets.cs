using System.Buffers;
using System.Text;
using Quartier.Mqtt;

namespace Quartier.Simulator;

/// <summary>Whole packets of MQTT 3.1.1, as a device's library writes and reads them.</summary>
internal static class ClientPackets
{
    public static byte[] Ping { get; } = [(byte)((int)PacketType.PingReq << 4), 0];

    /// <param name="id">Packet identifier, from 1 on; ignored at QoS 0.</param>
    public static byte[] Publish(string topic, byte[] payload, Qos qos, ushort id = 0, bool retain = false, bool duplicate = false)
    {
        var packet = new ArrayBufferWriter<byte>(payload.Length + 64);
        PacketWriter.WritePublish(packet, Encoding.UTF8.GetBytes(topic), payload, qos, retain, duplicate, id);
        return packet.WrittenSpan.ToArray();
    }

    /// <summary>PUBACK.</summary>
    public static byte[] Acknowledge(ushort id)
    {
        var packet = new ArrayBufferWriter<byte>(4);
        PacketWriter.WriteAck(packet, PacketType.PubAck, id);
        return packet.WrittenSpan.ToArray();
    }

    public static PacketType TypeOf(byte[] packet) => (PacketType)(packet[0] >> 4);

    /// <summary>CONNACK says that the session stands.</summary>
    public static bool IsAccepted(byte[] connAck) => connAck[^1] == (byte)ConnectCode.Accepted;

    /// <returns>The identifier of a PUBACK.</returns>
    public static ushort AcknowledgedBy(byte[] packet) => AckPacket.TryRead(FrameOf(packet), out var id) ? id : (ushort)0;

    /// <param name="id">0 at QoS 0.</param>
    /// <returns>False for a packet of another kind.</returns>
    public static bool TryReadPublish(byte[] packet, out string topic, out byte[] payload, out ushort id)
    {
        (topic, payload, id) = ("", [], 0);
        if (TypeOf(packet) != PacketType.Publish || !PublishPacket.TryRead(FrameOf(packet), out var publish))
        {
            return false;
        }

        (topic, payload, id) = (Encoding.UTF8.GetString(publish.TopicUtf8), publish.Payload.ToArray(), publish.Id);
        return true;
    }

    private static Frame FrameOf(byte[] packet)
    {
        FrameReader.Measure(packet, int.MaxValue, out var headerLength, out _);
        return new Frame(packet[0], packet.AsSpan(headerLength));
    }
}
