using System.Text.RegularExpressions;

namespace Quartier.Gateway.Domain.Offers.Import.Hsds;

/// <summary>
/// R17: whether a text closes an offer on holidays. A sentence that names the holidays closes it if it denies or excepts something
/// ("an Feiertagen geschlossen", "außer in den Schulferien") and does not say the opposite ("auch an Feiertagen", "nie geschlossen").
/// </summary>
internal static partial class ClosingWords
{
    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    [GeneratedRegex(@"\b(?:feiertag\w*|(?:public|bank)\s+holidays?)", Options)]
    private static partial Regex PublicHolidays();

    [GeneratedRegex(@"\b(?:(?:schul)?ferien|school\s+holidays?|term\s+time\s+only)\b", Options)]
    private static partial Regex SchoolHolidays();

    [GeneratedRegex(@"geschlossen|\bschließ|\bentf(?:äll|all)|\bf(?:äll|all)\w*\b.*\baus\b|\bkein\w*\b|\bnicht\b|\bau(?:ß|ss)er(?:halb)?\b|\bausgenommen\b|\bausnahme\b|\bohne\b|(?<!\bbis\s+)\bzu\s*(?:[,)]|$)|\bclosed\b|\bexcept\b|\bexcluding\b|\bnot?\b|\bterm\s+time\s+only\b", Options)]
    private static partial Regex Closes();

    [GeneratedRegex(@"\b(?:auch|selbst|nur|also|even)\s+(?:\S+\s+){0,3}?(?:\w+-\s*und\s+)?(?:feiertag|(?:schul)?ferien|(?:public|bank|school)\s+holiday)|\b(?:nicht|nie|niemals|not|never)\s+(?:geschlossen|zu\b|closed)|\b(?:feiertag\w*|(?:schul)?ferien|holidays?)\s+(?:(?!nicht|not)\w+\s+){0,3}?(?:geöffnet|offen|open)\b|\bkein\w*\s+(?:vor)?(?:anmeldung|kosten|gebühr)", Options)]
    private static partial Regex StaysOpen();

    public static bool OnPublicHolidays(string text) => IsClosed(text, PublicHolidays());

    public static bool InSchoolHolidays(string text) => IsClosed(text, SchoolHolidays());

    private static bool IsClosed(string text, Regex holidays) =>
        text.Split('.', ';', '!', '?', '\n').Any(sentence => holidays.IsMatch(sentence) && !StaysOpen().IsMatch(sentence) && Closes().IsMatch(sentence));
}
