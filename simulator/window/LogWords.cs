using Quartier.Gateway.Pages;
using Quartier.Simulator.World;
using Quartier.Wire;

namespace Quartier.Simulator.Window;

/// <param name="Tone">person, device, radio, gateway or danger: how the line is marked.</param>
public sealed record LogLine(long Number, string Time, string Who, string What, string Tone);

/// <summary>The trace in plain words, newest first. A line that only a developer of the simulator needs has none and is left out.</summary>
internal static class LogWords
{
    public static IEnumerable<LogLine> Lines(ReaderLanguage say, IReadOnlyList<TraceLine> trace, int most) =>
        Together(trace.Reverse().Select(line => Line(say, line)).OfType<LogLine>()).Take(most);

    /// <summary>Forty offers arriving one after the other are one line, or nothing else could be seen.</summary>
    private static IEnumerable<LogLine> Together(IEnumerable<LogLine> lines)
    {
        (LogLine Newest, int Count)? held = null;
        foreach (var line in lines)
        {
            if (held is { } same && same.Newest.Who == line.Who && same.Newest.What == line.What)
            {
                held = (same.Newest, same.Count + 1);
                continue;
            }

            if (held is { } done)
            {
                yield return Counted(done.Newest, done.Count);
            }

            held = (line, 1);
        }

        if (held is { } last)
        {
            yield return Counted(last.Newest, last.Count);
        }
    }

    private static LogLine Counted(LogLine line, int count) => count == 1 ? line : line with { What = $"{line.What} ({count}×)" };

    private static LogLine? Line(ReaderLanguage say, TraceLine line)
    {
        var (what, tone) = Words(say, line);
        return what.Length == 0 ? null : new LogLine(line.Number, Time(line), Who(say, line.Actor), what, tone);
    }

    private static (string What, string Tone) Words(ReaderLanguage say, TraceLine line) => line.Event switch
    {
        "enters" => (say.Text("jemand geht hinein", "somebody goes in"), "person"),
        "bolts-flap" => (say.Text("die Tür wird von innen verriegelt", "the door is locked from inside"), "person"),
        "unbolts-flap" => (say.Text("die Tür wird entriegelt", "the door is unlocked"), "person"),
        "sleeps" => (say.Text("legt sich schlafen", "goes to sleep"), "person"),
        "leaves" when line.Detail.Length > 0 => (say.Text("geht und lässt die Tür offen", "leaves and forgets the door"), "person"),
        "leaves" => (say.Text("geht und schließt die Tür", "leaves and closes the door"), "person"),
        "is-visited" => (say.Text("jemand schaut nach dem Rechten", "somebody looks after the pod"), "person"),
        "presses-sos" => (say.Text("der Hilfeknopf wird gedrückt", "the help button is pressed"), "danger"),
        "smoke" => (Toggle(say, line, "Rauch", "smoke"), "danger"),
        "cold" => (Toggle(say, line, "Kälteeinbruch", "icy draught"), "danger"),
        "flat-battery" => (Toggle(say, line, "leere Batterie", "flat battery"), "person"),
        "lamp" when line.Detail.StartsWith("blinks", StringComparison.Ordinal) => (say.Text("Lampe blinkt: unterwegs", "lamp blinks: on its way"), "device"),
        "lamp" when line.Detail.StartsWith("steady", StringComparison.Ordinal) => (say.Text("Lampe leuchtet: angekommen", "lamp is lit: it has arrived"), "device"),
        "concludes" => (Conclusion(say, line.Detail), "device"),
        "frame-heard" => (Frame(say, line.Detail, say.Text("gehört", "heard")), "radio"),
        "frame-lost" => (Frame(say, line.Detail, say.Text("ging verloren", "was lost")), "danger"),
        "downlink-queued" => (say.Text("Gateway bestätigt den Alarm; die Bestätigung wartet auf das nächste Funkfenster", "the gateway confirms the alarm; the answer waits for the next radio window"), "gateway"),
        "downlink-lost" => (say.Text("eine Bestätigung ging verloren", "a confirmation was lost"), "danger"),
        "alarm-confirmed" => (say.Text($"Alarm Nr. {line.Detail} ist bestätigt", $"alarm no. {line.Detail} is confirmed"), "gateway"),
        "message" => (say.Text($"Meldung an das Team: {line.Detail}", $"message to the team: {line.Detail}"), "danger"),
        "network" => (Network(say, line.Detail), "radio"),
        "key" => (say.Text("eine Taste wird gedrückt", "a key is pressed"), "person"),
        "touch" => (say.Text("der Bildschirm wird berührt", "the screen is touched"), "person"),
        "hello" => (say.Text("meldet sich an und nennt seinen Inhalt", "says hello and what it shows"), "device"),
        "want" => (say.Text("bittet um fehlende Angebote", "asks for the offers it lacks"), "device"),
        "telemetry" => (say.Text("meldet, wie es ihm geht", "reports how it is"), "device"),
        "usage" => (say.Text("meldet gezählte Nutzung je Stunde", "reports counted use per hour"), "device"),
        "manifest" => (say.Text("erfährt, welche Angebote gelten", "learns which offers hold"), "gateway"),
        "entry" => (say.Text("bekommt ein Angebot", "receives an offer"), "gateway"),
        "notice" => (say.Text("bekommt einen Hinweis", "receives a notice"), "gateway"),
        "settings" => (say.Text("bekommt Einstellungen", "receives settings"), "gateway"),
        _ => ("", ""),
    };

    private static string Toggle(ReaderLanguage say, TraceLine line, string german, string english) =>
        line.Detail == "begins" ? say.Text($"{german} beginnt", $"{english} begins") : say.Text($"{german} endet", $"{english} ends");

    private static string Network(ReaderLanguage say, string detail) => detail switch
    {
        "radio cut" => say.Text("Funk ist unterbrochen", "radio is cut"),
        "radio back" => say.Text("Funk ist wieder da", "radio is back"),
        "wifi cut" => say.Text("WLAN des Bildschirms ist unterbrochen", "the screen's Wi-Fi is cut"),
        "wifi back" => say.Text("WLAN des Bildschirms ist wieder da", "the screen's Wi-Fi is back"),
        _ => detail,
    };

    private static string Conclusion(ReaderLanguage say, string detail)
    {
        // "Occupied because Locked, confidence 3"
        var words = detail.Split(' ', ',');
        return words.Length > 2 && Enum.TryParse<Occupancy>(words[0], out var state) && Enum.TryParse<OccupancyReason>(words[2], out var reason)
            ? say.Text($"Sensor meint: {PodWords.State(say, state)} – {PodWords.Reason(say, reason)}", $"sensor thinks: {PodWords.State(say, state)} – {PodWords.Reason(say, reason)}")
            : detail;
    }

    private static string Frame(ReaderLanguage say, string detail, string fate)
    {
        // "Karlsplatz #12 port 2 5000012e"; a lost frame has no bytes.
        var words = detail.Split(' ');
        var at = Array.IndexOf(words, "port");
        var pod = string.Join(' ', words[..(at - 1)]);
        var port = words[at + 1];
        if (port == "2")
        {
            var bytes = words.Length > at + 2 && words[at + 2].Length == 8 ? Convert.FromHexString(words[at + 2]) : [];
            return ShelterAlarmV1.TryDecode(bytes, bytes.Length, out var alarm)
                ? say.Text($"Alarm von {pod} {fate}: {PodWords.Alarm(say, alarm.Kind)}{(alarm.Active ? "" : " vorbei")}, Nr. {alarm.Sequence}, 4 Byte", $"alarm of {pod} {fate}: {PodWords.Alarm(say, alarm.Kind)}{(alarm.Active ? "" : " is over")}, no. {alarm.Sequence}, 4 bytes")
                : say.Text($"Alarm von {pod} {fate}", $"alarm of {pod} {fate}");
        }

        return say.Text($"Statusmeldung von {pod} {fate}, 8 Byte", $"status of {pod} {fate}, 8 bytes");
    }

    private static string Who(ReaderLanguage say, string actor) => actor switch
    {
        "network-server" => say.Text("Funknetz", "radio network"),
        "gateway" => "Gateway",
        TeamChat.Actor => say.Text("Team-Chat", "team chat"),
        "window" => say.Text("Netz", "network"),
        "eselsberg-1" => say.Text("Bildschirm", "screen"),
        _ => actor,
    };

    private static string Time(TraceLine line)
    {
        var local = NodaTime.Instant.FromUnixTimeMilliseconds(line.At.ToUnixTimeMilliseconds()).InZone(WorldPlace.Zone);
        return $"{local.Hour:00}:{local.Minute:00}:{local.Second:00}";
    }
}
