using System.Text.RegularExpressions;

namespace Quartier.Gateway.Domain.Offers;

/// <summary>
/// The heading of an offer, from what its source says (docs/offers.md lists this table). Categories of the source decide first, then its title,
/// then its text; a call for volunteers is always one. The first line of the table that matches wins.
/// </summary>
public static partial class CategoryRules
{
    private static readonly (OfferCategory Category, string[] Stems)[] Table =
    [
        (OfferCategory.DigitalHelp, ["digital", "computer", "smartphone", "handy", "tablet", "internet", "laptop", "online-sprech", "medien"]),
        (OfferCategory.RepairAndShare, ["repar", "repair", "tausch", "flohmarkt", "trödel", "verschenk", "leihladen", "bücherregal", "fahrradwerkstatt", "werkstatt", "pflanzen", "teilen", "share"]),
        (OfferCategory.Meals, ["essen", "mahlzeit", "frühstück", "mittagstisch", "suppe", "kochen", "küche", "tafel", "brunch", "lebensmittel", "kaffee", "kuchen", "teestube", "vesper", "meal", "food"]),
        (OfferCategory.Learning, ["sprach", "deutschkurs", "deutsch", "lernen", "bildung", "nachhilfe", "lesekreis", "alphabet", "kurs", "vortrag", "learning", "language", "course", "bücherei"]),
        (OfferCategory.Family, ["famil", "eltern", "krabbel", "baby", "schwanger", "mütter", "väter", "parent", "anneler"]),
        (OfferCategory.ChildrenAndYouth, ["kinder", "jugend", "schüler", "ferien", "spielplatz", "märchen", "youth", "children", "kids", "hausaufgaben"]),
        (OfferCategory.Seniors, ["senior", "ältere", "rentner", "ab 60", "60+", "65+", "gedächtnis", "pflegende"]),
        (OfferCategory.HealthAndSport, ["gesund", "sport", "gymnastik", "yoga", "bewegung", "lauf", "turn", "wander", "spazier", "boule", "tanz", "erste hilfe", "health", "schwimm"]),
        (OfferCategory.Advice, ["beratung", "sprechstunde", "hilfe", "recht", "schuld", "rente", "soziales", "wohnungslos", "advice", "counsel", "anlaufstelle", "pflegestützpunkt"]),
        (OfferCategory.Culture, ["kultur", "musik", "konzert", "film", "theater", "lesung", "kino", "singen", "chor", "spiele", "tanzabend", "ausstellung", "fest", "feier", "abend", "culture", "concert", "advent"]),
    ];

    [GeneratedRegex(@"\b(kostenlos|kostenfrei|gratis|unentgeltlich|gebührenfrei|eintritt\s+(?:ist\s+)?frei|freier\s+eintritt|free\s+(?:of\s+charge|entry|admission))\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex FreeWords();

    [GeneratedRegex(@"\b(barrierefrei|stufenlos|stufenfrei|rollstuhlgerecht|rollstuhlzugänglich|step-free|wheelchair\s+accessible)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex StepFreeWords();

    [GeneratedRegex(@"\b(ohne\s+(?:vorherige\s+)?(?:vor)?anmeldung|(?:keine|nicht)\s+(?:vor)?anmeldung|anmeldung\s+(?:ist\s+)?nicht|no\s+registration|without\s+registration)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex NoRegistrationWords();

    [GeneratedRegex(@"\b((?:vor)?anmeldung\b|(?:bitte\s+)?(?:vorher\s+)?anmelden\b|voranmeldung|registration\s+(?:is\s+)?(?:required|needed)|please\s+register)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex RegistrationWords();

    public static OfferCategory CategoryOf(OfferItem item)
    {
        if (item.Kind == OfferKind.Volunteering)
        {
            return OfferCategory.Volunteering;
        }

        return Match(string.Join('\n', item.Categories)) ?? Match(string.Join('\n', item.Hints)) ?? Match(item.Title) ?? Match(item.Text) ?? OfferCategory.Other;
    }

    private static OfferCategory? Match(string words)
    {
        var text = words.ToLowerInvariant();
        foreach (var (category, stems) in Table)
        {
            if (stems.Any(stem => text.Contains(stem, StringComparison.Ordinal)))
            {
                return category;
            }
        }

        return null;
    }

    public static OfferFlags FlagsOf(string text)
    {
        var flags = FreeWords().IsMatch(text) ? OfferFlags.FreeOfCharge : OfferFlags.None;
        flags |= StepFreeWords().IsMatch(text) ? OfferFlags.StepFree : OfferFlags.None;
        return !NoRegistrationWords().IsMatch(text) && RegistrationWords().IsMatch(text) ? flags | OfferFlags.RegistrationNeeded : flags;
    }
}
