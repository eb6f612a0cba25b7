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
    public void Every_known_scalar_that_a_sample_carries_is_in_its_fields(string file, string kind)
    {
        if (Refused.ContainsKey(file))
        {
            return;
        }

        using var store = new TestStore();
        var fields = store.Accept(Saved(file), admitUnknown: true).Fields!;
        using var json = JsonDocument.Parse(File.ReadAllBytes(SharedData.PathTo("chirpstack", file)));
        var known = ChirpStackShapes.ByEvent[kind].Fields.Where(field => field.Type < ProtoType.Struct && !field.Repeated);
        foreach (var field in known.Where(field => json.RootElement.TryGetProperty(field.Name, out _)))
        {
            var carried = json.RootElement.GetProperty(field.Name);
            var text = carried.ValueKind is JsonValueKind.String ? carried.GetString() : carried.GetRawText();
            if (field.Type != ProtoType.Choice)
            {
                Assert.Equal(text, Text(fields[field.Name], text!));
            }
        }
    }

    [SharedDataTheory]
    [InlineData("up_number_as_string.json", "fCnt", 42L)]
    [InlineData("up_first_uplink_fcnt0.json", "fCnt", 0L)]
    [InlineData("up_fcnt_rollover_16bit.json", "fCnt", 65536L)]
    [InlineData("docs_up.json", "fCnt", 0L)]
    [InlineData("docs_up.json", "confirmed", false)]
    [InlineData("up_confirmed_sf12.json", "confirmed", true)]
    [InlineData("txack_rx1.json", "downlinkId", 3461958127L)]
    [InlineData("log_enum_as_number.json", "level", "ERROR")]
    [InlineData("log_enum_as_number.json", "code", "OTAA")]
    [InlineData("status_full.json", "margin", -7L)]
    [InlineData("status_battery_unavailable.json", "batteryLevelUnavailable", true)]
    [InlineData("docs_status.json", "externalPowerSource", false)]
    public void A_field_has_its_meaning_however_it_was_written(string file, string field, object expected)
    {
        using var store = new TestStore();
        Assert.Equal(expected, store.Accept(Saved("samples/" + file), admitUnknown: true).Fields![field]);
    }

    [SharedDataFact]
    public void An_upper_case_eui_is_the_same_device()
    {
        using var store = new TestStore();
        Assert.Equal("70b3d57ed005a1b2", store.Accept(Saved("samples/up_devEui_uppercase.json"), admitUnknown: true).Device);
        Assert.Equal(Outcome.Duplicate, store.Accept(Saved("samples/up_dr6_bw250.json"), admitUnknown: true).Outcome);
    }

    [SharedDataFact]
    public void Left_out_defaults_of_the_radio_are_zero_and_ids_keep_32_bits()
    {
        using var store = new TestStore();
        var fields = store.Accept(Saved("samples/up_three_gateways.json"), admitUnknown: true).Fields!;
        var gateways = ((List<object?>)fields["rxInfo"]!).Cast<Dictionary<string, object?>>().ToArray();
        Assert.Equal([3L, 0L, 7L], gateways.Select(gateway => gateway["channel"]));
        Assert.Equal([4217106255L, 17L, 4294967295L], gateways.Select(gateway => gateway["uplinkId"]));
        using var other = new TestStore();
        var silent = (List<object?>)other.Accept(Saved("samples/up_snr_rssi_absent.json"), admitUnknown: true).Fields!["rxInfo"]!;
        Assert.Equal((0L, 0.0), (((Dictionary<string, object?>)silent[0]!)["rssi"], ((Dictionary<string, object?>)silent[0]!)["snr"]));
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

    private static string Text(object? value, string like) => value switch
    {
        bool truth => truth ? "true" : "false",
        double number when double.Parse(like, System.Globalization.CultureInfo.InvariantCulture) == number => like,
        _ => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture) ?? "",
    };
}
