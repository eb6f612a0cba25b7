using Quartier.Gateway.Ingest;
using Quartier.Tests.Support;
using Xunit;

namespace Quartier.Tests.Wire;

/// <summary>The page of a radio format holds its fields; vectors, codec and the names that the gateway shows follow it. JavaScript is
/// held against the same vectors and the same codec by <see cref="NetworkServerCodecTests"/>.</summary>
public sealed class FormatPageTests
{
    public static TheoryData<string> Formats => RadioVectorTests.Formats;

    [Theory]
    [MemberData(nameof(Formats))]
    public void Every_bit_of_a_frame_belongs_to_one_field(string format)
    {
        var page = FormatPage.Of(format);
        var bits = page.Fields.SelectMany(field => field.Places.SelectMany(place =>
            Enumerable.Range(place.Low, place.High - place.Low + 1).Select(bit => (place.Byte, bit, field.Name)))).Distinct();
        Assert.Equal(Enumerable.Range(0, page.Bytes * 8).Select(bit => (bit / 8, bit % 8)), bits.Select(bit => (bit.Byte, bit.bit)).Order());
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Every_vector_has_the_pages_fields_and_values_or_its_refusal(string format)
    {
        var page = FormatPage.Of(format);
        foreach (var vector in Vectors.Of(format))
        {
            var read = page.Decode(vector.Bytes, out var refusal);
            Assert.Equal(vector.Refusal, vector.Port == page.Port ? refusal : "port");
            if (vector.Port == page.Port)
            {
                Same.Json(vector.Fields, read, vector.ToString());
            }
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Any_frame_means_to_codec_and_gateway_what_the_page_says(string format)
    {
        var page = FormatPage.Of(format);
        var seeds = Vectors.Of(format).Where(vector => vector.Fields is not null).ToList();
        var gen = new Gen(20261129);
        var accepted = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var frame = (byte[])gen.Pick(seeds).Bytes.Clone();
            for (var change = gen.Next(6); change > 0; change--)
            {
                frame[gen.Next(frame.Length)] ^= (byte)(1 << gen.Next(8));
            }

            var expected = page.Decode(frame, out _);
            Same.Json(expected, WireJson.Decode(page, frame), $"{format} {Convert.ToHexString(frame)}");
            accepted += expected is null ? 0 : 1;
        }

        Assert.InRange(accepted, 2_000, 20_000);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void The_gateway_knows_the_format_at_the_pages_port(string format) => Assert.NotNull(PodFormats.All.At(FormatPage.Of(format).Port));

    /// <summary>Otherwise a format without a page would be live.</summary>
    [Fact]
    public void Every_live_format_has_a_page() =>
        Assert.Equal(RadioVectorTests.Names.Select(format => FormatPage.Of(format).Port).Order(), PodFormats.All.Select(format => format.Port).Order());
}
