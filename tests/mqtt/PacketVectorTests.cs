using System.Text.Json;
using Quartier.Mqtt;
using Quartier.Tests.Support;
using Xunit;

namespace Quartier.Tests.Mqtt;

/// <summary>Every packet of the shared packets.json goes to the broker over a socket, and the answer must be the one stated there.</summary>
public class PacketVectorTests
{
    private const string ConnectPrefix = "100e00044d5154540402003c00026331";

    public static TheoryData<string> Packets()
    {
        var ids = new TheoryData<string>();
        foreach (var packet in All())
        {
            ids.Add(packet.GetProperty("id").GetString()!);
        }

        return ids;
    }

    [SharedDataTheory]
    [MemberData(nameof(Packets))]
    public async Task A_packet_of_the_shared_vectors_is_answered_as_the_standard_says(string id)
    {
        var packet = All().Single(candidate => candidate.GetProperty("id").GetString() == id);
        var expect = packet.GetProperty("expect").GetString()!;
        await using var host = await BrokerUnderTest.StartAsync();
        using var client = await host.OpenAsync();
        if (packet.TryGetProperty("after_connect", out var after) && after.GetBoolean())
        {
            await client.SendAsync(ConnectPrefix);
            await client.ExpectAsync("20020000");
        }

        await client.SendAsync(packet.GetProperty("hex").GetString()!);
        await CheckAsync(host, client, id, expect);
    }

    private static async Task CheckAsync(BrokerUnderTest host, RawClient client, string id, string expect)
    {
        switch (id)
        {
            case "pkt-05":
                await client.ExpectAsync("20020001");
                await client.ExpectEndAsync();
                return;
            case "pkt-06":
                await client.ExpectAsync("20020001");
                await client.ExpectEndAsync();
                return;
            case "pkt-24":
                await client.PingAsync();
                using (var later = await host.ConnectAsync("later"))
                {
                    await later.SubscribeAsync("v1/#");
                    await later.ExpectPublishAsync("v1/a", "r", retain: true);
                }

                return;
            case "pkt-47" or "pkt-48":
                await client.ExpectAsync("9003000180");
                return;
            case "pkt-42":
                // Three filters at QoS 0, 1 and 2; at most QoS 1 is granted.
                await client.ExpectAsync("90050002000101");
                return;
        }

        if (expect.StartsWith("CONNACK code 0", StringComparison.Ordinal))
        {
            await client.ExpectAsync("20020000");
            await client.PingAsync();
        }
        else if (expect.StartsWith("close", StringComparison.Ordinal))
        {
            await client.ExpectEndAsync();
        }
        else if (expect.StartsWith("PUBREC", StringComparison.Ordinal))
        {
            await client.ExpectAsync("5002000b");
        }
        else if (expect.Split(' ') is [var type, var hex] && type.ToUpperInvariant() == type && Convert.FromHexString(hex).Length > 0)
        {
            await client.ExpectAsync(hex);
        }
        else
        {
            Assert.True(expect is "no answer" or "delivered" or "delivered with empty payload" or "topic keeps U+FEFF", expect);
            await client.PingAsync();
        }
    }

    private static JsonElement[] All()
    {
        if (SharedData.Root is null)
        {
            return [];
        }

        using var file = JsonDocument.Parse(File.ReadAllText(SharedData.PathTo("mqtt", "packets.json")));
        var list = file.RootElement.EnumerateObject().Single(property => property.Value.ValueKind == JsonValueKind.Array).Value;
        return [.. list.EnumerateArray().Select(element => element.Clone())];
    }
}
