using System.Text;
using System.Text.Json.Nodes;
using Quartier.Tests.Support;
using Quartier.Wire;
using Xunit;

namespace Quartier.Tests.Provisioning;

public sealed class ImprovTests
{
    private const string Url = "result 0100";

    [SharedDataFact]
    public void Every_shared_packet_is_answered_as_the_protocol_says()
    {
        var packets = JsonNode.Parse(File.ReadAllText(SharedData.PathTo("improv", "packets.json")))!["packets"]!.AsArray();
        var seen = 0;
        foreach (var packet in packets)
        {
            var name = (string)packet!["name"]!;
            var expected = Expected(name, (string)packet["direction"]!);
            Assert.True(expected is not null, $"a packet that this test does not know: {name}");
            var desk = new DeviceUnderTest();
            if (name is "wifi settings, example of the documentation")
            {
                desk.Wifi.Air.Add(("MyWirelessAP", -50, true));
            }

            desk.Send(Convert.FromHexString((string)packet["hex"]!));
            desk.Run();
            Assert.True(expected!.SequenceEqual(desk.Heard()), $"{name}: {string.Join(", ", desk.Heard())}");
            seen++;
        }

        Assert.True(seen >= 28);
    }

    [Fact]
    public void A_join_reports_provisioning_then_provisioned_and_the_empty_list()
    {
        var desk = new DeviceUnderTest();
        desk.Send(Command(1, Text(DeskWifi.Ssid), Text("")));
        desk.Run();
        Assert.Equal(["error 0", "state 3", "state 4", Url], desk.Heard());
        desk.Send(Command(2));
        desk.Run();
        Assert.Equal(["error 0", "state 4", "result 0200"], desk.Heard());
        desk.Send(Command(7));
        desk.Run();
        Assert.Equal(["error 0", "result 07020103"], desk.Heard());
    }

    [Fact]
    public void A_wrong_password_and_a_network_out_of_range_are_errors_and_the_reason_can_be_asked_for()
    {
        var desk = new DeviceUnderTest();
        desk.Send(Command(1, Text("Büro"), Text("wrongpassword")));
        desk.Run();
        Assert.Equal(["error 0", "state 3", "error 3", "state 2"], desk.Heard());
        Assert.Equal(3, desk.Ask(new ProvisionRequest()).Wifi);
        desk.Send(Command(1, Text("elsewhere"), Text("12345678")));
        desk.Run();
        Assert.Equal(["error 0", "state 3", "error 3", "state 2"], desk.Heard());
        Assert.Equal(4, desk.Ask(new ProvisionRequest()).Wifi);
        desk.Send(Command(1, Text("Büro"), Text(DeskWifi.Password)));
        desk.Run();
        Assert.Equal(["error 0", "state 3", "state 4", Url], desk.Heard());
    }

    [Fact]
    public void A_join_that_never_ends_is_an_error_after_half_a_minute()
    {
        var desk = new DeviceUnderTest();
        desk.Wifi.Hangs = true;
        desk.Send(Command(1, Text(DeskWifi.Ssid), Text("")));
        desk.Run(29_000);
        Assert.Equal(["error 0", "state 3"], desk.Heard());
        desk.Run(2_000);
        Assert.Equal(["error 3", "state 2"], desk.Heard());
    }

    [Fact]
    public void A_device_that_is_back_on_its_old_network_still_says_that_the_new_one_failed_and_why()
    {
        var desk = new DeviceUnderTest();
        desk.Wifi.HasAnother = true;
        desk.Send(Command(1, Text("Büro"), Text("wrongpassword")));
        desk.Run(3_000);
        Assert.Equal(["error 0", "state 3", "error 3", "state 4"], desk.Heard());
        Assert.Equal(3, desk.Ask(new ProvisionRequest()).Wifi);
        // Asking has run the desk for a minute.
        Assert.Equal(2, desk.Ask(new ProvisionRequest()).Wifi);
    }

    [Fact]
    public void A_weak_network_that_refuses_is_not_a_wrong_password()
    {
        var desk = new DeviceUnderTest();
        desk.Wifi.Air.Add(("Hinterhaus", -88, true));
        desk.Send(Command(1, Text("Hinterhaus"), Text("perhapsright")));
        desk.Run();
        Assert.Equal(["error 0", "state 3", "error 3", "state 2"], desk.Heard());
        Assert.Equal(0, desk.Ask(new ProvisionRequest()).Wifi);
    }

    [Fact]
    public void A_scan_that_is_asked_for_while_the_device_joins_waits_for_the_join_and_is_answered()
    {
        var desk = new DeviceUnderTest();
        desk.Send([.. Command(1, Text(DeskWifi.Ssid), Text("")), .. Command(4)]);
        desk.Run();
        Assert.NotEqual(0, desk.Wifi.ScansRefused);
        Assert.Equal(["result " + Hex(4, "Freifunk", "-61", "NO"), "result " + Hex(4, "Büro", "-72", "YES"), "result 0400"], desk.Heard()[^3..]);
    }

    [Fact]
    public void A_scan_gives_one_result_a_network_and_an_empty_one()
    {
        var desk = new DeviceUnderTest();
        desk.Send(Command(4));
        desk.Run();
        Assert.Equal(["error 0", "result " + Hex(4, "Freifunk", "-61", "NO"), "result " + Hex(4, "Büro", "-72", "YES"), "result 0400"], desk.Heard());
    }

    [Fact]
    public void A_long_scan_over_a_slow_line_loses_nothing()
    {
        var desk = new DeviceUnderTest();
        desk.Wifi.Air.Clear();
        desk.Wifi.Air.AddRange(Enumerable.Range(0, 120).Select(i => ($"network with a long name {i:000}", -i, true)));
        desk.Line.Pace = 3;
        desk.Send(Command(4));
        desk.Run();
        Assert.Equal(122, desk.Heard().Count);
    }

    [Fact]
    public void Names_are_kept_over_a_restart_and_a_bad_host_name_is_refused()
    {
        var desk = new DeviceUnderTest();
        desk.Send(Command(5, Encoding.UTF8.GetBytes("ulm-7")));
        desk.Send(Command(6, Encoding.UTF8.GetBytes("Infostele Süd")));
        desk.Run();
        Assert.Equal(["error 0", "result " + Hex(5, "ulm-7"), "error 0", "result " + Hex(6, "Infostele Süd")], desk.Heard());
        desk.Reboot();
        foreach (var bad in new[] { "-a", "a-", "a b", "ü", new string('a', 64), "a.b" })
        {
            desk.Send(Command(5, Encoding.UTF8.GetBytes(bad)));
            desk.Run();
            Assert.Equal(["error 5"], desk.Heard());
        }

        desk.Send([.. Command(5), .. Command(6)]);
        desk.Run();
        Assert.Equal(["error 0", "result " + Hex(5, "ulm-7"), "error 0", "result " + Hex(6, "Infostele Süd")], desk.Heard());
    }

    [Fact]
    public void A_pod_has_no_Wi_Fi_and_says_so()
    {
        var desk = new DeviceUnderTest(IdentityKind.Pod);
        desk.Send([.. Command(2), .. Command(1, Text("a"), Text("")), .. Command(4), .. Command(3), .. Command(7)]);
        desk.Run();
        Assert.Equal(
            ["error 0", "state 0", "error 0", "error 2", "error 0", "error 2", "error 0", "result " + Hex(3, "quartier-shelter", "0.1.0", "ESP32", "Quartier Schlafkapsel"), "error 0", "result 07020100"],
            desk.Heard());
    }

    [Fact]
    public void A_password_of_a_wrong_length_is_an_invalid_packet_and_a_raw_key_is_not()
    {
        foreach (var (password, taken) in new[] { ("1234567", false), ("12345678", true), (new string('p', 63), true), (new string('p', 64), false), (new string('a', 64), true), (new string('a', 65), false) })
        {
            var desk = new DeviceUnderTest();
            desk.Send(Command(1, Text(DeskWifi.Ssid), Text(password)));
            desk.Run();
            Assert.Equal(taken ? ["error 0", "state 3", "state 4", Url] : ["error 1"], desk.Heard());
        }
    }

    /// <summary>What the protocol demands; null for a packet that is not known here. What a device sends is not for it.</summary>
    private static string[]? Expected(string name, string direction)
    {
        if (direction == "device to client")
        {
            return [];
        }

        string[] joinRefused = ["error 0", "state 3", "error 3", "state 2"];
        return name switch
        {
            "request current state" or "restarted header" or "packet followed by line feed" => ["error 0", "state 2"],
            "request info" => ["error 0", "result " + Hex(3, "quartier-kiosk", "0.1.0", "ESP32", "Quartier Infobildschirm")],
            "get hostname" => ["error 0", "result " + Hex(5, "quartier-screen")],
            "set hostname" => ["error 0", "result " + Hex(5, "ulm-infoscreen-07")],
            "get device name" => ["error 0", "result " + Hex(6, "Quartier Infobildschirm")],
            "set device name" => ["error 0", "result " + Hex(6, "Infostele Süd")],
            "wifi settings, example of the documentation" or "wifi open network" => ["error 0", "state 3", "state 4", Url],
            "wifi 32-byte ssid, 63-byte password" or "wifi ssid containing IMPROV header bytes" => joinRefused,
            "unknown command" => ["error 0", "error 2"],
            "ssid length beyond data" or "password length beyond data" => ["error 1"],
            "bad checksum" or "wrong checksum" => ["error 1"],
            "wrong version" or "type unknown" => [],
            _ => null,
        };
    }

    internal static byte[] Command(byte command, params byte[][] data)
    {
        byte[] all = [.. data.SelectMany(part => part)];
        var packet = new byte[300];
        var length = PortFrames.WriteImprov(packet, 0, PortFrames.ImprovCommand, [command, (byte)all.Length, .. all], all.Length + 2);
        return packet[..length];
    }

    internal static byte[] Text(string text) => [(byte)Encoding.UTF8.GetByteCount(text), .. Encoding.UTF8.GetBytes(text)];

    private static string Hex(byte command, params string[] texts)
    {
        byte[] all = [.. texts.SelectMany(Text)];
        return Convert.ToHexStringLower([command, (byte)all.Length, .. all]);
    }
}
