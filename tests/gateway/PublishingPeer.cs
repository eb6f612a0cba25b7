using System.Diagnostics;
using System.Globalization;

namespace Quartier.Tests.Gateway;

/// <summary>mosquitto_pub that sends a pod's reports at QoS 1, one line each, and says which were acknowledged.
/// It reconnects by itself and sends again what was not.</summary>
internal sealed class PublishingPeer : IDisposable
{
    private const string Application = "17c82e96-be03-4f38-aef3-f83d48582d97";

    private const string Payload = "HwACZDdx4BU=";

    private readonly Process process;
    private readonly Action acknowledged;
    private readonly HashSet<int> acknowledgedLines = [];
    private readonly Lock sync = new();
    private readonly Task<string> errors;

    public PublishingPeer(int number, int port, Action acknowledged)
    {
        DevEui = $"70b3d57edd{number:x6}";
        this.acknowledged = acknowledged;
        // Without line buffering the acknowledgements would show only after the fact.
        process = GatewayProcess.Start("stdbuf",
        [
            "-oL", "mosquitto_pub", "-d", "-h", "127.0.0.1", "-p", $"{port}", "-V", "mqttv311", "-i", $"peer-{number}",
            "-q", "1", "-l", "-t", $"application/{Application}/device/{DevEui}/event/up",
        ]);
        errors = process.StandardError.ReadToEndAsync();
        Listening = ListenAsync();
    }

    public string DevEui { get; }

    private Task Listening { get; }

    /// <summary>Keys of the reports whose PUBACK has come.</summary>
    public IReadOnlyList<string> AcknowledgedKeys()
    {
        lock (sync)
        {
            return [.. acknowledgedLines.Select(line => Key(line))];
        }
    }

    public async Task SendAsync(int count)
    {
        for (var line = 1; line <= count; line++)
        {
            await SendLineAsync(line);
        }

        process.StandardInput.Close();
    }

    public Task SendLineAsync(int line) => process.StandardInput.WriteLineAsync(Report(line));

    public async Task FinishedAsync(CancellationToken limit)
    {
        await process.WaitForExitAsync(limit);
        await Listening.WaitAsync(limit);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"mosquitto_pub ended with {process.ExitCode}: {await errors}");
        }
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
        }

        process.Dispose();
    }

    /// <summary>The device, and the frame as the intake tells it.</summary>
    private string Key(int line) => $"{DevEui} frame:01020304:{line}:1:{Payload}";

    private string Report(int line) =>
        $$"""{"deduplicationId":"{{DevEui[8..]}}-0000-4000-8000-{{line:x12}}","time":"2026-01-15T18:00:00.000000000+00:00","deviceInfo":{"deviceName":"peer","devEui":"{{DevEui}}"},"devAddr":"01020304","fCnt":{{line}},"fPort":1,"data":"{{Payload}}"}""";

    private async Task ListenAsync()
    {
        const string Mark = "received PUBACK (Mid: ";
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            var at = line.IndexOf(Mark, StringComparison.Ordinal);
            if (at < 0)
            {
                continue;
            }

            var digits = line[(at + Mark.Length)..].TakeWhile(char.IsAsciiDigit).ToArray();
            lock (sync)
            {
                acknowledgedLines.Add(int.Parse(digits, CultureInfo.InvariantCulture));
            }

            acknowledged();
        }
    }
}
