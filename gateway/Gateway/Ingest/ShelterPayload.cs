using Quartier.Wire;

namespace Quartier.Gateway.Ingest;

/// <summary>The shelter's uplinks by port, and their fields under the names of firmware/wire/vectors.</summary>
public static class ShelterPayload
{
    public static object? Decode(int port, byte[] payload, out RefusalReason reason)
    {
        reason = RefusalReason.InvalidPayload;
        switch (port)
        {
            case Ports.ShelterStatus:
                return ShelterStatusV1.TryDecode(payload, payload.Length, out var status) ? status : null;
            case Ports.ShelterAlarm:
                return ShelterAlarmV1.TryDecode(payload, payload.Length, out var alarm) ? alarm : null;
            default:
                reason = RefusalReason.UnknownPort;
                return null;
        }
    }

    public static IReadOnlyDictionary<string, object?> Fields(object payload) => payload switch
    {
        ShelterStatusV1 status => Fields(status),
        ShelterAlarmV1 alarm => new Dictionary<string, object?>
        {
            ["kind"] = Name(alarm.Kind),
            ["active"] = alarm.Active,
            ["sequence"] = alarm.Sequence,
            ["value"] = alarm.Value,
        },
        AlarmConfirmationV1 confirmation => new Dictionary<string, object?> { ["sequence"] = confirmation.Sequence },
        _ => new Dictionary<string, object?>(),
    };

    private static Dictionary<string, object?> Fields(ShelterStatusV1 status) => new()
    {
        ["occupancy"] = Name(status.Occupancy),
        ["reason"] = Name(status.Reason),
        ["confidence"] = status.Confidence,
        ["doorOpen"] = status.DoorOpen,
        ["locked"] = status.Locked,
        ["moved"] = status.Moved,
        ["smoke"] = status.Smoke,
        ["sos"] = status.Sos,
        ["tamper"] = status.Tamper,
        ["climateFault"] = status.ClimateFault,
        ["co2Fault"] = status.Co2Fault,
        ["doorLockFault"] = status.DoorLockFault,
        ["motionFault"] = status.MotionFault,
        ["ageMinutes"] = status.AgeMinutes,
        ["temperatureCelsius"] = status.CentiCelsius == ShelterStatusV1.CelsiusUnknown ? null : status.CentiCelsius / 100.0,
        ["humidityPercent"] = status.HumidityPermille == ShelterStatusV1.HumidityUnknown ? null : status.HumidityPermille / 10,
        ["co2Ppm"] = status.Co2Ppm == ShelterStatusV1.Co2Unknown ? null : status.Co2Ppm,
        ["batteryVolts"] = status.BatteryMillivolts == ShelterStatusV1.BatteryUnknown ? null : status.BatteryMillivolts / 1000.0,
    };

    /// <summary>DoorLeftOpen to doorLeftOpen.</summary>
    public static string Name<T>(T value)
        where T : struct, Enum
    {
        var name = value.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }
}
