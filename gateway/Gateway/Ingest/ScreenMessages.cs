using Quartier.Wire;

namespace Quartier.Gateway.Ingest;

/// <summary>A screen's messages by topic leaf.</summary>
public static class ScreenMessages
{
    public static object? Decode(string leaf, byte[] payload) => leaf switch
    {
        ScreenTopics.Presence => ScreenPresence.TryDecode(payload, payload.Length, out var presence) ? presence : null,
        ScreenTopics.Hello => ScreenHello.TryDecode(payload, payload.Length, out var hello) ? hello : null,
        ScreenTopics.Telemetry => ScreenTelemetry.TryDecode(payload, payload.Length, out var telemetry) ? telemetry : null,
        ScreenTopics.Usage => ScreenUsage.TryDecode(payload, payload.Length, out var usage) ? usage : null,
        ScreenTopics.Want => ScreenWant.TryDecode(payload, payload.Length, out var want) ? want : null,
        ScreenTopics.Transport => ScreenTransport.TryDecode(payload, payload.Length, out var transport) ? transport : null,
        _ => null,
    };

    public static Dictionary<string, object?> Fields(object message) => message switch
    {
        ScreenPresence presence => new() { ["online"] = presence.Online },
        ScreenHello hello => new()
        {
            ["sequence"] = hello.Sequence,
            ["firmware"] = hello.Firmware,
            ["width"] = hello.WidthPixels,
            ["height"] = hello.HeightPixels,
            ["pitchMicrometres"] = hello.PitchMicrometres,
            ["catalogue"] = Convert.ToHexStringLower(hello.Catalogue),
            ["resetReason"] = hello.ResetReason,
            ["capacityEntries"] = hello.CapacityEntries == 0 ? null : hello.CapacityEntries,
            ["capacityBytes"] = hello.CapacityBytes == 0 ? null : hello.CapacityBytes,
        },
        ScreenTelemetry telemetry => new()
        {
            ["sequence"] = telemetry.Sequence,
            ["uptimeSeconds"] = telemetry.UptimeSeconds,
            ["catalogue"] = Convert.ToHexStringLower(telemetry.Catalogue),
            ["page"] = telemetry.Page,
            ["freeHeapBytes"] = telemetry.FreeHeapBytes == ScreenTelemetry.HeapUnknown ? null : telemetry.FreeHeapBytes,
            ["rssiDbm"] = telemetry.RssiDbm == ScreenTelemetry.SignalUnknown ? null : telemetry.RssiDbm,
            ["contentAgeSeconds"] = telemetry.ContentAgeSeconds == ScreenTelemetry.AgeUnknown ? null : telemetry.ContentAgeSeconds,
            ["timeKnown"] = telemetry.TimeKnown,
        },
        ScreenUsage usage => new() { ["sequence"] = usage.Sequence, ["unixHour"] = usage.UnixHour, ["counts"] = usage.Counts },
        ScreenWant want => new() { ["manifest"] = Convert.ToHexStringLower(want.Manifest), ["entries"] = want.Entries.Count },
        ScreenTransport transport => new()
        {
            ["sequence"] = transport.Sequence,
            ["tls"] = transport.Tls,
            ["host"] = transport.Host,
            ["root"] = Convert.ToHexStringLower(transport.Root),
            ["offered"] = Convert.ToHexStringLower(transport.Offered),
            ["trials"] = transport.Trials,
            ["fault"] = transport.Fault,
        },
        _ => [],
    };
}
