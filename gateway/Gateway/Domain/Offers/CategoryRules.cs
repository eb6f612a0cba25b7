using System.Text.RegularExpressions;

namespace Quartier.Gateway.Domain.Offers;

/// <summary>
/// The heading of an offer, from what its source says (docs/offers.md lists this table). Categories of the source decide first, then its title,
/// then its text; a call for volunteers is always one. The first line of the table that matches wins.
/// </summary>
public static partial class CategoryRules
{
    /// <summary>Words and phrases, not parts of words: "Interessengemeinschaft" is no meal. German compounds stand as they are used.</summary>
    private static readonly (OfferCategory Category, HashSet<string> Words, string[] Phrases)[] Table =
    [
        (OfferCategory.DigitalHelp, Words(
            "digital digitale digitalen digitaler digitales digitalisierung digitalcafé digitalcafe digitalpaten digitalpatinnen computer computern computerkurs computertreff " +
            "computerclub computerhilfe computercafé pc smartphone smartphones smartphonekurs handy handys handykurs handyhilfe handysprechstunde tablet tablets internet " +
            "internetcafé internetcafe laptop laptops medien medienkompetenz online onlinebanking technikhilfe techniksprechstunde"), []),
        (OfferCategory.RepairAndShare, Words(
            "repaircafé repaircafe repair reparatur reparaturcafé reparaturcafe reparieren reparaturwerkstatt tausch tauschen tauschbörse tauschmarkt tauschregal kleidertausch " +
            "kleidertauschbörse büchertausch flohmarkt flohmärkte hofflohmarkt kinderflohmarkt trödel trödelmarkt verschenken verschenkmarkt verschenktag leihladen leihen " +
            "bücherregal fahrradwerkstatt selbsthilfewerkstatt werkstatt werkstätten pflanzentausch pflanzentauschbörse kleiderkammer teilen share sharing swap"), []),
        (OfferCategory.Meals, Words(
            "essen mittagessen abendessen weihnachtsessen gemeinschaftsessen mahlzeit mahlzeiten frühstück frauenfrühstück nachbarschaftsfrühstück seniorenfrühstück frühstücken " +
            "mittagstisch suppe suppenküche suppentag kochen kochkurs kochabend kochgruppe küche volksküche tafel tafelladen brunch nachbarschaftsbrunch lebensmittel " +
            "lebensmittelausgabe kaffee kaffeeklatsch kaffeetreff kaffeenachmittag kuchen teestube vesper vesperkirche trinken meal meals food lunch breakfast"), []),
        (OfferCategory.Learning, Words(
            "sprache sprachen sprachcafé sprachcafe sprachkurs sprachkurse sprachtreff sprachförderung sprachtandem deutsch deutschkurs deutschkurse lernen lerncafé lerntreff " +
            "lernhilfe lernförderung bildung weiterbildung erwachsenenbildung nachhilfe lesekreis leseecke alphabetisierung kurs kurse vortrag vorträge seminar workshop bücherei " +
            "stadtteilbücherei stadtbücherei bibliothek volkshochschule vhs learning language languages course courses lecture library"), []),
        (OfferCategory.Family, Words(
            "familie familien familiencafé familiencafe familientreff familienzentrum familiennachmittag familienfest familiensonntag familienbildung eltern elterncafé elterncafe " +
            "elternabend elterntreff elternfrühstück elternberatung krabbelgruppe krabbelgruppen baby babys babytreff babymassage schwanger schwangere schwangerschaft " +
            "schwangerenberatung mütter väter müttercafé vätertreff alleinerziehende spielkreis parent parents family families anneler"), []),
        (OfferCategory.ChildrenAndYouth, Words(
            "kind kinder kindern kinderturnen kindertheater kinderkino kinderchor kinderfest kindertreff kindergruppe kindernachmittag kinderbetreuung kinderprogramm jugend " +
            "jugendliche jugendlichen jugendhaus jugendtreff jugendzentrum jugendclub jugendgruppe schüler schülerinnen schülerhilfe ferien ferienprogramm ferienbetreuung " +
            "ferienspiele spielplatz spielplatztreff märchen märchenstunde vorlesestunde bilderbuchkino hausaufgaben hausaufgabenhilfe hausaufgabenbetreuung teenager youth " +
            "children kids child homework"), []),
        (OfferCategory.Seniors, Words(
            "senior senioren seniorin seniorinnen seniorencafé seniorencafe seniorentreff seniorennachmittag seniorenkreis seniorengruppe seniorenclub seniorentanz ältere älteren " +
            "älterer rentner rentnerinnen 60+ 65+ 70+ gedächtnistraining gedächtnis pflegende pflegenden seniors elderly"), ["ab 60", "ab 65"]),
        (OfferCategory.HealthAndSport, Words(
            "gesundheit gesundheitsbus gesundheitstag gesundheitstreff gesundheitskurs gesund sport sporttreff sportkurs sportgruppe sportverein gymnastik wassergymnastik " +
            "rückengymnastik seniorengymnastik sitzgymnastik yoga qigong pilates bewegung bewegungstreff laufen lauftreff laufgruppe spendenlauf stadtlauf turnen wandern " +
            "wanderung wanderungen wandergruppe spaziergang sonntagsspaziergang spaziergänge spazieren spaziergangsgruppe boule tanz tanzen tanzkurs tanzcafé tanzcafe tanzgruppe " +
            "schwimmen schwimmkurs schwimmbad fußball tischtennis blutspende selbsthilfegruppe health sports walk hike swimming"), ["erste hilfe"]),
        (OfferCategory.Advice, Words(
            "beratung beratungen beratungsstelle sozialberatung schuldnerberatung rentenberatung pflegeberatung mieterberatung migrationsberatung rechtsberatung suchtberatung " +
            "erstberatung lebensberatung energieberatung sprechstunde sprechstunden mietersprechstunde sprechzeit sprechzeiten hilfe hilfen soforthilfe recht mietrecht schulden " +
            "rente wohngeld bürgergeld soziales wohnungslose wohnungslosen wohnungslosigkeit wohnungslosenhilfe wohnungsnot obdachlos obdachlose obdachlosen anlaufstelle " +
            "pflegestützpunkt asyl advice counselling counseling"), []),
        (OfferCategory.Culture, Words(
            "kultur kulturen kulturabend kulturcafé kulturnacht musik musikabend hausmusik konzert konzerte hauskonzert kirchenkonzert benefizkonzert film filme filmabend " +
            "filmnacht theater theaterstück krippenspiel lesung lesungen kino kinoabend sommerkino singen singkreis mitsingen chor chöre chorprobe spiele spieleabend " +
            "spielenachmittag spieletreff tanzabend ausstellung ausstellungen vernissage fest feste sommerfest stadtteilfest straßenfest nachbarschaftsfest maifest herbstfest " +
            "feier feiern weihnachtsfeier abend advent adventsmarkt adventsfeier weihnachtsmarkt basar weihnachtsbasar führung stadtführung quiz kneipenquiz culture concert " +
            "concerts music theatre cinema exhibition festival"), []),
    ];

    [GeneratedRegex(@"\b(kostenlos|kostenfrei|gratis|unentgeltlich|gebührenfrei|eintritt\s+(?:ist\s+)?frei|freier\s+eintritt|free\s+(?:of\s+charge|entry|admission))\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex FreeWords();

    [GeneratedRegex(@"\b(barrierefrei|stufenlos|stufenfrei|rollstuhlgerecht|rollstuhlzugänglich|step-free|wheelchair\s+accessible)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex StepFreeWords();

    [GeneratedRegex(@"\b(ohne\s+(?:vorherige\s+)?(?:vor)?anmeldung|(?:keine|nicht)\s+(?:vor)?anmeldung|anmeldung\s+(?:ist\s+)?nicht|no\s+registration|without\s+registration)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex NoRegistrationWords();

    [GeneratedRegex(@"\b((?:vor)?anmeldung\b|nach\s+(?:vorheriger\s+)?(?:termin)?(?:vereinbarung|absprache)\b|by\s+appointment\b|(?:bitte\s+)?(?:vorher\s+)?anmelden\b|voranmeldung|registration\s+(?:is\s+)?(?:required|needed)|please\s+register)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex RegistrationWords();

    public static OfferCategory CategoryOf(OfferItem item)
    {
        if (item.Kind == OfferKind.Volunteering)
        {
            return OfferCategory.Volunteering;
        }

        return Match(string.Join('\n', item.Categories)) ?? Match(string.Join('\n', item.Hints)) ?? Match(item.Title) ?? Match(item.Text) ?? OfferCategory.Other;
    }

    [GeneratedRegex(@"[\p{L}\p{M}\p{N}]+\+?", RegexOptions.CultureInvariant)]
    private static partial Regex Word();

    private static HashSet<string> Words(string list) => list.Split(' ').ToHashSet(StringComparer.Ordinal);

    private static OfferCategory? Match(string text)
    {
        var words = Word().Matches(text.ToLowerInvariant()).Select(match => match.Value).ToList();
        var phrase = $" {string.Join(' ', words)} ";
        foreach (var (category, known, phrases) in Table)
        {
            if (words.Exists(known.Contains) || phrases.Any(wanted => phrase.Contains($" {wanted} ", StringComparison.Ordinal)))
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
