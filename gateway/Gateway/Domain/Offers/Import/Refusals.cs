using System.Globalization;

namespace Quartier.Gateway.Domain.Offers.Import;

/// <summary>The wording of refusals: what is wrong and what the person can do about it.</summary>
internal static class Refusals
{
    public static string Line(int line, int column) => string.Create(CultureInfo.InvariantCulture, $"line {line}, column {column}");

    public static Refusal NotXml(string place) => new(RefusalClass.NotXml, place,
        "Das ist kein Feed, sondern eine Webseite oder einfacher Text.", "This is not a feed but a web page or plain text.",
        "Adresse im Browser öffnen: Zeigt sie eine Wartungs- oder Fehlerseite, später erneut versuchen; sonst die Adresse des Feeds eintragen.",
        "Open the address in a browser: if it shows a maintenance or error page, try again later; otherwise use the address of the feed itself.");

    public static Refusal Truncated(string place) => new(RefusalClass.Truncated, place,
        "Die Datei hört mittendrin auf.", "The file ends in the middle.",
        "Datei noch einmal vollständig herunterladen; bisher Importiertes bleibt unverändert.",
        "Download the file again in full; what was imported earlier stays as it is.");

    public static Refusal NotWellFormed(string place, string detail) => new(RefusalClass.NotWellFormed, place,
        $"Die Datei ist an dieser Stelle fehlerhaft aufgebaut ({detail}).", $"The file is not well-formed at this place ({detail}).",
        "Den Betreiber der Quelle auf die Stelle hinweisen; die Datei dort korrigieren und erneut importieren.",
        "Tell the operator of the source about the place; correct the file there and import it again.");

    public static Refusal ExternalEntity(string place) => new(RefusalClass.ExternalEntity, place,
        "Die Datei will Inhalte von einer fremden Adresse nachladen. Es wurde nichts abgerufen.", "The file wants content fetched from another address. Nothing was requested.",
        "Die ENTITY-Deklaration aus der Datei entfernen; ein Feed braucht keine.", "Remove the ENTITY declaration from the file; a feed needs none.");

    public static Refusal EntityExpansion(string place) => new(RefusalClass.EntityExpansion, place,
        "Die Datei deklariert eigene Entitäten, die sich vervielfachen könnten.", "The file declares entities of its own, which could multiply without bound.",
        "Die ENTITY-Deklarationen entfernen und die Zeichen unmittelbar schreiben.", "Remove the ENTITY declarations and write the characters directly.");

    public static Refusal WrongFormat(string place, string found) => new(RefusalClass.WrongFormat, place,
        $"Dieses Format wird nicht gelesen: {found}.", $"This format is not read: {found}.",
        "RSS 2.0, Atom 1.0, iCalendar (.ics) oder HSDS 3 (JSON) verwenden.", "Use RSS 2.0, Atom 1.0, iCalendar (.ics) or HSDS 3 (JSON).");

    public static Refusal NotSupportedYet(string place, string format) => new(RefusalClass.WrongFormat, place,
        $"{format} wird noch nicht unterstützt.", $"{format} is not supported yet.",
        "Bis dahin RSS 2.0, Atom 1.0, iCalendar (.ics) oder HSDS 3 (JSON) verwenden.", "Until then use RSS 2.0, Atom 1.0, iCalendar (.ics) or HSDS 3 (JSON).");

    public static Refusal Encoding(string place, string detail) => new(RefusalClass.Encoding, place,
        $"Die Zeichenkodierung ist nicht eindeutig ({detail}).", $"The character encoding is not clear ({detail}).",
        "Die Datei durchgehend als UTF-8 speichern.", "Save the whole file as UTF-8.");

    public static Refusal TooLarge(long limit) => new(RefusalClass.TooLarge, string.Create(CultureInfo.InvariantCulture, $"byte {limit}"),
        "Die Datei ist größer als 5 MiB.", "The file is larger than 5 MiB.",
        "Den Feed auf kommende Termine begrenzen oder in mehrere Seiten teilen.", "Limit the feed to coming dates or split it into several pages.");

    public static Refusal TooRepetitive(string place) => new(RefusalClass.TooRepetitive, place,
        "Die Datei enthält zu viele lange Terminserien, die von ihrem Anfang an abgezählt werden müssten.", "The file contains too many long series of dates that would have to be counted from their beginning.",
        "Serien mit einem Enddatum (UNTIL) statt einer Anzahl (COUNT) ausgeben lassen oder alte Serien aus der Datei nehmen.", "Have series exported with an end date (UNTIL) instead of a number (COUNT), or take old series out of the file.");

    public static Refusal MissingField(string place, string field) => new(RefusalClass.MissingField, place,
        $"Ein Pflichtfeld fehlt: {field}.", $"A required field is missing: {field}.",
        "Das Feld an der genannten Stelle ergänzen und erneut importieren.", "Add the field at that place and import again.");

    public static Refusal SchemaViolation(string place, string detailGerman, string detailEnglish) => new(RefusalClass.SchemaViolation, place,
        $"Ein Wert passt nicht zum Format: {detailGerman}.", $"A value does not fit the format: {detailEnglish}.",
        "Den Wert an der genannten Stelle berichtigen und erneut importieren.", "Correct the value at that place and import again.");

    public static Refusal MalformedDate(string place, string value) => new(RefusalClass.MalformedDate, place,
        $"Kein lesbares Datum: „{value}“.", $"Not a readable date: “{value}”.",
        "Datum als JJJJ-MM-TT, Uhrzeit als HH:MM schreiben.", "Write dates as YYYY-MM-DD and times as HH:MM.");

    public static Refusal NotJson(string place, string detail) => new(RefusalClass.NotJson, place,
        $"Das ist kein gültiges JSON ({detail}).", $"This is not valid JSON ({detail}).",
        "Die Datei an der genannten Stelle berichtigen oder neu ausgeben lassen.", "Correct the file at that place or have it exported again.");

    public static Refusal Unreachable(string place, string german, string english) => new(RefusalClass.Unreachable, place, german, english,
        "Adresse oder Dateinamen prüfen und erneut versuchen.", "Check the address or file name and try again.");
}
