using System.Globalization;
using NodaTime;
using Quartier.Gateway.Pages;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Tls;

/// <summary>What is wrong with a certificate, in words for whoever runs the gateway.</summary>
internal static class CertificateFaults
{
    public const string Name = "certificate";
    private const string Page = "/connections";

    public static Fault NotTaken(string reason) => new(
        Name,
        $"Die neue Zertifikatsdatei wurde nicht übernommen, das bisherige Zertifikat gilt weiter: {reason}.",
        $"The new certificate file was not taken, the certificate before goes on: {reason}.",
        "Zertifikat und Schlüssel an die Stelle legen, die beim Start angegeben ist; binnen einer Minute werden sie gelesen.",
        "Put certificate and key where the start says; they are read within a minute.",
        Page);

    public static Fault OutsideEnds(Instant end) => new(
        Name,
        $"Das Zertifikat der Seiten gilt nur bis {German(end)}. Danach warnt jeder Browser vor ihnen.",
        $"The pages' certificate holds until {English(end)} only. After that every browser warns of them.",
        "Ein neues Zertifikat an die Stelle des alten legen; binnen einer Minute wird es gelesen.",
        "Put a new certificate in the old one's place; it is read within a minute.",
        Page);

    public static Fault OwnEnds(Instant end) => new(
        Name,
        $"Ein Zertifikat des Gateways gilt nur bis {German(end)} und konnte nicht erneuert werden.",
        $"A certificate of the gateway holds until {English(end)} only and could not be renewed.",
        "Ist die Platte voll? Das Protokoll des Gateways nennt den Grund. Endet die Stelle selbst, bekommt jeder Bildschirm am Kabel eine neue Wurzel.",
        "Is the disk full? The gateway's log names the reason. Where the authority itself ends, each screen gets a new root over the cable.",
        Page);

    public static Fault NotYet(Instant begin) => new(
        Name,
        $"Ein Zertifikat des Gateways gilt erst ab {German(begin)}: bei seinem ersten Start ging die Uhr um Jahre vor. Bis dahin warnt jeder Browser, und kein Gerät verbindet sich.",
        $"A certificate of the gateway holds from {English(begin)} only: at its first start the clock was years ahead. Until then every browser warns, and no device connects.",
        "Im Datenordner tls/browsers-authority.pem und tls/devices-authority.pem löschen und neu starten; Telefone und Bildschirme bekommen die neuen.",
        "Delete tls/browsers-authority.pem and tls/devices-authority.pem in the data folder and restart; phones and screens are given the new ones.",
        Page);

    private static string German(Instant end) => end.InBerlin().ToString("dd.MM.uuuu", CultureInfo.InvariantCulture);

    private static string English(Instant end) => end.InBerlin().ToString("d MMM uuuu", CultureInfo.InvariantCulture);
}
