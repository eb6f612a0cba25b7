using Quartier.Board;
using Quartier.Simulator.World;

namespace Quartier.Simulator.Boards;

/// <summary>The chip's clock, and the platform's client of public time servers that sets it without saying so. The clock begins in 1970
/// and keeps going over a restart, not over a power cut.</summary>
public sealed class SimulatedTime : ISystemTime, IPublicTime
{
    private const long AnswerMs = 700;

    private readonly VirtualWorld world;
    private readonly SimulatedWifi wifi;
    private long offsetMs;

    public SimulatedTime(VirtualWorld world, SimulatedWifi wifi)
    {
        (this.world, this.wifi) = (world, wifi);
        offsetMs = -world.NowMs;
        // The platform starts its client whenever it gets an address.
        wifi.Changed += () => Switch(wifi.State == WifiState.Connected);
    }

    /// <summary>The house's network lets the screen out to the public servers.</summary>
    public bool IsReachable { get; set; } = true;

    public long UnixMs => world.NowMs + offsetMs;

    public bool IsOn { get; private set; }

    public void Set(long unixMs) => offsetMs = unixMs - world.NowMs;

    public void Switch(bool on)
    {
        if (on && !IsOn)
        {
            world.After(AnswerMs, Answered);
        }

        IsOn = on;
    }

    /// <summary>The battery's or the plug's end: the clock knows nothing any more.</summary>
    public void Lose() => offsetMs = -world.NowMs;

    private void Answered()
    {
        if (IsOn && IsReachable && wifi.State == WifiState.Connected)
        {
            Set(world.Now.ToUnixTimeMilliseconds());
        }
    }
}
