using System.Text.Json;
using Quartier.Wire;

namespace Quartier.Gateway.Ingest;

/// <summary>The way back from fields to a frame, for the encode command: the inverse of <see cref="ShelterPayload.Fields(object)"/>.</summary>
public static class ShelterFields
{
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        RespectRequiredConstructorParameters = true,
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: true) },
    };

    /// <returns>The frame, or null with the fault in words.</returns>
    public static byte[]? Encode(int port, string json, out string fault)
    {
        fault = "";
        try
        {
            var buffer = new byte[ShelterStatusV1.Bytes];
            var length = port switch
            {
                Ports.ShelterStatus => Read<StatusFields>(json).ToStatus().Encode(buffer),
                Ports.ShelterAlarm => Read<AlarmFields>(json).ToAlarm().Encode(buffer),
                Ports.AlarmConfirmation => new AlarmConfirmationV1 { Sequence = Read<ConfirmationFields>(json).Sequence }.Encode(buffer),
                _ => 0,
            };
            if (length > 0)
            {
                return buffer[..length];
            }

            fault = length == 0 ? $"port {port} has no format" : "a value is out of its range";
        }
        catch (JsonException thrown)
        {
            fault = $"not the fields of port {port}: {Brief(thrown)}";
        }

        return null;
    }

    /// <summary>The serializer's message without the names of our types.</summary>
    private static string Brief(JsonException thrown) =>
        thrown.Message.Split("including: ") is [_, var missing] ? $"{missing.TrimEnd('.')} missing"
        : thrown.Message.Split('\'') is [var before, var name, ..] && before.EndsWith("property ", StringComparison.Ordinal) ? $"there is no '{name}'"
        : thrown.Path is { Length: > 1 } path ? $"{path[2..]} is not one of its values"
        : "one JSON object was expected";

    private static T Read<T>(string json)
        where T : class =>
        JsonSerializer.Deserialize<T>(json, Strict) ?? throw new JsonException("an object was expected");

    // Out of int's range is out of the format's range; -1 as a number must not become the mark for unknown.
    private static int? Scaled(double? value, int factor) =>
        value is not { } number ? null
        : double.Abs(number) < 1_000_000 && (number >= 0 || factor == 100) ? (int)Math.Round(number * factor, MidpointRounding.AwayFromZero)
        : int.MaxValue;

    private sealed record StatusFields(
        Occupancy Occupancy, OccupancyReason Reason, int Confidence = 0, bool DoorOpen = false, bool Locked = false, bool Moved = false,
        bool Smoke = false, bool Sos = false, bool Tamper = false, bool ClimateFault = false, bool Co2Fault = false, bool DoorLockFault = false,
        bool MotionFault = false, int AgeMinutes = 0, double? TemperatureCelsius = null, double? HumidityPercent = null, double? Co2Ppm = null, double? BatteryVolts = null)
    {
        public ShelterStatusV1 ToStatus() => new()
        {
            Occupancy = Occupancy, Reason = Reason, Confidence = Confidence, DoorOpen = DoorOpen, Locked = Locked, Moved = Moved,
            Smoke = Smoke, Sos = Sos, Tamper = Tamper, ClimateFault = ClimateFault, Co2Fault = Co2Fault, DoorLockFault = DoorLockFault,
            MotionFault = MotionFault, AgeMinutes = AgeMinutes,
            CentiCelsius = Scaled(TemperatureCelsius, 100) ?? ShelterStatusV1.CelsiusUnknown,
            HumidityPermille = Scaled(HumidityPercent, 10) ?? ShelterStatusV1.HumidityUnknown,
            Co2Ppm = Scaled(Co2Ppm, 1) ?? ShelterStatusV1.Co2Unknown,
            BatteryMillivolts = Scaled(BatteryVolts, 1000) ?? ShelterStatusV1.BatteryUnknown,
        };
    }

    private sealed record AlarmFields(AlarmKind Kind, int Sequence, bool Active = true, int Value = 0)
    {
        public ShelterAlarmV1 ToAlarm() => new() { Kind = Kind, Sequence = Sequence, Active = Active, Value = Value };
    }

    private sealed record ConfirmationFields(int Sequence);
}
