using Quartier.Wire;

namespace Quartier.Tests.Kiosk;

/// <summary>Offers of a quarter on Wednesday, 25 November 2026.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset Wednesday = DateTimeOffset.Parse("2026-11-25T14:05:00+01:00", System.Globalization.CultureInfo.InvariantCulture);

    public static CatalogueEntry[] Quarter() =>
    [
        Entry("cafe", 6, "Sprachcafé", "Language café", "Kaffee, Kuchen und Gespräche auf Deutsch. Alle sind willkommen, auch wer gerade erst anfängt.", "Coffee, cake and conversation in German. Everyone is welcome, beginners too.",
            "Bürgerhaus", "https://quartier.example.org/a/sprachcafe", "0731 123456", 1 | 2, ("2026-11-25T13:30+01:00", 150), ("2026-12-02T13:30+01:00", 150), ("2026-12-09T13:30+01:00", 150)),
        Entry("digital", 2, "Digitale Sprechstunde", "Digital help hour", "Hilfe mit Handy, Tablet und Online-Anträgen. Bringen Sie Ihr Gerät und das Ladekabel mit.", "Help with phones, tablets and online forms. Bring your device and its charger.",
            "Quartierszentrale", "https://quartier.example.org/a/digital", "", 1 | 2, ("2026-11-25T15:00+01:00", 120), ("2026-12-09T15:00+01:00", 120)),
        Entry("repair", 3, "Repair-Café", "", "Gemeinsam reparieren statt wegwerfen: Kleidung, Fahrräder, Elektrogeräte.", "", "Werkraum", "https://quartier.example.org/a/repair", "", 1, ("2026-11-28T10:00+01:00", 240)),
        Entry("beratung", 0, "Sozialberatung", "Social advice", "Wir helfen beim Ausfüllen von Anträgen und lesen Briefe mit Ihnen.", "We help with forms and read letters with you.", "Quartierszentrale", "", "0731 98765", 1 | 2, ("2026-11-25T09:00+01:00", 180), ("2026-11-26T09:00+01:00", 180)),
        Entry("kultur", 7, "Kinoabend im Saal", "Film night", "Ein Film für alle, mit deutschen Untertiteln.", "A film for everyone with German subtitles.", "Saal", "https://quartier.example.org/a/kino", "", 2, ("2026-11-25T19:00+01:00", 135)),
        Entry("ferien", 4, "Ferienprogramm: Bogenschießen", "", "Für Kinder von 8 bis 12 Jahren. Anmeldung erforderlich.", "", "Sportplatz", "https://quartier.example.org/ferien/bogen", "", 4, ("2026-12-28T10:00+01:00", 180)),
        Entry("familie", 5, "Familienfrühstück", "Family breakfast", "Frühstück für Eltern mit kleinen Kindern.", "Breakfast for parents with small children.", "Familienzentrum", "", "", 1, ("2026-11-26T09:30+01:00", 90)),
        Entry("mitmachen", 8, "Lesepatin gesucht", "Reading volunteers wanted", "Eine Stunde in der Woche mit einem Kind lesen. Kein Vorwissen nötig.", "Read with a child for one hour a week. No experience needed.", "Grundschule", "https://quartier.example.org/m/lesen", "", 0),
        Entry("sport", 9, "Spaziertreff", "Walking group", "Gemeinsam gehen, langsam und mit Pausen.", "Walk together, slowly and with breaks.", "Treff: Haltestelle", "", "", 1 | 2, ("2026-11-27T10:00+01:00", 60)),
    ];

    public static CatalogueEntry[] LongWords() =>
    [
        Entry("lang1", 9, "Bewegungsförderungsveranstaltungsreihe für Seniorinnen und Senioren", "", "Die Kraftfahrzeughaftpflichtversicherungsbescheinigung und die Grundstücksverkehrsgenehmigungszuständigkeitsübertragungsverordnung besprechen wir gemeinsam, Schritt für Schritt.",
            "", "Mehrgenerationenbegegnungsstätte Donauschwabenstraße", "https://quartier.example.org/angebote/bewegungsfoerderungsveranstaltungsreihe?quelle=bildschirm", "0731 / 123 456 789-0", 7, ("2026-12-23T10:30+01:00", 270), ("2026-12-30T10:30+01:00", 270)),
        Entry("lang2", 0, "Schuldnerberatungssprechstunde", "", "", "", "Wohngeldangelegenheitenstelle", "", "", 1, ("2026-11-25T13:00+01:00", 0)),
        Entry("lang3", 4, "Straßenspielfestvorbereitungstreffen", "", "", "", "Kinder- und Jugendfreizeiteinrichtung", "", "", 1, ("2026-11-25T00:00+01:00", 1440)),
        Entry("lang4", 11, "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW", "", "", "", "", "", "", 0, ("2026-12-24T23:00+01:00", 59)),
    ];

    public static CatalogueEntry Entry(string id, int category, string german, string english, string germanText, string englishText, string place, string url, string phone, int flags, params (string Start, int Minutes)[] times)
    {
        var starts = times.Select(t => (int)(DateTimeOffset.Parse(t.Start, System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeSeconds() / 60)).ToArray();
        return new CatalogueEntry
        {
            Id = id, Category = category, Kind = category == 8 ? EntryKind.Volunteering : EntryKind.Event,
            Languages = english.Length > 0 ? ["de", "en"] : ["de"],
            Titles = english.Length > 0 ? [german, english] : [german],
            Texts = english.Length > 0 ? [germanText, englishText] : [germanText],
            Place = place, Url = url, Phone = phone, Provider = "Quartierszentrale Alter Eselsberg", Flags = flags,
            StartUnixMinutes = starts, DurationMinutes = [.. times.Select(t => t.Minutes)], AllDay = [.. times.Select(t => t.Minutes == 1440)],
        };
    }
}
