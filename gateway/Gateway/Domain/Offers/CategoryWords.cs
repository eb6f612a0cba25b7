using Quartier.Gateway.Pages;

namespace Quartier.Gateway.Domain.Offers;

/// <summary>The headings' names, as on the screen.</summary>
public static class CategoryWords
{
    private static readonly (string German, string English, string Slug)[] Words =
    [
        ("Beratung", "Advice", "advice"), ("Sprache & Lernen", "Language & learning", "learning"), ("Digitale Hilfe", "Digital help", "digital-help"),
        ("Reparieren & Teilen", "Repair & share", "repair-share"), ("Kinder & Jugend", "Children & youth", "children-youth"), ("Familie", "Family", "family"),
        ("Essen", "Meals", "meals"), ("Kultur & Abend", "Culture & evening", "culture-evening"), ("Mitmachen", "Volunteering", "volunteering"),
        ("Gesundheit & Bewegung", "Health & sport", "health-sport"), ("Ältere", "Seniors", "seniors"), ("Sonstiges", "Other", "other"),
    ];

    public static string Name(ReaderLanguage say, OfferCategory category) => say.Text(Words[(int)category].German, Words[(int)category].English);

    public static string Slug(OfferCategory category) => Words[(int)category].Slug;

    public static string Name(ReaderLanguage say, OfferKind kind) => kind switch
    {
        OfferKind.Service => say.Text("Dauerangebot", "Service"),
        OfferKind.Volunteering => say.Text("Mitmachen", "Volunteering"),
        _ => say.Text("Termin", "Event"),
    };
}
