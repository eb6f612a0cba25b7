using Quartier.Simulator.Faults;
using Quartier.Simulator.World;

namespace Quartier.Simulator;

/// <summary>One direction of a connection: bytes leave one after the other, and arrive half a round trip later in their order. What is
/// stuck arrives when the line is whole again, as TCP brings it, if the connection still stands.</summary>
/// <param name="stands">Whether the connection with that number is still the present one.</param>
internal sealed class SlowLine(VirtualWorld world, LineConditions conditions, Func<int, bool> stands)
{
    private const long RetransmitMs = 1_000;

    private readonly Queue<(int Connection, Action Arrived)> stuck = new();
    private long freeAtMs;

    public long Bytes { get; private set; }

    /// <summary>A new connection has nothing in its buffers.</summary>
    public void Clear()
    {
        stuck.Clear();
        freeAtMs = 0;
    }

    public void Carry(int connection, int bytes, Action arrived)
    {
        Bytes += bytes;
        freeAtMs = Math.Max(world.NowMs, freeAtMs) + (conditions.BytesPerSecond > 0 ? bytes * 1000L / conditions.BytesPerSecond : 0);
        world.At(freeAtMs + (conditions.RoundTripMs / 2), () => Arrive(connection, arrived));
    }

    private void Arrive(int connection, Action arrived)
    {
        if (!stands(connection))
        {
            return;
        }

        if (stuck.Count == 0 && !conditions.IsHalfOpen)
        {
            arrived();
            return;
        }

        stuck.Enqueue((connection, arrived));
        if (stuck.Count == 1)
        {
            world.After(RetransmitMs, Retransmit);
        }
    }

    private void Retransmit()
    {
        while (!conditions.IsHalfOpen && stuck.TryDequeue(out var first))
        {
            if (stands(first.Connection))
            {
                first.Arrived();
            }
        }

        if (stuck.Count > 0)
        {
            world.After(RetransmitMs, Retransmit);
        }
    }
}
