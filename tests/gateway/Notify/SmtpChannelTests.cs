using System.Net.Security;
using System.Text.Json;
using NodaTime;
using Quartier.Gateway.Outputs.Notify;
using Quartier.Gateway.Store.Outbox;
using Quartier.Tests.Gateway.Outbox;
using Xunit;

namespace Quartier.Tests.Gateway.Notify;

/// <summary>Our mail client before npm's smtp-server.</summary>
public sealed class SmtpChannelTests
{
    private static readonly Mail Letter = new("anna@example.org", "ALARM Rauch / Smoke – Karlsplatz", "Grüße\n.\n..\nquartier", true, "alert-1-case");

    [Fact]
    public async Task A_letter_arrives_whole_under_its_key()
    {
        using var peer = await Peer.Smtp("PLAIN", "accept");
        var result = await Send(peer, SmtpSecurity.None);
        Assert.Equal(SendOutcome.Accepted, result.Outcome);
        var mail = await peer.Next();
        Assert.Equal("nester@example.org", mail.GetProperty("from").GetString());
        Assert.Equal("anna@example.org", mail.GetProperty("to")[0].GetString());
        var raw = mail.GetProperty("raw").GetString()!;
        Assert.Contains("\r\nMessage-ID: <alert-1-n1-r1@example.org>\r\n", raw);
        Assert.EndsWith("\r\n\r\nGr=C3=BC=C3=9Fe\r\n.\r\n..\r\nfilled\r\n", raw);
    }

    [Fact]
    public async Task Over_starttls_with_a_log_in_that_is_not_ascii()
    {
        using var peer = await Peer.Smtp("STARTTLS", "accept");
        var result = await Send(peer, SmtpSecurity.StartTls, "pässwort", (_, certificate, _, _) => certificate is not null);
        Assert.Equal("Accepted", $"{result.Outcome}");
        var mail = await peer.Next();
        Assert.True(mail.GetProperty("secure").GetBoolean());
        Assert.Equal("nester", mail.GetProperty("user").GetString());
    }

    [Fact]
    public async Task A_certificate_that_the_system_does_not_trust_gets_no_letter_and_no_password()
    {
        using var peer = await Peer.Smtp("STARTTLS", "accept");
        Assert.Equal(SendOutcome.Failed, (await Send(peer, SmtpSecurity.StartTls, "pässwort")).Outcome);
        Assert.True(peer.HasNothing);
    }

    [Fact]
    public async Task Without_encryption_on_offer_nothing_is_sent_that_asked_for_it()
    {
        using var peer = await Peer.Smtp("PLAIN", "accept");
        var result = await Send(peer, SmtpSecurity.StartTls);
        Assert.Equal(SendOutcome.Failed, result.Outcome);
        Assert.Contains("no encryption", result.Note);
        Assert.True(peer.HasNothing);
    }

    [Theory]
    [InlineData("refuse", SendOutcome.Refused, "550")]
    [InlineData("busy", SendOutcome.Failed, "451")]
    public async Task The_servers_no_is_final_or_not(string answer, SendOutcome expected, string code)
    {
        using var peer = await Peer.Smtp("PLAIN", answer);
        var result = await Send(peer, SmtpSecurity.None);
        Assert.Equal(expected, result.Outcome);
        Assert.Contains(code, result.Note);
    }

    [Fact]
    public async Task A_wrong_password_is_a_setting_to_mend_and_not_the_letters_end()
    {
        using var peer = await Peer.Smtp("STARTTLS", "accept");
        var result = await Send(peer, SmtpSecurity.StartTls, "wrong", (_, _, _, _) => true);
        Assert.Equal(SendOutcome.Failed, result.Outcome);
        Assert.Contains("535", result.Note);
    }

    [Fact]
    public async Task A_mail_server_that_was_killed_gets_the_letter_when_it_is_back()
    {
        using var room = new Mailroom();
        var first = await Peer.Smtp("PLAIN", "accept");
        var port = first.Port;
        first.Dispose();
        var channel = new SmtpChannel(Options(port, SmtpSecurity.None, null), room.Clock, payload => payload);
        room.Store.Write(db => OutboxTable.Add(
            db, new NewMessage("mail", "s", "alert-1-n1-r1", JsonSerializer.Serialize(Letter), room.Clock.Now), room.Clock.Now));
        var pump = new OutboxPump(room.Store, [channel], room.Clock);
        var next = await pump.RoundAsync("mail", CancellationToken.None);
        Assert.Equal(OutboxState.Waiting, room.Find("alert-1-n1-r1").State);

        using var second = await Peer.Smtp("PLAIN", "accept", port);
        room.Clock.Pass(next!.Value - room.Clock.Now);
        Assert.Null(await pump.RoundAsync("mail", CancellationToken.None));
        Assert.Contains("<alert-1-n1-r1@example.org>", (await second.Next()).GetProperty("raw").GetString());
        Assert.Equal((OutboxState.Sent, 2), (room.Find("alert-1-n1-r1").State, room.Find("alert-1-n1-r1").Attempts));
    }

    private static async Task<SendResult> Send(Peer peer, SmtpSecurity security, string? password = null, RemoteCertificateValidationCallback? check = null)
    {
        var channel = new SmtpChannel(Options(peer.Port, security, password), TimeProvider.System, payload => payload.Replace("quartier", "filled", StringComparison.Ordinal), check);
        var now = Instant.FromUtc(2026, 11, 21, 22, 0);
        var message = new OutboxMessage(
            1, "mail", "alert-1/anna", "alert-1-n1-r1", JsonSerializer.Serialize(Letter), now, now, now, 1, OutboxState.Sending, null, null);
        return await channel.SendAsync(message, CancellationToken.None);
    }

    private static SmtpOptions Options(int port, SmtpSecurity security, string? password) => new()
    {
        Host = "localhost", Port = port, Security = security, From = "nester@example.org", User = password is null ? null : "nester", Password = password,
    };
}
