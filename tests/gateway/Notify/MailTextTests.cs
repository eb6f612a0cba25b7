using System.Text;
using NodaTime;
using Quartier.Gateway.Outputs.Notify;
using Quartier.Gateway.Store.Outbox;
using Quartier.Tests.Support;
using Xunit;

namespace Quartier.Tests.Gateway.Notify;

public class MailTextTests
{
    private static readonly Instant Now = Instant.FromUtc(2026, 11, 21, 22, 5, 9);

    [Fact]
    public void A_mail_looks_like_this()
    {
        var text = Written(
            new Mail("anna@example.org", "ALARM Rauch – Karlsplatz", "Grüße.\nx=1", Urgent: true, "alert-1-case"), "nester@example.org", "alert-1-n1-r1", Now);
        Assert.Equal(
            """
            Date: Sat, 21 Nov 2026 22:05:09 +0000
            From: Quartier <nester@example.org>
            To: anna@example.org
            Subject: =?utf-8?B?QUxBUk0gUmF1Y2gg4oCTIEthcmxzcGxhdHo=?=
            Message-ID: <alert-1-n1-r1@example.org>
            References: <alert-1-case@example.org>
            Importance: high
            X-Priority: 1
            Auto-Submitted: auto-generated
            MIME-Version: 1.0
            Content-Type: text/plain; charset=utf-8
            Content-Transfer-Encoding: quoted-printable

            Gr=C3=BC=C3=9Fe.
            x=3D1

            """.ReplaceLineEndings("\r\n"),
            text);
    }

    [Theory]
    [InlineData("Karlsplatz\r\nBcc: all@example.org")]
    [InlineData("Karlsplatz\nBcc: all@example.org\n\nbody")]
    [InlineData("Karlsplatz\u2028Bcc: x\u0085y\0z")]
    public void A_subject_cannot_add_a_header(string subject)
    {
        var text = Written(new Mail("a@b.de", subject, "", false, "x\r\nBcc: y"), "c@d.de", "k\r\nBcc: z", Now);
        var head = text[..text.IndexOf("\r\n\r\n", StringComparison.Ordinal)].Split("\r\n");
        Assert.DoesNotContain(head, line => line.StartsWith("Bcc", StringComparison.OrdinalIgnoreCase));
        Assert.Equal(10, head.Length);
    }

    [Theory]
    [InlineData("a@b.de\r\nRCPT TO:<x@y.de>")]
    [InlineData("a@b.de>")]
    [InlineData("a b@c.de")]
    [InlineData("Ä@c.de")]
    [InlineData("@c.de")]
    [InlineData("a@")]
    [InlineData("a@b@c")]
    [InlineData("")]
    public void An_address_that_could_mean_something_else_is_refused(string address)
    {
        Assert.False(MailText.IsAddress(address));
        Assert.Throws<FormatException>(() => MailText.Compose(new Mail(address, "s", "", false, null), "c@d.de", "k", Now));
    }

    [Fact]
    public void Every_line_is_short_ascii_and_every_text_comes_back()
    {
        var gen = new Gen(42);
        for (var i = 0; i < 300; i++)
        {
            var body = string.Concat(Enumerable.Range(0, gen.Next(400)).Select(_ => gen.Pick(["a", " ", "\t", "=", ".", "ß", "€", "🔥", "\n", "Wort"])));
            var subject = string.Concat(Enumerable.Range(0, gen.Next(120)).Select(_ => gen.Pick(["a", " ", "=?", "ß", "🔥"])));
            var text = Written(new Mail("a@b.de", subject, body, false, null), "c@d.de", "k", Now);
            Assert.All(text.Split("\r\n"), line => Assert.True(line.Length <= 78 && line.All(char.IsAscii), line));
            Assert.DoesNotContain("\n", text.Replace("\r\n", "", StringComparison.Ordinal));
            var at = text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
            Assert.Equal(body + "\n", Unquote(text[at..]));
        }
    }

    private static string Written(Mail mail, string from, string messageId, Instant now)
    {
        using var bytes = new MemoryStream();
        MailText.Compose(mail, from, messageId, now).WriteTo(MailText.Format, bytes);
        return Encoding.Latin1.GetString(bytes.ToArray());
    }

    private static string Unquote(string text)
    {
        var joined = text.Replace("=\r\n", "", StringComparison.Ordinal).Replace("\r\n", "\n", StringComparison.Ordinal);
        var bytes = new List<byte>();
        for (var i = 0; i < joined.Length; i++)
        {
            if (joined[i] == '=')
            {
                bytes.Add(Convert.ToByte(joined.Substring(i + 1, 2), 16));
                i += 2;
            }
            else
            {
                bytes.Add((byte)joined[i]);
            }
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }
}
