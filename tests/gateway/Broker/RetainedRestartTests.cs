using Quartier.Tests.Support;
using Xunit;

namespace Quartier.Tests.Gateway.Broker;

/// <summary>Goal: what mosquitto_pub had acknowledged as retained greets mosquitto_sub after the gateway's end, orderly or not.</summary>
public sealed class RetainedRestartTests
{
    [Theory]
    [InlineData("KILL")]
    [InlineData("TERM")]
    public async Task Retained_messages_outlive_the_gateway(string signal)
    {
        var folder = Directory.CreateTempSubdirectory("quartier-retained-").FullName;
        try
        {
            using (var gateway = await GatewayProcess.StartAsync(folder, 0))
            {
                await PublishAsync(gateway, "quartier/v1/a/presence", "first");
                await PublishAsync(gateway, "quartier/v1/a/presence", "on");
                await PublishAsync(gateway, "quartier/v1/b/presence", "off");
                await PublishAsync(gateway, "quartier/v1/b/presence", "");
                gateway.End(signal);
            }

            using var next = await GatewayProcess.StartAsync(folder, 0);
            var heard = await RunAsync("mosquitto_sub", next, "-t", "quartier/v1/+/presence", "-C", "1", "-W", "20", "-F", "%t %p %r %P");
            Assert.Equal("quartier/v1/a/presence on 1 ort:Ulm\n", heard);
            next.Kill();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Task<string> PublishAsync(GatewayProcess gateway, string topic, string payload) =>
        RunAsync("mosquitto_pub", gateway, [.. payload.Length == 0 ? new[] { "-n" } : ["-m", payload], "-t", topic, "-q", "1", "-r", "-D", "publish", "user-property", "ort", "Ulm"]);

    private static async Task<string> RunAsync(string program, GatewayProcess gateway, params string[] more)
    {
        using var process = GatewayProcess.Start(program, ["-h", "127.0.0.1", "-p", $"{gateway.Port}", "-V", "mqttv5", .. more]);
        using var limit = new CancellationTokenSource(GatewayProcess.Patience);
        var said = await process.StandardOutput.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        return process.ExitCode == 0 ? said : throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {await process.StandardError.ReadToEndAsync(limit.Token)}");
    }
}
