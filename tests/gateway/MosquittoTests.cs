using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using Dapper;
using Quartier.Gateway.Host;
using Quartier.Gateway.Host.Commands;
using Quartier.Gateway.Ingest;
using Quartier.Simulator.Demo;
using Quartier.Tests.Support;
using Xunit;

namespace Quartier.Tests.Gateway;

/// <summary>A foreign client against the whole gateway: every sample published by mosquitto_pub is in the store when it is acknowledged.
/// In the commands' collection, since one test runs a command in this process.</summary>
[Collection(nameof(CommandTests))]
public sealed class MosquittoTests : IAsyncLifetime
{
    private readonly GatewayUnderTest gateway = new()
    {
        Options = DemoQuarter.In(new GatewayOptions { DataDirectory = "", HttpPort = 0, MqttPort = 0, AdmitUnknown = true }),
    };

    public Task InitializeAsync() => gateway.InitializeAsync();

    public Task DisposeAsync() => gateway.DisposeAsync();

    [SharedDataFact]
    public async Task Every_sample_is_recorded_or_refused_by_the_time_it_is_acknowledged()
    {
        using var index = JsonDocument.Parse(await File.ReadAllBytesAsync(SharedData.PathTo("chirpstack", "index.json")));
        foreach (var sample in index.RootElement.GetProperty("samples").EnumerateArray())
        {
            var kind = sample.GetProperty("event").GetString()!;
            if (kind.StartsWith("command", StringComparison.Ordinal))
            {
                continue;
            }

            var file = SharedData.PathTo("chirpstack", sample.GetProperty("file").GetString()!);
            var bytes = await File.ReadAllBytesAsync(file);
            gateway.Database.Write(db => db.Execute("DELETE FROM events WHERE id > 0"));
            await Publish(Uplink.Topic(DeviceOf(bytes), kind), file);
            var kept = gateway.Database.Read(db => db.QuerySingleOrDefault<byte[]>("SELECT payload FROM events"));
            var refused = gateway.Database.Read(db => RefusalsTable.Latest(db, 1)).Any(refusal => refusal.Bytes == bytes.Length && refusal.Payload.AsSpan().SequenceEqual(bytes.AsSpan(0, refusal.Payload.Length)));
            Assert.True(refused || (kept is not null && kept.AsSpan().SequenceEqual(bytes)), $"{file} is neither recorded nor refused");
        }

        Assert.Equal(["invalid-base64", "invalid-json"], gateway.Database.Read(RefusalsTable.Counts).Select(count => count.Reason).Order());
    }

    [Fact]
    public async Task A_client_without_a_secret_gets_no_connection()
    {
        Assert.NotEqual(0, await Run(["-h", "127.0.0.1", "-p", $"{gateway.MqttPort}", "-t", Uplink.Topic(Uplink.Pod), "-q", "1", "-m", "{}"]));
        Assert.NotEqual(0, await Run(["-h", "127.0.0.1", "-p", $"{gateway.MqttPort}", "-i", DemoQuarter.Screen, "-u", DemoQuarter.Screen, "-P", "wrong", "-t", "x", "-q", "1", "-m", "{}"]));
    }

    [Theory]
    [InlineData("mqttv5")]
    [InlineData("mqttv311")]
    public async Task An_uplink_is_recorded_in_either_version(string version)
    {
        var body = System.Text.Encoding.UTF8.GetString(Uplink.Status(Uplink.Occupied(), 1, default).Payload);
        Assert.Equal(0, await Run(
            ["-h", "127.0.0.1", "-p", $"{gateway.MqttPort}", "-V", version, "-u", DemoQuarter.NetworkServer, "-P", DemoQuarter.NetworkServerSecret, "-q", "1", "-t", Uplink.Topic(Uplink.Pod), "-m", body]));
        Assert.Equal(body, gateway.Database.Read(db => System.Text.Encoding.UTF8.GetString(db.QuerySingle<byte[]>("SELECT payload FROM events"))));
    }

    [Theory]
    [InlineData("mqttv5")]
    [InlineData("mqttv311")]
    public async Task A_screen_cannot_speak_for_a_pod(string version)
    {
        await Run(["-h", "127.0.0.1", "-V", version, "-p", $"{gateway.MqttPort}", "-i", DemoQuarter.Screen, "-u", DemoQuarter.Screen, "-P", DemoQuarter.ScreenSecret, "-t", Uplink.Topic(Uplink.Pod), "-q", "1", "-m", "{}"]);
        Assert.Empty(gateway.Database.Read(RefusalsTable.Counts));
        Assert.Equal(0, gateway.Database.Read(db => db.ExecuteScalar<int>("SELECT COUNT(*) FROM events")));
    }

    [Fact]
    public async Task A_network_server_gets_its_log_in_from_the_command_line_beside_the_running_gateway()
    {
        var made = CommandTests.Run("account", "network-server", "chirpstack-ulm", "--json", "--data", gateway.Folder);
        var secret = made.Lines.Single().GetProperty("password").GetString()!;
        string[] publish = ["-h", "127.0.0.1", "-p", $"{gateway.MqttPort}", "-u", "chirpstack-ulm", "-q", "1", "-t", Uplink.Topic(Uplink.Pod), "-m", "{}", "-P"];
        Assert.Equal(0, await Run([.. publish, secret]));
        Assert.NotEqual(0, await Run([.. publish, "wrong"]));
        Assert.NotEmpty(gateway.Database.Read(RefusalsTable.Counts));
        Assert.Equal(CommandLine.RefusedInput, CommandTests.Run("account", "network-server", DemoQuarter.Screen, "--data", gateway.Folder).Code);
    }

    private async Task Publish(string topic, string file) => Assert.Equal(0, await Run(
        ["-h", "127.0.0.1", "-p", $"{gateway.MqttPort}", "-u", DemoQuarter.NetworkServer, "-P", DemoQuarter.NetworkServerSecret, "-q", "1", "-t", topic, "-f", file]));

    private static string DeviceOf(byte[] json)
    {
        var text = System.Text.Encoding.UTF8.GetString(json);
        var at = text.IndexOf("\"devEui\"", StringComparison.Ordinal);
        return at < 0 ? Uplink.Pod : text[(text.IndexOf('"', text.IndexOf(':', at)) + 1)..][..16].ToLowerInvariant();
    }

    private static async Task<int> Run(string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("mosquitto_pub", arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            await process.WaitForExitAsync();
            return process.ExitCode;
        }
        catch (Win32Exception)
        {
            Assert.Fail("mosquitto_pub is missing: apt-get install mosquitto-clients (./quartier test does it).");
            return -1;
        }
    }
}
