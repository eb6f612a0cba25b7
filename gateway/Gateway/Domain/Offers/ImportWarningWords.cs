using System.Text.RegularExpressions;
using Quartier.Gateway.Pages;

namespace Quartier.Gateway.Domain.Offers;

/// <summary>What a reader noticed, for editors. Readers and programs write "kind: where".</summary>
public static partial class ImportWarningWords
{
    private static readonly Dictionary<string, (string German, string English)> Kinds = new(StringComparer.Ordinal)
    {
        ["calendar-empty"] = ("Der Kalender enthält keinen Termin", "The calendar holds no event"),
        ["changed-date-differs"] = ("Derselbe Termin wird zweimal verschieden geändert", "The same date is changed twice in different ways"),
        ["changed-date-malformed"] = ("Eine Änderung eines einzelnen Termins ist nicht lesbar", "A change of a single date cannot be read"),
        ["clock-time-ignored"] = ("Eine weitere Uhrzeit im Titel wurde nicht verwendet", "A further time in the title was not used"),
        ["date-malformed"] = ("Ein Datum ist nicht lesbar", "A date cannot be read"),
        ["duration-malformed"] = ("Eine Dauer ist nicht lesbar", "A duration cannot be read"),
        ["encoding-misdeclared"] = ("Die Datei nennt eine falsche Zeichenkodierung; gelesen wurde die richtige", "The file names a wrong character encoding; the right one was read"),
        ["end-before-start"] = ("Das Ende liegt vor dem Beginn; es wird nicht gezeigt", "The end is before the beginning; it is not shown"),
        ["end-malformed"] = ("Das Ende ist nicht lesbar; es wird nicht gezeigt", "The end cannot be read; it is not shown"),
        ["line-malformed"] = ("Eine Zeile ist nicht lesbar und wurde ausgelassen", "A line cannot be read and was left out"),
        ["more-pages"] = ("Die Liste hat weitere Seiten; gelesen wurde nur diese", "The list has further pages; only this one was read"),
        ["organisation-without-services"] = ("Eine Organisation hat keine Angebote", "An organisation has no services"),
        ["point-malformed"] = ("Eine Lage auf der Karte ist nicht lesbar", "A place on the map cannot be read"),
        ["point-out-of-range"] = ("Eine Lage auf der Karte gibt es nicht", "A place on the map does not exist"),
        ["recurrence-id-malformed"] = ("Welchen Termin eine Änderung meint, ist nicht lesbar", "Which date a change means cannot be read"),
        ["rule-malformed"] = ("Eine Wiederholung ist nicht lesbar; gezeigt wird nur der erste Termin", "A repetition cannot be read; only the first date is shown"),
        ["rule-too-fine"] = ("Eine Wiederholung ist häufiger als täglich; gezeigt wird nur der erste Termin", "A repetition is more frequent than daily; only the first date is shown"),
        ["rule-too-long"] = ("Eine Wiederholung ist zu lang zum Ausrechnen; gezeigt wird nur der erste Termin", "A repetition is too long to work out; only the first date is shown"),
        ["rule-with-exrule"] = ("Eine Wiederholung mit veralteter Ausnahmeregel wird nicht gelesen; gezeigt wird nur der erste Termin", "A repetition with an outdated rule for exceptions is not read; only the first date is shown"),
        ["schedule-unclear"] = ("Öffnungszeiten sind nicht eindeutig", "Opening hours are not clear"),
        ["second-rule-ignored"] = ("Eine zweite Wiederholung wurde nicht verwendet", "A second repetition was not used"),
        ["time-in-clock-change"] = ("Die Uhrzeit fällt in die Zeitumstellung und wurde verschoben", "The time falls into the change of the clocks and was moved"),
        ["weekday-mismatch"] = ("Wochentag und Datum passen nicht zusammen; es gilt das Datum", "Weekday and date do not agree; the date counts"),
        ["zone-by-distance"] = ("Die Zeitzone ist unbekannt; gerechnet wurde mit ihrem Abstand", "The time zone is unknown; its distance was used"),
        ["zone-unknown"] = ("Die Zeitzone ist unbekannt; gelesen wurde deutsche Zeit", "The time zone is unknown; German time was read"),
    };

    public static IEnumerable<string> Known => Kinds.Keys;

    /// <summary>A sentence and where; a kind without words stays as it is.</summary>
    public static string Of(ReaderLanguage say, string warning)
    {
        var parts = warning.Split(": ", 2);
        return Kinds.TryGetValue(parts[0], out var words)
            ? say.Text(words.German, words.English) + (parts.Length > 1 ? $": {Line().Replace(parts[1], say.Text("Zeile", "line"))}" : ".")
            : warning;
    }

    [GeneratedRegex(@"\bline(?= \d+\)?$)")]
    private static partial Regex Line();
}
