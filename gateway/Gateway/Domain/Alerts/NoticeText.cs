using System.Globalization;
using NodaTime;
using Quartier.Gateway.Domain.Shelters;
using Quartier.Gateway.Pages;

namespace Quartier.Gateway.Domain.Alerts;

/// <summary>What a notice is about, as its writer needs it.</summary>
/// <param name="Area">The pod's area, only where the settings allow it in a subject line; else null.</param>
public sealed record Place(string Name, string? Area);

/// <summary>One time that people are told of a case.</summary>
/// <param name="Told">How often people were told of the case's newest alarm before: a second fire begins anew.</param>
/// <param name="IsNews">Not the call but what became of it, also where the call leaves in the same second.</param>
public sealed record Notice(Alert Alert, Place Place, int Told, bool IsNews = false)
{
    /// <summary>The call itself, for the first time or again; else news of a case that they were called to before. A case that somebody
    /// took or closed in the second before its call left is called all the same: that a colleague knows of a fire does not mean that
    /// the team does.</summary>
    public bool IsCall => !IsNews && (IsUnanswered || Told == 0);

    /// <summary>Nobody has taken it yet: whoever reads this may be the one.</summary>
    public bool IsUnanswered => Alert.IsOpen && Alert.AcknowledgedAt is null;

    /// <summary>The pod is out of service and calls all the same.</summary>
    public OutOfService? Out { get; init; }
}

/// <summary>The words of letters and pages about cases. Letters are read on a lock screen at night: the subject names the pod,
/// what happens and who has taken it, nothing else; the text says what to do. German first, English below.</summary>
public static class NoticeText
{
    public static string Kind(AlertKind kind, ReaderLanguage say) => kind switch
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
    public static string Advice(AlertKind kind, ReaderLanguage say) => kind switch
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

    public static string Subject(Notice notice)
    {
        var (alert, place) = (notice.Alert, notice.Place);
        var what = $"{Kind(alert.Kind, ReaderLanguage.German)} / {Kind(alert.Kind, ReaderLanguage.English)} – {place.Name}{(place.Area is { } area ? $", {area}" : "")}";
        if (!alert.IsOpen)
        {
            return ClosedBy(alert) is { } person ? $"Abgeschlossen / closed: {what} ({person})" : $"Vorbei / over: {what}";
        }

        if (!notice.IsCall)
        {
            return $"Übernommen / taken: {what} ({alert.AcknowledgedBy})";
        }

        // Not "(6.)": whoever knows that the first fire is taken would let the second one ring.
        var anew = notice.Told == 0 && alert.Notices > 0 ? "neu / new: " : "";
        var again = notice.Told > 0 ? $" ({notice.Told + 1}.)" : "";
        var taken = alert.AcknowledgedBy is { } who ? $": {who} kümmert sich / takes care" : "";
        return $"{(AlertRules.IsSafety(alert.Kind) ? "ALARM " : "")}{anew}{what}{again}{taken}{(notice.Out is null ? "" : " · außer Betrieb / out of service")}";
    }

    /// <param name="acknowledge">Placeholder or address of the one-time link; null where there is nothing to acknowledge.</param>
    /// <param name="page">Address of the case's page.</param>
    public static string Letter(Notice notice, string? acknowledge, string page) =>
        $"{Part(notice, acknowledge, page, ReaderLanguage.German)}\n\n— English —\n\n{Part(notice, acknowledge, page, ReaderLanguage.English)}\n";

    private static string Part(Notice notice, string? acknowledge, string page, ReaderLanguage say)
    {
        var alert = notice.Alert;
        var lines = new List<string> { $"{notice.Place.Name}: {Kind(alert.Kind, say)}{(Value(alert.Kind, alert.Value) is { } value ? $" ({value})" : "")}" };
        lines.Add(alert.Kind == AlertKind.Silent
            ? say.Text($"Zuletzt gehört {When(alert.RaisedAt)}.", $"Last heard {When(alert.RaisedAt)}.")
            : say.Text($"Seit {When(alert.RaisedAt)}.", $"Since {When(alert.RaisedAt)}."));
        if (alert.IsOpen && notice.Out is { } state)
        {
            lines.Add(say.Text(
                $"Die Kapsel ist seit {When(state.Since)} außer Betrieb ({state.Why}). Dieser Alarm ist neu und gilt trotzdem.",
                $"The pod is out of service since {When(state.Since)} ({state.Why}). This alarm is new and counts all the same."));
        }

        if (alert.EndedAt is { } ended)
        {
            lines.Add(say.Text($"Der Zustand endete {When(ended)}.", $"The condition ended {When(ended)}."));
        }

        if (alert is { AcknowledgedBy: { } who, AcknowledgedAt: { } taken })
        {
            lines.Add(say.Text($"{who} kümmert sich seit {When(taken)}.", $"{who} takes care since {When(taken)}."));
        }

        if (ClosedBy(alert) is { } person)
        {
            lines.Add(say.Text($"Abgeschlossen von {person}, {When(alert.ResolvedAt!.Value)}.", $"Closed by {person}, {When(alert.ResolvedAt!.Value)}."));
        }

        if (alert.IsOpen && notice.IsCall)
        {
            lines.Add(Advice(alert.Kind, say));
        }

        if (acknowledge is not null)
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

    private static string? ClosedBy(Alert alert) => alert.ResolvedBy == Alert.ByCondition ? null : alert.ResolvedBy;

    private static string When(Instant instant) =>
        instant.InBerlin().ToString("dd.MM. HH:mm", CultureInfo.InvariantCulture);
}
