using Quartier.Simulator.World;

namespace Quartier.Simulator.Boards;

/// <summary>The chip's one task for managed code. A name's look-up and a TLS handshake run in native code under it: until they are over,
/// steps, keys and picture wait, while radio and UART go on.</summary>
public sealed class Interpreter(VirtualWorld world)
{
    private long stoppedAtMs;

    /// <summary>World's time at which managed code goes on; long.MaxValue when it never does by itself.</summary>
    public long FreeAtMs { get; private set; }

    public bool IsStopped => FreeAtMs > world.NowMs;

    /// <summary>Of all stops so far, also of one that a reset has ended.</summary>
    public long LongestStopMs { get; private set; }

    /// <summary>Native code takes the task, after whatever has it now.</summary>
    /// <param name="ms">long.MaxValue for a call that waits for a silent peer.</param>
    public void Stop(long ms)
    {
        stoppedAtMs = IsStopped ? stoppedAtMs : world.NowMs;
        var from = Math.Max(FreeAtMs, world.NowMs);
        FreeAtMs = ms > long.MaxValue - from ? long.MaxValue : from + ms;
        if (FreeAtMs < long.MaxValue)
        {
            LongestStopMs = Math.Max(LongestStopMs, FreeAtMs - stoppedAtMs);
        }
    }

    /// <summary>A reset ends native code too.</summary>
    public void Reset()
    {
        if (IsStopped)
        {
            LongestStopMs = Math.Max(LongestStopMs, world.NowMs - stoppedAtMs);
        }

        FreeAtMs = 0;
    }
}
