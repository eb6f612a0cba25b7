using Quartier.Tests.Gateway.Tls;
using Xunit;

namespace Quartier.Tests.Gateway.Broker;

/// <summary>The city's broker: Mosquitto in a folder of its own, which keeps sessions and messages over a restart.</summary>
internal sealed class Mosquitto : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("quartier-city-");
    private System.Diagnostics.Process? process;

    private Mosquitto(string settings)
    {
        File.WriteAllText(Conf, $"listener {Port} 127.0.0.1\npersistence true\npersistence_location {folder.FullName}/\nuser root\nlog_type error\nlog_type information\nallow_anonymous true\n{settings}\n");
    }

    public int Port { get; } = GatewayProcess.FreePort();

    private string Conf => Path.Combine(folder.FullName, "mosquitto.conf");

    /// <param name="settings">Further lines of its configuration.</param>
    public static async Task<Mosquitto> Start(string settings = "")
    {
        var broker = new Mosquitto(settings);
        await broker.Begin();
        return broker;
    }

    public async Task Begin()
    {
        process = GatewayProcess.Start(File.Exists("/usr/sbin/mosquitto") ? "/usr/sbin/mosquitto" : "mosquitto", ["-c", Conf]);
        using var patience = new CancellationTokenSource(GatewayProcess.Patience);
        var said = "";
        while (!said.EndsWith(" running", StringComparison.Ordinal))
        {
            said = await process.StandardError.ReadLineAsync(patience.Token) ?? throw new InvalidOperationException("Mosquitto has ended: " + said);
        }

        _ = process.StandardError.ReadToEndAsync(CancellationToken.None);
    }

    /// <param name="signal">TERM, KILL; STOP and CONT freeze it and let it go on.</param>
    public void Signal(string signal)
    {
        using var kill = GatewayProcess.Start("kill", [$"-{signal}", $"{process!.Id}"]);
        kill.WaitForExit();
        if (signal is "TERM" or "KILL")
        {
            process.WaitForExit();
            process.Dispose();
            process = null;
        }
    }

    public Task Publish(string topic, string message) => Publish("", "-t", topic, "-m", message);

    /// <param name="file">Holds the message.</param>
    public Task PublishFile(string topic, string file) => Publish("", "-t", topic, "-f", file);

    /// <param name="lines">Each a message, with its end of line.</param>
    public Task PublishLines(string topic, string lines) => Publish(lines, "-t", topic, "-l");

    /// <summary>Leaves a subscription that lasts, so that <see cref="Hear"/> misses nothing.</summary>
    public async Task Subscribe(string topic)
    {
        var (code, said) = await OpenSsl.Program("mosquitto_sub", "", ["-h", "127.0.0.1", "-p", $"{Port}", "-c", "-i", "listener", "-q", "1", "-t", topic, "-E"]);
        Assert.True(code == 0, said);
    }

    /// <summary>The next messages to what was subscribed to.</summary>
    public async Task<string[]> Hear(string topic, int count = 1)
    {
        var (code, said) = await OpenSsl.Program("mosquitto_sub", "", ["-h", "127.0.0.1", "-p", $"{Port}", "-c", "-i", "listener", "-q", "1", "-t", topic, "-C", $"{count}", "-W", "30"]);
        Assert.True(code == 0, said);
        return said.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private async Task Publish(string input, params string[] what)
    {
        var (code, said) = await OpenSsl.Program("mosquitto_pub", input, ["-h", "127.0.0.1", "-p", $"{Port}", "-V", "5", "-q", "1", .. what]);
        Assert.True(code == 0, said);
    }

    public void Dispose()
    {
        if (process is not null)
        {
            Signal("KILL");
        }

        folder.Delete(recursive: true);
    }
}
