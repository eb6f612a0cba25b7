using System.Text.Json;
using Quartier.Gateway.Ingest;
using Quartier.Tests.Support;
using Xunit;

namespace Quartier.Tests.Gateway;

/// <summary>Every event sample of the shared data through the pipeline, each into a store of its own.</summary>
public sealed class ChirpStackSampleTests
{
    private static readonly Dictionary<string, RefusalReason> Refused = new()
    {
        ["samples/up_base64_invalid.json"] = RefusalReason.InvalidBase64,
        ["samples/up_truncated.json"] = RefusalReason.InvalidJson,
    };

    public static TheoryData<string, string> Samples()
    {
        var rows = new TheoryData<string, string>();
        if (SharedData.Root is not null)
        {
            using var index = JsonDocument.Parse(File.ReadAllBytes(SharedData.PathTo("chirpstack", "index.json")));
            foreach (var sample in index.RootElement.GetProperty("samples").EnumerateArray())
            {
                if (sample.GetProperty("event").GetString() is { } kind && !kind.StartsWith("command", StringComparison.Ordinal))
                {
                    rows.Add(sample.GetProperty("file").GetString()!, kind);
                }
            }
        }

        return rows;
    }

    [SharedDataTheory]
    [MemberData(nameof(Samples))]
    public void A_sample_is_recorded_or_refused_with_its_reason(string file, string kind)
    {
        using var store = new TestStore();
        var verdict = store.Accept(Saved(file), admitUnknown: true);
        if (Refused.TryGetValue(file, out var reason))
        {
            Assert.Equal((Outcome.Refused, reason), (verdict.Outcome, verdict.Reason));
            Assert.Equal(reason.Slug(), Assert.Single(store.Database.Read(db => RefusalsTable.Latest(db, 10))).Reason);
            return;
        }

        Assert.Equal((Outcome.Recorded, null), (verdict.Outcome, verdict.Reason));
        Assert.Equal(kind, verdict.Event);
        Assert.Equal(Outcome.Duplicate, store.Accept(Saved(file), admitUnknown: true).Outcome);
    }

    [SharedDataTheory]
    [MemberData(nameof(Samples))]
    public void Every_field_that_a_sample_carries_is_in_its_fields(string file, string kind)
    {
        if (Refused.ContainsKey(file))
        {
            return;
        }

        using var store = new TestStore();
        var fields = JsonSerializer.SerializeToElement(store.Accept(Saved(file), admitUnknown: true).Fields);
        using var json = JsonDocument.Parse(File.ReadAllBytes(SharedData.PathTo("chirpstack", file)));
        string[] understood = kind == "up" ? ["fCnt", "fPort"] : [];
        Assert.All(json.RootElement.EnumerateObject(), field => Assert.True(
            understood.Contains(field.Name)
                ? fields.GetProperty(field.Name).ToString() == field.Value.ToString()
                : JsonElement.DeepEquals(field.Value, fields.GetProperty(field.Name)),
            $"{field}"));
    }

    [SharedDataTheory]
    [InlineData("up_number_as_string.json", "fCnt", 42L)]
    [InlineData("up_first_uplink_fcnt0.json", "fCnt", 0L)]
    [InlineData("up_fcnt_rollover_16bit.json", "fCnt", 65536L)]
    [InlineData("docs_up.json", "fCnt", 0L)]
    [InlineData("up_number_as_string.json", "fPort", 10L)]
    [InlineData("up_minimal_defaults.json", "fPort", 0L)]
    [InlineData("up_minimal_defaults.json", "data", "")]
    [InlineData("up_confirmed_sf12.json", "confirmed", true)]
    [InlineData("txack_rx1.json", "downlinkId", 3461958127L)]
    [InlineData("status_full.json", "margin", -7L)]
    [InlineData("status_battery_unavailable.json", "batteryLevelUnavailable", true)]
    public void A_field_has_its_meaning_however_it_was_written(string file, string field, object expected)
    {
        using var store = new TestStore();
        var fields = store.Accept(Saved("samples/" + file), admitUnknown: true).Fields!;
        Assert.Equal(JsonSerializer.Serialize(expected), JsonSerializer.Serialize(fields[field]));
    }

    [SharedDataFact]
    public void An_upper_case_eui_is_the_same_device()
    {
        using var store = new TestStore();
        Assert.Equal("70b3d57ed005a1b2", store.Accept(Saved("samples/up_devEui_uppercase.json"), admitUnknown: true).Device);
        Assert.Equal(Outcome.Duplicate, store.Accept(Saved("samples/up_dr6_bw250.json"), admitUnknown: true).Outcome);
    }

    [SharedDataFact]
    public void Ids_keep_32_bits()
    {
        using var store = new TestStore();
        var gateways = (JsonElement)store.Accept(Saved("samples/up_three_gateways.json"), admitUnknown: true).Fields!["rxInfo"]!;
        Assert.Equal([4217106255L, 17L, 4294967295L], gateways.EnumerateArray().Select(gateway => gateway.GetProperty("uplinkId").GetInt64()));
    }

    [SharedDataFact]
    public void A_redelivered_event_is_a_duplicate_and_changes_nothing()
    {
        using var store = new TestStore();
        Assert.Equal(Outcome.Recorded, store.Accept(Saved("samples/up_duplicate_a.json"), admitUnknown: true).Outcome);
        Assert.Equal(Outcome.Duplicate, store.Accept(Saved("samples/up_duplicate_b.json"), admitUnknown: true).Outcome);
    }

    private static Envelope Saved(string file) =>
        new(Receive.TopicFromContent, File.ReadAllBytes(SharedData.PathTo("chirpstack", file)), "file", TestStore.Evening);
}
