using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Quartier.Gateway.Domain.Registry;
using Quartier.Gateway.Host;
using Quartier.Gateway.Store;
using Quartier.Mqtt;
using Quartier.Provision;
using Quartier.Provisioning;
using Quartier.Simulator.Boards;
using Quartier.Simulator.Demo;
using Quartier.Wire;
using Xunit;

namespace Quartier.Tests.Provisioning;

/// <summary>Facility staff's whole way: the tool as a process, the firmware behind a pseudo-terminal, a real gateway with its broker.</summary>
public sealed class CableTests : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("quartier-provision-").FullName;
    private WebApplication gateway = null!;
    private Uri console = null!;

    public async Task InitializeAsync()
    {
        gateway = GatewayHost.Build(DemoQuarter.In(new GatewayOptions { DataDirectory = folder, HttpPort = 0, MqttPort = 0 }), TimeProvider.System);
        await gateway.StartAsync();
        console = Endpoints.Console(gateway)!;
    }

    public async Task DisposeAsync()
    {
        await gateway.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_new_screen_is_set_up_registered_and_heard()
    {
        await using var device = new CableDevice(IdentityKind.Screen);
        var tool = await Run(device, "--kind", "screen", "--place", "Bürgertreff Südstadt", "--area", "Südstadt", "--ssid", "Büro", "--wifi-password", DeskWifi.Password, "--json", "--wait", "30");
        Assert.True(tool.ExitCode == 0, tool.ToString());
        Assert.Equal(("done", "buergertreff-suedstadt-1"), ((string)tool.Result["outcome"]!, (string)tool.Result["device"]!));
        var identity = device.Identity!;
        Assert.Equal(("buergertreff-suedstadt-1", "Bürgertreff Südstadt", Endpoints.MqttPort(gateway)), (identity.MqttUser, identity.Place, identity.MqttPort));
        var registered = gateway.Services.GetRequiredService<Database>().Read(db => RegistryTable.Find(db, identity.DeviceId))!;
        Assert.Equal(("Bürgertreff Südstadt", "Südstadt", DeviceKind.Screen), (registered.Place, registered.Area, registered.Kind));
        Assert.NotNull(registered.LastContact);
        Assert.Equal("9.9.9", registered.Firmware);
        Assert.Equal(gateway.Services.GetRequiredService<DatagramResponder>().Port, identity.TimePort);
        Assert.NotEqual(0, identity.TimePort);
        Assert.DoesNotContain(identity.MqttPassword, tool.Output + tool.Errors);
        Assert.DoesNotContain(DeskWifi.Password, tool.Output + tool.Errors);
        Assert.DoesNotContain(identity.MqttPassword, Encoding.Latin1.GetString(await File.ReadAllBytesAsync(Path.Combine(folder, "quartier.db"))));
    }

    [Fact]
    public async Task A_pod_gets_its_keys_and_the_fresh_one_is_shown_once()
    {
        await using var device = new CableDevice(IdentityKind.Pod);
        var tool = await Run(device, "--place", "Karlsplatz", "--dev-eui", "70B3D57ED0000009", "--json");
        Assert.True(tool.ExitCode == 0, tool.ToString());
        Assert.Equal("70b3d57ed0000009", (string)tool.Result["device"]!);
        Assert.Equal((string)tool.Result["appKey"]!, Convert.ToHexStringLower(device.Identity!.AppKey));
        Assert.Equal(DeviceKind.Shelter, gateway.Services.GetRequiredService<Database>().Read(db => RegistryTable.Find(db, "70b3d57ed0000009"))!.Kind);
    }

    [Fact]
    public async Task A_wrong_Wi_Fi_password_and_a_network_out_of_range_say_so_and_register_nothing()
    {
        await using var device = new CableDevice(IdentityKind.Screen);
        var before = Count();
        await Fails(device, "wifi", "password is wrong", "--place", "x", "--ssid", "Büro", "--wifi-password", "notthepassword");
        await Fails(device, "wifi", "not in range", "--place", "x", "--ssid", "Nirgends", "--wifi-password", "12345678");
        await Fails(device, "wifi", "too long or too short", "--place", "x", "--ssid", "Büro", "--wifi-password", "short");
        var unasked = await Fails(device, "wifi", "has no Wi-Fi", "--place", "x");
        Assert.Contains("Freifunk (-61 dBm)", (string)unasked.Result["remedy"]!);
        Assert.Null(device.Identity);
        Assert.Equal(before, Count());
    }

    [Fact]
    public async Task A_screen_that_is_on_its_way_back_to_its_Wi_Fi_is_waited_for()
    {
        await using var device = new CableDevice(IdentityKind.Screen) { HasJustStarted = true };
        var tool = await Run(device, "--place", "Eingang", "--json");
        Assert.True(tool.ExitCode == 0, tool.ToString());
        Assert.Contains("sucht sein WLAN", tool.Errors);
        Assert.NotNull(device.Identity);
    }

    [Fact]
    public async Task A_gateway_that_refuses_is_told_apart_from_one_that_is_not_there()
    {
        await using var device = new CableDevice(IdentityKind.Screen);
        await Fails(device, "gateway", "refused the log-in", "--place", "x", "--password", "wrong");
        await Fails(device, "gateway", "may not register", "--place", "x", "--user", "editor", "--password", "editor-demo");
        await Fails(device, "register", "registered already", "--place", "x", "--id", DemoQuarter.Screen, "--ssid", "Freifunk");
        await Fails(device, "gateway", "cannot be reached", "--place", "x", "--gateway", $"http://127.0.0.1:{FreePort()}");
        Assert.Null(device.Identity);
    }

    [Fact]
    public async Task A_device_that_is_replaced_gets_new_credentials_and_the_old_end()
    {
        await using var device = new CableDevice(IdentityKind.Screen);
        var tool = await Run(device, "--place", "Schaufenster", "--id", DemoQuarter.Screen, "--replace", "--ssid", "Freifunk", "--json", "--wait", "30");
        Assert.True(tool.ExitCode == 0, tool.ToString());
        var database = gateway.Services.GetRequiredService<Database>();
        Assert.Null(database.Read(db => Credentials.Verify(db, DemoQuarter.Screen, DemoQuarter.ScreenSecret)));
        Assert.NotNull(database.Read(db => Credentials.Verify(db, DemoQuarter.Screen, device.Identity!.MqttPassword)));
    }

    [Fact]
    public async Task A_device_that_is_set_up_already_keeps_its_name_and_nobody_renames_it_by_accident()
    {
        await using var device = new CableDevice(IdentityKind.Screen);
        var first = await Run(device, "--place", "Schaufenster", "--ssid", "Freifunk", "--json", "--wait", "30");
        Assert.True(first.ExitCode == 0, first.ToString());
        var count = Count();
        await Fails(device, "device", "is set up as schaufenster-1 already", "--place", "Schaufenster", "--ssid", "Freifunk");
        var again = await Run(device, "--place", "Schaufenster", "--replace", "--ssid", "Freifunk", "--json", "--wait", "30");
        Assert.True(again.ExitCode == 0, again.ToString());
        Assert.Equal("schaufenster-1", (string)again.Result["device"]!);
        Assert.Equal(count, Count());
    }

    [Fact]
    public async Task A_port_that_another_program_holds_says_so()
    {
        await using var device = new CableDevice(IdentityKind.Screen);
        using var held = DevicePort.Open(device.Path);
        await Fails(device, "port", "is busy", "--place", "x");
    }

    [Fact]
    public async Task A_cable_that_is_pulled_says_so_at_once_and_not_that_nobody_answers()
    {
        using var line = new PtyLine();
        var port = DevicePort.Open(line.Path);
        line.Dispose();
        Assert.Equal(-1, port.Read(new byte[8], 60_000));
        Assert.False(port.Write("x"u8, 60_000));
        port.Dispose();
        await using var gone = new CableDevice(IdentityKind.Screen) { PullsTheCable = true };
        await Fails(gone, "device", "connection to the device broke", "--place", "x", "--ssid", "Freifunk");
    }

    /// <summary>Goal: secrets need not stand on a command line. Method: the tool at a terminal of its own (script), which is asked and
    /// typed at as by a person; nothing of what is typed comes back.</summary>
    [Fact]
    public async Task Without_passwords_on_the_command_line_the_tool_asks_and_shows_nothing_of_the_answer()
    {
        await using var device = new CableDevice(IdentityKind.Screen);
        var (exit, shown) = await ProvisionTool.AtTerminal(
            device.Path, console.ToString(), ["--place", "Gefragt", "--ssid", "Büro", "--wait", "30"],
            ("WLAN-Passwort", DeskWifi.Password), ("Passwort von facility", "facility-demo"));
        Assert.True(exit == 0, shown);
        Assert.DoesNotContain(DeskWifi.Password, shown, StringComparison.Ordinal);
        Assert.DoesNotContain("facility-demo", shown, StringComparison.Ordinal);
        Assert.Contains("gefragt-1 ist eingerichtet", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Garbage_on_the_line_does_not_keep_the_tool_from_its_work()
    {
        await using var device = new CableDevice(IdentityKind.Screen) { Chatter = Encoding.ASCII.GetBytes("[I] boot\r\nIMPROV\u0001\u0004QUARTI\u0001\u0002garbage\r\n") };
        var tool = await Run(device, "--place", "Laut", "--ssid", "Freifunk", "--json", "--wait", "30");
        Assert.True(tool.ExitCode == 0, tool.ToString());
    }

    [Fact]
    public async Task A_screen_speaks_TLS_with_the_root_that_the_cable_gave_it()
    {
        await using var front = new TlsFront(Endpoints.MqttPort(gateway)!.Value);
        await using var device = new CableDevice(IdentityKind.Screen);
        var tool = await Run(device, [.. Secure(front, front.RootPem), "--json", "--wait", "30"]);
        Assert.True(tool.ExitCode == 0, tool.ToString());
        var identity = device.Identity!;
        Assert.Equal((true, front.Port, 32), (identity.MqttTls, identity.MqttPort, identity.RootDigest.Length));
        Assert.InRange(identity.IssuedAt, TimeProvider.System.GetUtcNow().AddMinutes(-5).ToUnixTimeSeconds(), TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
    }

    [Fact]
    public async Task A_root_on_which_the_certificate_does_not_hang_ends_in_no_contact_and_says_what_to_check()
    {
        await using var front = new TlsFront(Endpoints.MqttPort(gateway)!.Value);
        await using var device = new CableDevice(IdentityKind.Screen);
        using var other = TlsFront.Authority("another");
        var tool = await Fails(device, "contact", "heard nothing", [.. Secure(front, other.ExportCertificatePem()), "--wait", "2"]);
        Assert.Contains("hang on the root", (string)tool.Result["remedy"]!);
    }

    [Fact]
    public async Task TLS_without_a_root_is_refused_with_the_reason_and_touches_nothing()
    {
        await using var device = new CableDevice(IdentityKind.Screen);
        var before = Count();
        await Fails(device, "gateway", "gives no root", "--place", "x", "--ssid", "Freifunk", "--mqtt-tls");
        Assert.Equal(before, Count());
        Assert.Null(device.Identity);
    }

    [Fact]
    public async Task A_root_that_a_device_could_not_verify_against_is_refused_before_the_device_is_touched()
    {
        await using var device = new CableDevice(IdentityKind.Screen);
        await using var front = new TlsFront(1);
        var before = Count();
        await Fails(device, "root", "cannot be read", [.. Secure(front, null)]);
        await Fails(device, "root", "holds 2 certificates", [.. Secure(front, front.RootPem + "\n" + front.RootPem)]);
        await Fails(device, "root", "not a certificate", [.. Secure(front, "good morning")]);
        Assert.Null(device.Identity);
        Assert.Equal(before, Count());
    }

    [Fact]
    public async Task A_device_of_version_1_is_set_up_as_ever_and_refused_for_TLS()
    {
        await using var device = new CableDevice(IdentityKind.Screen, old: true);
        await using var front = new TlsFront(1);
        await Fails(device, "device", "cannot do TLS", [.. Secure(front, front.RootPem)]);
        var tool = await Run(device, "--place", "Altbau", "--ssid", "Freifunk", "--json", "--wait", "30");
        Assert.True(tool.ExitCode == 0, tool.ToString());
        Assert.Equal(0, device.Identity!.IssuedAt);
    }

    [Fact]
    public async Task A_weak_signal_is_not_called_a_wrong_password()
    {
        await using var device = new CableDevice(IdentityKind.Screen) { WeakNetwork = "Hinterhaus" };
        await Fails(device, "wifi", "could not connect", "--place", "x", "--ssid", "Hinterhaus", "--wifi-password", "perhapsright");
    }

    private string[] Secure(TlsFront front, string? pem)
    {
        var file = Path.Combine(folder, "root.pem");
        if (pem is not null)
        {
            File.WriteAllText(file, pem);
        }

        return ["--place", "Sicher", "--ssid", "Freifunk", "--mqtt-tls", "--root", file, "--mqtt-host", "localhost", "--mqtt-port", $"{front.Port}"];
    }

    [Fact]
    public async Task A_device_that_never_calls_is_reported_with_what_to_check()
    {
        await using var device = new CableDevice(IdentityKind.Screen) { Calls = false };
        var tool = await Fails(device, "contact", "heard nothing", "--place", "Stumm", "--ssid", "Freifunk", "--wait", "1");
        Assert.Contains("firewall", (string)tool.Result["remedy"]!);
    }

    [Fact]
    public async Task A_silent_line_a_missing_port_and_wrong_usage_have_their_exit_codes()
    {
        using var silent = new PtyLine();
        var tool = await Run(silent.Path, "--place", "x", "--json");
        Assert.Equal((1, "device"), (tool.ExitCode, (string)tool.Result["step"]!));
        tool = await Run("/dev/does-not-exist", "--place", "x", "--json");
        Assert.Equal((1, "port"), (tool.ExitCode, (string)tool.Result["step"]!));
        Assert.Equal(2, (await Run(silent.Path)).ExitCode);
        Assert.Equal(2, (await Run(silent.Path, "--place", "x", "--kind", "toaster")).ExitCode);
        Assert.Equal(2, (await Run(silent.Path, "--place", "x", "--dev-eui", "12")).ExitCode);
        var unnamed = await ProvisionTool.Without(console.ToString(), "--place", "x");
        Assert.Equal(2, unnamed.ExitCode);
        Assert.Matches("--port is needed. (Present: |No USB port found)", unnamed.Errors);
        await using var pod = new CableDevice(IdentityKind.Pod);
        await Fails(pod, "device", "is a pod sensor", "--place", "x", "--kind", "screen");
        await Fails(pod, "identity", "needs its DevEUI", "--place", "x");
    }

    private async Task<ToolRun> Fails(CableDevice device, string step, string reason, params string[] arguments)
    {
        var tool = await Run(device, [.. arguments, "--json"]);
        Assert.True(tool.ExitCode == 1, tool.ToString());
        Assert.Equal("failed", (string)tool.Result["outcome"]!);
        Assert.Equal(step, (string)tool.Result["step"]!);
        Assert.Contains(reason, (string)tool.Result["reason"]!);
        Assert.NotEqual("", (string)tool.Result["remedy"]!);
        return tool;
    }

    private Task<ToolRun> Run(CableDevice device, params string[] arguments) => Run(device.Path, arguments);

    private Task<ToolRun> Run(string port, params string[] arguments) => ProvisionTool.Run(port, console.ToString(), arguments);

    private int Count() => gateway.Services.GetRequiredService<Database>().Read(db => RegistryTable.All(db).Count);

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
