namespace Quartier.Gateway.Pages;

/// <summary>The language of one reader. Both languages stand side by side where they are used: say.Text("Frei", "Free").</summary>
public sealed record ReaderLanguage(string Language)
{
    public const string Cookie = "quartier-language";

    public static readonly ReaderLanguage German = new("de");
    public static readonly ReaderLanguage English = new("en");

    public bool IsGerman => Language == "de";

    /// <summary>German unless the reader chose English, or the browser prefers it.</summary>
    public static ReaderLanguage For(HttpRequest request)
    {
        if (request.Cookies.TryGetValue(Cookie, out var chosen))
        {
            return chosen == "en" ? English : German;
        }

        var preferred = request.GetTypedHeaders().AcceptLanguage
            .OrderByDescending(language => language.Quality ?? 1)
            .Select(language => language.Value.ToString())
            .FirstOrDefault(language => language.StartsWith("de", StringComparison.Ordinal) || language.StartsWith("en", StringComparison.Ordinal));
        return preferred is not null && preferred.StartsWith("en", StringComparison.Ordinal) ? English : German;
    }

    public string Text(string german, string english) => IsGerman ? german : english;
}
