using System.Diagnostics;
using System.Text.Json.Nodes;
using Quartier.Tests.Support;
using Quartier.Wire;
using Xunit;

namespace Quartier.Tests.Provisioning;

/// <summary>The client that web installers use, improv-wifi-serial-sdk from npm, against the firmware.</summary>
public sealed class BrowserClientTests
{
    [Fact]
    public async Task The_published_client_sets_up_the_Wi_Fi()
    {
        await using var device = new CableDevice(IdentityKind.Screen);
        var start = new ProcessStartInfo("node") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Checkout.PathTo("tests", "provisioning", "improv-client.mjs"));
        start.ArgumentList.Add(device.Path);
        start.ArgumentList.Add(Path.Combine(NodePeers.Folder, "node_modules"));
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var node = Process.Start(start)!;
        using var impatience = patience.Token.Register(() => node.Kill());
        var errors = node.StandardError.ReadToEndAsync();
        var output = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();
        Assert.True(node.ExitCode == 0, await errors);
        var result = JsonNode.Parse(output)!;
        Assert.Equal(("quartier-kiosk", "9.9.9", "ESP32", "Quartier Infobildschirm"), (
            (string)result["info"]!["firmware"]!, (string)result["info"]!["version"]!, (string)result["info"]!["chipFamily"]!, (string)result["info"]!["name"]!));
        Assert.Equal((2, 4), ((int)result["stateBefore"]!, (int)result["stateAfter"]!));
        Assert.Equal(["Büro", "Freifunk"], result["networks"]!.AsArray().Select(network => (string)network!["name"]!));
        Assert.Equal([true, false], result["networks"]!.AsArray().Select(network => (bool)network!["secured"]!));
        Assert.Contains("UNABLE_TO_CONNECT", (string)result["refused"]!);
        Assert.Equal(("Infostele Süd", "ulm-7"), ((string)result["deviceName"]!, (string)result["hostname"]!));
        Assert.NotEqual("taken", (string)result["badHostname"]!);
    }
}
