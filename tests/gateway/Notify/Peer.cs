using System.Diagnostics;
using System.Text.Json;
using System.Threading.Channels;
using Quartier.Tests.Support;

namespace Quartier.Tests.Gateway.Notify;

/// <summary>A foreign program on the loopback that says what it received, a JSON line each. It can be killed and started again
/// on the same port.</summary>
internal sealed class Peer : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly Channel<JsonElement> lines = Channel.CreateUnbounded<JsonElement>();

    private Peer(Process process)
    {
        this.process = process;
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is { Length: > 0 } text)
            {
                lines.Writer.TryWrite(JsonDocument.Parse(text).RootElement.Clone());
            }
            else if (line.Data is null)
            {
                lines.Writer.TryComplete();
            }
        };
        process.BeginOutputReadLine();
    }

    public int Port { get; private set; }

    public static Task<Peer> Smtp(string security, string answer, int port = 0) =>
        Start("smtp-peer.js", Path.Combine(NodePeers.Folder, "node_modules", "smtp-server"), $"{port}", security, answer);

    public static Task<Peer> Webhook(string secret, int status, int port = 0) => Start("webhook-peer.js", $"{port}", secret, $"{status}");

    /// <summary>The next thing it received.</summary>
    public async Task<JsonElement> Next()
    {
        using var limit = new CancellationTokenSource(Patience);
        return await lines.Reader.ReadAsync(limit.Token);
    }

    public bool HasNothing => lines.Reader.Count == 0;

    /// <summary>What it received besides, up to now.</summary>
    public IEnumerable<JsonElement> Rest()
    {
        while (lines.Reader.TryRead(out var line))
        {
            yield return line;
        }
    }

    public void Dispose()
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
    }

    private static async Task<Peer> Start(string script, params string[] arguments)
    {
        var start = new ProcessStartInfo("node") { RedirectStandardOutput = true };
        start.ArgumentList.Add(Checkout.PathTo("tests", "gateway", "Notify", script));
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        var peer = new Peer(Process.Start(start) ?? throw new InvalidOperationException("node did not start: install node, or run ./quartier test."));
        peer.Port = (await peer.Next()).GetProperty("port").GetInt32();
        return peer;
    }
}
