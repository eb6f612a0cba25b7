using System.Text.Json;
using Quartier.Tests.Support;
using Xunit;

namespace Quartier.Tests.Mqtt;

/// <summary>Every packet of vectors/packets5.json goes to the broker over a socket, and the answer must be the one stated there.</summary>
public class Packet5VectorTests
{
    private static readonly JsonElement[] All = Read();

    public static TheoryData<string> Packets() => new(All.Select(packet => packet.GetProperty("id").GetString()!));

    [Theory]
    [MemberData(nameof(Packets))]
    public async Task A_packet_of_version_5_is_answered_as_the_standard_says(string id)
    {
        var packet = All.Single(candidate => candidate.GetProperty("id").GetString() == id);
        await using var host = await BrokerUnderTest.StartAsync();
        using var client = await host.OpenAsync();
        if (!packet.TryGetProperty("first", out _))
        {
            await client.SendAsync(Packets5.Connect("c1"));
            await client.ExpectAsync(Packets5.ConnAck());
        }

        await client.SendAsync(packet.GetProperty("hex").GetString()!);
        await CheckAsync(client, packet.GetProperty("expect").GetString()!);
    }

    private static async Task CheckAsync(RawClient client, string expect)
    {
        var ends = expect is "end" or "20020001" || expect.StartsWith("e0", StringComparison.Ordinal) || expect.StartsWith("200300", StringComparison.Ordinal);
        if (expect is not ("nothing" or "end"))
        {
            await client.ExpectAsync(expect);
        }

        if (ends)
        {
            await client.ExpectEndAsync();
        }
        else
        {
            await client.PingAsync();
        }
    }

    private static JsonElement[] Read()
    {
        using var file = JsonDocument.Parse(File.ReadAllText(Checkout.PathTo("tests", "mqtt", "vectors", "packets5.json")));
        return [.. file.RootElement.GetProperty("packets").EnumerateArray().Select(element => element.Clone())];
    }
}
