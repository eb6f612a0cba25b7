using System.Data.Common;
using Dapper;
using Quartier.Gateway.Domain.Shelters;
using Quartier.Gateway.Ingest;

namespace Quartier.Gateway.Host.Migrations;

/// <summary>A pod's last status, which versions until 2026-11 kept as the frame of format 1 that it had come in, read over into columns.</summary>
internal static class PodFrames
{
    public static readonly (string Name, string Type)[] Columns =
    [
        ("occupancy", "TEXT"),
        ("reason", "TEXT"),
        ("confidence", "INTEGER"),
        ("door_open", "INTEGER"),
        ("locked", "INTEGER"),
        ("moved", "INTEGER"),
        ("smoke", "INTEGER"),
        ("sos", "INTEGER"),
        ("tamper", "INTEGER"),
        ("climate_fault", "INTEGER"),
        ("co2_fault", "INTEGER"),
        ("door_lock_fault", "INTEGER"),
        ("motion_fault", "INTEGER"),
        ("age_minutes", "INTEGER"),
        ("centi_celsius", "INTEGER"),
        ("humidity_permille", "INTEGER"),
        ("co2_ppm", "INTEGER"),
        ("battery_millivolts", "INTEGER"),
    ];

    private static readonly string Keep =
        $"UPDATE pods SET port = @port, {string.Join(", ", Columns.Select(column => $"{column.Name} = @{column.Name}"))}, received_at = COALESCE(received_at, reported_at) WHERE device = @device";

    /// <summary>A frame that is none is dropped, as it was never shown.</summary>
    public static void ReadOver(DbConnection store)
    {
        foreach (var (device, frame) in store.Query<(string Device, byte[] Frame)>("SELECT device, status FROM pods WHERE status IS NOT NULL AND reported_at IS NOT NULL").AsList())
        {
            if (StatusV1.Format.Decode(frame) is PodStatus status)
            {
                store.Execute(Keep, Values(device, status));
            }
        }
    }

    private static object Values(string device, PodStatus status) => new
    {
        device,
        port = StatusV1.Format.Port,
        occupancy = status.Occupancy.ToString(),
        reason = status.Reason.ToString(),
        confidence = status.Confidence,
        door_open = status.DoorOpen,
        locked = status.Locked,
        moved = status.Moved,
        smoke = status.Smoke,
        sos = status.Sos,
        tamper = status.Tamper,
        climate_fault = status.ClimateFault,
        co2_fault = status.Co2Fault,
        door_lock_fault = status.DoorLockFault,
        motion_fault = status.MotionFault,
        age_minutes = status.AgeMinutes,
        centi_celsius = Units(status.TemperatureCelsius, 100),
        humidity_permille = Units(status.HumidityPercent, 10),
        co2_ppm = Units(status.Co2Ppm, 1),
        battery_millivolts = Units(status.BatteryVolts, 1000),
    };

    private static long? Units(double? value, int unitsOfOne) => value is { } number ? (long)Math.Round(number * unitsOfOne) : null;
}
