using System.Text.Json;
using System.Text.Json.Nodes;
using NodaTime;
using NodaTime.Text;
using Quartier.Gateway.Ingest;
using Quartier.Wire;

namespace Quartier.Tests.Gateway;

/// <summary>Network-server events as a test wants them.</summary>
public static class Uplink
{
    public const string Application = "17c82e96-be03-4f38-aef3-f83d48582d97";
    public const string Pod = "70b3d57ed0000001";

    public static string Topic(string device, string kind = "up") => $"application/{Application}/device/{device}/event/{kind}";

    public static JsonObject Event(string device, int port, byte[] frame, int counter, Instant? time = null) => new()
    {
        ["deduplicationId"] = $"00000000-0000-4000-8000-{counter:d12}",
        ["time"] = time is { } at ? OffsetDateTimePattern.Rfc3339.Format(at.WithOffset(Offset.Zero)) : null,
        ["deviceInfo"] = new JsonObject { ["applicationId"] = Application, ["deviceName"] = "pod", ["devEui"] = device },
        ["devAddr"] = "01a2b3c4",
        ["fCnt"] = counter,
        ["fPort"] = port,
        ["data"] = Convert.ToBase64String(frame),
    };

    public static Envelope Envelope(JsonNode json, Instant now, string? topic = null) =>
        new(topic ?? Topic(json["deviceInfo"]?["devEui"]?.GetValue<string>() ?? "?"), JsonSerializer.SerializeToUtf8Bytes(json), "test", now);

    public static Envelope Status(ShelterStatusV1 status, int counter, Instant now, string device = Pod, Instant? time = null)
    {
        var frame = new byte[ShelterStatusV1.Bytes];
        Xunit.Assert.Equal(ShelterStatusV1.Bytes, status.Encode(frame));
        return Envelope(Event(device, Ports.ShelterStatus, frame, counter, time), now);
    }

    public static Envelope Alarm(AlarmKind kind, bool active, int sequence, int counter, Instant now, string device = Pod, Instant? time = null)
    {
        var frame = new byte[ShelterAlarmV1.Bytes];
        new ShelterAlarmV1 { Kind = kind, Active = active, Sequence = sequence }.Encode(frame);
        return Envelope(Event(device, Ports.ShelterAlarm, frame, counter, time), now);
    }

    public static ShelterStatusV1 Occupied(int ageMinutes = 0) => new()
    {
        Occupancy = Occupancy.Occupied, Reason = OccupancyReason.Locked, Confidence = 3, Locked = true, AgeMinutes = ageMinutes,
        CentiCelsius = 790, HumidityPermille = 640, Co2Ppm = 680, BatteryMillivolts = 3550,
    };

    public static ShelterStatusV1 Free(int ageMinutes = 0) => new()
    {
        Occupancy = Occupancy.Free, Reason = OccupancyReason.Settled, Confidence = 3, AgeMinutes = ageMinutes,
        CentiCelsius = 430, HumidityPermille = 710, Co2Ppm = 420, BatteryMillivolts = 3600,
    };
}
