using System.Security.Cryptography;
using Quartier.Wire;

namespace Quartier.Provision;

/// <summary>The steps from a cable to a device that the gateway has heard. Wi-Fi comes before the registration, so that what
/// most often fails leaves nothing half done.</summary>
public sealed class Setup(ProvisionOptions options, Report report)
{
    private const int PollMs = 500;
    /// <summary>A device that has just started is on its saved Wi-Fi well within.</summary>
    private const int RejoinMs = 20_000;
    private const int TlsPort = 8883;

    /// <summary>A new device is called after its place; one that takes another's place keeps that one's name.</summary>
    private string Name => options.Replace ? "" : options.Place;

    /// <exception cref="ProvisionProblem">A step failed; it says which, why and what to do.</exception>
    public void Run()
    {
        using var port = DevicePort.Open(options.Port);
        var line = new DeviceLine(port);
        report.Progress($"{options.Port}: suche das Gerät …", $"{options.Port}: looking for the device …");
        var device = Describe(line);
        CheckKind(device);
        using var gateway = new GatewayClient(options.Gateway);
        report.Progress("melde am Gateway an …", "logging in at the gateway …");
        gateway.LogIn(options.User, options.Password);
        if (device.Kind == IdentityKind.Screen)
        {
            SetUpScreen(line, device, gateway);
        }
        else
        {
            SetUpPod(line, gateway);
        }
    }

    /// <summary>A device that knows only version 1 says so by "malformed"; it is set up in version 1, which knows no root.</summary>
    private ProvisionAnswer Describe(DeviceLine line)
    {
        var device = line.Ask(new ProvisionRequest { Version = ProvisionRequest.VersionMax });
        if (device.Status != ProvisionStatus.Malformed)
        {
            return device;
        }

        device = line.Ask(new ProvisionRequest());
        return options.Root is null ? device : throw WithoutTls(device);
    }

    private static ProvisionProblem WithoutTls(ProvisionAnswer device) => new(
        "device", $"Die Firmware {device.Firmware} kann kein TLS: sie nimmt keine Wurzel an.", $"The firmware {device.Firmware} cannot do TLS: it takes no root.",
        "Neue Firmware aufspielen; für einen Anschluss ohne TLS --mqtt-tls weglassen und --mqtt-port angeben.",
        "Install newer firmware; for a port without TLS leave --mqtt-tls out and give --mqtt-port.");

    /// <summary>What the screen verifies its gateway against; null: it speaks without TLS. A port that the person gives is not the gateway's
    /// own with TLS.</summary>
    private byte[]? RootFor(ProvisionAnswer device, GatewayClient gateway)
    {
        var root = options.Root ?? (options.MqttTls || options.MqttPort is null ? gateway.Tls?.Root : null);
        if (root is null && options.MqttTls)
        {
            throw new ProvisionProblem("gateway", "Dieses Gateway gibt keine Wurzel her: sein Broker spricht kein TLS.", "This gateway gives no root: its broker speaks no TLS.",
                "Mit --root die Datei mit der Wurzel angeben, an der das Zertifikat vor dem Broker hängt.", "Give --root FILE with the root that the certificate before the broker hangs on.");
        }

        return root is null || device.Version > 1 ? root : throw WithoutTls(device);
    }

    private void CheckKind(ProvisionAnswer device)
    {
        var german = device.Kind == IdentityKind.Screen ? "Infobildschirm" : "Schlafkapsel-Sensor";
        var english = device.Kind == IdentityKind.Screen ? "info screen" : "pod sensor";
        var known = device.DeviceId.Length == 0 ? "" : $" ({device.DeviceId})";
        report.Progress($"gefunden: {german}{known}, Firmware {device.Firmware}", $"found: {english}{known}, firmware {device.Firmware}");
        if (options.MqttTls && device.Kind != IdentityKind.Screen)
        {
            throw new ProvisionProblem("device", $"Am Kabel hängt ein {german}; er spricht über LoRaWAN, nicht über TLS.", $"The device on the cable is a {english}; it speaks LoRaWAN, not TLS.",
                "--mqtt-tls und --root weglassen.", "Leave --mqtt-tls and --root out.");
        }

        if (options.Kind is { } wanted && wanted != device.Kind)
        {
            throw new ProvisionProblem("device", $"Am Kabel hängt ein {german}.", $"The device on the cable is a {english}.",
                "Das richtige Gerät anstecken oder --kind weglassen.", "Plug in the right device or leave --kind out.");
        }

        // Else a device that is in service would leave its old name behind as one that is never heard again.
        if (device.DeviceId.Length > 0 && !options.Replace && options.Id.Length == 0)
        {
            throw new ProvisionProblem("device", $"Dieses Gerät ist schon als {device.DeviceId} eingerichtet.", $"This device is set up as {device.DeviceId} already.",
                "Neu einrichten und die Kennung behalten: mit --replace wiederholen. Als anderes Gerät: mit --id eine neue Kennung angeben.",
                "To set it up anew under the same id repeat with --replace; as another device give it a new --id.");
        }
    }

    private void SetUpScreen(DeviceLine line, ProvisionAnswer device, GatewayClient gateway)
    {
        var root = RootFor(device, gateway);
        JoinWifi(line, device);
        report.Progress("melde das Gerät am Gateway an …", "registering the device at the gateway …");
        var registration = gateway.Register("screen", options.Id.Length > 0 ? options.Id : device.DeviceId, Name, options.Place, options.Area, options.Replace);
        var host = options.MqttHost.Length > 0 ? options.MqttHost : options.Gateway.Host;
        if (options.Gateway.IsLoopback && options.MqttHost.Length == 0)
        {
            report.Progress($"Hinweis: das Gerät wird das Gateway unter {host} suchen; für ein echtes Gerät --mqtt-host angeben.",
                $"note: the device will look for the gateway at {host}; give --mqtt-host for a real device.");
        }

        var mqttPort = options.MqttPort ?? (root is null ? registration.MqttPort : options.Root is null ? gateway.Tls!.Port : TlsPort);
        SendRoot(line, root ?? []);
        WriteIdentity(line, device.Version, new DeviceIdentity
        {
            Kind = IdentityKind.Screen, DeviceId = registration.Id, Place = registration.Place, Language = options.Language, MqttHost = host,
            MqttPort = mqttPort, MqttTls = root is not null, MqttUser = registration.MqttUser ?? "", MqttPassword = registration.MqttSecret ?? "",
            RootDigest = root is null ? [] : SHA256.HashData(root),
            IssuedAt = device.Version == 1 ? 0 : registration.Now.ToUnixTimeSeconds(),
            TimePort = device.Version == 1 ? 0 : registration.TimePort,
        });
        WaitForContact(line, gateway, registration.Id, registration.Now,
            $"Gateway {host}:{mqttPort} vom WLAN aus erreichbar? Uhr und Firewall prüfen{(root is not null ? "; das Zertifikat dort muss auf diesen Namen lauten und an der Wurzel hängen" : "")}.",
            $"Can {host}:{mqttPort} be reached from the Wi-Fi? Check clock and firewall{(root is not null ? "; the certificate there must bear this name and hang on the root" : "")}.");
        report.Done(registration.Id, "screen", $"{registration.Id} ist eingerichtet.", $"{registration.Id} is set up.", null);
    }

    private void SetUpPod(DeviceLine line, GatewayClient gateway)
    {
        if (options.DevEui.Length != DeviceIdentity.EuiBytes)
        {
            throw new ProvisionProblem("identity", "Für eine Schlafkapsel fehlt die DevEUI.", "A pod needs its DevEUI.",
                "Die 16 Hexziffern vom Aufkleber des Funkmoduls mit --dev-eui angeben.", "Give the 16 hex digits on the radio module's label with --dev-eui.");
        }

        var devEui = Convert.ToHexStringLower(options.DevEui);
        var appKey = options.AppKey ?? RandomNumberGenerator.GetBytes(DeviceIdentity.KeyBytes);
        report.Progress("melde das Gerät am Gateway an …", "registering the device at the gateway …");
        var registration = gateway.Register("pod", devEui, Name, options.Place, options.Area, options.Replace);
        WriteIdentity(line, 1, new DeviceIdentity
        {
            Kind = IdentityKind.Pod, DeviceId = options.Id.Length > 0 ? options.Id : "pod-" + devEui, Place = registration.Place, Language = options.Language,
            DevEui = options.DevEui, JoinEui = options.JoinEui, AppKey = appKey,
        });
        var shown = options.AppKey is null ? Convert.ToHexStringLower(appKey) : null;
        if (shown is null)
        {
            WaitForContact(line, gateway, devEui, registration.Now,
                $"Ist {devEui} beim Netzwerkserver mit demselben AppKey angelegt und ein LoRaWAN-Gateway in Reichweite?",
                $"Is {devEui} known to the network server with the same AppKey, and a LoRaWAN gateway in range?");
        }
        else
        {
            report.Progress("warte nicht auf den ersten Kontakt: erst muss der neue AppKey beim Netzwerkserver stehen.",
                "not waiting for the first contact: the new AppKey must be at the network server first.");
        }

        report.Done(devEui, "pod", $"{devEui} ist eingerichtet.", $"{devEui} is set up.", shown);
    }

    private void JoinWifi(DeviceLine line, ProvisionAnswer device)
    {
        if (options.Ssid is null)
        {
            if (Rejoined(line, device).Wifi == 2)
            {
                report.Progress("WLAN besteht schon.", "Wi-Fi is up already.");
                return;
            }

            var seen = string.Join(", ", line.Scan().OrderByDescending(network => network.RssiDbm).Select(network => $"{network.Ssid} ({network.RssiDbm} dBm)"));
            throw new ProvisionProblem("wifi", "Das Gerät hat kein WLAN.", "The device has no Wi-Fi.",
                $"--ssid und --wifi-password angeben. Das Gerät sieht: {(seen.Length > 0 ? seen : "kein Netz")}.",
                $"Give --ssid and --wifi-password. The device sees: {(seen.Length > 0 ? seen : "no network")}.");
        }

        report.Progress($"WLAN {options.Ssid}: verbinde …", $"Wi-Fi {options.Ssid}: joining …");
        if (line.JoinWifi(options.Ssid, options.WifiPassword))
        {
            return;
        }

        throw line.Ask(new ProvisionRequest { Version = device.Version }).Wifi switch
        {
            3 => new ProvisionProblem("wifi", $"{options.Ssid}: das WLAN-Passwort stimmt nicht.", $"{options.Ssid}: the Wi-Fi password is wrong.",
                "Passwort prüfen; Groß- und Kleinschreibung zählt. Stimmt es, den Gerätefilter des Routers prüfen.", "Check the password; capitals matter. If it is right, check the router's device filter."),
            4 => new ProvisionProblem("wifi", $"{options.Ssid} ist nicht in Reichweite.", $"{options.Ssid} is not in range.",
                "Name prüfen, Gerät näher an den Router; der ESP32 kennt nur 2,4 GHz.", "Check the name, move closer to the router; the ESP32 knows 2.4 GHz only."),
            _ => new ProvisionProblem("wifi", $"{options.Ssid}: keine Verbindung.", $"{options.Ssid}: could not connect.",
                "Gerät näher an den Router; Passwort und Router prüfen (Adressvergabe, Gerätefilter). Der Name darf höchstens 31 Byte haben, das Passwort 63.",
                "Move closer to the router; check password and router (address assignment, device filter). The name may have 31 bytes at most, the password 63."),
        };
    }

    /// <summary>A device that has just started, or was moved, may still be on the way to the network that it knows.</summary>
    private ProvisionAnswer Rejoined(DeviceLine line, ProvisionAnswer device)
    {
        if (device.Wifi == 1)
        {
            report.Progress("das Gerät sucht sein WLAN …", "the device is looking for its Wi-Fi …");
        }

        Within(RejoinMs, () => device.Wifi != 1 || (device = line.Ask(new ProvisionRequest { Version = device.Version })).Wifi != 1);
        return device;
    }

    private static void SendRoot(DeviceLine line, byte[] root)
    {
        for (var at = 0; at < root.Length; at += ProvisionRequest.PartBytesMax)
        {
            var part = root[at..Math.Min(root.Length, at + ProvisionRequest.PartBytesMax)];
            var answer = line.Ask(new ProvisionRequest { Version = ProvisionRequest.VersionMax, Command = ProvisionCommand.Root, RootBytes = root.Length, PartAt = at, Part = part });
            if (answer.Status != ProvisionStatus.Ok)
            {
                throw NotTaken("die Wurzel", "the root", answer.Status);
            }
        }
    }

    private static ProvisionProblem NotTaken(string german, string english, ProvisionStatus status) => new(
        "identity", $"Das Gerät nahm {german} nicht an (Status {(int)status}).", $"The device did not take {english} (status {(int)status}).",
        "Noch einmal mit --replace starten; bleibt es dabei, ist der Flash-Speicher defekt.", "Start again with --replace; if it stays so, the flash is broken.");

    private void WriteIdentity(DeviceLine line, int version, DeviceIdentity identity)
    {
        report.Progress("schreibe Kennung und Zugangsdaten …", "writing identity and secrets …");
        var answer = line.Ask(new ProvisionRequest { Version = version, Command = ProvisionCommand.Write, Identity = identity });
        if (answer.Status != ProvisionStatus.Ok || answer.DeviceId != identity.DeviceId)
        {
            throw NotTaken("die Kennung", "the identity", answer.Status);
        }
    }

    private void WaitForContact(DeviceLine line, GatewayClient gateway, string id, DateTimeOffset since, string germanRemedy, string remedy)
    {
        if (options.WaitSeconds == 0)
        {
            return;
        }

        report.Progress($"warte auf den ersten Kontakt (höchstens {options.WaitSeconds} s) …", $"waiting for the first contact (at most {options.WaitSeconds} s) …");
        if (Within(options.WaitSeconds * 1000L, () => gateway.ContactOf(id, since).Called))
        {
            return;
        }

        var device = line.Ask(new ProvisionRequest());
        throw device is { Kind: IdentityKind.Screen, Wifi: not 2 }
            ? new ProvisionProblem("contact", "Das Gateway hat noch nichts gehört: das Gerät ist nicht im WLAN.", "The gateway has heard nothing: the device is not on the Wi-Fi.",
                "Mit --ssid und --wifi-password noch einmal starten.", "Start again with --ssid and --wifi-password.")
            : new ProvisionProblem("contact", "Das Gateway hat noch nichts vom Gerät gehört.", "The gateway has heard nothing from the device.", germanRemedy, remedy);
    }

    /// <summary>Asks twice a second.</summary>
    /// <returns>Whether it came to be so in time.</returns>
    private static bool Within(long milliseconds, Func<bool> isSo)
    {
        for (var until = Environment.TickCount64 + milliseconds; Environment.TickCount64 < until; Thread.Sleep(PollMs))
        {
            if (isSo())
            {
                return true;
            }
        }

        return false;
    }
}
