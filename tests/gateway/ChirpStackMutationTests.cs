using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Quartier.Gateway.Ingest;
using Quartier.Tests.Support;
using Xunit;

namespace Quartier.Tests.Gateway;

/// <summary>One event in every way a network server, a codec or a file may spoil it: recorded where what is needed can be read, else refused with the reason and the field.</summary>
public sealed class ChirpStackMutationTests : IDisposable
{
    private const string Up = """
        {"deduplicationId":"3ac7e3c4-4401-4b8d-9386-a5c902f9202d","time":"2026-11-22T18:29:59.775023242+00:00",
         "deviceInfo":{"tenantId":"t","applicationId":"17c82e96-be03-4f38-aef3-f83d48582d97","deviceName":"Karlsplatz","devEui":"70b3d57ed0000001","deviceClassEnabled":"CLASS_A","tags":{"ort":"Ulm"}},
         "devAddr":"00189440","adr":true,"dr":5,"fCnt":42,"fPort":10,"confirmed":false,"data":"AQID","object":{"a":1.0},
         "rxInfo":[{"gatewayId":"0016c001f153a14c","uplinkId":4217106255,"rssi":-97,"snr":7.2,"location":{"latitude":48.4},"context":"E3OWOQ==","crcStatus":"CRC_OK"}],
         "txInfo":{"frequency":868300000,"modulation":{"lora":{"bandwidth":125000,"spreadingFactor":7,"codeRate":"CR_4_5"}}},"regionConfigId":"eu868"}
        """;

    private readonly TestStore store = new();

    public void Dispose() => store.Dispose();

    [Theory]
    [InlineData("time", "null")]
    [InlineData("time", null)]
    [InlineData("time", "\"2026-11-22T19:29:59+01:00\"")]
    [InlineData("time", "\"0001-01-01T00:00:00Z\"")]
    [InlineData("time", "\"9999-12-31T23:59:59.999999999Z\"")]
    [InlineData("deduplicationId", "\"\"")]
    [InlineData("deduplicationId", null)]
    [InlineData("deviceInfo.tags", "null")]
    [InlineData("deviceInfo.devEui", "\"70B3D57ED0000001\"")]
    [InlineData("fPort", "\"10\"")]
    [InlineData("fPort", "10.0")]
    [InlineData("fPort", null)]
    [InlineData("fCnt", "4294967295")]
    [InlineData("fCnt", "\"42\"")]
    [InlineData("fCnt", null)]
    [InlineData("data", "\"\"")]
    [InlineData("data", null)]
    [InlineData("data", "\"-_-_\"")]
    [InlineData("object", "null")]
    [InlineData("object", "{\"a\":{\"b\":[1,null,{\"c\":\"ü\"}]}}")]
    [InlineData("rxInfo", "[]")]
    [InlineData("rxInfo", "null")]
    [InlineData("rxInfo[0].rssi", null)]
    [InlineData("rxInfo[0].rssi", "\"-97\"")]
    [InlineData("rxInfo[0].snr", "\"NaN\"")]
    [InlineData("rxInfo[0].crcStatus", "2")]
    [InlineData("rxInfo[0].location", "{}")]
    [InlineData("txInfo", null)]
    [InlineData("txInfo.frequency", "\"868300000\"")]
    [InlineData("fieldOfALaterVersion", "[1,2]")]
    public void What_the_mapping_allows_is_recorded(string path, string? value)
    {
        var verdict = Accept(Spoilt(path, value));
        Assert.Equal((Outcome.Recorded, null, Uplink.Pod, "up"), (verdict.Outcome, verdict.Reason, verdict.Device, verdict.Event));
        Assert.Equal(Outcome.Duplicate, Accept(Spoilt(path, value)).Outcome);
    }

    [Theory]
    [InlineData("deviceInfo", "\"x\"", RefusalReason.InvalidField)]
    [InlineData("deviceInfo", "null", RefusalReason.MissingDevice)]
    [InlineData("deviceInfo", null, RefusalReason.MissingDevice)]
    [InlineData("deviceInfo.devEui", null, RefusalReason.MissingDevice)]
    [InlineData("deviceInfo.devEui", "\"\"", RefusalReason.MissingDevice)]
    [InlineData("deviceInfo.devEui", "70", RefusalReason.InvalidField)]
    [InlineData("deviceInfo.devEui", "\"70b3d57ed000000\"", RefusalReason.InvalidDevice)]
    [InlineData("deviceInfo.devEui", "\"70-b3-d5-7e-d0-00-00-01\"", RefusalReason.InvalidDevice)]
    [InlineData("deviceInfo.devEui", "\" 70b3d57ed0000001\"", RefusalReason.InvalidDevice)]
    [InlineData("fPort", "256", RefusalReason.InvalidField)]
    [InlineData("fPort", "-1", RefusalReason.InvalidField)]
    [InlineData("fPort", "2.5", RefusalReason.InvalidField)]
    [InlineData("fPort", "true", RefusalReason.InvalidField)]
    [InlineData("fCnt", "4294967296", RefusalReason.InvalidField)]
    [InlineData("fCnt", "\"0x10\"", RefusalReason.InvalidField)]
    [InlineData("data", "5", RefusalReason.InvalidField)]
    [InlineData("data", "\"AQ\"", RefusalReason.InvalidBase64)]
    [InlineData("data", "\"AQ==AQ==\"", RefusalReason.InvalidBase64)]
    [InlineData("data", "\"AQ==\\n\"", RefusalReason.InvalidBase64)]
    [InlineData("data", "\"%%%%\"", RefusalReason.InvalidBase64)]
    public void What_it_forbids_is_refused_and_names_its_field(string path, string? value, RefusalReason reason)
    {
        var verdict = Accept(Spoilt(path, value));
        Assert.Equal((Outcome.Refused, reason), (verdict.Outcome, verdict.Reason));
        Assert.Contains(path.Split('.', '[')[0], verdict.Detail, StringComparison.Ordinal);
        Assert.Equal(Outcome.Refused, Accept(Spoilt(path, value)).Outcome); // Nothing of it was kept that could make it a duplicate.
    }

    [Theory]
    [InlineData("time", "1700000000")]
    [InlineData("time", "\"2026-11-22 18:29:59Z\"")]
    [InlineData("time", "\"2026-11-22T18:29:59\"")]
    [InlineData("time", "\"2026-02-30T00:00:00Z\"")]
    [InlineData("time", "\"10000-01-01T00:00:00Z\"")]
    [InlineData("deduplicationId", "5")]
    [InlineData("devAddr", "7")]
    [InlineData("deviceInfo.deviceName", "[1]")]
    [InlineData("deviceInfo.applicationId", "{\"a\":{}}")]
    public void What_is_used_but_not_needed_is_left_out_and_noted(string path, string value)
    {
        var verdict = Accept(Spoilt(path, value));
        Assert.Equal((Outcome.Recorded, null), (verdict.Outcome, verdict.Reason));
        Assert.StartsWith(path + ": ", Assert.Single(verdict.Odd!), StringComparison.Ordinal);
        Assert.Equal(verdict.Odd, store.Database.Read(OdditiesTable.All).Select(oddity => oddity.What));
        Assert.Empty(store.Database.Read(db => RefusalsTable.Latest(db, 1)));
    }

    [Theory]
    [InlineData("deviceInfo.tags", "{\"ort\":7}")]
    [InlineData("deviceInfo.tags", "[]")]
    [InlineData("confirmed", "\"true\"")]
    [InlineData("adr", "1")]
    [InlineData("object", "[1]")]
    [InlineData("rxInfo", "{}")]
    [InlineData("rxInfo", "[null]")]
    [InlineData("rxInfo[0].rssi", "-97.5")]
    [InlineData("rxInfo[0].snr", "\"laut\"")]
    [InlineData("rxInfo[0].context", "\"E3O\"")]
    [InlineData("rxInfo[0].location.latitude", "\"x\"")]
    [InlineData("txInfo.frequency", "-1")]
    [InlineData("dr", "\"schnell\"")]
    [InlineData("rxInfo[0].crcStatus", "\"CRC_OF_A_LATER_VERSION\"")]
    [InlineData("rxInfo[0].crcStatus", "99")]
    [InlineData("txInfo.modulation.lora.codeRate", "\"CR_LI_4_7\"")]
    [InlineData("rxInfo[0].fieldOfALaterVersion", "{\"a\":[1,{}]}")]
    public void What_nobody_uses_is_not_checked_and_still_shown(string path, string value)
    {
        var verdict = Accept(Spoilt(path, value));
        Assert.Equal((Outcome.Recorded, null, null), (verdict.Outcome, verdict.Reason, verdict.Odd));
        var shown = JsonSerializer.SerializeToNode(verdict.Fields)!;
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(value), At(shown, path.Split('.'))), shown.ToJsonString());
    }

    [Theory]
    [InlineData("\"\\ud800\":1")]
    [InlineData("\"fPort\\udfff\":\"\\ud83d\"")]
    [InlineData("\"\\ud83d\\ude00\":1")]
    [InlineData("\"a\\\\ud800\":1")]
    [InlineData("\"\u00ff\u00c3\":\"\u00c3\"")]
    public void A_name_or_text_that_is_not_Unicode_is_nobodys(string field)
    {
        foreach (var (at, place) in new[] { "{\"deduplicationId\"", "{\"tenantId\"" }.Index())
        {
            var json = Up.Replace("\"fCnt\":42,\"fPort\":10", $"\"fCnt\":{at},\"fPort\":2", StringComparison.Ordinal).Replace("AQID", "EAAHAA==", StringComparison.Ordinal)
                .Replace(place, $"{{{field},{place[1..]}", StringComparison.Ordinal);
            foreach (var topic in new[] { Uplink.Topic(Uplink.Pod), Receive.TopicFromContent })
            {
                // Latin-1: bytes that are not UTF-8.
                var verdict = store.Accept(new Envelope(topic, Encoding.Latin1.GetBytes(json), "file", TestStore.Evening), admitUnknown: true);
                Assert.Equal(topic.Length > 0 ? Outcome.Recorded : Outcome.Duplicate, verdict.Outcome);
                Assert.NotEmpty(JsonSerializer.Serialize(verdict.Fields));
            }
        }
    }

    [Theory]
    [InlineData("deviceInfo.devEui", "\"70b3d57ed000000\\ud800\"", RefusalReason.InvalidDevice)]
    [InlineData("data", "\"AQ\\udfff=\"", RefusalReason.InvalidBase64)]
    [InlineData("fPort", "\"1\\ud800\"", RefusalReason.InvalidField)]
    public void A_needed_text_that_is_not_Unicode_is_refused(string path, string value, RefusalReason reason)
    {
        var verdict = Accept(Spoilt(path, "\"VALUE\"").Replace("\"VALUE\"", value, StringComparison.Ordinal));
        Assert.Equal((Outcome.Refused, reason), (verdict.Outcome, verdict.Reason));
        Assert.StartsWith(path + ": ", verdict.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_repeated_name_the_last_counts()
    {
        var twice = Up.Replace("\"fPort\":10", "\"fPort\":\"x\",\"f_port\":300,\"fPort\":7", StringComparison.Ordinal)
            .Replace("\"devAddr\"", "\"device_info\":{\"dev_eui\":\"70b3d57ed0000002\",\"devEui\":\"70b3d57ed0000001\"},\"devAddr\"", StringComparison.Ordinal);
        var verdict = Accept(twice, Uplink.Topic(Uplink.Pod));
        Assert.Equal((Outcome.Recorded, 7), (verdict.Outcome, verdict.From!.Port));
    }

    [Theory]
    [InlineData("fPort", "\"geheim\"")]
    [InlineData("fCnt", "[\"geheim\"]")]
    [InlineData("data", "\"geheim\"")]
    [InlineData("deviceInfo", "\"geheim\"")]
    [InlineData("deviceInfo.devEui", "\"geheim\"")]
    [InlineData("time", "\"geheim\"")]
    [InlineData("devAddr", "{\"geheim\":1}")]
    public void What_is_said_of_a_fault_never_repeats_the_value(string path, string value)
    {
        var verdict = Accept(Spoilt(path, value));
        var told = verdict.Detail ?? verdict.Odd!.Single();
        Assert.StartsWith(path + ": ", told, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", told, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_bytes_come_nothing_throws()
    {
        var gen = new Gen(146);
        byte[] spice = [.. "\\ud8\"{}[],:0e-+.\0"u8, 0xff, 0xc3, 0xed, 0xa0, 0x80];
        var taken = 0;
        for (var round = 0; round < 30_000; round++)
        {
            var json = Encoding.UTF8.GetBytes(Up);
            for (var change = gen.Next(1, 9); change > 0; change--)
            {
                json[gen.Next(json.Length)] = gen.Pick(spice);
            }

            var topic = gen.Chance(500) ? Receive.TopicFromContent : Uplink.Topic(Uplink.Pod);
            var received = Pipeline.Arrive(new Envelope(topic, json, "test", TestStore.Evening)).Received!.Value.Next;
            taken += received is null ? 0 : 1;
            Assert.True(received is null || MessageFields.Of(received, null).Count > 0);
        }

        Assert.InRange(taken, 1_000, 29_000);
    }

    [Fact]
    public void Nothing_beside_device_port_data_and_counter_can_refuse_an_alarm()
    {
        string[] spoilt = ["5", "-1.5", "1e999", "\"x\"", "\"\\ud800\"", "true", "[]", "[[null]]", "{}", "{\"\\udfff\":\"\\ud83d\"}", "\"\\ud83d\\ude00\""];
        string[] needed = ["deviceInfo", "deviceInfo.devEui", "fCnt", "fPort", "data"];
        var paths = Paths(JsonNode.Parse(Up)!, "").Except(needed).Append("newField").Append("deviceInfo.newField").ToList();
        Assert.Contains("rxInfo[0].location.latitude", paths);
        foreach (var (path, at) in paths.SelectMany(path => spoilt, (path, value) => (path, value)).Select((spoiling, at) => (spoiling, at)))
        {
            var alarm = Spoilt(path.path, "\"VALUE\"").Replace("\"VALUE\"", path.value, StringComparison.Ordinal)
                .Replace("\"fCnt\":42,\"fPort\":10", $"\"fCnt\":{at},\"fPort\":2", StringComparison.Ordinal).Replace("AQID", "EAAHAA==", StringComparison.Ordinal);
            var verdict = Accept(alarm, topic: Uplink.Topic(Uplink.Pod));
            Assert.True(verdict is { Outcome: Outcome.Recorded, Message: Quartier.Gateway.Domain.Shelters.PodAlarm }, $"{path}: {verdict.Outcome} {verdict.Detail}");
        }
    }

    [Fact]
    public void A_flood_of_made_up_names_fills_nothing()
    {
        for (var at = 0; at < 20; at++)
        {
            Accept(Spoilt($"oddity{at}", "1").Replace("\"fCnt\":42", $"\"fCnt\":{at}", StringComparison.Ordinal));
        }

        Assert.Empty(store.Database.Read(OdditiesTable.All));
    }

    [Theory]
    [InlineData("""{"deviceInfo":{"devEui":"70b3d57ed0000001"},"queueItemId":"q","fCntDown":3}""", "ack")]
    [InlineData("""{"deviceInfo":{"devEui":"70b3d57ed0000001"},"queueItemId":"q","fCntDown":3,"gatewayId":"0016c001f153a14c"}""", "txack")]
    [InlineData("""{"deviceInfo":{"devEui":"70b3d57ed0000001"},"downlinkId":4294967295}""", "txack")]
    [InlineData("""{"deviceInfo":{"devEui":"70b3d57ed0000001"},"devAddr":"00189440"}""", "join")]
    [InlineData("""{"deviceInfo":{"devEui":"70b3d57ed0000001"},"code":"OTAA","context":{"a":"b"}}""", "log")]
    [InlineData("""{"deviceInfo":{"devEui":"70b3d57ed0000001"},"level":"FATAL_IN_A_LATER_VERSION","description":"x"}""", "log")]
    [InlineData("""{"deviceInfo":{"devEui":"70b3d57ed0000001"},"margin":-7}""", "status")]
    [InlineData("""{"deviceInfo":{"devEui":"70b3d57ed0000001"},"batteryLevel":"50"}""", "status")]
    [InlineData("""{"deviceInfo":{"devEui":"70b3d57ed0000001"},"location":{}}""", "location")]
    [InlineData("""{"device_info":{"dev_eui":"70b3d57ed0000001"},"f_port":9,"data":"AQ=="}""", "up")]
    [InlineData("""{"deviceInfo":{"devEui":"70b3d57ed0000001"},"integrationName":"x","object":{}}""", "integration")]
    [InlineData("""{"deviceInfo":{"devEui":"70b3d57ed0000001"},"queueItemId":"q","acknowledged":"yes"}""", "ack")]
    [InlineData("""{"deviceInfo":{"devEui":"70b3d57ed0000001"},"margin":1.5}""", "status")]
    [InlineData("""{"deviceInfo":{"devEui":"70b3d57ed0000001"},"level":"INFO","context":[1]}""", "log")]
    [InlineData("""{"deduplicationId":"\ud800","deviceInfo":{"devEui":"70b3d57ed0000001"},"fPort":1}""", "up")]
    public void Every_event_is_known_by_what_older_servers_leave_of_it(string json, string kind)
    {
        var verdict = Accept(json);
        Assert.Equal((Outcome.Recorded, kind, Uplink.Pod), (verdict.Outcome, verdict.Event, verdict.Device));
    }

    [Theory]
    [InlineData("""{"deviceInfo":{"devEui":"70b3d57ed0000001"}}""", RefusalReason.UnknownEvent)]
    [InlineData("""{"end_device_ids":{"dev_eui":"70B3D57ED0000001"},"uplink_message":{"f_port":1,"frm_payload":"AQ=="}}""", RefusalReason.UnknownEvent)]
    [InlineData("""{"confirmed":false,"fPort":11,"data":"AgM="}""", RefusalReason.MissingDevice)]
    [InlineData("""[{"deviceInfo":{"devEui":"70b3d57ed0000001"},"fPort":1}]""", RefusalReason.UnknownEvent)]
    [InlineData("\"x\"", RefusalReason.UnknownEvent)]
    [InlineData("{} {}", RefusalReason.InvalidJson)]
    [InlineData("\0", RefusalReason.InvalidJson)]
    [InlineData("{\"deviceInfo\":", RefusalReason.InvalidJson)]
    public void What_is_no_event_is_refused(string json, RefusalReason reason)
    {
        var verdict = Accept(json);
        Assert.Equal((Outcome.Refused, reason), (verdict.Outcome, verdict.Reason));
    }

    [Theory]
    [InlineData("""{"devEui":"70B3D57ED0000001","confirmed":false,"fPort":11,"data":"AgM="}""")]
    [InlineData("""{"dev_eui":"70b3d57ed0000001","f_port":11}""")]
    public void A_saved_downlink_command_is_not_for_us(string json)
    {
        var verdict = Accept(json);
        Assert.Equal((Outcome.Ignored, Uplink.Pod), (verdict.Outcome, verdict.Device));
    }

    private Verdict Accept(string json, string topic = Receive.TopicFromContent) =>
        store.Accept(new Envelope(topic, Encoding.UTF8.GetBytes(json), "file", TestStore.Evening), admitUnknown: true);

    private static JsonNode? At(JsonNode? node, string[] path) => path.Aggregate(node, (at, step) =>
        step.EndsWith("[0]", StringComparison.Ordinal) ? at![step[..^3]]![0] : at![step]);

    /// <summary>Every field of the event, in the form that <see cref="Spoilt"/> takes.</summary>
    private static IEnumerable<string> Paths(JsonNode node, string at) => node switch
    {
        JsonObject fields => fields.SelectMany(field => Paths(field.Value!, at.Length == 0 ? field.Key : $"{at}.{field.Key}").Prepend(at.Length == 0 ? field.Key : $"{at}.{field.Key}")),
        JsonArray list => list.SelectMany(item => Paths(item!, at + "[0]")),
        _ => [],
    };

    /// <summary>The event with one field replaced by the JSON given, or left out.</summary>
    private static string Spoilt(string path, string? value)
    {
        var root = JsonNode.Parse(Up)!;
        var names = path.Replace("[0]", ".0", StringComparison.Ordinal).Split('.');
        var holder = names[..^1].Aggregate(root, (node, name) => name == "0" ? node[0]! : node[name]!).AsObject();
        holder.Remove(names[^1]);
        if (value is not null)
        {
            holder[names[^1]] = JsonNode.Parse(value);
        }

        return root.ToJsonString();
    }
}
