using Quartier.Board;
using Quartier.Simulator.World;

namespace Quartier.Simulator.Boards;

/// <summary>What every board has: power, the watchdog part beside the chip, and no clock of its own.</summary>
/// <param name="memory">The chip's own; null for a board that is not asked for it.</param>
public sealed class SimulatedMachine(VirtualWorld world, Interpreter interpreter, ChipMemory? memory = null) : IWatchdog, IPower, IClock
{
    /// <summary>TPL5010 with the resistor of hardware/kiosk and hardware/shelter: its longest interval.</summary>
    public const long WatchdogMs = 181_000;

    private long fedAtMs;
    private bool watching;

    /// <summary>The board starts again, by its firmware's wish or by the watchdog's.</summary>
    public Action? RestartWanted { get; set; }

    public Interpreter Interpreter => interpreter;

    public ResetReason LastReset { get; private set; } = ResetReason.PowerOn;

    public int WatchdogResets { get; private set; }

    public void Feed()
    {
        fedAtMs = world.NowMs;
        if (!watching)
        {
            watching = true;
            world.After(WatchdogMs, Look);
        }
    }

    public void Restart() => Restart(ResetReason.Software);

    /// <summary>The firmware cannot tell a watchdog's reset from a power cut: both are unknown to it.</summary>
    public void Restart(ResetReason reason)
    {
        LastReset = reason;
        RestartWanted?.Invoke();
    }

    public bool TryGetFreeHeap(out long bytes)
    {
        bytes = memory?.Free ?? 0;
        return memory is not null;
    }

    /// <summary>Nobody tells a pod the time.</summary>
    public bool TryGetUtc(out long unixSeconds)
    {
        unixSeconds = 0;
        return false;
    }

    private void Look()
    {
        var dueMs = fedAtMs + WatchdogMs;
        if (world.NowMs < dueMs)
        {
            world.At(dueMs, Look);
            return;
        }

        WatchdogResets++;
        fedAtMs = world.NowMs;
        world.After(WatchdogMs, Look);
        Restart(ResetReason.Unknown);
    }
}
