using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Quartier.Tests.Support;

namespace Quartier.Tests.Gateway.Planning;

/// <summary>The planning backend as a process of its own (receiver.mjs), so that it can be killed and started again.</summary>
internal sealed class Receiver(string file, string secret) : IDisposable
{
    private Process? process;

    public int Port { get; private set; }

    public bool IsAlive => process is { HasExited: false };

    public IReadOnlyList<JsonNode> Events =>
        File.Exists(file) ? [.. File.ReadAllLines(file).Where(line => line.Length > 0).Select(line => JsonNode.Parse(line)!)] : [];

    /// <param name="crashes">See receiver.mjs; empty for none.</param>
    public void Start(string crashes)
    {
        process?.Dispose();
        var start = new ProcessStartInfo("node") { RedirectStandardOutput = true };
        foreach (var argument in new[] { Checkout.PathTo("tests", "gateway", "Planning", "receiver.mjs"), file, $"{Port}", secret, crashes })
        {
            start.ArgumentList.Add(argument);
        }

        process = Process.Start(start) ?? throw new InvalidOperationException("node did not start; ./quartier test installs it.");
        var line = process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("the receiver ended before it listened");
        Port = int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        if (process is null)
        {
            return;
        }

        if (!process.HasExited)
        {
            process.Kill();
        }

        process.WaitForExit();
        process.Dispose();
    }
}
