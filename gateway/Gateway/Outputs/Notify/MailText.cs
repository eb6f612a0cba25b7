using System.Text;
using MimeKit;
using MimeKit.Text;
using NodaTime;
using Quartier.Gateway.Store.Outbox;

namespace Quartier.Gateway.Outputs.Notify;

/// <summary>Writes a letter as a message of RFC 5322. Nothing that comes from outside can add a header or hide in the text: control
/// characters become spaces, addresses are checked.</summary>
public static class MailText
{
    private const int EncodedWordBytesMax = 42;
    private const int PlainSubjectCharsMax = 66;
    private const int AddressCharsMax = 254;
    private const int LocalPartCharsMax = 64;

    /// <summary>How a letter is written out: lines end in CRLF on every system.</summary>
    public static FormatOptions Format { get; } = Wire();

    /// <exception cref="FormatException">An address is not one that <see cref="IsAddress"/> takes.</exception>
    public static MimeMessage Compose(Mail mail, string from, string messageId, Instant now)
    {
        Require(IsAddress(from), "sender");
        Require(IsAddress(mail.To), "recipient");
        var domain = from[(from.IndexOf('@') + 1)..];
        var message = new MimeMessage();

        // A message is born with a date and an id of its own; a letter that goes again must be the same one.
        message.Headers.Clear();
        message.Date = now.ToDateTimeOffset();
        message.From.Add(new MailboxAddress("Quartier", from));
        message.To.Add(new MailboxAddress(null, mail.To));
        message.Headers.Add(Subject(Clean(mail.Subject).Trim()));
        message.Headers.Add("Message-ID", MessageId(messageId, domain));
        if (mail.Thread is { } thread)
        {
            message.Headers.Add("References", MessageId(thread, domain));
        }

        if (mail.Urgent)
        {
            message.Headers.Add("Importance", "high");
            message.Headers.Add("X-Priority", "1");
        }

        message.Headers.Add("Auto-Submitted", "auto-generated");
        var text = new TextPart(TextFormat.Plain) { ContentTransferEncoding = ContentEncoding.QuotedPrintable };
        text.SetText(Encoding.UTF8, string.Join("\r\n", mail.Text.ReplaceLineEndings("\n").Split('\n').Select(Clean)) + "\r\n");
        message.Body = text;
        return message;
    }

    /// <summary>The key as a Message-ID; characters that have no place there become a full stop.</summary>
    public static string MessageId(string key, string domain)
    {
        var local = string.Concat(key.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '.'));
        return $"<{local.Trim('.')}@{domain}>";
    }

    /// <summary>Plain ASCII addr-spec: what every mail server understands and nothing that could end a command.</summary>
    public static bool IsAddress(string? address) =>
        address is { Length: <= AddressCharsMax } && MailboxAddress.TryParse(address, out var box) && box.Address == address
        && box.LocalPart.Length <= LocalPartCharsMax && box.LocalPart.All(c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+/=?^_`{|}~.-".Contains(c))
        && box.Domain.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-');

    /// <summary>RFC 2047: encoded words of whole characters where the text is not plain ASCII or too long for a line. MimeKit's own are up
    /// to 112 characters long; the standard allows 75, and a mail program may show a longer one as it stands.</summary>
    private static Header Subject(string line)
    {
        var isPlain = line.Length <= PlainSubjectCharsMax && line.All(char.IsAscii) && !line.Contains("=?", StringComparison.Ordinal);
        var words = new List<string> { "" };
        foreach (var rune in line.EnumerateRunes().Select(rune => rune.ToString()))
        {
            if (Encoding.UTF8.GetByteCount(words[^1] + rune) > EncodedWordBytesMax)
            {
                words.Add("");
            }

            words[^1] += rune;
        }

        var header = new Header(HeaderId.Subject, "");
        var value = isPlain ? line : string.Join("\r\n ", words.Select(word => $"=?utf-8?B?{Convert.ToBase64String(Encoding.UTF8.GetBytes(word))}?="));
        header.SetRawValue(Encoding.ASCII.GetBytes($" {value}\r\n"));
        return header;
    }

    private static FormatOptions Wire()
    {
        var format = FormatOptions.Default.Clone();
        format.NewLineFormat = NewLineFormat.Dos;
        return format;
    }

    private static void Require(bool holds, string whose)
    {
        if (!holds)
        {
            throw new FormatException($"The {whose} is not a mail address that can be used.");
        }
    }

    private static string Clean(string line) =>
        string.Concat(line.Select(c => (char.IsControl(c) && c != '\t') || c is '\u2028' or '\u2029' ? ' ' : c));
}
