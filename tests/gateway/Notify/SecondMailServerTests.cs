using System.Text;
using System.Text.Json;
using MimeKit;
using NodaTime;
using Quartier.Gateway.Outputs.Notify;
using Quartier.Gateway.Store.Outbox;
using Quartier.Tests.Gateway.Outbox;
using SmtpServer.Protocol;
using Xunit;

namespace Quartier.Tests.Gateway.Notify;

/// <summary>Our letters before NuGet's SmtpServer.</summary>
public sealed class SecondMailServerTests
{
    private const string Subject = "ALARM Rauch / Smoke – Größe 🔥 am Karlsplatz, hinter dem Bürgertreff Südstadt und noch weiter";

    [Theory]
    [InlineData(SmtpSecurity.StartTls)]
    [InlineData(SmtpSecurity.StartTlsIfOffered)]
    [InlineData(SmtpSecurity.Tls)]
    public async Task Each_way_of_encryption_brings_the_letter_whole(SmtpSecurity security)
    {
        using var server = new SecondMailServer(tls: true, isTlsFirst: security == SmtpSecurity.Tls, needsLogIn: true);
        Assert.Equal("Accepted", $"{(await Send(server, security, "pässwort")).Outcome}");
        Assert.True(server.Mails.TryRead(out var mail));
        Assert.Equal(("nester@example.org", "anna@example.org", "nester", true), (mail.From, mail.To, mail.User, mail.IsSecure));
        var message = await MimeMessage.LoadAsync(new MemoryStream(Encoding.Latin1.GetBytes(mail.Raw)));
        Assert.Equal((Subject, "alert-1-n1-r1@example.org"), (message.Subject, message.MessageId));
        Assert.Equal("Grüße\n.\n..\nquartier", message.TextBody!.ReplaceLineEndings("\n"));
    }

    [Theory]
    [InlineData(SmtpSecurity.StartTls)]
    [InlineData(SmtpSecurity.StartTlsIfOffered)]
    [InlineData(SmtpSecurity.Tls)]
    public async Task A_certificate_that_nobody_trusts_gets_neither_letter_nor_password(SmtpSecurity security)
    {
        using var server = new SecondMailServer(tls: true, isTlsFirst: security == SmtpSecurity.Tls);
        Assert.Equal(SendOutcome.Failed, (await Send(server, security, "pässwort", isTrusted: false)).Outcome);
        Assert.False(server.Mails.TryRead(out _));
    }

    [Fact]
    public async Task Where_no_encryption_is_offered_the_letter_goes_if_that_was_allowed_and_the_password_never()
    {
        using var server = new SecondMailServer(tls: false);
        Assert.Equal(SendOutcome.Failed, (await Send(server, SmtpSecurity.StartTls)).Outcome);
        var withPassword = await Send(server, SmtpSecurity.StartTlsIfOffered, "pässwort");
        Assert.Equal(SendOutcome.Failed, withPassword.Outcome);
        Assert.Contains("password is not sent", withPassword.Note);
        Assert.False(server.Mails.TryRead(out _));
        Assert.Equal(SendOutcome.Accepted, (await Send(server, SmtpSecurity.StartTlsIfOffered)).Outcome);
        Assert.True(server.Mails.TryRead(out var mail) && !mail.IsSecure);
    }

    [Fact]
    public async Task Its_no_is_final_or_not()
    {
        using var server = new SecondMailServer(tls: true);
        Assert.Equal(SendOutcome.Refused, (await Send(server, SmtpSecurity.StartTls, to: "nobody@example.org")).Outcome);
        server.Answer = SmtpResponse.SizeLimitExceeded;
        Assert.Equal(SendOutcome.Refused, (await Send(server, SmtpSecurity.StartTls)).Outcome);
        server.Answer = new SmtpResponse(SmtpReplyCode.InsufficientStorage, "full");
        Assert.Equal(SendOutcome.Failed, (await Send(server, SmtpSecurity.StartTls)).Outcome);
    }

    [Fact]
    public async Task A_server_that_wants_a_log_in_waits_for_the_setting_and_not_for_another_letter()
    {
        using var server = new SecondMailServer(tls: true, needsLogIn: true);
        var result = await Send(server, SmtpSecurity.StartTls);
        Assert.Equal(SendOutcome.Failed, result.Outcome);
        Assert.Equal(SendOutcome.Failed, (await Send(server, SmtpSecurity.StartTls, "wrong")).Outcome);
        Assert.False(server.Mails.TryRead(out _));
    }

    /// <summary>Goal: a crash between "sent" and "recorded" brings the same letter again. Method: the pump is ended there, a minute passes,
    /// the next pump puts back what was under way.</summary>
    [Fact]
    public async Task A_repeat_after_a_crash_is_the_same_letter_with_the_time_of_its_own()
    {
        using var server = new SecondMailServer(tls: true);
        using var room = new Mailroom();
        var channel = Channel(server, SmtpSecurity.StartTls, room.Clock);
        room.Store.Write(db => OutboxTable.Add(
            db, new NewMessage("mail", "s", "alert-1-n1-r1", JsonSerializer.Serialize(Letter()), room.Clock.Now), room.Clock.Now));
        var crashing = new OutboxPump(room.Store, [channel], room.Clock, (step, _) =>
        {
            if (step == PumpStep.Sent)
            {
                throw new InvalidOperationException("the process ends here");
            }
        });
        await Assert.ThrowsAsync<InvalidOperationException>(() => crashing.RoundAsync("mail", CancellationToken.None));

        room.Restart();
        room.Clock.Pass(Duration.FromMinutes(1));
        var pump = new OutboxPump(room.Store, [channel], room.Clock);
        pump.PutBackUnfinished();
        await pump.RoundAsync("mail", CancellationToken.None);
        var (first, second) = (await server.Mails.ReadAsync(), await server.Mails.ReadAsync());
        Assert.Contains("\r\nMessage-ID: <alert-1-n1-r1@example.org>\r\n", first.Raw);
        Assert.StartsWith("Date: Sat, 21 Nov 2026 22:00:00 +0000\r\n", first.Raw);
        Assert.Equal(first.Raw.Replace("22:00:00", "22:01:00", StringComparison.Ordinal), second.Raw);
    }

    private static Mail Letter(string to = "anna@example.org") => new(to, Subject, "Grüße\n.\n..\nquartier", true, "alert-1-case");

    private static SmtpChannel Channel(SecondMailServer server, SmtpSecurity security, TimeProvider time, string? password = null, bool isTrusted = true) =>
        new(
            new SmtpOptions
            {
                Host = "localhost", Port = server.Port, Security = security, From = "nester@example.org", User = password is null ? null : "nester", Password = password,
            },
            time, payload => payload, isTrusted ? (_, certificate, _, _) => certificate!.Equals(ScriptedMailServer.Certificate) : null);

    private static Task<SendResult> Send(SecondMailServer server, SmtpSecurity security, string? password = null, bool isTrusted = true, string to = "anna@example.org")
    {
        var now = Instant.FromUtc(2026, 11, 21, 22, 0);
        return Channel(server, security, TimeProvider.System, password, isTrusted).SendAsync(
            new OutboxMessage(1, "mail", "s", "alert-1-n1-r1", JsonSerializer.Serialize(Letter(to)), now, now, now, 1, OutboxState.Sending, null, null), CancellationToken.None);
    }
}
