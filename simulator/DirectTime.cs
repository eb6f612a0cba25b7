using Quartier.Board;
using Quartier.Simulator.Boards;
using Quartier.Simulator.Faults;
using Quartier.Simulator.World;
using Quartier.Wire;

namespace Quartier.Simulator;

/// <summary>Datagrams to the gateway inside the world, at the port where it tells the time.</summary>
internal sealed class DirectTime(VirtualWorld world, SimulatedChip chip, GatewayName name, LineConditions line) : ITimeLine
{
    private byte[]? answer;

    public GatewayInProcess? Gateway { get; set; }

    public bool Send(byte[] packet, int length)
    {
        answer = null;
        if (chip.Wifi.State != WifiState.Connected || !name.TryFind())
        {
            return false;
        }

        var copy = packet.AsSpan(0, length).ToArray();
        var leavesMs = Math.Max(world.NowMs, chip.Interpreter.FreeAtMs);
        world.At(leavesMs + (line.RoundTripMs / 2), () => Answer(copy));
        return true;
    }

    public int Receive(byte[] buffer)
    {
        if (answer is not { } came)
        {
            return 0;
        }

        answer = null;
        came.CopyTo(buffer, 0);
        return came.Length;
    }

    private void Answer(byte[] packet)
    {
        if (Gateway is not { IsUp: true } || line.IsHalfOpen || line.IsStranger || line.IsTimeSilent)
        {
            return;
        }

        var now = Gateway.Clock.Now.ToUnixTimeMilliseconds();
        if (TimePacket.TryAnswer(packet, packet.Length, now, now))
        {
            world.After(line.RoundTripMs / 2, () => answer = packet);
        }
    }
}
