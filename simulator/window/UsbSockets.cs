using Quartier.Board;
using Quartier.Simulator.Boards;
using Quartier.Simulator.World;

namespace Quartier.Simulator.Window;

/// <summary>A pseudo-terminal for each device, where the provisioning tool plugs in, and the board's UART behind it.</summary>
internal sealed class UsbSockets(VirtualWorld world) : IDisposable
{
    private readonly Dictionary<string, (PtyLine Line, Uart Uart)> lines = [];

    public ISerialLine Open(string device)
    {
        if (!OperatingSystem.IsLinux())
        {
            return new SilentLine();
        }

        var line = new PtyLine();
        var uart = new Uart(world, line);
        lines[device] = (line, uart);
        return uart;
    }

    public string? PathOf(string device) => lines.GetValueOrDefault(device).Line?.Path;

    /// <summary>Received bytes wake a board.</summary>
    public void Wake(Quarter quarter)
    {
        foreach (var (device, (_, uart)) in lines)
        {
            uart.Arrived += (device == QuarterScreen.Device ? quarter.Screen.Runner : quarter.Pods.First(pod => pod.Identity.DevEui == device).Runner).Wake;
        }
    }

    /// <summary>Looks whether somebody has typed something; on the world's thread.</summary>
    public void Look()
    {
        foreach (var (line, uart) in lines.Values)
        {
            if (line.HasInput)
            {
                uart.Notice();
            }
        }
    }

    public void Dispose()
    {
        foreach (var (line, _) in lines.Values)
        {
            line.Dispose();
        }
    }
}
