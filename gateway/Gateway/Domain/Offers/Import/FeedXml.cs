using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace Quartier.Gateway.Domain.Offers.Import;

/// <summary>
/// XML without its traps (R16): a document type is read past by hand, entity declarations in it are refused, and the parser itself
/// never sees one, so that no address can be requested and nothing can multiply.
/// </summary>
public static partial class FeedXml
{
    private const int DepthMax = 100;

    private const int ElementsMax = 400_000;

    [GeneratedRegex(@"^<(?:html|head|body|meta|title|script|style|link|div|p|h[1-6]|center|table)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex PageStart();

    [GeneratedRegex(@"<!ENTITY\s+(%\s+)?[^\s""']+\s+(SYSTEM|PUBLIC)\b", RegexOptions.CultureInvariant)]
    private static partial Regex ExternalDeclaration();

    public static bool TryParse(string text, out XDocument document, out Refusal? refusal)
    {
        document = new XDocument();
        refusal = null;
        if (LooksLikePage(text) || text.AsSpan().TrimStart() is not ['<', ..])
        {
            refusal = Refusals.NotXml("line 1");
            return false;
        }

        text = text.TrimStart();
        if (!TryWithoutDocumentType(ref text, out refusal))
        {
            return false;
        }

        var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, CheckCharacters = true, IgnoreComments = true, IgnoreProcessingInstructions = true };
        var isClosed = false;
        try
        {
            using (var scout = XmlReader.Create(new StringReader(text), settings))
            {
                if (!IsBounded(scout, ref isClosed, out var place))
                {
                    refusal = Refusals.NotWellFormed(place, "too deep or too many elements");
                    return false;
                }
            }

            using var reader = XmlReader.Create(new StringReader(text), settings);
            document = XDocument.Load(reader, LoadOptions.SetLineInfo | LoadOptions.PreserveWhitespace);
            return true;
        }
        catch (XmlException fault)
        {
            refusal = Explain(text, fault, isClosed);
            return false;
        }
    }

    /// <summary>Closed tells, also when the reader throws, that the outermost element had ended.</summary>
    private static bool IsBounded(XmlReader reader, ref bool isClosed, out string place)
    {
        var elements = 0;
        while (reader.Read())
        {
            isClosed |= reader.Depth == 0 && (reader.NodeType == XmlNodeType.EndElement || reader is { NodeType: XmlNodeType.Element, IsEmptyElement: true });
            elements += reader.NodeType == XmlNodeType.Element ? 1 : 0;
            if (reader.Depth > DepthMax || elements > ElementsMax)
            {
                var line = (IXmlLineInfo)reader;
                place = Refusals.Line(line.LineNumber, line.LinePosition);
                return false;
            }
        }

        place = "";
        return true;
    }

    public static bool LooksLikePage(string text)
    {
        var head = text.AsSpan().TrimStart();
        while (head.StartsWith("<!--") || head.StartsWith("<?"))
        {
            var end = head.IndexOf(head.StartsWith("<?") ? "?>" : "-->");
            if (end < 0)
            {
                return false;
            }

            head = head[(end + (head.StartsWith("<?") ? 2 : 3))..].TrimStart();
        }

        if (!head.StartsWith("<!doctype", StringComparison.OrdinalIgnoreCase))
        {
            return PageStart().IsMatch(head);
        }

        return head["<!doctype".Length..].TrimStart().StartsWith("html", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Cut where the text ends inside something that was still open: what follows the fault closes nothing any more.</summary>
    private static Refusal Explain(string text, XmlException fault, bool isClosed)
    {
        var offset = OffsetOf(text, fault.LineNumber, fault.LinePosition);
        var place = Refusals.Line(fault.LineNumber, fault.LinePosition);
        return isClosed || text.AsSpan(Math.Min(offset, text.Length)).Contains('>')
            ? Refusals.NotWellFormed(place, Brief(fault))
            : Refusals.Truncated(place);
    }

    private static string Brief(XmlException fault)
    {
        var message = fault.Message;
        var end = message.IndexOf(" Line ", StringComparison.Ordinal);
        return end > 0 ? message[..end] : message;
    }

    private static int OffsetOf(string text, int line, int column)
    {
        var offset = 0;
        for (var current = 1; current < line && offset < text.Length; current++)
        {
            var next = text.IndexOf('\n', offset);
            if (next < 0)
            {
                return text.Length;
            }

            offset = next + 1;
        }

        return Math.Min(text.Length, offset + Math.Max(0, column - 1));
    }

    /// <summary>Blanks the document type, keeping line numbers, unless it declares entities.</summary>
    private static bool TryWithoutDocumentType(ref string text, out Refusal? refusal)
    {
        refusal = null;
        var start = PrologEnd(text);
        if (start < 0 || !text.AsSpan(start).StartsWith("<!DOCTYPE"))
        {
            return true;
        }

        var end = start + "<!DOCTYPE".Length;
        var inSubset = false;
        for (; end < text.Length; end++)
        {
            var rest = text.AsSpan(end);
            if (text[end] is '"' or '\'')
            {
                var close = text.IndexOf(text[end], end + 1);
                end = close < 0 ? text.Length : close;
            }
            else if (rest.StartsWith("<!--"))
            {
                var close = text.IndexOf("-->", end, StringComparison.Ordinal);
                end = close < 0 ? text.Length : close + 2;
            }
            else if (rest.StartsWith("<!ENTITY"))
            {
                refusal = EntityRefusal(text, end);
                return false;
            }
            else if (text[end] is '[' or ']')
            {
                inSubset = text[end] == '[';
            }
            else if (text[end] == '>' && !inSubset)
            {
                break;
            }
        }

        if (end >= text.Length)
        {
            refusal = Refusals.Truncated(LineOf(text, text.Length));
            return false;
        }

        var blanked = new StringBuilder(text);
        for (var i = start; i <= end; i++)
        {
            blanked[i] = text[i] is '\n' or '\r' ? text[i] : ' ';
        }

        text = blanked.ToString();
        return true;
    }

    private static Refusal EntityRefusal(string text, int at)
    {
        var isExternal = DeclaresExternal(text[at..]);
        return isExternal ? Refusals.ExternalEntity(LineOf(text, at)) : Refusals.EntityExpansion(LineOf(text, at));
    }

    /// <summary>A later declaration of the same document type may be the external one; that is the graver of the two.</summary>
    private static bool DeclaresExternal(string rest)
    {
        var subset = rest.IndexOf("]>", StringComparison.Ordinal) is var end && end > 0 ? rest[..end] : rest;
        return ExternalDeclaration().IsMatch(subset);
    }

    private static string LineOf(string text, int offset)
    {
        var line = 1 + text.AsSpan(0, offset).Count('\n');
        var column = offset - (offset == 0 ? -1 : text.LastIndexOf('\n', offset - 1));
        return Refusals.Line(line, column);
    }

    private static int PrologEnd(string text)
    {
        var at = 0;
        while (at < text.Length)
        {
            var rest = text.AsSpan(at);
            var trimmed = rest.TrimStart();
            at += rest.Length - trimmed.Length;
            var close = trimmed.StartsWith("<?") ? "?>" : trimmed.StartsWith("<!--") ? "-->" : null;
            if (close is null)
            {
                return at;
            }

            var end = trimmed.IndexOf(close);
            if (end < 0)
            {
                return -1;
            }

            at += end + close.Length;
        }

        return -1;
    }
}
