using Quartier.Board;
using Quartier.Simulator.World;

namespace Quartier.Simulator.Boards;

/// <summary>The parts of a board that every device has: watchdog, power, and a clock that knows the time once it was told.</summary>
public sealed class SimulatedMachine(VirtualWorld world) : IWatchdog, IPower, IClock
{
    /// <summary>Set when the application asked for a restart; the runner honours it.</summary>
    public Action? RestartWanted { get; set; }

    public bool TimeKnown { get; set; }

    public ResetReason LastReset { get; set; } = ResetReason.PowerOn;

    public void Feed()
    {
    }

    public void Restart() => RestartWanted?.Invoke();

    /// <summary>A desk's memory says nothing about a board's.</summary>
    public bool TryGetFreeHeap(out long bytes)
    {
        bytes = 0;
        return false;
    }

    public bool TryGetUtc(out long unixSeconds)
    {
        unixSeconds = TimeKnown ? world.Now.ToUnixTimeSeconds() : 0;
        return TimeKnown;
    }
}
