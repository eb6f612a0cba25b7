using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Quartier.Gateway.Domain.Offers.Import;

/// <summary>From bytes to text (R15): byte order mark, then content, then what is declared.</summary>
public static partial class FeedBytes
{
    /// <summary>R16: the largest file that is read at all.</summary>
    public const int LengthMax = 5 * 1024 * 1024;

    private static readonly UTF8Encoding StrictUtf8 = new(false, true);

    [GeneratedRegex("""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._:-]+)["']""", RegexOptions.CultureInvariant)]
    private static partial Regex Declaration();

    public static Encoding Windows1252 { get; } = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    /// <summary>The text without byte order mark. Misdeclared tells that the declared encoding was not the true one.</summary>
    public static bool TryDecode(byte[] bytes, out string text, out bool misdeclared, out Refusal? refusal)
    {
        text = "";
        misdeclared = false;
        refusal = null;
        if (bytes.Length > LengthMax)
        {
            refusal = Refusals.TooLarge(LengthMax);
            return false;
        }

        if (ByMark(bytes) is { } marked)
        {
            return TryMarked(bytes, marked, out text, out refusal);
        }

        var declared = Declared(bytes);
        var scan = Scan(bytes);
        if (scan.FirstInvalid < 0 || scan.OnlyCutAtEnd)
        {
            text = StrictUtf8.GetString(bytes, 0, scan.OnlyCutAtEnd ? scan.FirstInvalid : bytes.Length);
            misdeclared = scan.Sequences > 0 && declared is not null && !IsUtf8(declared);
            return true;
        }

        var isWestern = declared is null || IsUtf8(declared) || IsWestern(declared);
        var proof = declared is not null && IsWestern(declared) ? scan.LikelySequences : scan.Sequences;
        if (proof > 0 && isWestern)
        {
            refusal = Refusals.Encoding(PlaceOf(bytes, scan.FirstInvalid), "UTF-8 + windows-1252");
            return false;
        }

        var encoding = isWestern ? Windows1252 : CodePagesEncodingProvider.Instance.GetEncoding(declared!);
        if (encoding is null)
        {
            refusal = Refusals.Encoding("line 1", declared!);
            return false;
        }

        text = encoding.GetString(bytes);
        misdeclared = isWestern && !IsNamed(declared, "windows-1252") && (declared is null || IsUtf8(declared) || bytes.Any(value => value is >= 0x80 and < 0xA0));
        return true;
    }

    /// <summary>What the file begins with, for telling its format. The cut may split a character and the bytes may be none: neither matters here.</summary>
    public static string Head(byte[] bytes)
    {
        var (encoding, from) = ByMark(bytes) ?? (Encoding.Latin1, 0);
        encoding = encoding is UTF8Encoding ? Encoding.UTF8 : encoding;
        return encoding.GetString(bytes, from, Math.Min(bytes.Length - from, 4096)).TrimStart(' ', '\t', '\r', '\n');
    }

    /// <summary>The same text as UTF-8 where a mark says that it is UTF-16 or UTF-32; else as it is.</summary>
    public static byte[] AsUtf8(byte[] bytes) =>
        ByMark(bytes) is { Encoding: not UTF8Encoding } marked ? StrictUtf8.GetBytes(marked.Encoding.GetString(bytes, marked.Length, bytes.Length - marked.Length)) : bytes;

    private static bool TryMarked(byte[] bytes, (Encoding Encoding, int Length) marked, out string text, out Refusal? refusal)
    {
        refusal = null;
        text = "";
        if (marked.Encoding is UTF8Encoding)
        {
            var scan = Scan(bytes);
            if (scan.FirstInvalid >= 0 && !scan.OnlyCutAtEnd)
            {
                refusal = Refusals.Encoding(PlaceOf(bytes, scan.FirstInvalid), "UTF-8");
                return false;
            }

            text = StrictUtf8.GetString(bytes, marked.Length, (scan.OnlyCutAtEnd ? scan.FirstInvalid : bytes.Length) - marked.Length);
            return true;
        }

        text = marked.Encoding.GetString(bytes, marked.Length, bytes.Length - marked.Length);
        return true;
    }

    private static (Encoding Encoding, int Length)? ByMark(byte[] bytes) => bytes switch
    {
        [0xEF, 0xBB, 0xBF, ..] => (StrictUtf8, 3),
        [0xFF, 0xFE, 0, 0, ..] => (new UTF32Encoding(false, false), 4),
        [0xFF, 0xFE, ..] => (new UnicodeEncoding(false, false), 2),
        [0xFE, 0xFF, ..] => (new UnicodeEncoding(true, false), 2),
        [0x3C, 0, 0x3F, 0, ..] => (new UnicodeEncoding(false, false), 0),
        [0, 0x3C, 0, 0x3F, ..] => (new UnicodeEncoding(true, false), 0),
        _ => null,
    };

    private static string? Declared(byte[] bytes)
    {
        var head = Encoding.Latin1.GetString(bytes, 0, Math.Min(bytes.Length, 400));
        return Declaration().Match(head) is { Success: true } match ? match.Groups[1].Value : null;
    }

    private static bool IsNamed(string? declared, string name) => string.Equals(declared, name, StringComparison.OrdinalIgnoreCase);

    private static bool IsUtf8(string declared) => IsNamed(declared, "utf-8") || IsNamed(declared, "utf8");

    private static bool IsWestern(string declared) => declared.ToLowerInvariant().Replace('_', '-') is
        "iso-8859-1" or "iso8859-1" or "iso-8859-1:1987" or "latin1" or "latin-1" or "l1" or "windows-1252" or "windows1252" or "cp1252" or "cp-1252" or "x-cp1252" or "ansi" or "us-ascii" or "ascii";

    private readonly record struct Utf8Scan(int FirstInvalid, bool OnlyCutAtEnd, int Sequences, int LikelySequences);

    /// <summary>
    /// Counts valid sequences beyond ASCII and finds the first invalid byte. In text that is declared as windows-1252, a sharp s before a
    /// closing quote looks like a UTF-8 pair by chance, so there only sequences of western letters and punctuation count as proof.
    /// </summary>
    private static Utf8Scan Scan(byte[] bytes)
    {
        int firstInvalid = -1, invalid = 0, sequences = 0, likely = 0;
        var cut = false;
        for (var i = 0; i < bytes.Length;)
        {
            if (bytes[i] < 0x80)
            {
                i++;
                continue;
            }

            if (Rune.DecodeFromUtf8(bytes.AsSpan(i), out _, out var length) == System.Buffers.OperationStatus.Done)
            {
                sequences++;
                likely += bytes[i] is 0xC2 or 0xC3 || (bytes[i] == 0xE2 && bytes[i + 1] is >= 0x80 and <= 0x83) ? 1 : 0;
                i += length;
                continue;
            }

            cut = i + length == bytes.Length && bytes[i] is >= 0xC2 and <= 0xF4 && bytes.Length - i < 4;
            invalid++;
            firstInvalid = firstInvalid < 0 ? i : firstInvalid;
            i += Math.Max(1, length);
        }

        return new Utf8Scan(firstInvalid, invalid == 1 && cut && sequences > 0, sequences, likely);
    }

    private static string PlaceOf(byte[] bytes, int offset)
    {
        var line = 1 + bytes.Take(offset).Count(value => value == (byte)'\n');
        return string.Create(CultureInfo.InvariantCulture, $"line {line}, byte {offset}");
    }
}
