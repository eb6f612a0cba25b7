using System.Security.Cryptography;
using Quartier.Wire;

namespace Quartier.Provision;

/// <summary>The steps from a cable to a device that the gateway has heard. Wi-Fi comes before the registration, so that what
/// most often fails leaves nothing half done.</summary>
public sealed class Setup(ProvisionOptions options, Report report)
{
    private const int PollMs = 500;

    /// <summary>A new device is called after its place; one that takes another's place keeps that one's name.</summary>
    private string Name => options.Replace ? "" : options.Place;

    /// <exception cref="ProvisionProblem">A step failed; it says which, why and what to do.</exception>
    public void Run()
    {
        using var port = TermiosPort.Open(options.Port);
        var line = new DeviceLine(port);
        report.Progress($"{options.Port}: suche das Gerät …", $"{options.Port}: looking for the device …");
        var device = line.Ask(new ProvisionRequest());
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

    private void CheckKind(ProvisionAnswer device)
    {
        var german = device.Kind == IdentityKind.Screen ? "Infobildschirm" : "Schlafkapsel-Sensor";
        var english = device.Kind == IdentityKind.Screen ? "info screen" : "pod sensor";
        var known = device.DeviceId.Length == 0 ? "" : $" ({device.DeviceId})";
        report.Progress($"gefunden: {german}{known}, Firmware {device.Firmware}", $"found: {english}{known}, firmware {device.Firmware}");
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
        JoinWifi(line, device);
        report.Progress("melde das Gerät am Gateway an …", "registering the device at the gateway …");
        var registration = gateway.Register("screen", options.Id.Length > 0 ? options.Id : device.DeviceId, Name, options.Place, options.Area, options.Replace);
        var host = options.MqttHost.Length > 0 ? options.MqttHost : options.Gateway.Host;
        if (options.Gateway.IsLoopback && options.MqttHost.Length == 0)
        {
            report.Progress($"Hinweis: das Gerät wird das Gateway unter {host} suchen; für ein echtes Gerät --mqtt-host angeben.",
                $"note: the device will look for the gateway at {host}; give --mqtt-host for a real device.");
        }

        WriteIdentity(line, new DeviceIdentity
        {
            Kind = IdentityKind.Screen, DeviceId = registration.Id, Place = registration.Place, Language = options.Language, MqttHost = host,
            MqttPort = registration.MqttPort, MqttTls = options.MqttTls, MqttUser = registration.MqttUser ?? "", MqttPassword = registration.MqttSecret ?? "",
        });
        WaitForContact(line, gateway, registration.Id, registration.Now,
            $"Gateway {host}:{registration.MqttPort} vom WLAN aus erreichbar? Uhr und Firewall prüfen.",
            $"Can {host}:{registration.MqttPort} be reached from the Wi-Fi? Check clock and firewall.");
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
        WriteIdentity(line, new DeviceIdentity
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
            if (device.Wifi == 2)
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

        throw line.Ask(new ProvisionRequest()).Wifi switch
        {
            3 => new ProvisionProblem("wifi", $"{options.Ssid}: das WLAN-Passwort stimmt nicht.", $"{options.Ssid}: the Wi-Fi password is wrong.",
                "Passwort prüfen; Groß- und Kleinschreibung zählt.", "Check the password; capitals matter."),
            4 => new ProvisionProblem("wifi", $"{options.Ssid} ist nicht in Reichweite.", $"{options.Ssid} is not in range.",
                "Name prüfen, Gerät näher an den Router; der ESP32 kennt nur 2,4 GHz.", "Check the name, move closer to the router; the ESP32 knows 2.4 GHz only."),
            _ => new ProvisionProblem("wifi", $"{options.Ssid}: keine Verbindung.", $"{options.Ssid}: could not connect.",
                "Router prüfen (Adressvergabe, Gerätefilter) und noch einmal starten.", "Check the router (address assignment, device filter) and start again."),
        };
    }

    private void WriteIdentity(DeviceLine line, DeviceIdentity identity)
    {
        report.Progress("schreibe Kennung und Zugangsdaten …", "writing identity and secrets …");
        var answer = line.Ask(new ProvisionRequest { Command = ProvisionCommand.Write, Identity = identity });
        if (answer.Status != ProvisionStatus.Ok || answer.DeviceId != identity.DeviceId)
        {
            throw new ProvisionProblem("identity", $"Das Gerät nahm die Kennung nicht an (Status {(int)answer.Status}).", $"The device did not take the identity (status {(int)answer.Status}).",
                "Noch einmal mit --replace starten; bleibt es dabei, ist der Flash-Speicher defekt.", "Start again with --replace; if it stays so, the flash is broken.");
        }
    }

    private void WaitForContact(DeviceLine line, GatewayClient gateway, string id, DateTimeOffset since, string germanRemedy, string remedy)
    {
        if (options.WaitSeconds == 0)
        {
            return;
        }

        report.Progress($"warte auf den ersten Kontakt (höchstens {options.WaitSeconds} s) …", $"waiting for the first contact (at most {options.WaitSeconds} s) …");
        var until = Environment.TickCount64 + (options.WaitSeconds * 1000L);
        while (Environment.TickCount64 < until)
        {
            if (gateway.ContactOf(id, since).Called)
            {
                return;
            }

            Thread.Sleep(PollMs);
        }

        var device = line.Ask(new ProvisionRequest());
        throw device is { Kind: IdentityKind.Screen, Wifi: not 2 }
            ? new ProvisionProblem("contact", "Das Gateway hat noch nichts gehört: das Gerät ist nicht im WLAN.", "The gateway has heard nothing: the device is not on the Wi-Fi.",
                "Mit --ssid und --wifi-password noch einmal starten.", "Start again with --ssid and --wifi-password.")
            : new ProvisionProblem("contact", "Das Gateway hat noch nichts vom Gerät gehört.", "The gateway has heard nothing from the device.", germanRemedy, remedy);
    }
}
