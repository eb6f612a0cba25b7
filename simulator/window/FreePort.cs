using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Quartier.Simulator.Window;

/// <summary>Ports that nobody uses. A free one may be taken by another program the moment after; then binding it fails and says so.</summary>
public static class FreePort
{
    private const int Tries = 200;

    /// <param name="wanted">The port that people expect; 0 for any.</param>
    /// <param name="taken">Ports given out already by this process.</param>
    public static int From(int wanted, params ReadOnlySpan<int> taken)
    {
        if (wanted == 0)
        {
            using var probe = new TcpListener(IPAddress.Loopback, 0);
            probe.Start();
            return ((IPEndPoint)probe.LocalEndpoint).Port;
        }

        var used = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Select(l => l.Port).ToHashSet();
        foreach (var port in taken)
        {
            used.Add(port);
        }

        for (var port = wanted; port < wanted + Tries; port++)
        {
            if (!used.Contains(port))
            {
                return port;
            }
        }

        throw new InvalidOperationException($"No free port from {wanted} to {wanted + Tries}.");
    }
}
