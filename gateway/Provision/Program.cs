using System.CommandLine;
using Quartier.Wire;

namespace Quartier.Provision;

/// <summary>provision: sets up a device on a USB cable. Exit codes: 0 done, 1 a step failed, 2 wrong usage.</summary>
public static class Program
{
    private static readonly Option<string> Port = new("--port") { Description = "Serial port of the device's service port, such as /dev/ttyUSB0, /dev/cu.usbserial-1 or COM3; left out, the ports that are there are named." };
    private static readonly Option<string> Gateway = new("--gateway") { Description = "Address of the gateway's console.", DefaultValueFactory = _ => "http://localhost:8080" };
    private static readonly Option<string> Kind = new("--kind") { Description = "screen or pod; else the device is asked." };
    private static readonly Option<string> Id = new("--id") { Description = "The device's id; else made from the place.", DefaultValueFactory = _ => "" };
    private static readonly Option<string> Place = new("--place") { Description = "Where it stands, as people say it; with --replace what is not said is kept.", DefaultValueFactory = _ => "" };
    private static readonly Option<string> Area = new("--area") { Description = "The quarter that a new device belongs to.", DefaultValueFactory = _ => "" };
    private static readonly Option<string> Language = new("--language") { Description = "The screen's first language.", DefaultValueFactory = _ => "de" };
    private static readonly Option<string> Ssid = new("--ssid") { Description = "Name of the Wi-Fi." };
    private static readonly Option<string> WifiPassword = new("--wifi-password") { Description = "Its password; better QUARTIER_WIFI_PASSWORD, else it is asked for." };
    private static readonly Option<string> User = new("--user") { Description = "Facility account at the gateway.", DefaultValueFactory = _ => "facility" };
    private static readonly Option<string> Password = new("--password") { Description = "Its password; better QUARTIER_PASSWORD, else it is asked for." };
    private static readonly Option<string> MqttHost = new("--mqtt-host") { Description = "Where the device finds the gateway; else the host of --gateway.", DefaultValueFactory = _ => "" };
    private static readonly Option<bool> MqttTls = new("--mqtt-tls") { Description = "A screen speaks TLS, also where a port is given; without --root as the gateway's own broker does." };
    private static readonly Option<int?> MqttPort = new("--mqtt-port") { Description = "Port there; else the gateway's own, or 8883 with TLS." };
    private static readonly Option<string> Root = new("--root") { Description = "File with the root that the certificate of the TLS broker hangs on, PEM or DER; with --mqtt-tls." };
    private static readonly Option<string> DevEui = new("--dev-eui") { Description = "A pod's DevEUI, 16 hex digits, from the label of its radio module." };
    private static readonly Option<string> JoinEui = new("--join-eui") { Description = "A pod's JoinEUI, 16 hex digits.", DefaultValueFactory = _ => "0000000000000000" };
    private static readonly Option<string> AppKey = new("--app-key") { Description = "A pod's AppKey, 32 hex digits; else QUARTIER_APP_KEY, else a fresh one is shown once." };
    private static readonly Option<bool> Replace = new("--replace") { Description = "The device takes the place of a registered one." };
    private static readonly Option<int> Wait = new("--wait") { Description = "Seconds to wait for the first contact; 0 none.", DefaultValueFactory = _ => 120 };
    private static readonly Option<bool> Json = new("--json") { Description = "The result as one JSON object on standard output." };

    public static int Main(string[] args)
    {
        var root = new RootCommand("Sets up a device on a USB cable. Exit codes: 0 done, 1 a step failed, 2 wrong usage.")
        {
            Port, Gateway, Kind, Id, Place, Area, Language, Ssid, WifiPassword, User, Password, MqttHost, MqttTls, MqttPort, Root, DevEui, JoinEui, AppKey, Replace, Wait, Json,
        };
        root.SetAction(Run);
        var parsed = root.Parse(args);
        if (parsed.Errors.Count == 0)
        {
            return parsed.Invoke();
        }

        foreach (var error in parsed.Errors)
        {
            Console.Error.WriteLine(error.Message);
        }

        Console.Error.WriteLine("Try: ./quartier provision --help");
        return 2;
    }

    private static int Run(ParseResult parsed)
    {
        var unnamed = parsed.GetValue(Port) is null ? "--port is needed. " + DevicePort.Candidates(german: false) : null;
        if ((unnamed ?? Usage(parsed)) is { } wrong)
        {
            Console.Error.WriteLine(wrong);
            return 2;
        }

        var report = new Report(parsed.GetValue(Json), IsEnglish());
        var secrets = new Secrets(report);
        var (ssid, user) = (parsed.GetValue(Ssid), parsed.GetRequiredValue(User));
        var appKey = parsed.GetValue(AppKey) ?? Environment.GetEnvironmentVariable("QUARTIER_APP_KEY");
        try
        {
            new Setup(
                new ProvisionOptions
                {
                    Port = parsed.GetRequiredValue(Port),
                    Gateway = new Uri(parsed.GetRequiredValue(Gateway)),
                    Root = parsed.GetValue(Root) is { } path ? RootCertificate.Read(path, DateTimeOffset.UtcNow) : null,
                    Kind = parsed.GetValue(Kind) switch { "screen" => IdentityKind.Screen, "pod" => IdentityKind.Pod, _ => null },
                    Id = parsed.GetRequiredValue(Id),
                    Place = parsed.GetRequiredValue(Place),
                    Area = parsed.GetRequiredValue(Area),
                    Language = parsed.GetRequiredValue(Language),
                    Ssid = ssid,
                    WifiPassword = ssid is null ? ""
                        : secrets.Take(parsed.GetValue(WifiPassword), "--wifi-password", "QUARTIER_WIFI_PASSWORD", $"WLAN-Passwort für {ssid} (leer für keines):", $"Wi-Fi password of {ssid} (empty for none):"),
                    User = user,
                    Password = secrets.Take(parsed.GetValue(Password), "--password", "QUARTIER_PASSWORD", $"Passwort von {user} am Gateway:", $"Password of {user} at the gateway:"),
                    MqttHost = parsed.GetRequiredValue(MqttHost),
                    MqttTls = parsed.GetValue(MqttTls),
                    MqttPort = parsed.GetValue(MqttPort),
                    DevEui = Hex(parsed.GetValue(DevEui), DeviceIdentity.EuiBytes) ?? [],
                    JoinEui = Hex(parsed.GetRequiredValue(JoinEui), DeviceIdentity.EuiBytes)!,
                    AppKey = Hex(appKey, DeviceIdentity.KeyBytes),
                    Replace = parsed.GetValue(Replace),
                    WaitSeconds = parsed.GetRequiredValue(Wait),
                },
                report).Run();
            return 0;
        }
        catch (ProvisionProblem problem)
        {
            report.Failed(problem);
            return 1;
        }
    }

    /// <returns>What is wrong, or null.</returns>
    private static string? Usage(ParseResult parsed)
    {
        if (!Uri.TryCreate(parsed.GetRequiredValue(Gateway), UriKind.Absolute, out var gateway) || gateway.Scheme is not ("http" or "https"))
        {
            return "--gateway needs an address such as http://localhost:8080";
        }

        if (string.IsNullOrWhiteSpace(parsed.GetRequiredValue(Place)) && !parsed.GetValue(Replace))
        {
            return "--place is needed for a new device";
        }

        if (parsed.GetValue(Kind) is not (null or "screen" or "pod"))
        {
            return "--kind is screen or pod";
        }

        if (parsed.GetRequiredValue(Id) is { Length: > 0 } id && !ScreenTopics.IsDeviceId(id))
        {
            return "--id: 1 to 32 of a-z, 0-9 and hyphen";
        }

        if (!ScreenFormat.IsLanguage(parsed.GetRequiredValue(Language)))
        {
            return "--language: such as de or en";
        }

        if (parsed.GetValue(DevEui) is { } devEui && Hex(devEui, DeviceIdentity.EuiBytes) is null)
        {
            return "--dev-eui: 16 hex digits";
        }

        if (Hex(parsed.GetRequiredValue(JoinEui), DeviceIdentity.EuiBytes) is null)
        {
            return "--join-eui: 16 hex digits";
        }

        if ((parsed.GetValue(AppKey) ?? Environment.GetEnvironmentVariable("QUARTIER_APP_KEY")) is { } appKey && Hex(appKey, DeviceIdentity.KeyBytes) is null)
        {
            return "--app-key: 32 hex digits";
        }

        if (parsed.GetValue(MqttPort) is { } port && port is < 1 or > 65535)
        {
            return "--mqtt-port: 1 to 65535";
        }

        if (parsed.GetValue(Root) is not null && !parsed.GetValue(MqttTls))
        {
            return "--root is for --mqtt-tls";
        }

        return parsed.GetRequiredValue(Wait) < 0 ? "--wait: 0 or more seconds" : null;
    }

    private static byte[]? Hex(string? text, int bytes) =>
        text is not null && text.Length == bytes * 2 && text.All(char.IsAsciiHexDigit) ? Convert.FromHexString(text) : null;

    private static bool IsEnglish() =>
        (Environment.GetEnvironmentVariable("LC_ALL") is { Length: > 0 } all ? all : Environment.GetEnvironmentVariable("LANG") ?? "").StartsWith("en", StringComparison.Ordinal);
}
