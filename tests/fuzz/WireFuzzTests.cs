using System.Text.Json.Nodes;
using Quartier.Tests.Support;
using Quartier.Wire;
using Xunit;

namespace Quartier.Tests.Fuzz;

/// <summary>The wire decoders under mutated vectors: nothing throws, nothing but the one encoding is accepted. QUARTIER_ROUNDS asks
/// for more inputs a decoder than CI's.</summary>
public sealed class WireFuzzTests
{
    private static readonly int Rounds = int.TryParse(Environment.GetEnvironmentVariable("QUARTIER_ROUNDS"), out var asked) ? asked : 100_000;

    [Fact]
    public void Cbor_reader_and_the_naive_reader_accept_the_same_items()
    {
        Finds(null, ["cbor", "screen-v1"], input =>
        {
            var reader = new CborReader(input, input.Length);
            var accepted = reader.TrySkip() && reader.AtEnd;
            return accepted == NaiveCbor.IsOneItem(input) ? null : accepted ? "the firmware's reader accepts it, the naive one does not" : "the naive reader accepts it, the firmware's does not";
        });
    }

    [Fact]
    public void Whatever_a_screen_message_decoder_accepts_is_one_deterministic_item()
    {
        Finds(null, ["screen-v1"], input =>
        {
            var accepted = ScreenPresence.TryDecode(input, input.Length, out _) | ScreenHello.TryDecode(input, input.Length, out _)
                | ScreenTelemetry.TryDecode(input, input.Length, out _) | ScreenUsage.TryDecode(input, input.Length, out _)
                | ScreenWant.TryDecode(input, input.Length, out _) | CatalogueManifest.TryDecode(input, input.Length, out _)
                | CatalogueEntry.TryDecode(input, input.Length, out _) | ScreenNotice.TryDecode(input, input.Length, out _)
                | ScreenSettings.TryDecode(input, input.Length, out _);
            return accepted && !NaiveCbor.IsOneItem(input) ? "accepted, and not deterministic CBOR" : null;
        });
    }

    [Fact]
    public void Radio_decoders_accept_only_what_they_would_send()
    {
        Finds(null, ["shelter-status-v1", "shelter-alarm-v1", "alarm-confirmation-v1"], input =>
        {
            var back = new byte[8];
            var written = ShelterStatusV1.TryDecode(input, input.Length, out var status) ? status.Encode(back)
                : ShelterAlarmV1.TryDecode(input, input.Length, out var alarm) ? alarm.Encode(back)
                : AlarmConfirmationV1.TryDecode(input, input.Length, out var confirmation) ? confirmation.Encode(back) : 0;
            return written == 0 || input.AsSpan().SequenceEqual(back.AsSpan(0, Math.Max(0, written))) ? null : "accepted, and sent differently";
        });
    }

    [Fact]
    public void Service_port_frames_never_throw_and_a_whole_one_after_them_is_found()
    {
        var describe = Corpus("provision-v1")[0];
        Finds(null, ["provision-v1", "provision-v2", "improv-serial"], input =>
        {
            var frames = new PortFrames();
            Feed(frames, input);
            while (frames.IsPartial)
            {
                frames.GiveUp();
                Drain(frames);
            }

            return Feed(frames, describe) == PortFrameKind.Provision ? null : "the frame after it was not found";
        });
    }

    [Fact]
    public void Identity_and_answers_accept_only_what_they_would_send()
    {
        Finds(null, ["provision-v1", "provision-v2"], input =>
        {
            // The payload between head and checksum.
            var payload = input.Length > 16 ? input[12..^4] : input;
            var back = new byte[PortFrames.PayloadBytesMax];
            var written = ProvisionRequest.TryDecode(payload, payload.Length, out var request) ? request.Encode(back)
                : ProvisionAnswer.TryDecode(payload, payload.Length, out var answer) ? answer.Encode(back) : 0;
            return written == 0 || payload.AsSpan().SequenceEqual(back.AsSpan(0, Math.Max(0, written))) ? null : "accepted, and sent differently";
        });
    }

    [Fact]
    public void The_fuzzer_finds_a_planted_bug()
    {
        // A reader that forgets that a map's keys must rise, as a careless change would.
        Finds("not deterministic", ["cbor", "screen-v1"], input =>
            LooseReader.Accepts(input) && !NaiveCbor.IsOneItem(input) ? "accepted, and not deterministic" : null);
        // A decoder that trusts the length.
        Finds("threw IndexOutOfRangeException", ["shelter-alarm-v1"], input => input[3] > byte.MaxValue ? "never" : null);
    }

    private static void Finds(string? expected, string[] formats, Target target)
    {
        var corpus = formats.SelectMany(Corpus).ToList();
        var finding = Fuzzer.Run(20261121, Rounds, corpus, target);
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

    private static List<byte[]> Corpus(string format) =>
        [.. JsonNode.Parse(File.ReadAllText(Checkout.PathTo("firmware", "wire", "vectors", format + ".json")))!["vectors"]!.AsArray()
            .Select(vector => Convert.FromHexString((string)vector!["hex"]!))];

    private static PortFrameKind Feed(PortFrames frames, byte[] bytes)
    {
        var last = PortFrameKind.None;
        for (var at = 0; at < bytes.Length;)
        {
            at += frames.Append(bytes, at, bytes.Length - at);
            last = Drain(frames);
        }

        return last;
    }

    private static PortFrameKind Drain(PortFrames frames)
    {
        var last = PortFrameKind.None;
        while (frames.Next() is var kind and not PortFrameKind.None)
        {
            last = kind;
        }

        return last;
    }

    /// <summary>The planted bug: integers, arrays and maps of integers, the order of keys unchecked.</summary>
    private static class LooseReader
    {
        public static bool Accepts(byte[] input)
        {
            var reader = new CborReader(input, input.Length);
            if (!reader.TryReadMap(0, 8, out var pairs))
            {
                return false;
            }

            for (var i = 0; i < pairs; i++)
            {
                if (!reader.TryReadInt(0, int.MaxValue, out _) || !reader.TrySkip())
                {
                    return false;
                }
            }

            return reader.AtEnd;
        }
    }
}
