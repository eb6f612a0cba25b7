using Quartier.Gateway.Ingest;
using Quartier.Wire;
using Xunit;

namespace Quartier.Tests.Wire;

public sealed class RadioVectorTests
{
    internal static readonly string[] Names = ["shelter-status-v1", "shelter-alarm-v1", "alarm-confirmation-v1"];

    public static TheoryData<string> Formats => new(Names);

    [Theory]
    [MemberData(nameof(Formats))]
    public void Every_vector_decodes_to_its_fields_or_is_refused(string format)
    {
        var page = FormatPage.Of(format);
        foreach (var vector in Vectors.Of(format))
        {
            var decoded = vector.Port == page.Port ? WireJson.Decode(page, vector.Bytes) : null;
            Same.Json(vector.Fields, decoded, vector.ToString());
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Every_accepted_vector_is_what_its_fields_encode_to(string format)
    {
        foreach (var vector in Vectors.Of(format).Where(vector => vector.Fields is not null))
        {
            var frame = ShelterFields.Encode(vector.Port, vector.Fields!.ToJsonString(), out var fault);
            Assert.Equal(Convert.ToHexString(vector.Bytes), frame is null ? $"{vector}: {fault}" : Convert.ToHexString(frame));
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Every_vector_names_its_source_and_no_name_comes_twice(string format)
    {
        var vectors = Vectors.Of(format);
        Assert.All(vectors, vector => Assert.NotEmpty(vector.Source));
        Assert.All(vectors, vector => Assert.True(vector.Fields is null != vector.Refusal is null, vector.ToString()));
        Assert.Equal(vectors.Count, vectors.Select(vector => vector.Name).Distinct().Count());
    }

    [Fact]
    public void A_status_fits_eight_bytes_and_an_alarm_four()
    {
        Assert.Equal(8, new ShelterStatusV1().Encode(new byte[51]));
        Assert.Equal(4, new ShelterAlarmV1().Encode(new byte[51]));
    }
}
