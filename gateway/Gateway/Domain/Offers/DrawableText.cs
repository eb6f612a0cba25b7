using System.Globalization;
using System.Text;

namespace Quartier.Gateway.Domain.Offers;

/// <summary>What an editor should know of one text before it reaches a screen. Missing: the characters that no screen can draw, each once.</summary>
public sealed record TextProblem(string Language, string Field, string Missing, string German, string English);

/// <summary>
/// What stands in for characters that the screens' fonts do not hold: the same letter without its marks, a plain sign, or nothing.
/// Replacing happens only on the way to the screen; the catalogue keeps what the source wrote (docs/decisions/0050).
/// </summary>
public static class DrawableText
{
    /// <summary>More characters than these an editor need not read one by one.</summary>
    private const int NamedMax = 8;

    /// <summary>Each of the characters on the left is drawn as the text on the right.</summary>
    private static readonly Dictionary<int, string> StandIns = Read(
    [
        // Spaces, hyphens and dashes.
        ("\u00A0\u202F\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A\u205F\u3000\u2028\u2029", " "), ("\u2010\u2011\u2212\uFE63\u02D7", "-"),
        ("\u2012\u2043\uFE58", "–"), ("\u2E3A\u2E3B", "—"),
        // Arrows.
        ("\u2190", "<-"), ("\u2192\u21D2", "->"), ("\u2194", "<->"), ("\u2794\u279C\u279E\u27A1\u2B95\u21A6\uF0E0", "→"), ("\u2B05\uF0DF", "←"), ("\u2B06", "↑"),
        ("\u2B07", "↓"),
        // Bullets and ticks, also those of symbol fonts, which lie in the private use area.
        ("\u25CF\u25AA\u25AB\u25A0\u25A1\u25CB\u25E6\u25C6\u25C7\u2B25\u2023\u204C\u204D\u2756\uF0B7\uF0A7\uF0A8\uF06E\uF071\uF076", "•"), ("\u2219\u22C5\u30FB", "·"),
        ("\u25B8\u25BA\u27A2\u27A4\uF0D8", "▶"), ("\u25C2", "◀"), ("\u25BE", "▼"), ("\u25B4", "▲"), ("\u2713", "+"), ("\u2714\u2705\u2611\U0001F5F8\uF0FC", "✓"),
        ("\u2717", "x"), ("\u2716\u2718\u274C\u2612\uF0FB", "✗"), ("\uF02D", "–"), ("\uF0B0", "°"),
        // Quotes and fractions.
        ("\u2032\u02B9", "'"), ("\u2033\u02BA", "\""), ("\u02BC", "’"), ("\u301D", "“"), ("\u301E", "”"), ("\u2044\u2215", "/"), ("\u2236", ":"), ("\u2153", "1/3"),
        ("\u2154", "2/3"), ("\u215B", "1/8"), ("\u215C", "3/8"), ("\u2264", "<="), ("\u2265", ">="), ("\u203C", "!!"), ("\u2049", "!?"), ("\u2025", ".."),
        // Signs, and emoji that mean one of the fonts' own signs.
        ("\u2764\u2765\U0001F49A\U0001F499\U0001F49B\U0001F49C\U0001F9E1", "♥"), ("\u2B50\u2606\U0001F31F\u2728\u2729", "★"), ("\u2706\U0001F4DE\U0001F4F1\uF028", "☎"),
        ("\u260E\u2121", "Tel."), ("\U0001F4E7\uF02A", "✉"), ("\U0001F3B5\U0001F3B6\u266A\u266C", "♫"), ("\U0001F4CD\u261B\U0001F449\u27A5", "☞"), ("\U0001F6D1", "⚠"),
        ("\u2116", "Nr."), ("\u20BA", "TL"), ("\u2103", "°C"), ("\u2109", "°F"), ("\U0001F51F", "10"),
        // Ligatures and letters of neighbours' alphabets.
        ("\uFB00", "ff"), ("\uFB01", "fi"), ("\uFB02", "fl"), ("\uFB03", "ffi"), ("\uFB04", "ffl"), ("\uFB05\uFB06", "st"), ("\u01C6", "dž"), ("\u01C9", "lj"),
        ("\u01CC", "nj"), ("\u018F", "Ä"), ("\u0259", "ä"), ("\u0218", "Ş"), ("\u0219", "ş"), ("\u021A", "Ţ"), ("\u021B", "ţ"), ("\u1E9E", "SS"),
    ]);

    /// <summary>Marks of a sequence: without their neighbours they mean nothing.</summary>
    private static bool IsUnseen(Rune rune) =>
        rune.Value is 0x00AD or 0x200B or 0x200C or 0x200D or 0x2060 or 0x20E3 or (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0000 and <= 0xE01EF) or (>= 0x1F3FB and <= 0x1F3FF);

    /// <summary>The distinct characters that cannot be drawn, in order of their first use; not those whose stand-in nobody can tell from them.</summary>
    public static string Missing(string text, Func<Rune, bool> canDraw) =>
        string.Concat(text.EnumerateRunes().Where(rune => !IsDrawn(rune, canDraw) && !LooksAlike(rune)).Distinct());

    /// <summary>What becomes of each of the characters: "„ﬁ“ wird „fi“", "ein Sonderzeichen (U+FE0F) entfällt".</summary>
    public static (string German, string English) Fates(string missing, Func<Rune, bool> canDraw)
    {
        var runes = missing.EnumerateRunes().ToList();
        var german = new List<string>();
        var english = new List<string>();
        foreach (var rune in runes.Take(NamedMax))
        {
            var standIn = StandInFor(rune, canDraw);
            var code = string.Create(CultureInfo.InvariantCulture, $"U+{rune.Value:X4}");
            var isSeen = !IsUnseen(rune) && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.PrivateUse or UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.NonSpacingMark or UnicodeCategory.OtherNotAssigned);
            german.Add((isSeen ? $"„{rune}“ ({code})" : $"ein Sonderzeichen ({code})") + (standIn.Length > 0 ? $" wird „{standIn}“" : " entfällt"));
            english.Add((isSeen ? $"“{rune}” ({code})" : $"a special character ({code})") + (standIn.Length > 0 ? $" becomes “{standIn}”" : " is left out"));
        }

        if (runes.Count > NamedMax)
        {
            german.Add($"{runes.Count - NamedMax} weitere");
            english.Add($"{runes.Count - NamedMax} more");
        }

        return (string.Join("; ", german), string.Join("; ", english));
    }

    /// <summary>The text with every character that cannot be drawn replaced or left out.</summary>
    public static string Replace(string text, Func<Rune, bool> canDraw)
    {
        var result = new StringBuilder(text.Length);
        foreach (var rune in Import.Composition.Compose(text).EnumerateRunes())
        {
            result.Append(IsDrawn(rune, canDraw) ? rune.ToString() : StandInFor(rune, canDraw));
        }

        return result.ToString();
    }

    private static bool IsDrawn(Rune rune, Func<Rune, bool> canDraw) => rune.Value == '\n' || canDraw(rune);

    private static bool LooksAlike(Rune rune) => rune.Value is 0x00AD or 0x200B or 0x2060 || (StandIns.TryGetValue(rune.Value, out var standIn) && standIn is " " or "-" or "–");

    private static string StandInFor(Rune rune, Func<Rune, bool> canDraw)
    {
        var standIn = IsUnseen(rune) ? "" : StandIns.TryGetValue(rune.Value, out var known) ? known : Decomposed(rune);
        return standIn.EnumerateRunes().All(canDraw) ? standIn : "";
    }

    /// <summary>Forms of plain letters and digits that Unicode keeps apart: full width, circled, superscript, Roman, mathematical, with marks.</summary>
    private static string Decomposed(Rune rune) => rune.Value switch
    {
        >= 0xFF01 and <= 0xFF5E => ((char)(rune.Value - 0xFEE0)).ToString(),
        >= 0x2460 and <= 0x2473 => Number(rune.Value - 0x245F),
        >= 0x2776 and <= 0x277F => Number(rune.Value - 0x2775),
        >= 0x2780 and <= 0x2789 => Number(rune.Value - 0x277F),
        >= 0x278A and <= 0x2793 => Number(rune.Value - 0x2789),
        >= 0x24B6 and <= 0x24CF => ((char)(rune.Value - 0x24B6 + 'A')).ToString(),
        >= 0x24D0 and <= 0x24E9 => ((char)(rune.Value - 0x24D0 + 'a')).ToString(),
        >= 0x2070 and <= 0x2079 => ((char)(rune.Value - 0x2070 + '0')).ToString(),
        >= 0x2080 and <= 0x2089 => ((char)(rune.Value - 0x2080 + '0')).ToString(),
        >= 0x2160 and <= 0x216B => Roman[rune.Value - 0x2160],
        >= 0x2170 and <= 0x217B => Roman[rune.Value - 0x2170].ToLowerInvariant(),
        >= 0x1D400 and <= 0x1D6A3 => Letter((rune.Value - 0x1D400) % 52),
        >= 0x1D7CE and <= 0x1D7FF => ((char)('0' + ((rune.Value - 0x1D7CE) % 10))).ToString(),
        >= 0x1F130 and <= 0x1F149 => ((char)(rune.Value - 0x1F130 + 'A')).ToString(),
        >= 0x1F170 and <= 0x1F189 => ((char)(rune.Value - 0x1F170 + 'A')).ToString(),
        _ => Import.Composition.LetterOf(rune),
    };

    private static readonly string[] Roman = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"];

    private static string Letter(int index) => ((char)(index < 26 ? 'A' + index : 'a' + index - 26)).ToString();

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static Dictionary<int, string> Read((string Characters, string StandIn)[] table) =>
        table.SelectMany(row => row.Characters.EnumerateRunes().Select(rune => (rune.Value, row.StandIn))).ToDictionary(pair => pair.Value, pair => pair.StandIn);
}
