using System.Globalization;
using NodaTime;
using Quartier.Gateway.Host;

namespace Quartier.Gateway.Domain.Alerts;

/// <summary>What a notice is about, as its writer needs it.</summary>
/// <param name="Area">The pod's area, only where the settings allow it in a subject line; else null.</param>
public sealed record Place(string Name, string? Area);

/// <summary>The words of letters and pages about cases. Letters are read on a lock screen at night: the subject names the pod
/// and what happens, nothing else; the text says what to do. German first, English below.</summary>
public static class NoticeText
{
    public static string Kind(AlertKind kind, Say say) => kind switch
    {
        AlertKind.Smoke => say.Text("Rauch", "Smoke"),
        AlertKind.Sos => say.Text("Notruf", "SOS"),
        AlertKind.Cold => say.Text("Kälte", "Cold"),
        AlertKind.Co2 => say.Text("Schlechte Luft (CO₂)", "Bad air (CO₂)"),
        AlertKind.Heat => say.Text("Hitze", "Heat"),
        AlertKind.Tamper => say.Text("Gehäuse geöffnet", "Housing opened"),
        AlertKind.Occupied => say.Text("Belegt", "Occupied"),
        _ => say.Text("Meldet sich nicht", "Not heard"),
    };

    /// <summary>What a person should do first.</summary>
    public static string Advice(AlertKind kind, Say say) => kind switch
    {
        AlertKind.Smoke => say.Text("Feuerwehr 112 rufen, dann hinfahren.", "Call the fire brigade on 112, then go there."),
        AlertKind.Sos => say.Text("In der Kapsel wurde der Notruf gedrückt: sofort hinfahren, bei Lebensgefahr 112.", "Somebody pressed SOS in the pod: go there at once; 112 if a life is in danger."),
        AlertKind.Cold => say.Text("In der Kapsel ist es zu kalt: Heizung und Tür prüfen.", "The pod is too cold: check heating and door."),
        AlertKind.Co2 => say.Text("Die Luft in der Kapsel ist verbraucht: Lüftung prüfen, bei der Person klopfen.", "The air in the pod is used up: check the ventilation, knock."),
        AlertKind.Heat => say.Text("In der Kapsel ist es zu heiß: hinfahren.", "The pod is too hot: go there."),
        AlertKind.Tamper => say.Text("Das Gehäuse der Elektronik wurde geöffnet: nachsehen.", "The electronics' housing was opened: have a look."),
        AlertKind.Occupied => say.Text("Bitte am Morgen besuchen.", "Please visit in the morning."),
        _ => say.Text("Der letzte Stand gilt nicht mehr. Strom, Funk und Gerät prüfen.", "The last known state no longer holds. Check power, radio and device."),
    };

    /// <summary>Where help from outside may be needed at once: the page offers the call.</summary>
    public static bool CallsForHelp(AlertKind kind) => kind is AlertKind.Smoke or AlertKind.Sos;

    /// <summary>−4 °C, 3200 ppm; null where the kind has no value or none came.</summary>
    public static string? Value(AlertKind kind, int? value) => (kind, value) switch
    {
        (AlertKind.Cold or AlertKind.Heat, { } celsius) => celsius.ToString(CultureInfo.InvariantCulture).Replace('-', '−') + " °C",
        (AlertKind.Co2, { } ppm) => ppm.ToString(CultureInfo.InvariantCulture) + " ppm",
        _ => null,
    };

    public static string Subject(Alert alert, Place place)
    {
        var (german, english) = (Kind(alert.Kind, Say.German), Kind(alert.Kind, Say.English));
        var word = AlertRules.IsSafety(alert.Kind) ? "ALARM " : "";
        var over = alert.IsOpen ? "" : "Vorbei / over: ";
        var again = alert.Notices > 0 && alert.IsOpen ? $" ({alert.Notices + 1}.)" : "";
        return $"{over}{(over.Length > 0 ? "" : word)}{german} / {english} – {place.Name}{(place.Area is { } area ? $", {area}" : "")}{again}";
    }

    /// <param name="acknowledge">Placeholder or address of the one-time link; null where there is nothing to acknowledge.</param>
    /// <param name="page">Address of the case's page.</param>
    public static string Letter(Alert alert, Place place, string? acknowledge, string page) =>
        $"{Part(alert, place, acknowledge, page, Say.German)}\n\n— English —\n\n{Part(alert, place, acknowledge, page, Say.English)}\n";

    private static string Part(Alert alert, Place place, string? acknowledge, string page, Say say)
    {
        var lines = new List<string> { $"{place.Name}: {Kind(alert.Kind, say)}{(Value(alert.Kind, alert.Value) is { } value ? $" ({value})" : "")}" };
        lines.Add(alert.Kind == AlertKind.Silent
            ? say.Text($"Zuletzt gehört {When(alert.RaisedAt)}.", $"Last heard {When(alert.RaisedAt)}.")
            : say.Text($"Seit {When(alert.RaisedAt)}.", $"Since {When(alert.RaisedAt)}."));
        if (alert.EndedAt is { } ended)
        {
            lines.Add(say.Text($"Der Zustand endete {When(ended)}.", $"The condition ended {When(ended)}."));
        }

        if (alert.IsOpen)
        {
            lines.Add(Advice(alert.Kind, say));
        }

        if (alert.IsOpen && acknowledge is not null)
        {
            lines.Add("");
            lines.Add(say.Text("Ich kümmere mich (einmal gültig, 24 Stunden):", "I take care of it (works once, for 24 hours):"));
            lines.Add(acknowledge);
            lines.Add(say.Text("Bis jemand bestätigt, kommt diese Meldung wieder.", "Until somebody confirms, this notice comes again."));
        }

        lines.Add("");
        lines.Add(say.Text("Alles zu diesem Fall:", "All about this case:"));
        lines.Add(page);
        return string.Join('\n', lines);
    }

    private static string When(Instant instant) =>
        instant.InBerlin().ToString("dd.MM. HH:mm", CultureInfo.InvariantCulture);
}
