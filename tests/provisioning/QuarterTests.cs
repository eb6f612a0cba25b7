using Microsoft.Extensions.DependencyInjection;
using Quartier.Gateway.Domain.Registry;
using Quartier.Gateway.Host;
using Quartier.Gateway.Store;
using Quartier.Simulator.Boards;
using Quartier.Simulator.Demo;
using Quartier.Simulator.Window;
using Xunit;

namespace Quartier.Tests.Provisioning;

/// <summary>The tool at the service ports of the living quarter: the same firmware in the demo's screen and pods writes the identity
/// to its flash, restarts, and calls the gateway under it, over MQTT or the air.</summary>
public sealed class QuarterTests : IAsyncLifetime
{
    private const string AppKey = "00112233445566778899aabbccddeeff";
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("quartier-provision-demo-");
    private Demo demo = null!;

    public async Task InitializeAsync() => demo = await Demo.StartAsync(
        new DemoOptions { DataDirectory = folder.FullName, HttpPort = 0, MqttPort = 0, WindowPort = 0, Speed = 10 });

    public async Task DisposeAsync()
    {
        await demo.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task The_screen_in_the_window_calls_under_the_name_that_the_cable_gave_it()
    {
        var tool = await Run(QuarterScreen.Device, "--kind", "screen", "--place", "Bürgertreff Südstadt", "--area", "Südstadt",
            "--ssid", SimulatedWifi.HouseSsid, "--wifi-password", SimulatedWifi.HousePassword);
        Assert.Equal("buergertreff-suedstadt-1", (string)tool.Result["device"]!);
        var registered = Find("buergertreff-suedstadt-1")!;
        Assert.NotNull(registered.LastContact);

        // The same cable once more: the old secret ends, the screen comes back with the new one.
        await Run(QuarterScreen.Device, "--place", "Bürgertreff Südstadt", "--id", "buergertreff-suedstadt-1", "--replace");
        Assert.True(Find("buergertreff-suedstadt-1")!.LastContact > registered.LastContact);
    }

    [Fact]
    public async Task The_screen_in_the_window_speaks_TLS_to_a_gateway_that_does()
    {
        var data = folder.CreateSubdirectory("other").FullName;
        await using var other = GatewayHost.Build(DemoQuarter.In(new GatewayOptions { DataDirectory = data, HttpPort = 0, MqttPort = 0, MqttTlsPort = 0 }), TimeProvider.System);
        await other.StartAsync();
        var tool = await ProvisionTool.Run(demo.ServicePortOf(QuarterScreen.Device)!, Endpoints.Console(other)!.ToString(),
            "--place", "Eingang", "--ssid", SimulatedWifi.HouseSsid, "--wifi-password", SimulatedWifi.HousePassword, "--json", "--wait", "60");
        Assert.True(tool.ExitCode == 0, tool.ToString());
        var device = other.Services.GetRequiredService<Database>().Read(db => RegistryTable.Find(db, (string)tool.Result["device"]!));
        Assert.NotNull(device!.LastContact);
    }

    [Fact]
    public async Task The_screen_in_the_window_is_set_up_without_TLS_and_goes_over_to_it_by_itself()
    {
        var data = folder.CreateSubdirectory("other").FullName;
        await using var other = GatewayHost.Build(DemoQuarter.In(new GatewayOptions { DataDirectory = data, HttpPort = 0, MqttPort = 0, MqttTlsPort = 0 }), TimeProvider.System);
        await other.StartAsync();
        var database = other.Services.GetRequiredService<Database>();
        var switched = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        database.Changed += tables =>
        {
            if (tables.Contains("screen_transports"))
            {
                // Beside the writer, who tells of it.
                _ = Task.Run(() => database.Read(ScreenTransports.All).Any(screen => screen is { IsEncrypted: true, Said: true, Trials: 0 }) && switched.TrySetResult());
            }
        };
        var tool = await ProvisionTool.Run(demo.ServicePortOf(QuarterScreen.Device)!, Endpoints.Console(other)!.ToString(), "--mqtt-port", $"{Endpoints.MqttPort(other)}",
            "--place", "Eingang", "--ssid", SimulatedWifi.HouseSsid, "--wifi-password", SimulatedWifi.HousePassword, "--json", "--wait", "60");
        Assert.True(tool.ExitCode == 0, tool.ToString());
        await switched.Task.WaitAsync(TimeSpan.FromSeconds(90));
        Assert.Equal(0, database.Read(db => ScreenTransports.OfScreens(db).Count(row => row.Screen.Id == (string)tool.Result["device"]! && row.State is not { HasSwitched: true })));
    }

    [Fact]
    public async Task A_pod_is_on_the_air_under_the_DevEUI_that_the_cable_gave_it_and_can_be_given_its_own_back()
    {
        var own = PodIdentity.Demo[0].DevEui;
        await Run(own, "--place", "Münsterplatz", "--dev-eui", "70B3D57ED0000009", "--app-key", AppKey);
        Assert.NotNull(Find("70b3d57ed0000009")!.LastContact);
        await Run(own, "--place", "Karlsplatz", "--dev-eui", own, "--app-key", AppKey, "--replace");
        Assert.Equal(own, await demo.Pacer.Ask(() => demo.Quarter.Pods[0].Modem.DevEui));
    }

    private async Task<ToolRun> Run(string device, params string[] arguments)
    {
        var tool = await ProvisionTool.Run(demo.ServicePortOf(device)!, demo.GatewayUrl, [.. arguments, "--json", "--wait", "60"]);
        Assert.True(tool.ExitCode == 0, tool.ToString());
        Assert.Equal("done", (string)tool.Result["outcome"]!);
        return tool;
    }

    private Device? Find(string id) => demo.GatewayServices.GetRequiredService<Database>().Read(db => RegistryTable.Find(db, id));
}
