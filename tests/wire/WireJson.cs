using System.Text.Json.Nodes;
using Quartier.Wire;

namespace Quartier.Tests.Wire;

/// <summary>The radio formats as the JavaScript codecs show them, so that both sides can be held against one vector.</summary>
public static class WireJson
{
    private static readonly string[] Occupancies = ["free", "occupied", "unknown"];
    private static readonly string[] Reasons = ["starting", "locked", "motion", "co2Rising", "co2High", "humidity", "aired", "settled", "disagree", "sensorFault", "doorLeftOpen", "warmingUp"];
    private static readonly string[] Kinds = ["smoke", "sos", "cold", "co2", "heat", "tamper"];

    public static JsonObject Of(ShelterStatusV1 s) => new()
    {
        ["occupancy"] = Occupancies[(int)s.Occupancy],
        ["reason"] = Reasons[(int)s.Reason],
        ["confidence"] = s.Confidence,
        ["doorOpen"] = s.DoorOpen,
        ["locked"] = s.Locked,
        ["moved"] = s.Moved,
        ["smoke"] = s.Smoke,
        ["sos"] = s.Sos,
        ["tamper"] = s.Tamper,
        ["climateFault"] = s.ClimateFault,
        ["co2Fault"] = s.Co2Fault,
        ["doorLockFault"] = s.DoorLockFault,
        ["motionFault"] = s.MotionFault,
        ["ageMinutes"] = s.AgeMinutes,
        ["temperatureCelsius"] = s.CentiCelsius == ShelterStatusV1.CelsiusUnknown ? null : s.CentiCelsius / 100.0,
        ["humidityPercent"] = s.HumidityPermille == ShelterStatusV1.HumidityUnknown ? null : s.HumidityPermille / 10,
        ["co2Ppm"] = s.Co2Ppm == ShelterStatusV1.Co2Unknown ? null : s.Co2Ppm,
        ["batteryVolts"] = s.BatteryMillivolts == ShelterStatusV1.BatteryUnknown ? null : s.BatteryMillivolts / 1000.0,
    };

    public static ShelterStatusV1 Status(JsonObject f) => new()
    {
        Occupancy = (Occupancy)Array.IndexOf(Occupancies, (string)f["occupancy"]!),
        Reason = (OccupancyReason)Array.IndexOf(Reasons, (string)f["reason"]!),
        Confidence = (int)f["confidence"]!,
        DoorOpen = (bool)f["doorOpen"]!,
        Locked = (bool)f["locked"]!,
        Moved = (bool)f["moved"]!,
        Smoke = (bool)f["smoke"]!,
        Sos = (bool)f["sos"]!,
        Tamper = (bool)f["tamper"]!,
        ClimateFault = (bool)f["climateFault"]!,
        Co2Fault = (bool)f["co2Fault"]!,
        DoorLockFault = (bool)f["doorLockFault"]!,
        MotionFault = (bool)f["motionFault"]!,
        AgeMinutes = (int)f["ageMinutes"]!,
        CentiCelsius = Scaled(f["temperatureCelsius"], 100, ShelterStatusV1.CelsiusUnknown),
        HumidityPermille = Scaled(f["humidityPercent"], 10, ShelterStatusV1.HumidityUnknown),
        Co2Ppm = Scaled(f["co2Ppm"], 1, ShelterStatusV1.Co2Unknown),
        BatteryMillivolts = Scaled(f["batteryVolts"], 1000, ShelterStatusV1.BatteryUnknown),
    };

    public static JsonObject Of(ShelterAlarmV1 a) => new()
    {
        ["kind"] = Kinds[(int)a.Kind],
        ["active"] = a.Active,
        ["sequence"] = a.Sequence,
        ["value"] = a.Value,
    };

    public static ShelterAlarmV1 Alarm(JsonObject f) => new()
    {
        Kind = (AlarmKind)Array.IndexOf(Kinds, (string)f["kind"]!),
        Active = (bool)f["active"]!,
        Sequence = (int)f["sequence"]!,
        Value = (int)f["value"]!,
    };

    public static JsonObject Of(AlarmConfirmationV1 c) => new() { ["sequence"] = c.Sequence };

    /// <summary>What the C# codecs make of a frame; null when it is refused.</summary>
    public static JsonObject? Decode(int port, byte[] bytes) => port switch
    {
        Ports.ShelterStatus => ShelterStatusV1.TryDecode(bytes, bytes.Length, out var status) ? Of(status) : null,
        Ports.ShelterAlarm => ShelterAlarmV1.TryDecode(bytes, bytes.Length, out var alarm) ? Of(alarm) : null,
        Ports.AlarmConfirmation => AlarmConfirmationV1.TryDecode(bytes, bytes.Length, out var confirmation) ? Of(confirmation) : null,
        _ => null,
    };

    private static int Scaled(JsonNode? value, int scale, int unknown) =>
        value is null ? unknown : (int)Math.Round((double)value * scale);
}
