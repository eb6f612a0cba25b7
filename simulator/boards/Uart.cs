using Quartier.Board;
using Quartier.Simulator.World;

namespace Quartier.Simulator.Boards;

/// <summary>The board's UART between its firmware and a cable: bytes come at the line's rate whether anybody reads or not, and what comes
/// when the buffer is full is lost. One write takes a buffer at most, and the next one waits until that has left.</summary>
/// <param name="cable">The other end; its bytes leave when <see cref="Notice"/> is called.</param>
public sealed class Uart(VirtualWorld world, ISerialLine cable) : ISerialLine
{
    public const int BufferBytes = 2048;
    public const int Baud = 115_200;
    private const int BitsPerByte = 10;
    private const long TickMs = 1;
    private const int BytesPerTick = (int)(Baud * TickMs / BitsPerByte / 1000);

    private readonly Queue<byte> received = new();
    private readonly byte[] tick = new byte[BytesPerTick];
    private bool coming;
    private long leavingUntilMs;

    /// <summary>Bytes are in the buffer: the driver's event, which ends the firmware's sleep.</summary>
    public event Action? Arrived;

    public int Lost { get; private set; }

    /// <summary>The other end has sent something.</summary>
    public void Notice()
    {
        if (!coming)
        {
            coming = true;
            Come();
        }
    }

    public int Read(byte[] buffer, int offset, int count)
    {
        var taken = 0;
        while (taken < count && received.TryDequeue(out buffer[offset + taken]))
        {
            taken++;
        }

        return taken;
    }

    public int Write(byte[] buffer, int offset, int count)
    {
        if (world.NowMs < leavingUntilMs)
        {
            return 0;
        }

        var taken = cable.Write(buffer, offset, Math.Min(count, BufferBytes));
        leavingUntilMs = world.NowMs + (taken * BitsPerByte * 1000L / Baud);
        return taken;
    }

    private void Come()
    {
        var count = cable.Read(tick, 0, tick.Length);
        coming = count > 0;
        if (!coming)
        {
            return;
        }

        foreach (var one in tick.AsSpan(0, count))
        {
            if (received.Count < BufferBytes)
            {
                received.Enqueue(one);
            }
            else
            {
                Lost++;
            }
        }

        world.After(TickMs, Come);
        Arrived?.Invoke();
    }
}
