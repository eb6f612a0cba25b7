using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Quartier.Gateway.Domain.Registry;
using Quartier.Gateway.Host;
using Quartier.Gateway.Store;
using Quartier.Simulator.Demo;
using Quartier.Wire;
using Xunit;

namespace Quartier.Tests.Provisioning;

/// <summary>A gateway whose own broker speaks TLS: the screen on the cable is given its root without anybody carrying a file.</summary>
public sealed class GatewayRootTests : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("quartier-provision-root-").FullName;
    private WebApplication gateway = null!;

    public async Task InitializeAsync()
    {
        gateway = GatewayHost.Build(DemoQuarter.In(new GatewayOptions { DataDirectory = folder, HttpPort = 0, MqttPort = 0, MqttTlsPort = 0, HttpsPort = 0 }), TimeProvider.System);
        await gateway.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await gateway.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData]
    [InlineData("--mqtt-tls")]
    public async Task A_screen_is_heard_over_TLS_with_the_root_that_the_gateway_gives(params string[] more)
    {
        await using var device = new CableDevice(IdentityKind.Screen);
        var tool = await Run(device, [.. more, "--wait", "30"]);
        Assert.True(tool.ExitCode == 0, tool.ToString());
        var identity = device.Identity!;
        var root = gateway.Services.GetRequiredService<Endpoints>().Certificates!.DevicesAuthority.RawData;
        Assert.Equal((true, Endpoints.MqttTlsPort(gateway)!.Value), (identity.MqttTls, identity.MqttPort));
        Assert.Equal(SHA256.HashData(root), identity.RootDigest);
    }

    [Fact]
    public async Task A_port_that_the_person_gives_is_taken_as_it_is()
    {
        await using var device = new CableDevice(IdentityKind.Screen);
        var tool = await Run(device, "--mqtt-port", $"{Endpoints.MqttPort(gateway)}", "--wait", "30");
        Assert.True(tool.ExitCode == 0, tool.ToString());
        Assert.Equal((false, 0), (device.Identity!.MqttTls, device.Identity.RootDigest.Length));
    }

    [Fact]
    public async Task Firmware_that_takes_no_root_is_refused_before_anything_changes()
    {
        await using var device = new CableDevice(IdentityKind.Screen, old: true);
        var before = gateway.Services.GetRequiredService<Database>().Read(db => RegistryTable.All(db).Count);
        var tool = await Run(device);
        Assert.Equal((1, "device"), (tool.ExitCode, (string)tool.Result["step"]!));
        Assert.Contains("cannot do TLS", (string)tool.Result["reason"]!, StringComparison.Ordinal);
        Assert.Null(device.Identity);
        Assert.Equal(before, gateway.Services.GetRequiredService<Database>().Read(db => RegistryTable.All(db).Count));
    }

    [Fact]
    public async Task A_certificate_that_this_computer_does_not_trust_is_told_apart_from_a_gateway_that_is_not_there()
    {
        await using var device = new CableDevice(IdentityKind.Screen);
        var tool = await ProvisionTool.Run(device.Path, Endpoints.SecureConsole(gateway)!.ToString(), "--place", "Eingang", "--ssid", DeskWifi.Ssid, "--json");
        Assert.Equal((1, "gateway"), (tool.ExitCode, (string)tool.Result["step"]!));
        Assert.Contains("does not trust", (string)tool.Result["reason"]!, StringComparison.Ordinal);
        Assert.Contains("/ca.pem", (string)tool.Result["remedy"]!, StringComparison.Ordinal);
    }

    private Task<ToolRun> Run(CableDevice device, params string[] more) =>
        ProvisionTool.Run(device.Path, Endpoints.Console(gateway)!.ToString(), ["--place", "Eingang", "--ssid", DeskWifi.Ssid, "--json", .. more]);
}
