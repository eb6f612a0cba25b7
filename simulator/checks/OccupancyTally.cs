using System.Globalization;
using Quartier.Simulator.Boards;
using Quartier.Wire;

namespace Quartier.Simulator.Checks;

/// <summary>Counts minutes of truth against minutes of judgement, for the figures printed after a run. It judges nothing.</summary>
public sealed class OccupancyTally : Checker
{
    private long right;
    private long missed;
    private long invented;
    private long unknown;
    private long all;

    public override string Name => "occupancy tally";

    /// <summary>*Unknown* counts as a miss when somebody is inside.</summary>
    public double F1 => right == 0 ? 0 : 2.0 * right / ((2.0 * right) + missed + invented);

    public double UnknownShare => all == 0 ? 0 : (double)unknown / all;

    public override void Watch(Quarter quarter)
    {
        quarter.World.Every(60_000, () =>
        {
            foreach (var pod in quarter.Pods)
            {
                var state = pod.App.Occupancy.State;
                var inside = pod.Scene.People > 0;
                all++;
                unknown += state == Occupancy.Unknown ? 1 : 0;
                right += inside && state == Occupancy.Occupied ? 1 : 0;
                missed += inside && state != Occupancy.Occupied ? 1 : 0;
                invented += !inside && state == Occupancy.Occupied ? 1 : 0;
            }
        });
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"occupancy F1 {F1:0.000}, unknown {UnknownShare:P1} of {all} pod-minutes");
}
