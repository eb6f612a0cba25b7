using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Quartier.Gateway.Domain.Offers.Import;

/// <summary>Plain text out of what feeds carry (R11): tags go, HTML is decoded once, and the result is never parsed again.</summary>
public static partial class FeedText
{
    [GeneratedRegex(@"<!--.*?(-->|$)|<(script|style)\b.*?(</\2\s*>|$)|<!\[CDATA\[|\]\]>|<[!?][^>]*(>|$)", RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Removed();

    [GeneratedRegex(@"&(#[0-9]{1,8}|#[xX][0-9A-Fa-f]{1,7}|[A-Za-z][A-Za-z0-9]{1,31});?", RegexOptions.CultureInvariant)]
    private static partial Regex Entity();

    [GeneratedRegex(@"</?(?:a|abbr|article|b|big|blockquote|body|br|center|dd|div|dl|dt|em|figure|font|footer|h[1-6]|head|header|hr|html|i|img|li|main|nav|ol|p|pre|s|script|section|small|span|strike|strong|style|sub|sup|table|tbody|td|th|thead|tr|u|ul)(?:\s[^<>]*|\s*/)?>|<!--", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Markup();

    [GeneratedRegex(@"<(?:p|br|div|li|table|tr|h[1-6]|blockquote)(?:\s[^<>]*|\s*/)?>", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex BlockMarkup();

    private static readonly HashSet<string> Blocks = new(StringComparer.OrdinalIgnoreCase)
    {
        "p", "div", "br", "li", "ul", "ol", "dl", "dt", "dd", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article",
        "header", "footer", "blockquote", "pre", "hr", "figure", "figcaption", "address", "main", "nav", "aside",
    };

    private static readonly HashSet<string> Cells = new(StringComparer.OrdinalIgnoreCase) { "td", "th", "option", "img" };

    /// <summary>Legacy names that HTML also knows without a semicolon, as far as feeds use them.</summary>
    private static readonly HashSet<string> WithoutSemicolon = new(StringComparer.Ordinal)
    {
        "amp", "lt", "gt", "quot", "nbsp", "auml", "ouml", "uuml", "Auml", "Ouml", "Uuml", "szlig", "eacute", "egrave", "agrave", "ccedil", "copy", "reg", "deg", "laquo", "raquo",
    };

    /// <summary>HTML to text: block elements become line breaks, list items lines of their own.</summary>
    public static string FromHtml(string html)
    {
        var text = Removed().Replace(html, "");
        var result = new StringBuilder(text.Length);
        var (from, at, quoted) = (0, 0, true);
        while (at < text.Length && text.IndexOf('<', at) is var open && open >= 0)
        {
            if (!IsTagName(text, open, out var nameEnd))
            {
                at = open + 1;
                continue;
            }

            var close = TagEnd(text, nameEnd, ref quoted);
            if (close < 0)
            {
                break;
            }

            result.Append(Collapse(text[from..open]));
            var name = text[(open + 1)..nameEnd].TrimStart('/');
            result.Append(Blocks.Contains(name) ? "\n" : Cells.Contains(name) ? " " : "");
            from = at = close + 1;
        }

        result.Append(Collapse(text[from..]));
        return Clean(DecodeEntities(result.ToString()));
    }

    /// <summary>
    /// Text of formats that promise plain text and often carry HTML (calendars, service documents, places in feeds): complete entities are decoded,
    /// tags that HTML knows go, and line ends count unless the text has blocks of its own. "A &lt; B" and an address in brackets stay.
    /// </summary>
    public static string FromText(string? text)
    {
        if (text is null || !Markup().IsMatch(text))
        {
            return Clean(DecodeEntities(text ?? "", onlyComplete: true));
        }

        return FromHtml(BlockMarkup().IsMatch(text) ? text : text.ReplaceLineEndings("<br>"));
    }

    private static bool IsTagName(string text, int open, out int end)
    {
        end = open + 1;
        end += end < text.Length && text[end] == '/' ? 1 : 0;
        if (end >= text.Length || !char.IsAsciiLetter(text[end]))
        {
            return false;
        }

        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is ':' or '-'))
        {
            end++;
        }

        return true;
    }

    /// <summary>
    /// The closing bracket, which may also stand inside a quoted attribute. Where no bracket closes the tag outside of quotes, quotes count no more
    /// in the rest, so that every character is looked at a bounded number of times. -1: no tag closes any more.
    /// </summary>
    private static int TagEnd(string text, int from, ref bool quoted)
    {
        for (var at = from; quoted && at < text.Length; at++)
        {
            if (text[at] == '>')
            {
                return at;
            }

            if (text[at] is '"' or '\'')
            {
                var end = text.IndexOf(text[at], at + 1);
                at = end < 0 ? text.Length : end;
            }
        }

        quoted = false;
        return text.IndexOf('>', from);
    }

    /// <summary>In HTML a line end is a space.</summary>
    private static string Collapse(string text) => text.Replace('\r', ' ').Replace('\n', ' ').Replace('\t', ' ');

    /// <summary>Plain text: lines trimmed, at most one empty line between them, no control characters, composed letters.</summary>
    public static string Clean(string text)
    {
        var lines = new List<string>();
        foreach (var raw in text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Split('\n'))
        {
            var line = Squeeze(raw, keepNoBreak: true);
            if (line.Length > 0 || (lines.Count > 0 && lines[^1].Length > 0))
            {
                lines.Add(line);
            }
        }

        while (lines.Count > 0 && lines[^1].Length == 0)
        {
            lines.RemoveAt(lines.Count - 1);
        }

        return Composition.Compose(string.Join('\n', lines));
    }

    /// <summary>A title or any other single line: white space collapsed, invisible characters removed, letters composed.</summary>
    public static string Line(string? text) => text is null ? "" : Composition.Compose(Squeeze(text, keepNoBreak: false));

    public static string? LineFromText(string? text) => LineOrNull(FromText(text));

    public static string? LineOrNull(string? text) => Line(text) is { Length: > 0 } line ? line : null;

    public static string TitleFromHtml(string html) => Line(FromHtml(html));

    private static string Squeeze(string text, bool keepNoBreak)
    {
        var result = new StringBuilder(text.Length);
        var space = false;
        for (var i = 0; i < text.Length; i++)
        {
            var character = text[i];
            if (char.IsWhiteSpace(character) && !(keepNoBreak && character is '\u00A0' or '\u202F'))
            {
                space = result.Length > 0;
                continue;
            }

            if (IsInvisible(text, i))
            {
                continue;
            }

            if (space)
            {
                result.Append(' ');
                space = false;
            }

            result.Append(character);
        }

        return result.ToString();
    }

    /// <summary>Control, zero-width and bidi characters, but not the joiner inside an emoji and not its variation selector.</summary>
    private static bool IsInvisible(string text, int index)
    {
        var character = text[index];
        if (character == '\u200D')
        {
            return !(index > 0 && index + 1 < text.Length && IsEmojiPart(text[index - 1]) && IsEmojiPart(text[index + 1]));
        }

        return char.IsControl(character)
            || character is '\u00AD' or '\uFEFF' or '\u061C' or '\u180E' or (>= '\u200B' and <= '\u200F') or (>= '\u202A' and <= '\u202E') or (>= '\u2060' and <= '\u206F')
            || (char.IsSurrogate(character) && !IsPaired(text, index));
    }

    private static bool IsEmojiPart(char character) => char.IsSurrogate(character) || character is '\uFE0F' or (>= '\u2190' and <= '\u2BFF');

    private static bool IsPaired(string text, int index) => char.IsHighSurrogate(text[index])
        ? index + 1 < text.Length && char.IsLowSurrogate(text[index + 1])
        : index > 0 && char.IsHighSurrogate(text[index - 1]);

    /// <param name="onlyComplete">Leaves "&amp;uuml" without its semicolon as it is.</param>
    public static string DecodeEntities(string text, bool onlyComplete = false) => Entity().Replace(text, match =>
    {
        var name = match.Groups[1].Value;
        if (onlyComplete && match.Value[^1] != ';')
        {
            return match.Value;
        }

        if (name[0] == '#')
        {
            return FromNumber(name, match.Value);
        }

        if (match.Value[^1] != ';' && !WithoutSemicolon.Contains(name))
        {
            return match.Value;
        }

        return WebUtility.HtmlDecode("&" + name + ";") is var decoded && decoded != "&" + name + ";" ? decoded : match.Value;
    });

    private static string FromNumber(string name, string written)
    {
        var isHex = name.Length > 1 && name[1] is 'x' or 'X';
        var digits = isHex ? name[2..] : name[1..];
        if (!int.TryParse(digits, isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out var code))
        {
            return written;
        }

        // HTML reads &#128; to &#159; as windows-1252, because that is what authors meant.
        return code is >= 0x80 and <= 0x9F
            ? FeedBytes.Windows1252.GetString([(byte)code])
            : Rune.IsValid(code) && code != 0 ? new Rune(code).ToString() : "";
    }
}
