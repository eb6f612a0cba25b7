using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Quartier.Tests.Mqtt;

/// <summary>Mosquitto's broker as a process of its own, on a free port, with its files in a temporary folder.</summary>
public sealed class MosquittoPeer : IDisposable
{
    private readonly Process process;
    private readonly string folder;

    private readonly Task<string> log;

    private MosquittoPeer(Process process, Task<string> log, string folder, int port)
    {
        this.process = process;
        this.log = log;
        this.folder = folder;
        Port = port;
    }

    public int Port { get; }

    public static async Task<MosquittoPeer> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("quartier-mosquitto-").FullName;
        var port = FreePort();
        var configuration = Path.Combine(folder, "mosquitto.conf");
        await File.WriteAllTextAsync(configuration, $"listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\n");
        var process = ForeignTool.Start("mosquitto", ["-v", "-c", configuration]);
        // With -v it says "... running" once it listens.
        using var limit = new CancellationTokenSource(RawClient.Patience);
        while (await process.StandardError.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.EndsWith("running", StringComparison.Ordinal))
            {
                return new MosquittoPeer(process, process.StandardError.ReadToEndAsync(CancellationToken.None), folder, port);
            }
        }

        throw new InvalidOperationException($"mosquitto ended with code {process.ExitCode} before it listened on port {port}.");
    }

    public void Dispose()
    {
        process.Kill();
        process.WaitForExit();
        log.Wait(RawClient.Patience);
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}

/// <summary>Programs that are not ours. An absent one fails with what to install.</summary>
public static class ForeignTool
{
    public static Process Start(string program, IEnumerable<string> arguments)
    {
        var path = Find(program) ?? throw new InvalidOperationException(
            $"{program} is not installed. ./quartier test installs it; by hand: apt-get install mosquitto mosquitto-clients nodejs.");
        return Process.Start(new ProcessStartInfo(path, arguments)
        {
            RedirectStandardError = true, RedirectStandardOutput = true, RedirectStandardInput = true,
        }) ?? throw new InvalidOperationException($"{program} did not start.");
    }

    /// <summary>Runs to the end, with the given standard input.</summary>
    public static async Task<string> RunAsync(string program, IEnumerable<string> arguments, string input = "")
    {
        using var process = Start(program, arguments);
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await process.WaitForExitAsync(limit.Token);
        return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {await errors}{await output}");
    }

    private static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/sbin").Append("/usr/local/sbin")
        .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}
