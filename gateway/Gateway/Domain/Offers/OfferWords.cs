using NodaTime;
using Quartier.Gateway.Domain.Offers.Import;
using Quartier.Gateway.Pages;

namespace Quartier.Gateway.Domain.Offers;

/// <summary>One line of the editors' list.</summary>
/// <param name="Places">Null where nothing can be said.</param>
public sealed record OfferRow(OfferView View, Occurrence? Next, IReadOnlyList<TextProblem> Problems, OfferPlaces? Places);

/// <summary>The editors' words for dates, outcomes and reasons.</summary>
public static class OfferWords
{
    private static readonly string[] German = ["", "Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"];
    private static readonly string[] English = ["", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

    /// <summary>Mi 25.11. 14:00–16:30; Mi 25.11. ganztägig</summary>
    public static string When(ReaderLanguage say, Occurrence occurrence, Instant now)
    {
        var start = occurrence.Start.InBerlin();
        var weekday = say.Text(German[(int)start.DayOfWeek], English[(int)start.DayOfWeek]);
        var year = start.Year == now.InBerlin().Year ? "" : say.Text($"{start.Year}", $"/{start.Year}");
        var day = say.Text($"{weekday} {start.Day}.{start.Month}.{year}", $"{weekday} {start.Day}/{start.Month}{year}");
        if (occurrence.AllDay)
        {
            return $"{day} {say.Text("ganztägig", "all day")}";
        }

        return occurrence.End is { } end ? $"{day} {occurrence.Start.Clock()}–{end.Clock()}" : $"{day} {occurrence.Start.Clock()}";
    }

    public static string Status(ReaderLanguage say, string status) => status switch
    {
        ImportRun.Added => say.Text("neu", "added"),
        ImportRun.Changed => say.Text("geändert", "changed"),
        ImportRun.Unchanged => say.Text("unverändert", "unchanged"),
        ImportRun.Withdrawn => say.Text("zurückgezogen", "withdrawn"),
        _ => say.Text("ausgelassen", "skipped"),
    };

    public static string Shown(ReaderLanguage say, ScreenDisplay screen, Instant now) => screen.Display switch
    {
        Display.Current => say.Text("zeigt den aktuellen Stand", "shows the current state"),
        Display.Updating => say.Text("wird aktualisiert", "is being updated"),
        Display.Refusing => say.Text("nimmt den neuen Stand nicht an, zeigt den davor", "does not take the new state, shows the one before"),
        Display.Blocked => say.Text("gesperrt", "blocked"),
        Display.NeverConfirmed => say.Text("hat noch nichts bestätigt", "has not confirmed anything yet"),
        _ => say.Text("nicht erreichbar, zuletzt bestätigt ", "cannot be reached, last confirmed ") + say.Moment(screen.ConfirmedAt!.Value, now),
    };

    public static string Tone(Display display) => display switch
    {
        Display.Current => "good",
        Display.Updating or Display.NeverConfirmed => "unsure",
        Display.Blocked => "muted",
        _ => "bad",
    };

    public static string Tone(string status) => status switch
    {
        ImportRun.Added => "good",
        ImportRun.Changed => "busy",
        ImportRun.Withdrawn => "bad",
        ImportRun.SkippedStatus => "unsure",
        _ => "muted",
    };

    public static string Reason(ReaderLanguage say, string reason) => reason switch
    {
        SkipReason.Past => say.Text("ist schon vorbei", "is over already"),
        SkipReason.NoDate => say.Text("nennt kein Datum", "names no date"),
        SkipReason.MalformedDate => say.Text("hat ein unlesbares Datum", "has an unreadable date"),
        SkipReason.NoTitle => say.Text("hat keinen Titel", "has no title"),
        SkipReason.Duplicate => say.Text("steht doppelt in der Datei", "stands twice in the file"),
        SkipReason.Cancelled => say.Text("ist abgesagt", "is cancelled"),
        SkipReason.Postponed => say.Text("ist auf unbestimmte Zeit verschoben", "is postponed without a new date"),
        SkipReason.Draft => say.Text("ist noch ein Entwurf", "is still a draft"),
        SkipReason.TemporarilyClosed => say.Text("ist vorübergehend geschlossen", "is temporarily closed"),
        SkipReason.Defunct => say.Text("gibt es nicht mehr", "no longer exists"),
        SkipReason.Inactive => say.Text("ist zurzeit nicht aktiv", "is not active at present"),
        SkipReason.NotAnEvent => say.Text("ist eine Aufgabe, kein Termin", "is a task, not an event"),
        SkipReason.Deleted => say.Text("wurde von der Quelle gelöscht", "was deleted by its source"),
        SkipReason.Private => say.Text("ist privat oder vertraulich und wird nicht veröffentlicht", "is private or confidential and is not published"),
        SkipReason.Vanished => say.Text("steht nicht mehr in der Quelle", "is no longer in the source"),
        _ => reason,
    };

    public static string LanguageName(ReaderLanguage say, string language) => language switch
    {
        "de" => say.Text("Deutsch", "German"),
        "en" => say.Text("Englisch", "English"),
        "tr" => say.Text("Türkisch", "Turkish"),
        "uk" => say.Text("Ukrainisch", "Ukrainian"),
        "ru" => say.Text("Russisch", "Russian"),
        "ar" => say.Text("Arabisch", "Arabic"),
        "fr" => say.Text("Französisch", "French"),
        _ => language,
    };
}
