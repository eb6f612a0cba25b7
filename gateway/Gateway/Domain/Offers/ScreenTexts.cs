using System.Globalization;
using System.Text;
using Quartier.Gateway.Domain.Offers.Import;
using Quartier.Wire;

namespace Quartier.Gateway.Domain.Offers;

/// <summary>Which texts of an offer go to the screens, how they fit, and what an editor should know of that. Pure.</summary>
public static class ScreenTexts
{
    public const int LanguagesMax = 8;

    public const int TextsBytesMax = 3_200;

    private const int TextBytesMin = 120;

    private static readonly Func<Rune, bool> CanDraw = ScreenFonts.CanDraw;

    /// <summary>The languages that are sent: those whose title can be read, German and English before rarer ones.</summary>
    public static IReadOnlyList<KeyValuePair<string, OfferText>> Sent(OfferView view) =>
        [.. view.Texts.Where(pair => pair.Key.Length is 2 or 3 && IsLegible(pair.Value.Title)).OrderBy(pair => pair.Key.Length).ThenBy(pair => pair.Key, StringComparer.Ordinal).Take(LanguagesMax)];

    /// <summary>An entry must fit into one message, so that several languages share its room.</summary>
    public static int TextBytes(int languages) =>
        Math.Max(TextBytesMin, Math.Min(CatalogueEntry.TextBytesMax, (TextsBytesMax / Math.Max(1, languages)) - CatalogueEntry.TitleBytesMax));

    /// <summary>
    /// A text is worth sending when the fonts draw at least half of its letters: leaving a foreign word out of a German title is fine,
    /// leaving the Arabic out of an Arabic one is not.
    /// </summary>
    public static bool IsLegible(string text)
    {
        var letters = text.EnumerateRunes().Where(IsLetter).ToList();
        return letters.Count > 0 && letters.Count(rune => DrawableText.Replace(rune.ToString(), CanDraw).Length > 0) * 2 >= letters.Count;
    }

    /// <summary>What reaches the screen: drawable throughout, and cut at a space where it is too long.</summary>
    public static string Fit(string text, int bytesMax)
    {
        var drawn = Drawn(text);
        if (Encoding.UTF8.GetByteCount(drawn) <= bytesMax)
        {
            return drawn;
        }

        var end = drawn.Length;
        while (end > 0 && Encoding.UTF8.GetByteCount(drawn.AsSpan(0, end)) > bytesMax - 3)
        {
            end--;
        }

        end -= end > 0 && char.IsHighSurrogate(drawn[end - 1]) ? 1 : 0;
        var space = drawn.LastIndexOf(' ', Math.Max(0, end - 1));
        return drawn[..(space > end / 2 ? space : end)].TrimEnd() + "…";
    }

    public static IReadOnlyList<TextProblem> Problems(OfferView view)
    {
        var problems = new List<TextProblem>();
        var sent = Sent(view).Select(pair => pair.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var (language, text) in view.Texts)
        {
            if (!IsLegible(text.Title))
            {
                problems.Add(new TextProblem(language, "title", DrawableText.Missing(text.Title, CanDraw),
                    "Diese Schrift kann der Bildschirm nicht zeigen. Bitte einen deutschen Text ergänzen.", "The screen cannot show this script. Please add a German text."));
                continue;
            }

            if (!sent.Contains(language))
            {
                problems.Add(new TextProblem(language, "title", "", $"Ein Bildschirm nimmt {LanguagesMax} Sprachen; diese fehlt dort.", $"A screen takes {LanguagesMax} languages; this one is missing there."));
                continue;
            }

            Look(problems, language, "title", FeedText.Line(text.Title), CatalogueEntry.TitleBytesMax);
            Look(problems, language, "text", text.Text, TextBytes(sent.Count));
        }

        Look(problems, view.Language, "place", view.Lead.Place ?? "", CatalogueEntry.PlaceBytesMax);
        Look(problems, view.Language, "provider", view.Lead.Provider ?? "", CatalogueEntry.ProviderBytesMax);
        Look(problems, view.Language, "phone", view.Lead.Phone ?? "", CatalogueEntry.PhoneBytesMax);
        if (view.Url is { } url && Encoding.UTF8.GetByteCount(url) > CatalogueEntry.UrlBytesMax)
        {
            problems.Add(new TextProblem(view.Language, "url", "", "Der Link ist für einen QR-Code zu lang und wird nicht gezeigt.", "The link is too long for a QR code and is not shown."));
        }

        return problems;
    }

    private static void Look(List<TextProblem> problems, string language, string field, string text, int bytesMax)
    {
        var (german, english) = FieldNames[field];
        if (DrawableText.Missing(text, CanDraw) is { Length: > 0 } missing)
        {
            var fates = DrawableText.Fates(missing, CanDraw);
            problems.Add(new TextProblem(language, field, missing, $"{german}: der Bildschirmschrift fehlen Zeichen. {fates.German}.", $"{english}: the screen's font lacks characters. {fates.English}."));
        }

        if (Fit(text, bytesMax) is var shown && shown != Drawn(text))
        {
            var last = string.Join(' ', shown.TrimEnd('…').Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries).TakeLast(3));
            problems.Add(new TextProblem(language, field, "",
                string.Create(CultureInfo.InvariantCulture, $"{german}: zu lang für den Bildschirm ({Encoding.UTF8.GetByteCount(Drawn(text))} von höchstens {bytesMax} Byte). Gezeigt wird es bis „… {last}“."),
                string.Create(CultureInfo.InvariantCulture, $"{english}: too long for the screen ({Encoding.UTF8.GetByteCount(Drawn(text))} of at most {bytesMax} bytes). It is shown up to “… {last}”.")));
        }
    }

    private static readonly Dictionary<string, (string German, string English)> FieldNames = new(StringComparer.Ordinal)
    {
        ["title"] = ("Titel", "Title"), ["text"] = ("Text", "Text"), ["place"] = ("Ort", "Place"), ["provider"] = ("Anbieter", "Provider"), ["phone"] = ("Telefon", "Phone"),
    };

    private static string Drawn(string text) => FeedText.Clean(DrawableText.Replace(text, CanDraw));

    /// <summary>Letters that Unicode calls symbols are read as letters too: circled and Roman ones.</summary>
    private static bool IsLetter(Rune rune) => Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) == UnicodeCategory.LetterNumber || rune.Value is >= 0x2460 and <= 0x24FF or >= 0x1F130 and <= 0x1F189;
}
