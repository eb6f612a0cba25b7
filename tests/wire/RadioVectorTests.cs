using Quartier.Wire;
using Xunit;

namespace Quartier.Tests.Wire;

public sealed class RadioVectorTests
{
    public static TheoryData<string> Formats => ["shelter-status-v1", "shelter-alarm-v1", "alarm-confirmation-v1"];

    [Theory]
    [MemberData(nameof(Formats))]
    public void Every_vector_decodes_to_its_fields_or_is_refused(string format)
    {
        var port = PortOf(format);
        foreach (var vector in Vectors.Of(format))
        {
            var decoded = vector.Port == port ? WireJson.Decode(vector.Port, vector.Bytes) : null;
            Same.Json(vector.Fields, decoded, vector.ToString());
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Every_accepted_vector_is_what_its_fields_encode_to(string format)
    {
        foreach (var vector in Vectors.Of(format).Where(vector => vector.Fields is not null))
        {
            var buffer = new byte[16];
            var length = format switch
            {
                "shelter-status-v1" => WireJson.Status(vector.Fields!).Encode(buffer),
                "shelter-alarm-v1" => WireJson.Alarm(vector.Fields!).Encode(buffer),
                _ => new AlarmConfirmationV1 { Sequence = (int)vector.Fields!["sequence"]! }.Encode(buffer),
            };
            Assert.Equal(Convert.ToHexString(vector.Bytes), length < 0 ? $"refused: {vector}" : Convert.ToHexString(buffer, 0, length));
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

    private static int PortOf(string format) => format switch
    {
        "shelter-status-v1" => Ports.ShelterStatus,
        "shelter-alarm-v1" => Ports.ShelterAlarm,
        _ => Ports.AlarmConfirmation,
    };
}
