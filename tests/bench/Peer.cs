using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Quartier.Tests.Bench;

/// <summary>A broker under load, each in a process of its own: Mosquitto, the embedded broker alone, or the whole gateway.</summary>
internal sealed class Peer : IDisposable
{
    private readonly Process process;
    private readonly string folder;

    private Peer(string name, Process process, string folder, int port, Uri? console = null)
    {
        Console = console!;
        Name = name;
        this.process = process;
        this.folder = folder;
        Port = port;
    }

    public string Name { get; }

    public int Port { get; }

    /// <summary>Of a house only.</summary>
    public Uri Console { get; }

    /// <summary>Resident memory in bytes.</summary>
    public long ResidentBytes
    {
        get
        {
            var line = File.ReadLines($"/proc/{process.Id}/status").First(entry => entry.StartsWith("VmRSS", StringComparison.Ordinal));
            return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
        }
    }

    /// <summary>Processor time used so far: unlike a rate it hardly depends on what else the machine does.</summary>
    public TimeSpan Processor
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    public static async Task<Peer> MosquittoAsync()
    {
        var folder = Directory.CreateTempSubdirectory("quartier-bench-").FullName;
        var port = FreePort();
        var configuration = Path.Combine(folder, "mosquitto.conf");
        // In memory like ours, queues as long as ours; Nagle off as Kestrel has it.
        await File.WriteAllTextAsync(configuration, $"listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\nmax_inflight_messages {ChildBroker.InFlightMax}\n"
            + $"max_queued_messages {ChildBroker.QueueMessagesMax}\nset_tcp_nodelay true\nlog_type error\nuser root\n");
        var program = File.Exists("/usr/sbin/mosquitto") ? "/usr/sbin/mosquitto" : "mosquitto";
        var process = Start(program, ["-c", configuration]);
        await ListeningAsync(port);
        return new Peer("mosquitto", process, folder, port);
    }

    public static Task<Peer> BrokerAsync() => ChildAsync("broker");

    public static Task<Peer> GatewayAsync() => ChildAsync("gateway");

    /// <summary>The gateway with its console, pods and people.</summary>
    /// <param name="filesMax">Files that it may open; null: as this process.</param>
    public static Task<Peer> HouseAsync(int? filesMax = null) => ChildAsync("house", filesMax);

    /// <summary>Asks the gateway for the number of commits so far.</summary>
    public async Task<long> CommitsAsync()
    {
        await process.StandardInput.WriteLineAsync("commits");
        await process.StandardInput.FlushAsync();
        return long.Parse(await process.StandardOutput.ReadLineAsync() ?? throw new IOException($"{Name} has ended."), CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static async Task<Peer> ChildAsync(string role, int? filesMax = null)
    {
        var folder = Directory.CreateTempSubdirectory("quartier-bench-").FullName;
        string[] child = [typeof(Peer).Assembly.Location, ChildBroker.Verb, role, folder];
        var process = filesMax is { } max ? Start("prlimit", [$"--nofile={max}", "dotnet", .. child]) : Start("dotnet", child);
        var port = await process.StandardOutput.ReadLineAsync() ?? throw new IOException($"The {role} did not start.");
        var first = await process.StandardOutput.ReadLineAsync() ?? throw new IOException($"The {role} did not start.");
        return new Peer(role, process, folder, int.Parse(port, CultureInfo.InvariantCulture), new Uri($"http://127.0.0.1:{first}"));
    }

    private static Process Start(string program, string[] arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })
        ?? throw new InvalidOperationException($"{program} did not start.");

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private static async Task ListeningAsync(int port)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync(IPAddress.Loopback, port);
                return;
            }
            catch (SocketException) when (attempt < 100)
            {
                await Task.Delay(50);
            }
        }
    }
}
