using System.Xml.Linq;

namespace Quartier.Gateway.Domain.Offers.Import;

/// <summary>R12: links are resolved against xml:base, else the channel's link, else the source; only http and https remain.</summary>
internal static class FeedLinks
{
    private static readonly XName BaseName = XNamespace.Xml + "base";

    public static string? Resolve(XElement element, string? written, Uri? fallback) => Resolve(written, BaseOf(element, fallback));

    public static string? Resolve(string? written, Uri? from)
    {
        var text = FeedText.Line(written);
        if (text.Length is 0 or > 2_000)
        {
            return null;
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out var absolute) && !text.StartsWith('/'))
        {
            return !IsWeb(absolute) ? null : text.Contains(' ', StringComparison.Ordinal) ? absolute.AbsoluteUri : text;
        }

        return from is not null && Uri.TryCreate(from, text, out var resolved) && IsWeb(resolved) ? resolved.AbsoluteUri : null;
    }

    private static bool IsWeb(Uri uri) => uri.Scheme is "http" or "https" && uri.Host.Length > 0;

    public static Uri? BaseOf(XElement element, Uri? fallback)
    {
        var bases = element.AncestorsAndSelf().Select(ancestor => (string?)ancestor.Attribute(BaseName)).Where(value => !string.IsNullOrWhiteSpace(value)).Reverse();
        var current = fallback;
        foreach (var written in bases)
        {
            if (Uri.TryCreate(written!.Trim(), UriKind.Absolute, out var absolute) && IsWeb(absolute))
            {
                current = absolute;
            }
            else if (current is not null && Uri.TryCreate(current, written.Trim(), out var relative))
            {
                current = relative;
            }
        }

        return current;
    }

    /// <summary>R14: the nearest xml:lang, else what the feed says, else German; first subtag, lower case.</summary>
    public static string LanguageOf(XElement element, string? fallback)
    {
        var written = element.AncestorsAndSelf().Select(ancestor => (string?)ancestor.Attribute(XNamespace.Xml + "lang")).FirstOrDefault(value => !string.IsNullOrWhiteSpace(value));
        return FirstSubtag(written) ?? FirstSubtag(fallback) ?? "de";
    }

    public static string? FirstSubtag(string? tag)
    {
        var first = (tag ?? "").Trim().Split('-', '_')[0].ToLowerInvariant();
        return first.Length is 2 or 3 && first.All(char.IsAsciiLetter) ? first : null;
    }
}
