using System.Text;
using System.Text.Json.Nodes;
using Dapper;
using NodaTime;
using Quartier.Gateway.Domain.Registry;
using Quartier.Gateway.Domain.Shelters;
using Quartier.Gateway.Ingest;
using Xunit;

namespace Quartier.Tests.Gateway.Ingest;

/// <summary>A network server that hands session keys on: they are never kept, and what only they open is not read.</summary>
public sealed class KeyMaterialTests : IDisposable
{
    private const string Key = "U2VjcmV0QXBwU0tleVNlY3JldA==";
    private static readonly Instant Now = TestStore.Evening;
    private readonly TestStore store = new();

    public KeyMaterialTests() =>
        store.Database.Write(db => RegistryTable.Add(db, Device.New(Uplink.Pod, DeviceKind.Shelter, "Karlsplatz", "", "Mitte", Now)));

    public void Dispose() => store.Dispose();

    [Theory]
    [InlineData("up", "joinServerContext", "appSKey", "aesKey")]
    [InlineData("up", "join_server_context", "app_s_key", "aes_key")]
    [InlineData("join", "joinServerContext", "appSKey", "encryptedKey")]
    [InlineData("up", "extra", "appSKey", "aesKey")]
    public void A_session_key_is_in_no_table_whatever_becomes_of_its_message(string kind, string context, string envelope, string key)
    {
        Envelope Of(string device, string? field = null)
        {
            var json = Uplink.Event(device, 1, [1, 2, 3], 1);
            json[context] = new JsonObject { ["sessionKeyId"] = "7", [envelope] = new JsonObject { ["kekLabel"] = "", [key] = Key } };
            json["devAddr"] = field ?? "01a2b3c4";
            return Uplink.Envelope(json, Now, Uplink.Topic(device, kind));
        }

        var verdict = store.Accept(Of(Uplink.Pod));
        Assert.Equal(kind == "up" && context != "extra", verdict.From!.IsSealed);
        Assert.DoesNotContain(Key[..^2], System.Text.Json.JsonSerializer.Serialize(new { verdict.Fields, verdict.Odd, verdict.Detail }), StringComparison.Ordinal);
        store.Accept(Of("70b3d57ed00000ee"));
        var whole = Of(Uplink.Pod);
        store.Accept(whole with { Payload = whole.Payload[..^2] });
        store.Accept(whole with { Payload = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(whole.Payload).Replace("\"" + envelope, "\"\\u0061" + envelope[1..], StringComparison.Ordinal)) });
        var kept = store.Database.Read(db => db.Query<byte[]>("SELECT payload FROM events UNION ALL SELECT payload FROM refusals").AsList());
        Assert.True(kept.Count >= 3, $"{kept.Count} messages");
        Assert.All(kept, payload => Assert.DoesNotContain(Key[..^2], Encoding.UTF8.GetString(payload), StringComparison.Ordinal));
    }

    [Fact]
    public void Ciphertext_is_not_read_as_a_status_and_staff_see_why()
    {
        var sealedStatus = JsonNode.Parse(Uplink.Status(Uplink.Occupied(), 1, Now).Payload)!;
        sealedStatus["joinServerContext"] = new JsonObject { ["sessionKeyId"] = "7" };
        Assert.Equal(RefusalReason.SealedPayload, store.Accept(Uplink.Envelope(sealedStatus, Now)).Reason);
        Assert.Null(store.Database.Read(db => SheltersTable.Find(db, Uplink.Pod))?.Report);

        // Whoever forges a second, empty one does not open it.
        var twice = Encoding.UTF8.GetBytes(sealedStatus.ToJsonString().Replace("{\"sessionKeyId\":\"7\"}", "{\"sessionKeyId\":\"7\"},\"join_server_context\":{}", StringComparison.Ordinal));
        Assert.Equal(RefusalReason.SealedPayload, store.Accept(Uplink.Envelope(sealedStatus, Now) with { Payload = twice }).Reason);

        sealedStatus["joinServerContext"] = new JsonObject();
        Assert.Equal(Outcome.Recorded, store.Accept(Uplink.Envelope(sealedStatus, Now)).Outcome);
    }

    [Theory]
    [InlineData("{\"a\":1.50,\"data\":\"x+/=\",\"tags\":{}}")]
    [InlineData("{\"data\":\"monkey\"}")]
    [InlineData("not JSON")]
    public void What_holds_no_key_is_kept_byte_by_byte(string message)
    {
        var bytes = Encoding.UTF8.GetBytes(message);
        Assert.Same(bytes, KeyMaterial.Strip(bytes));
    }

    [Fact]
    public void A_key_goes_and_the_rest_stays_however_deep_the_message()
    {
        var deep = new string('[', 1_000) + new string(']', 1_000);
        var kept = KeyMaterial.Strip(Encoding.UTF8.GetBytes($"{{\"x\":{deep},\"appSKey\":\"y\"}}"));
        Assert.Equal($"{{\"x\":{deep},\"appSKey\":null}}", Encoding.UTF8.GetString(kept));
    }

    [Fact]
    public void All_but_the_key_is_kept()
    {
        var kept = KeyMaterial.Strip("{\"a\":[1.50,true,null,\"\u00e4\"],\"appSKey\":{\"aesKey\":\"x\"},\"b\":{ \"app_s_key\" : \"y\",\"c\":-1e3}}"u8.ToArray());
        Assert.Equal("{\"a\":[1.50,true,null,\"\u00e4\"],\"appSKey\":null,\"b\":{ \"app_s_key\" : null,\"c\":-1e3}}", Encoding.UTF8.GetString(kept));
    }
}
