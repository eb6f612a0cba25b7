using Quartier.Gateway.Domain.Shelters;
using Quartier.Wire;

namespace Quartier.Gateway.Ingest;

/// <summary>firmware/wire/formats/shelter-status-v1.md in the gateway's words and units.</summary>
public static class StatusV1
{
    public static readonly PodFormat Format = PodFormat.Of<PodStatus>(Ports.ShelterStatus, "status", Read, Write);

    private static PodStatus? Read(byte[] frame) => !ShelterStatusV1.TryDecode(frame, frame.Length, out var read) ? null : new()
    {
        Occupancy = read.Occupancy,
        Reason = read.Reason,
        Confidence = read.Confidence,
        DoorOpen = read.DoorOpen,
        Locked = read.Locked,
        Moved = read.Moved,
        Smoke = read.Smoke,
        Sos = read.Sos,
        Tamper = read.Tamper,
        ClimateFault = read.ClimateFault,
        Co2Fault = read.Co2Fault,
        DoorLockFault = read.DoorLockFault,
        MotionFault = read.MotionFault,
        AgeMinutes = read.AgeMinutes,
        TemperatureCelsius = Known(read.CentiCelsius, ShelterStatusV1.CelsiusUnknown, 100),
        HumidityPercent = Known(read.HumidityPermille, ShelterStatusV1.HumidityUnknown, 10),
        Co2Ppm = Known(read.Co2Ppm, ShelterStatusV1.Co2Unknown, 1),
        BatteryVolts = Known(read.BatteryMillivolts, ShelterStatusV1.BatteryUnknown, 1000),
    };

    private static int Write(PodStatus status, byte[] frame) => new ShelterStatusV1
    {
        Occupancy = status.Occupancy,
        Reason = status.Reason,
        Confidence = status.Confidence,
        DoorOpen = status.DoorOpen,
        Locked = status.Locked,
        Moved = status.Moved,
        Smoke = status.Smoke,
        Sos = status.Sos,
        Tamper = status.Tamper,
        ClimateFault = status.ClimateFault,
        Co2Fault = status.Co2Fault,
        DoorLockFault = status.DoorLockFault,
        MotionFault = status.MotionFault,
        AgeMinutes = status.AgeMinutes,
        CentiCelsius = Scaled(status.TemperatureCelsius, 100) ?? ShelterStatusV1.CelsiusUnknown,
        HumidityPermille = Scaled(status.HumidityPercent, 10) ?? ShelterStatusV1.HumidityUnknown,
        Co2Ppm = Scaled(status.Co2Ppm, 1) ?? ShelterStatusV1.Co2Unknown,
        BatteryMillivolts = Scaled(status.BatteryVolts, 1000) ?? ShelterStatusV1.BatteryUnknown,
    }.Encode(frame);

    private static double? Known(int value, int unknown, double unitsOfOne) => value == unknown ? null : value / unitsOfOne;

    // Out of int's range is out of the format's range; -1 as a number must not become the mark for unknown.
    private static int? Scaled(double? value, int unitsOfOne) =>
        value is not { } number ? null
        : double.Abs(number) < 1_000_000 && (number >= 0 || unitsOfOne == 100) ? (int)Math.Round(number * unitsOfOne, MidpointRounding.AwayFromZero)
        : int.MaxValue;
}
