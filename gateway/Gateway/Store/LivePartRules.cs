using System.Text;
using System.Text.RegularExpressions;

namespace Quartier.Gateway.Store;

/// <summary>A rendered list, cut at its elements with data-part: each part's markup, and what is left of the list without them.</summary>
/// <param name="Frame">The list with an empty element in the place of each part: their order, and everything around them.</param>
public sealed record LiveCut(string Frame, IReadOnlyList<(string Key, string Html)> Parts);

/// <summary>Cuts rendered lists into parts. Pure.</summary>
public static partial class LivePartRules
{
    /// <summary>Parts do not lie inside each other, and their keys are unique.</summary>
    public static LiveCut Cut(string html)
    {
        var frame = new StringBuilder();
        var parts = new List<(string, string)>();
        var at = 0;
        for (var match = PartPattern().Match(html); match.Success; match = PartPattern().Match(html, at))
        {
            var (tag, key) = (match.Groups["tag"].Value, match.Groups["key"].Value);
            var end = EndOf(html, match.Index, tag);
            frame.Append(html, at, match.Index - at).Append($"<{tag} data-part=\"{key}\"></{tag}>");
            parts.Add((key, html[match.Index..end]));
            at = end;
        }

        return new LiveCut(frame.Append(html, at, html.Length - at).ToString(), parts);
    }

    /// <summary>What decides whether a part changed: how long ago something was is told by the page itself.</summary>
    public static string Face(string html) => AgoPattern().Replace(html, "");

    private static int EndOf(string html, int start, string tag)
    {
        var (open, close) = ("<" + tag, $"</{tag}>");
        var depth = 0;
        var at = start;
        while (true)
        {
            var closing = html.IndexOf(close, at, StringComparison.Ordinal);
            if (closing < 0)
            {
                return html.Length;
            }

            var opening = html.IndexOf(open, at, StringComparison.Ordinal);
            if (opening >= 0 && opening < closing)
            {
                depth += html[opening + open.Length] is ' ' or '>' or '\n' ? 1 : 0;
                at = opening + open.Length;
                continue;
            }

            depth--;
            at = closing + close.Length;
            if (depth == 0)
            {
                return at;
            }
        }
    }

    [GeneratedRegex("<(?<tag>[a-z0-9]+)(?: [^<>]*)? data-part=\"(?<key>[^\"]*)\"", RegexOptions.CultureInvariant)]
    private static partial Regex PartPattern();

    [GeneratedRegex("(?<=<time [^<>]*data-ago[^<>]*>)[^<]*", RegexOptions.CultureInvariant)]
    private static partial Regex AgoPattern();
}
