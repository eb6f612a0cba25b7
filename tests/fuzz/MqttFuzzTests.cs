using System.Buffers;
using System.Text.Json.Nodes;
using Quartier.Mqtt;
using Quartier.Tests.Support;
using Xunit;

namespace Quartier.Tests.Fuzz;

/// <summary>The broker's decoders under mutated MQTT 5 packets: nothing throws, nothing is accepted that a second reader does not accept,
/// and what is handed on is what came.</summary>
public sealed class MqttFuzzTests
{
    private static readonly int Rounds = int.TryParse(Environment.GetEnvironmentVariable("QUARTIER_ROUNDS"), out var asked) ? asked : 100_000;

    [Fact]
    public void Every_packet_ends_in_a_value_or_a_reason()
    {
        Finds(null, Corpus(), input =>
        {
            var reader = new FrameReader(new ReadOnlySequence<byte>(input), 256 * 1024);
            while (reader.Next(out var frame) == FrameStatus.Complete)
            {
                ConnectPacket.Read(frame.Body, out _);
            }

            ConnectPacket.Read(BodyOf(input), out _);
            var untold = new[] { MqttVersion.V311, MqttVersion.V5 }.SelectMany(version => ReadAs(version, input)).Where(reason => reason
                is not (ReasonCode.Success or ReasonCode.MalformedPacket or ReasonCode.ProtocolError or ReasonCode.SubscriptionIdentifiersNotSupported)).ToList();
            return untold.Count == 0 ? null : $"ended in {untold[0]}, which no client is told";
        });
    }

    [Fact]
    public void Publish_and_the_naive_reader_accept_the_same_packets()
    {
        Finds(null, Publishes(), input => Compare(input, PublishPacket.Read(FrameOf(input), MqttVersion.V5, out _) == ReasonCode.Success));
    }

    [Fact]
    public void The_comparison_finds_a_planted_bug()
    {
        // A reader that takes a property for one that may repeat, as a careless change would.
        Finds("the naive one does not", Publishes(), input =>
        {
            var reason = PublishPacket.Read(FrameOf(input), MqttVersion.V5, out _);
            return Compare(input, reason is ReasonCode.Success or ReasonCode.ProtocolError);
        });
    }

    [Fact]
    public void What_a_subscriber_gets_says_what_the_publisher_said()
    {
        Finds(null, Publishes(), input =>
            PublishPacket.Read(FrameOf(input), MqttVersion.V5, out var sent) == ReasonCode.Success && !SameAgain(sent) ? "handed on differently" : null);
    }

    private static void Finds(string? expected, List<byte[]> corpus, Target target)
    {
        var finding = Fuzzer.Run(20261129, Rounds, corpus, input => input.Length < 2 ? null : target(input));
        if (expected is null)
        {
            Assert.True(finding is null, finding);
        }
        else
        {
            Assert.NotNull(finding);
            Assert.Contains(expected, finding);
        }
    }

    private static string? Compare(byte[] input, bool accepted)
    {
        var flags = input[0] & 0x0F;
        var qos = flags / 2 % 4;
        var naive = qos != 3 && (qos > 0 || flags < 8) && NaiveMqtt5.IsPublish(BodyOf(input), qos);
        return accepted == naive ? null : accepted ? "accepted, and the naive one does not" : "refused, and the naive one accepts it";
    }

    private static bool SameAgain(PublishPacket sent)
    {
        var output = new ArrayBufferWriter<byte>();
        PacketWriter.WritePublish5(output, "t"u8, sent.Payload, sent.Qos, sent.Retain, duplicate: false, id: 1, sent.Properties.Travelling, sent.Properties.ExpirySeconds);
        var reader = new FrameReader(new ReadOnlySequence<byte>(output.WrittenMemory), int.MaxValue);
        return reader.Next(out var frame) == FrameStatus.Complete
            && PublishPacket.Read(frame, MqttVersion.V5, out var got) == ReasonCode.Success
            && got.Payload.SequenceEqual(sent.Payload)
            && got.Properties.Travelling.AsSpan().SequenceEqual(sent.Properties.Travelling)
            && got.Properties.ExpirySeconds == sent.Properties.ExpirySeconds;
    }

    private static ReasonCode[] ReadAs(MqttVersion version, byte[] input) =>
    [
        PublishPacket.Read(FrameOf(input), version, out _),
        AckPacket.Read(FrameOf(input), version, out _),
        SubscribePacket.Read(FrameOf(input), version, out _, out _),
        SubscribePacket.ReadUnsubscribe(FrameOf(input), version, out _, out _),
        DisconnectPacket.Read(FrameOf(input), version, out _),
    ];

    /// <summary>A packet whose length is right whatever was changed: the header's first byte, and what came behind its second.</summary>
    private static Frame FrameOf(byte[] input) => new(input[0], BodyOf(input));

    private static byte[] BodyOf(byte[] input) => input[2..];

    private static List<byte[]> Publishes() => [.. Corpus().Where(packet => packet[0] / 16 == (int)PacketType.Publish && packet.Length < 130)];

    private static List<byte[]> Corpus() =>
        [.. JsonNode.Parse(File.ReadAllText(Checkout.PathTo("tests", "mqtt", "vectors", "packets5.json")))!["packets"]!.AsArray()
            .Select(packet => Convert.FromHexString((string)packet!["hex"]!))];
}
