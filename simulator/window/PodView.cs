using Quartier.Board;
using Quartier.Simulator.Boards;
using Quartier.Wire;

namespace Quartier.Simulator.Window;

/// <summary>One pod at one moment, taken on the world's thread: what is true, and what its firmware makes of it.</summary>
public sealed record PodView(
    string DevEui, string Name,
    int People, bool Asleep, bool FlapOpen, bool Bolted, bool Smoke, bool Cold, bool BatteryFlat, double Celsius, int HumidityPercent, int Ppm,
    Occupancy Thinks, OccupancyReason Reason, int Confidence, long SinceMinutes, LampSign Lamp, IReadOnlyList<(AlarmKind Kind, bool Active, bool Open, int Sequence)> Alarms,
    ModemState Modem, long FramesSent, double AirtimeSeconds)
{
    /// <summary>The firmware's judgement against the truth.</summary>
    public bool? IsRight => Thinks switch
    {
        Occupancy.Occupied => People > 0,
        Occupancy.Free => People == 0,
        _ => null,
    };

    public static PodView Of(Pod pod, long nowMs)
    {
        var (scene, app) = (pod.Scene, pod.App);
        var alarms = new List<(AlarmKind, bool, bool, int)>();
        for (var kind = AlarmKind.Smoke; kind <= AlarmKind.Tamper; kind++)
        {
            var entry = app.Alarms[kind];
            if (entry.Active || entry.Open)
            {
                alarms.Add((kind, entry.Active, entry.Open, entry.Sequence));
            }
        }

        return new PodView(
            pod.Identity.DevEui, pod.Identity.Name,
            scene.People, scene.Asleep, scene.FlapOpen, scene.Bolted, scene.Smoke, scene.Cold, scene.BatteryFlat,
            scene.Celsius, (int)Math.Round(scene.RelativeHumidity * 100), (int)Math.Round(scene.Ppm),
            app.Occupancy.State, app.Occupancy.Reason, app.Occupancy.Confidence, (nowMs - app.Occupancy.ChangedMs) / 60_000,
            pod.Board.LampShows, alarms, pod.Modem.Step(nowMs), pod.Modem.FramesSent, pod.Modem.AirtimeMs / 1000.0);
    }
}
