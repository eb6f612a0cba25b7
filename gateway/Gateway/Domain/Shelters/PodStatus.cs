using Quartier.Gateway.Store;
using Quartier.Wire;

namespace Quartier.Gateway.Domain.Shelters;

/// <summary>What a pod's sensor says of its pod, whatever format it came in. The commands and network servers show these fields under
/// the same names in camelCase; null is a value that the sensor does not know.</summary>
public sealed record PodStatus
{
    public required Occupancy Occupancy { get; init; }

    public required OccupancyReason Reason { get; init; }

    /// <summary>0 (a guess) to 3 (certain).</summary>
    public int Confidence { get; init; }

    public bool DoorOpen { get; init; }

    public bool Locked { get; init; }

    /// <summary>Something moved since the report before.</summary>
    public bool Moved { get; init; }

    public bool Smoke { get; init; }

    public bool Sos { get; init; }

    public bool Tamper { get; init; }

    public bool ClimateFault { get; init; }

    public bool Co2Fault { get; init; }

    public bool DoorLockFault { get; init; }

    public bool MotionFault { get; init; }

    /// <summary>Since <see cref="Occupancy"/> changed, by the device's own count, which ends somewhere.</summary>
    public int AgeMinutes { get; init; }

    public double? TemperatureCelsius { get; init; }

    public double? HumidityPercent { get; init; }

    public double? Co2Ppm { get; init; }

    public double? BatteryVolts { get; init; }
}

/// <summary>How a field of the status lies in the store: text, or an integer in a unit small enough for it.</summary>
/// <param name="Reads">SQL that gives the field's value under the field's name.</param>
/// <param name="Write">The column's value.</param>
public sealed record StatusColumn(string Name, string Type, string Reads, Func<PodStatus, Cell> Write)
{
    /// <summary>One for each field. The first is never null where there is a status.</summary>
    public static readonly IReadOnlyList<StatusColumn> All =
    [
        Word("occupancy", nameof(PodStatus.Occupancy), status => status.Occupancy.ToString()),
        Word("reason", nameof(PodStatus.Reason), status => status.Reason.ToString()),
        Count("confidence", nameof(PodStatus.Confidence), status => status.Confidence),
        Flag("door_open", nameof(PodStatus.DoorOpen), status => status.DoorOpen),
        Flag("locked", nameof(PodStatus.Locked), status => status.Locked),
        Flag("moved", nameof(PodStatus.Moved), status => status.Moved),
        Flag("smoke", nameof(PodStatus.Smoke), status => status.Smoke),
        Flag("sos", nameof(PodStatus.Sos), status => status.Sos),
        Flag("tamper", nameof(PodStatus.Tamper), status => status.Tamper),
        Flag("climate_fault", nameof(PodStatus.ClimateFault), status => status.ClimateFault),
        Flag("co2_fault", nameof(PodStatus.Co2Fault), status => status.Co2Fault),
        Flag("door_lock_fault", nameof(PodStatus.DoorLockFault), status => status.DoorLockFault),
        Flag("motion_fault", nameof(PodStatus.MotionFault), status => status.MotionFault),
        Count("age_minutes", nameof(PodStatus.AgeMinutes), status => status.AgeMinutes),
        Measured("centi_celsius", nameof(PodStatus.TemperatureCelsius), 100, status => status.TemperatureCelsius),
        Measured("humidity_permille", nameof(PodStatus.HumidityPercent), 10, status => status.HumidityPercent),
        Measured("co2_ppm", nameof(PodStatus.Co2Ppm), 1, status => status.Co2Ppm),
        Measured("battery_millivolts", nameof(PodStatus.BatteryVolts), 1000, status => status.BatteryVolts),
    ];

    private static StatusColumn Word(string name, string field, Func<PodStatus, string> value) =>
        new(name, "TEXT", $"{name} AS {field}", status => value(status));

    private static StatusColumn Count(string name, string field, Func<PodStatus, int> value) =>
        new(name, "INTEGER", $"{name} AS {field}", status => value(status));

    private static StatusColumn Flag(string name, string field, Func<PodStatus, bool> value) =>
        new(name, "INTEGER", $"{name} AS {field}", status => value(status) ? 1 : 0);

    private static StatusColumn Measured(string name, string field, int unitsOfOne, Func<PodStatus, double?> value) =>
        new(name, "INTEGER", $"{name} / {unitsOfOne}.0 AS {field}", status => value(status) is { } number ? (long)Math.Round(number * unitsOfOne) : (long?)null);
}
