using System.Text;

namespace Quartier.Gateway.Domain.Offers;

/// <summary>A character that no screen can draw, where it stands and what will be shown instead (empty: nothing).</summary>
public sealed record TextProblem(string Language, string Field, string Missing, string German, string English);

/// <summary>
/// What the screens' fonts can draw, and what stands in for the rest: the same letter without its marks, a plain sign, or nothing.
/// Replacing happens only on the way to the screen; the catalogue keeps what the source wrote (docs/decisions/0050).
/// </summary>
public static class DrawableText
{
    private static readonly Dictionary<string, string> StandIns = new(StringComparer.Ordinal)
    {
        ["\u00A0"] = " ", ["\u202F"] = " ", ["\u2009"] = " ", ["\u2002"] = " ", ["\u2003"] = " ", ["\u2011"] = "-", ["\u2212"] = "-", ["\u2010"] = "-",
        ["\u2190"] = "<-", ["\u2192"] = "->", ["\u2264"] = "<=", ["\u2265"] = ">=", ["\u2713"] = "+", ["\u2714"] = "+", ["\u2717"] = "x", ["\u260E"] = "Tel.",
        ["\u0218"] = "Ş", ["\u0219"] = "ş", ["\u021A"] = "Ţ", ["\u021B"] = "ţ", ["\u1E9E"] = "ẞ", ["\uFB01"] = "fi", ["\uFB02"] = "fl", ["\u2116"] = "Nr.", ["\u20BA"] = "TL",
        ["\u25CF"] = "•", ["\u25AA"] = "•", ["\u2219"] = "·", ["\u2043"] = "–", ["\u2032"] = "'", ["\u2033"] = "\"", ["\u2044"] = "/", ["\u00AD"] = "",
    };

    /// <summary>The distinct characters that cannot be drawn, in order of their first use.</summary>
    public static string Missing(string text, Func<Rune, bool> canDraw) =>
        string.Concat(text.EnumerateRunes().Where(rune => !IsDrawn(rune, canDraw) && !IsMark(rune)).Distinct());

    /// <summary>The text with every character that cannot be drawn replaced or left out.</summary>
    public static string Replace(string text, Func<Rune, bool> canDraw)
    {
        var result = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsDrawn(rune, canDraw))
            {
                result.Append(rune);
            }
            else
            {
                result.Append(StandInFor(rune, canDraw));
            }
        }

        return result.ToString();
    }

    private static bool IsDrawn(Rune rune, Func<Rune, bool> canDraw) => rune.Value == '\n' || canDraw(rune);

    private static bool IsMark(Rune rune) => rune.Value is 0xFE0F or 0x200D || StandIns.TryGetValue(rune.ToString(), out var standIn) && standIn is " " or "-" or "";

    private static string StandInFor(Rune rune, Func<Rune, bool> canDraw)
    {
        var standIn = StandIns.TryGetValue(rune.ToString(), out var known) ? known : Import.Composition.LetterOf(rune);
        return standIn.EnumerateRunes().All(canDraw) ? standIn : "";
    }
}
