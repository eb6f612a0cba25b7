using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using NodaTime;
using Quartier.Gateway.Store.Outbox;

namespace Quartier.Gateway.Outputs.Notify;

/// <summary>E-mail. The payload is a <see cref="Mail"/> as JSON; the Message-ID is the outbox key, so that a mail sent twice
/// around a crash is one mail to every program that looks at it. One mail a connection: alarms are few.</summary>
/// <param name="fill">Puts one-time links where the payload names them (see Domain/Alerts/AcknowledgeLink).</param>
/// <param name="certificateCheck">Null: the system's trust, always so outside tests.</param>
public sealed class SmtpChannel(
    SmtpOptions options, TimeProvider time, Func<string, string> fill, RemoteCertificateValidationCallback? certificateCheck = null) : IDeliveryChannel
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(30);

    public string Name => ChannelNames.Mail;

    public async Task<SendResult> SendAsync(OutboxMessage message, CancellationToken stop)
    {
        MimeMessage letter;
        try
        {
            var mail = JsonSerializer.Deserialize<Mail>(fill(message.Payload)) ?? throw new JsonException("empty");
            letter = MailText.Compose(mail, options.From, message.Key, Instant.FromDateTimeOffset(time.GetUtcNow()));
        }
        catch (Exception fault) when (fault is JsonException or FormatException)
        {
            return new SendResult(SendOutcome.Refused, fault.Message);
        }

        using var limit = new CancellationTokenSource(TimeLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        try
        {
            return new SendResult(SendOutcome.Accepted, OneLine(await Deliver(letter, either.Token)));
        }
        catch (SmtpCommandException no)
        {
            return new SendResult(IsFinal((int)no.StatusCode) ? SendOutcome.Refused : SendOutcome.Failed, OneLine($"{options.Host}: {(int)no.StatusCode} {no.Message}"));
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return new SendResult(SendOutcome.Failed, $"{options.Host}: no answer within {TimeLimit.TotalSeconds:0} s");
        }
        catch (ServiceNotAuthenticatedException no)
        {
            return new SendResult(SendOutcome.Failed, OneLine($"{options.Host}: 530 {no.Message}"));
        }
        catch (Exception fault) when (fault is SocketException or IOException or ProtocolException or SslHandshakeException or FormatException
            or AuthenticationException or NotSupportedException)
        {
            return new SendResult(SendOutcome.Failed, OneLine($"{options.Host}: {fault.Message}"));
        }
    }

    /// <returns>What the server said when it took the letter.</returns>
    private async Task<string> Deliver(MimeMessage letter, CancellationToken stop)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(options.Host, options.Port, stop);

        // No question to a third party whether a certificate was revoked: an alarm does not hang on that party's being there.
        using var client = new SmtpClient
        {
            LocalDomain = options.From[(options.From.IndexOf('@') + 1)..], ServerCertificateValidationCallback = certificateCheck, CheckCertificateRevocation = false,
        };
        await Open(client, socket.Client, stop);
        if (options.User is { Length: > 0 } user)
        {
            await LogIn(client, user, stop);
        }

        var answer = await client.SendAsync(MailText.Format, letter, stop);
        // The server has taken the mail; how it says good-bye changes nothing, and MailKit throws nothing about it.
        await client.DisconnectAsync(quit: true, stop);
        return answer;
    }

    private async Task Open(SmtpClient client, Socket socket, CancellationToken stop)
    {
        try
        {
            await client.ConnectAsync(new BoundedReplies(socket), options.Host, options.Port, Tls(options.Security), stop);
        }
        catch (NotSupportedException) when (options.Security == SmtpSecurity.StartTls && !client.Capabilities.HasFlag(SmtpCapabilities.StartTLS))
        {
            throw new NotSupportedException("the server offers no encryption");
        }
    }

    private async Task LogIn(SmtpClient client, string user, CancellationToken stop)
    {
        if (options.Security == SmtpSecurity.StartTlsIfOffered && !client.IsSecure)
        {
            throw new NotSupportedException("the server offers no encryption, and the password is not sent without it");
        }

        // One attempt a letter: a wrong password tried by each mechanism in turn would soon lock the account.
        if (client.AuthenticationMechanisms.Contains("PLAIN"))
        {
            client.AuthenticationMechanisms.IntersectWith(["PLAIN"]);
        }

        await client.AuthenticateAsync(Encoding.UTF8, user, options.Password ?? "", stop);
    }

    /// <summary>5xx about this very mail. Failed log-ins (53x) are the settings' fault and may be mended.</summary>
    private static bool IsFinal(int code) => code is >= 500 and < 600 and not (530 or 534 or 535 or 538);

    private static SecureSocketOptions Tls(SmtpSecurity security) => security switch
    {
        SmtpSecurity.StartTls => SecureSocketOptions.StartTls,
        SmtpSecurity.StartTlsIfOffered => SecureSocketOptions.StartTlsWhenAvailable,
        SmtpSecurity.Tls => SecureSocketOptions.SslOnConnect,
        SmtpSecurity.None => SecureSocketOptions.None,
        _ => throw new ArgumentOutOfRangeException(nameof(security)),
    };

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
