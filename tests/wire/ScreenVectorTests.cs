using System.Text.Json.Nodes;
using Quartier.Tests.Support;
using Quartier.Wire;
using Xunit;

namespace Quartier.Tests.Wire;

public sealed class ScreenVectorTests
{
    [Fact]
    public void Every_vector_decodes_to_its_fields_or_is_refused()
    {
        foreach (var vector in Vectors.Of("screen-v1"))
        {
            Same.Json(vector.Fields, ScreenJson.Decode(vector.Message!, vector.Bytes, vector.Bytes.Length), vector.ToString());
        }
    }

    [Fact]
    public void Every_accepted_vector_is_what_its_fields_encode_to()
    {
        foreach (var vector in Vectors.Of("screen-v1").Where(vector => vector.Fields is not null))
        {
            var buffer = new byte[ScreenFormat.PayloadBytesMax];
            var length = ScreenJson.Encode(vector.Message!, vector.Fields!, buffer);
            Assert.Equal(Convert.ToHexString(vector.Bytes), length < 0 ? $"refused: {vector}" : Convert.ToHexString(buffer, 0, length));
        }
    }

    /// <summary>A second opinion on what we write: the reader of .NET, in the strictest mode it has, which sorts keys as RFC 8949 does for
    /// the types that our messages use.</summary>
    [Fact]
    public void Another_reader_finds_every_accepted_vector_deterministic()
    {
        foreach (var vector in Vectors.Of("screen-v1").Where(vector => vector.Fields is not null))
        {
            Assert.True(IsDeterministic(vector.Bytes), vector.ToString());
        }
    }

    /// <summary>A changed byte may make another message, and never one that only our own reader takes.</summary>
    [Fact]
    public void Nothing_is_accepted_that_another_reader_finds_malformed()
    {
        var gen = new Gen(8949);
        var accepted = 0;
        foreach (var vector in Vectors.Of("screen-v1").Where(vector => vector.Fields is not null))
        {
            for (var round = 0; round < 300; round++)
            {
                var changed = vector.Bytes.ToArray();
                changed[gen.Next(changed.Length)] = (byte)gen.Next(256);
                if (ScreenJson.Decode(vector.Message!, changed, changed.Length) is not null)
                {
                    accepted++;
                    Assert.True(IsDeterministic(changed), $"{vector}: {Convert.ToHexString(changed)}");
                }
            }
        }

        Assert.True(accepted > 1_000, $"only {accepted} changed messages were accepted");
    }

    [Fact]
    public void Every_message_has_vectors_of_both_kinds()
    {
        var vectors = Vectors.Of("screen-v1");
        Assert.Equal(vectors.Count, vectors.Select(vector => vector.Name).Distinct().Count());
        foreach (var message in ScreenJson.Messages)
        {
            Assert.Contains(vectors, vector => vector.Message == message && vector.Fields is not null);
            Assert.Contains(vectors, vector => vector.Message == message && vector.Refusal is not null);
        }
    }

    [Fact]
    public void A_message_cut_at_any_byte_is_refused()
    {
        foreach (var vector in Vectors.Of("screen-v1").Where(vector => vector.Fields is not null))
        {
            for (var length = 0; length < vector.Bytes.Length; length++)
            {
                Assert.Null(ScreenJson.Decode(vector.Message!, vector.Bytes, length));
            }
        }
    }

    [Fact]
    public void Whatever_decodes_encodes_to_the_same_bytes_and_nothing_throws()
    {
        var gen = new Gen(311);
        var seeds = Vectors.Of("screen-v1");
        var accepted = 0;
        var buffer = new byte[ScreenFormat.PayloadBytesMax];
        for (var i = 0; i < 100_000; i++)
        {
            var seed = gen.Pick(seeds);
            var bytes = (byte[])seed.Bytes.Clone();
            for (var change = gen.Next(4); change > 0 && bytes.Length > 0; change--)
            {
                bytes[gen.Next(bytes.Length)] = (byte)gen.NextUInt64();
            }

            var message = gen.Chance(900) ? seed.Message! : gen.Pick(ScreenJson.Messages);
            if (ScreenJson.Decode(message, bytes, bytes.Length) is { } fields)
            {
                var length = ScreenJson.Encode(message, fields, buffer);
                Assert.Equal(Convert.ToHexString(bytes), length < 0 ? "refused" : Convert.ToHexString(buffer, 0, length));
                accepted++;
            }
        }

        Assert.True(accepted > 5_000, $"only {accepted} of the changed messages were accepted, the property says little");
    }

    [Fact]
    public void A_field_out_of_range_is_not_encoded()
    {
        var buffer = new byte[ScreenFormat.PayloadBytesMax];
        JsonObject Changed(string message, string field, JsonNode? value)
        {
            var fields = (JsonObject)Vectors.Of("screen-v1").First(vector => vector.Message == message && vector.Fields is not null).Fields!.DeepClone();
            fields[field] = value;
            return fields;
        }

        (string Message, string Field, JsonNode? Value)[] wrong =
        [
            ("hello", "sequence", -1L), ("hello", "firmware", ""), ("hello", "widthPixels", 0), ("hello", "catalogue", "0011"), ("hello", "resetReason", 6),
            ("hello", "capacityEntries", 1), ("hello", "capacityBytes", 1), ("hello", "capacityEntries", -1), ("hello", "capacityBytes", -1),
            ("telemetry", "rssiDbm", 1), ("telemetry", "page", new string('x', 33)), ("usage", "unixHour", -1), ("usage", "counts", new JsonObject { ["0"] = 65536 }),
            ("want", "manifest", ""), ("manifest", "part", 2), ("manifest", "parts", 65), ("manifest", "digest", ""), ("entry", "kind", 3), ("entry", "category", 12),
            ("entry", "texts", new JsonObject { ["en"] = new JsonArray("a", "b"), ["de"] = new JsonArray("a", "b") }), ("entry", "texts", new JsonObject()),
            ("entry", "times", new JsonArray(new JsonArray(2, 0, 0), new JsonArray(1, 0, 0))), ("entry", "flags", 8), ("entry", "id", ""),
            ("notice", "priority", 3), ("notice", "texts", new JsonObject()), ("settings", "languages", new JsonArray()), ("settings", "languages", new JsonArray("de", "de")),
            ("settings", "standbyMinutes", 1441), ("transport", "host", ""), ("transport", "root", "00"), ("transport", "trials", 256), ("transport", "fault", 7),
            ("root", "port", 0), ("root", "timePort", 65536), ("root", "issuedAt", 0L), ("root", "root", ""), ("root", "root", new string('0', 2 * 2049)),
        ];
        Assert.All(wrong, row => Assert.True(ScreenJson.Encode(row.Message, Changed(row.Message, row.Field, row.Value), buffer) == -1, $"{row.Message}.{row.Field}"));
    }

    [Fact]
    public void A_hello_of_eight_keys_says_no_capacity_and_one_of_ten_says_both_halves()
    {
        var buffer = new byte[ScreenFormat.PayloadBytesMax];
        var hello = new ScreenHello { Firmware = "0.1.0", WidthPixels = 320, HeightPixels = 240, PitchMicrometres = 153 };
        var length = hello.Encode(buffer);
        Assert.Equal(0xa8, buffer[0]);
        Assert.True(ScreenHello.TryDecode(buffer, length, out var silent));
        Assert.Equal((0, 0), (silent.CapacityEntries, silent.CapacityBytes));

        (hello.CapacityEntries, hello.CapacityBytes) = (500, 786_432);
        length = hello.Encode(buffer);
        Assert.Equal(0xaa, buffer[0]);
        Assert.True(ScreenHello.TryDecode(buffer, length, out var said));
        Assert.Equal((500, 786_432), (said.CapacityEntries, said.CapacityBytes));
        (int Entries, int Bytes)[] halves = [(0, 1), (1, 0), (1001, 1), (1, 16_777_217), (-1, 1), (1, -1)];
        foreach (var (entries, bytes) in halves)
        {
            (hello.CapacityEntries, hello.CapacityBytes) = (entries, bytes);
            Assert.Equal(-1, hello.Encode(buffer));
        }
    }

    [Fact]
    public void One_changed_offer_of_five_hundred_costs_a_manifest_of_less_than_a_hundred_bytes()
    {
        var digest = new byte[8];
        var manifest = new CatalogueManifest { Digest = digest, Base = digest, EntryCount = 500, IssuedUnixSeconds = 1_795_172_400, Add = new DigestList(1), Drop = new DigestList(1) };
        manifest.Add.TryAdd(digest, 0);
        manifest.Drop.TryAdd(digest, 0);
        Assert.InRange(manifest.Encode(new byte[4096]), 1, 100);
    }

    private static bool IsDeterministic(byte[] bytes)
    {
        try
        {
            var reader = new System.Formats.Cbor.CborReader(bytes, System.Formats.Cbor.CborConformanceMode.Ctap2Canonical);
            reader.SkipValue();
            return reader.BytesRemaining == 0;
        }
        catch (System.Formats.Cbor.CborContentException)
        {
            return false;
        }
    }
}
