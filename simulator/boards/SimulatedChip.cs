using Quartier.Simulator.World;

namespace Quartier.Simulator.Boards;

/// <summary>The ESP32 of the screen's reference module as its firmware meets it: one task, two memories, radio, clock.</summary>
public sealed class SimulatedChip
{
    /// <summary>What the chip's own memory has left once Wi-Fi is up, by estimate: an image with PSRAM, of 320 kB.</summary>
    private const int OwnBytes = 100_000;
    /// <summary>Half of the 4 MB of PSRAM that the chip can address at once, by estimate; the picture and the platform have the rest.</summary>
    private const int ManagedBytes = 2_000_000;

    public SimulatedChip(VirtualWorld world)
    {
        Interpreter = new Interpreter(world);
        Machine = new SimulatedMachine(world, Interpreter, Memory);
        Wifi = new SimulatedWifi(world);
        Time = new SimulatedTime(world, Wifi);
    }

    public Interpreter Interpreter { get; }

    /// <summary>The chip's own, from which TLS takes its buffers.</summary>
    public ChipMemory Memory { get; } = new(OwnBytes);

    /// <summary>Of managed code: every packet is read into one piece of it.</summary>
    public ChipMemory Managed { get; } = new(ManagedBytes);

    public SimulatedMachine Machine { get; }

    public SimulatedWifi Wifi { get; }

    public SimulatedTime Time { get; }

    public SimulatedRoots Roots { get; } = new();

    /// <summary>What a restart does to the chip, whoever asked for it. The clock goes on.</summary>
    public void Reset()
    {
        // First, so that nothing can leave before the radio is back.
        Wifi.Restart();
        Interpreter.Reset();
        Memory.Reset();
        Managed.Reset();
        Roots.Reset();
    }
}
