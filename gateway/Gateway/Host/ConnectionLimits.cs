using System.Globalization;

namespace Quartier.Gateway.Host;

/// <summary>How many connections the process takes. Each is an open file, and a process that has no file left can neither write its store
/// nor take the next connection.</summary>
/// <param name="Pages">Over all ports of the console, MQTT over WebSocket included.</param>
/// <param name="Broker">Over all ports of the broker.</param>
public sealed record ConnectionLimits(int Pages, int Broker)
{
    private const int BrokerMax = 20_000;
    private const int PagesMax = 5_000;
    private const int FilesMin = 768;

    /// <summary>Idle, the gateway has 300 files open: the libraries of .NET, the store, its ports.</summary>
    private const int OwnMin = 512;

    /// <summary>A limit that no system of ours sets so low stands for "none": Windows counts handles, not files.</summary>
    private const long NoLimit = long.MaxValue;

    /// <summary>Beyond the limit this many are still heard, so that a client over it is told in CONNACK.</summary>
    public const int ToldWhy = 64;

    /// <summary>Open at once, those included that are being cut.</summary>
    public int Sockets => Pages + Broker + (2 * ToldWhy);

    public static ConnectionLimits OfThisProcess() => Of(FilesMax(File.Exists("/proc/self/limits") ? File.ReadAllText("/proc/self/limits") : ""));

    /// <param name="filesMax">Files that the process may have open.</param>
    /// <exception cref="IOException">They are too few to serve anybody.</exception>
    public static ConnectionLimits Of(long filesMax)
    {
        if (filesMax < FilesMin)
        {
            throw new IOException(string.Create(CultureInfo.InvariantCulture, $"this process may have {filesMax} files open and needs {FilesMin}: raise the limit (LimitNOFILE= in the service's unit, ulimit -n in a shell)"));
        }

        // The rest is for the store, libraries, feeds, mail and the planning backend.
        var own = Math.Clamp(filesMax / 4, OwnMin, 1_024);
        var free = filesMax - own - (2 * ToldWhy);
        var pages = Math.Min(free / 4, PagesMax);
        return new ConnectionLimits((int)pages, (int)Math.Min(free - pages, BrokerMax));
    }

    /// <param name="limits">As in /proc/self/limits; the runtime has raised the soft limit to the hard one. Empty where there is no such file.</param>
    public static long FilesMax(string limits)
    {
        foreach (var line in limits.Split('\n'))
        {
            if (line.StartsWith("Max open files", StringComparison.Ordinal))
            {
                return long.TryParse(line["Max open files".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture, out var soft) ? soft : NoLimit;
            }
        }

        return NoLimit;
    }
}
