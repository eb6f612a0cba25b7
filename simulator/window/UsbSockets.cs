using Quartier.Board;
using Quartier.Simulator.Boards;

namespace Quartier.Simulator.Window;

/// <summary>A pseudo-terminal for each device, where the provisioning tool plugs in.</summary>
internal sealed class UsbSockets : IDisposable
{
    private readonly Dictionary<string, PtyLine> lines = [];

    public ISerialLine Open(string device)
    {
        if (!OperatingSystem.IsLinux())
        {
            return new SilentLine();
        }

        var line = new PtyLine();
        lines[device] = line;
        return line;
    }

    public string? PathOf(string device) => lines.GetValueOrDefault(device)?.Path;

    /// <summary>Received bytes wake a board as its UART would.</summary>
    public void WakeWhereBytesWait(Quarter quarter)
    {
        foreach (var (device, line) in lines)
        {
            if (line.HasInput)
            {
                var runner = device == QuarterScreen.Device ? quarter.Screen.Runner : quarter.Pods.First(pod => pod.Identity.DevEui == device).Runner;
                runner.Wake();
            }
        }
    }

    public void Dispose()
    {
        foreach (var line in lines.Values)
        {
            line.Dispose();
        }
    }
}
