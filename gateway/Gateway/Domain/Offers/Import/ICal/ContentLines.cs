using System.Text;

namespace Quartier.Gateway.Domain.Offers.Import.ICal;

/// <summary>A content line of RFC 5545 §3.1 after unfolding. Line is that of its first physical line.</summary>
internal sealed record ContentLine(int Line, string Name, IReadOnlyList<KeyValuePair<string, string>> Parameters, string Value)
{
    public string? Parameter(string name) =>
        Parameters.Where(pair => string.Equals(pair.Key, name, StringComparison.OrdinalIgnoreCase)).Select(pair => pair.Value).FirstOrDefault();

    public string Place => Refusals.Line(Line, 1);

    /// <summary>It has no name, no value or a quote without end; only its number is known.</summary>
    public bool IsBroken => Name.Length == 0;
}

/// <summary>
/// Unfolds and splits a calendar. Folding happens in bytes and may split a character, so lines are joined before they are decoded.
/// CRLF and bare LF both end a line.
/// </summary>
internal static class ContentLines
{
    private const int LinesMax = 200_000;

    public static IReadOnlyList<ContentLine> Read(byte[] bytes)
    {
        var unfolded = Unfold(bytes, out var lineNumbers);
        if (!FeedBytes.TryDecode(unfolded, out var text, out _, out var refusal))
        {
            throw new RefusedException(refusal!);
        }

        var lines = new List<ContentLine>();
        var physical = text.Split('\n');
        for (var i = 0; i < physical.Length; i++)
        {
            var line = physical[i].TrimEnd('\r');
            if (line.Trim().Length == 0)
            {
                continue;
            }

            var number = i < lineNumbers.Count ? lineNumbers[i] : lineNumbers.Count;
            lines.Add(Split(line, number));
            if (lines.Count > LinesMax)
            {
                throw new RefusedException(Refusals.TooLarge(FeedBytes.LengthMax));
            }
        }

        return lines;
    }

    private static byte[] Unfold(byte[] bytes, out List<int> lineNumbers)
    {
        lineNumbers = [1];
        var result = new MemoryStream(bytes.Length);
        var line = 1;
        for (var i = 0; i < bytes.Length; i++)
        {
            var isEnd = bytes[i] == '\n' || (bytes[i] == '\r' && (i + 1 >= bytes.Length || bytes[i + 1] != '\n'));
            var length = bytes[i] == '\r' && i + 1 < bytes.Length && bytes[i + 1] == '\n' ? 2 : isEnd ? 1 : 0;
            if (length == 0)
            {
                result.WriteByte(bytes[i]);
                continue;
            }

            line++;
            var next = i + length;
            if (next < bytes.Length && bytes[next] is (byte)' ' or (byte)'\t')
            {
                i = next;
                continue;
            }

            result.WriteByte((byte)'\n');
            lineNumbers.Add(line);
            i = next - 1;
        }

        return result.ToArray();
    }

    private static ContentLine Split(string line, int number)
    {
        var nameEnd = line.IndexOfAny([';', ':']);
        if (nameEnd <= 0)
        {
            return Broken(line, number);
        }

        var name = line[..nameEnd].Trim().ToUpperInvariant();
        var parameters = new List<KeyValuePair<string, string>>();
        var at = nameEnd;
        var last = IsDate(name) ? line.LastIndexOf(':') : 0;
        while (at < line.Length && line[at] == ';')
        {
            at = ReadParameter(line, at + 1, last, parameters);
        }

        return at < line.Length ? new ContentLine(number, name, parameters, line[(at + 1)..]) : Broken(line, number);
    }

    /// <summary>Whatever a broken CLASS was meant to say, it was not said for nothing.</summary>
    private static ContentLine Broken(string line, int number) =>
        line.StartsWith("CLASS", StringComparison.OrdinalIgnoreCase) ? new(number, "CLASS", [], "PRIVATE") : new(number, "", [], "");

    /// <summary>The values of these hold no colon; their zones sometimes do, and are not always quoted (TZID=tzone://Microsoft/Custom:20261210T180000).</summary>
    private static bool IsDate(string name) => name is "DTSTART" or "DTEND" or "RECURRENCE-ID" or "EXDATE" or "RDATE";

    /// <summary>The end of the parameter; that of the line where a quote does not end.</summary>
    private static int ReadParameter(string line, int from, int last, List<KeyValuePair<string, string>> parameters)
    {
        var inQuotes = false;
        var at = from;
        for (; at < line.Length; at++)
        {
            if (line[at] == '"')
            {
                inQuotes = !inQuotes;
            }
            else if (!inQuotes && (line[at] == ';' || (line[at] == ':' && at >= last)))
            {
                break;
            }
        }

        var written = line[from..at];
        var equals = written.IndexOf('=', StringComparison.Ordinal);
        if (equals > 0)
        {
            parameters.Add(new(written[..equals].Trim(), written[(equals + 1)..].Replace("\"", "", StringComparison.Ordinal)));
        }

        return at;
    }

    /// <summary>RFC 5545 §3.3.11: \n, \, \; and \\ in TEXT values.</summary>
    public static string Unescape(string value)
    {
        var result = new StringBuilder(value.Length);
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] != '\\' || i + 1 >= value.Length)
            {
                result.Append(value[i]);
                continue;
            }

            i++;
            result.Append(value[i] is 'n' or 'N' ? '\n' : value[i]);
        }

        return result.ToString();
    }

    /// <summary>Splits a list value at commas that are not escaped.</summary>
    public static IEnumerable<string> List(string value)
    {
        var from = 0;
        for (var i = 0; i <= value.Length; i++)
        {
            if (i == value.Length || value[i] == ',')
            {
                yield return Unescape(value[from..i]).Trim();
                from = i + 1;
            }
            else if (value[i] == '\\' && i + 1 < value.Length)
            {
                i++;
            }
        }
    }
}
