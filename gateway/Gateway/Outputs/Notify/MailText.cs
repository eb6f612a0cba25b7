using System.Globalization;
using System.Text;
using NodaTime;

namespace Quartier.Gateway.Outputs.Notify;

/// <summary>A letter to one person.</summary>
/// <param name="Thread">Equal for letters that a mail program should show together; becomes References.</param>
public sealed record Mail(string To, string Subject, string Text, bool Urgent, string? Thread);

/// <summary>Writes a mail as RFC 5322 text: UTF-8, quoted-printable, CRLF, lines of at most 76 characters. Nothing that
/// comes from outside can add a header: control characters become spaces, addresses are checked.</summary>
public static class MailText
{
    private const int EncodedWordBytesMax = 42;

    public static string Compose(Mail mail, string from, string messageId, Instant now)
    {
        Require(IsAddress(from), "sender");
        Require(IsAddress(mail.To), "recipient");
        var domain = from[(from.IndexOf('@') + 1)..];
        var text = new StringBuilder();
        Header(text, "Date", now.ToDateTimeUtc().ToString("ddd, dd MMM yyyy HH:mm:ss '+0000'", CultureInfo.InvariantCulture));
        Header(text, "From", $"Quartier <{from}>");
        Header(text, "To", $"<{mail.To}>");
        Header(text, "Subject", Words(Clean(mail.Subject)));
        Header(text, "Message-ID", MessageId(messageId, domain));
        if (mail.Thread is { } thread)
        {
            Header(text, "References", MessageId(thread, domain));
        }

        if (mail.Urgent)
        {
            Header(text, "Importance", "high");
            Header(text, "X-Priority", "1");
        }

        Header(text, "Auto-Submitted", "auto-generated");
        Header(text, "MIME-Version", "1.0");
        Header(text, "Content-Type", "text/plain; charset=utf-8");
        Header(text, "Content-Transfer-Encoding", "quoted-printable");
        text.Append("\r\n");
        QuotedPrintable(text, mail.Text);
        return text.ToString();
    }

    /// <summary>The key as a Message-ID; characters that have no place there become a full stop.</summary>
    public static string MessageId(string key, string domain)
    {
        var local = string.Concat(key.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '.'));
        return $"<{local.Trim('.')}@{domain}>";
    }

    /// <summary>Plain ASCII addr-spec: what every mail server understands and nothing that could end a command.</summary>
    public static bool IsAddress(string? address)
    {
        if (address is null || address.Length > 254 || address.Count(c => c == '@') != 1)
        {
            return false;
        }

        var at = address.IndexOf('@');
        return at is > 0 and <= 64 && at < address.Length - 1
            && address[..at].All(c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+/=?^_`{|}~.-".Contains(c))
            && address[(at + 1)..].All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-');
    }

    private static void Require(bool holds, string whose)
    {
        if (!holds)
        {
            throw new FormatException($"The {whose} is not a mail address that can be used.");
        }
    }

    private static void Header(StringBuilder text, string name, string value) =>
        text.Append(name).Append(": ").Append(value).Append("\r\n");

    private static string Clean(string line) =>
        string.Concat(line.Select(c => char.IsControl(c) || c is '\u2028' or '\u2029' ? ' ' : c)).Trim();

    /// <summary>RFC 2047: encoded words of whole characters where the text is not plain ASCII or too long for a line.</summary>
    private static string Words(string line)
    {
        if (line.Length <= 66 && line.All(char.IsAscii) && !line.Contains("=?", StringComparison.Ordinal))
        {
            return line;
        }

        var words = new List<string>();
        var word = new List<byte>();
        foreach (var rune in line.EnumerateRunes())
        {
            var bytes = Encoding.UTF8.GetBytes(rune.ToString());
            if (word.Count + bytes.Length > EncodedWordBytesMax)
            {
                words.Add(Word(word));
                word.Clear();
            }

            word.AddRange(bytes);
        }

        words.Add(Word(word));
        return string.Join("\r\n ", words);
    }

    private static string Word(List<byte> bytes) => $"=?utf-8?B?{Convert.ToBase64String([.. bytes])}?=";

    private static void QuotedPrintable(StringBuilder text, string body)
    {
        foreach (var line in body.ReplaceLineEndings("\n").Split('\n'))
        {
            var column = 0;
            var bytes = Encoding.UTF8.GetBytes(string.Concat(line.Select(c => char.IsControl(c) && c != '\t' ? ' ' : c)));
            for (var i = 0; i < bytes.Length; i++)
            {
                var plain = bytes[i] is >= 33 and <= 126 and not (byte)'=' || (bytes[i] is (byte)' ' or (byte)'\t' && i < bytes.Length - 1);
                var width = plain ? 1 : 3;
                if (column + width > 75)
                {
                    text.Append("=\r\n");
                    column = 0;
                }

                text.Append(plain ? ((char)bytes[i]).ToString() : $"={bytes[i]:X2}");
                column += width;
            }

            text.Append("\r\n");
        }
    }
}
