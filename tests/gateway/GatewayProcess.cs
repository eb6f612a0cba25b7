using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Quartier.Tests.Gateway;

/// <summary>The gateway as a process of its own, so that it can be killed and watched: every device admitted.</summary>
internal sealed class GatewayProcess : IDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly Task<string> errors;

    private GatewayProcess(Process process, Task<string> errors, int port)
    {
        this.process = process;
        this.errors = errors;
        Port = port;
    }

    public int Port { get; }

    /// <param name="wrapper">A program and its arguments that run the gateway, strace for example; empty for none.</param>
    public static Task<GatewayProcess> StartAsync(string dataDirectory, int port, params string[] wrapper) => StartAsync(dataDirectory, port, httpPort: -1, wrapper);

    /// <param name="httpPort">Of the console; -1 for none.</param>
    public static async Task<GatewayProcess> StartAsync(string dataDirectory, int port, int httpPort, params string[] wrapper)
    {
        string[] command =
        [
            .. wrapper, "dotnet", Path.Combine(AppContext.BaseDirectory, "Quartier.Gateway.dll"), "serve",
            "--data", dataDirectory, "--http-port", $"{httpPort}", "--mqtt-port", $"{port}", "--admit-unknown", "--anonymous-mqtt",
        ];
        var process = Start(command[0], command[1..]);
        var errors = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(Patience);
        while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.StartsWith("mqtt ", StringComparison.Ordinal))
            {
                return new GatewayProcess(process, errors, int.Parse(line[(line.LastIndexOf(':') + 1)..], System.Globalization.CultureInfo.InvariantCulture));
            }
        }

        throw new InvalidOperationException($"The gateway did not start: {await errors}");
    }

    /// <summary>SIGKILL, as a power cut would: nothing of the process runs any more.</summary>
    public void Kill()
    {
        process.Kill(entireProcessTree: true);
        process.WaitForExit();
    }

    /// <param name="signal">KILL or TERM.</param>
    public void End(string signal)
    {
        using var kill = Start("kill", [$"-{signal}", $"{process.Id}"]);
        kill.WaitForExit();
        process.WaitForExit();
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            Kill();
        }

        errors.Wait(Patience);
        process.Dispose();
    }

    public static Process Start(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true, RedirectStandardInput = true };
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception absent)
        {
            throw new InvalidOperationException($"{program} is not installed ({absent.Message}). ./quartier test installs what the suite needs.", absent);
        }
    }

    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
