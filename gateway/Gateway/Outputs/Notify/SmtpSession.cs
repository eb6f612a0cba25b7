using System.Net.Security;
using System.Text;

namespace Quartier.Gateway.Outputs.Notify;

/// <summary>The mail server's last word, where it was not the wanted one.</summary>
public sealed class SmtpRefusal(string step, int code, string text) : IOException($"{step}: {code} {text}")
{
    public int Code { get; } = code;

    /// <summary>5xx about this very mail. Failed log-ins (53x) are the settings' fault and may be mended.</summary>
    public bool Permanent => Code is >= 500 and < 600 and not (530 or 534 or 535 or 538);
}

/// <summary>One conversation by RFC 5321 with STARTTLS (RFC 3207) and AUTH PLAIN (RFC 4954). Why not the framework's
/// client: decision 0060.</summary>
public sealed class SmtpSession(Stream plain, RemoteCertificateValidationCallback? certificateCheck) : IAsyncDisposable
{
    private const int LineMax = 2048;
    private const int ReplyLinesMax = 100;

    private Stream stream = plain;
    private readonly byte[] buffer = new byte[LineMax];
    private int buffered;
    private int taken;

    public async Task OpenAsync(SmtpOptions options, CancellationToken stop)
    {
        if (options.Security == SmtpSecurity.Tls)
        {
            await Encrypt(options.Host, stop);
        }

        var domain = options.From[(options.From.IndexOf('@') + 1)..];
        await Expect("greeting", 220, stop);
        var offers = await Hello(domain, stop);
        if (options.Security == SmtpSecurity.StartTls)
        {
            if (!offers.Contains("STARTTLS"))
            {
                throw new SmtpRefusal("STARTTLS", 454, "the server offers no encryption");
            }

            await Say("STARTTLS", 220, stop);
            if (taken != buffered)
            {
                throw new SmtpRefusal("STARTTLS", 454, "unencrypted text was slipped in before the encryption");
            }

            await Encrypt(options.Host, stop);
            offers = await Hello(domain, stop);
        }

        if (options.User is { Length: > 0 } user)
        {
            var answer = Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{user}\0{options.Password}"));
            await Write($"AUTH PLAIN {answer}\r\n", stop);
            await Expect("AUTH", 235, stop);
        }
    }

    public async Task<string> SendAsync(string from, string to, string message, CancellationToken stop)
    {
        await Say($"MAIL FROM:<{from}>", 250, stop);
        await Say($"RCPT TO:<{to}>", 250, stop);
        await Say("DATA", 354, stop);
        var stuffed = message.StartsWith('.') ? "." + message : message;
        await Write(stuffed.Replace("\r\n.", "\r\n..", StringComparison.Ordinal) + ".\r\n", stop);
        return await Expect("DATA", 250, stop);
    }

    public async Task QuitAsync(CancellationToken stop) => await Say("QUIT", 221, stop);

    public async ValueTask DisposeAsync() => await stream.DisposeAsync();

    private async Task Encrypt(string host, CancellationToken stop)
    {
        var tls = new SslStream(stream, leaveInnerStreamOpen: false);
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = host, RemoteCertificateValidationCallback = certificateCheck }, stop);
        stream = tls;
        buffered = taken = 0;
    }

    private async Task<HashSet<string>> Hello(string domain, CancellationToken stop)
    {
        await Write($"EHLO {domain}\r\n", stop);
        var reply = await Expect("EHLO", 250, stop);
        return [.. reply.Split('\n').Select(line => line.Split(' ')[0].ToUpperInvariant())];
    }

    private async Task<string> Say(string command, int wanted, CancellationToken stop)
    {
        if (command.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0)
        {
            throw new FormatException("A line break inside an SMTP command.");
        }

        await Write(command + "\r\n", stop);
        return await Expect(command.Split(' ', ':')[0], wanted, stop);
    }

    private async Task Write(string text, CancellationToken stop)
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes(text), stop);
        await stream.FlushAsync(stop);
    }

    /// <returns>The reply's text, its lines separated by line feeds.</returns>
    private async Task<string> Expect(string step, int wanted, CancellationToken stop)
    {
        var lines = new List<string>();
        while (lines.Count < ReplyLinesMax)
        {
            var line = await ReadLine(stop);
            if (line.Length < 3 || !int.TryParse(line.AsSpan(0, 3), out var code))
            {
                throw new SmtpRefusal(step, 421, "the answer is not SMTP");
            }

            lines.Add(line.Length > 4 ? line[4..] : "");
            if (line.Length > 3 && line[3] == '-')
            {
                continue;
            }

            var text = string.Join('\n', lines);
            return code == wanted ? text : throw new SmtpRefusal(step, code, text.Replace('\n', ' '));
        }

        throw new SmtpRefusal(step, 421, "the answer does not end");
    }

    private async Task<string> ReadLine(CancellationToken stop)
    {
        var line = new StringBuilder();
        while (line.Length < LineMax)
        {
            if (taken == buffered)
            {
                taken = 0;
                buffered = await stream.ReadAsync(buffer, stop);
                if (buffered == 0)
                {
                    throw new EndOfStreamException("the mail server hung up");
                }
            }

            var next = (char)buffer[taken++];
            if (next == '\n')
            {
                return line.ToString().TrimEnd('\r');
            }

            line.Append(next is >= ' ' and <= '~' or '\r' ? next : '?');
        }

        throw new SmtpRefusal("answer", 421, "a line is too long");
    }
}
