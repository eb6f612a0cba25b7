using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;
using NodaTime;
using Quartier.Gateway.Outputs.Outbox;

namespace Quartier.Gateway.Outputs.Notify;

/// <summary>E-mail. The payload is a <see cref="Mail"/> as JSON; the Message-ID is the outbox key, so that a mail sent twice
/// around a crash is one mail to every program that looks at it.</summary>
/// <param name="fill">Puts one-time links where the payload names them (see Domain/Alerts/AcknowledgeLink).</param>
/// <param name="certificateCheck">Null: the system's trust, always so outside tests.</param>
public sealed class SmtpChannel(
    SmtpOptions options, TimeProvider time, Func<string, string> fill, RemoteCertificateValidationCallback? certificateCheck = null) : IDeliveryChannel
{
    public const string ChannelName = "mail";

    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(30);

    public string Name => ChannelName;

    public async Task<SendResult> SendAsync(OutboxMessage message, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(TimeLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        try
        {
            var mail = JsonSerializer.Deserialize<Mail>(fill(message.Payload)) ?? throw new JsonException("empty");
            var text = MailText.Compose(mail, options.From, message.Key, Instant.FromDateTimeOffset(time.GetUtcNow()));
            return new SendResult(SendOutcome.Accepted, await Deliver(mail.To, text, either.Token));
        }
        catch (SmtpRefusal refusal)
        {
            return new SendResult(refusal.Permanent ? SendOutcome.Refused : SendOutcome.Failed, refusal.Message);
        }
        catch (Exception fault) when (fault is JsonException or FormatException)
        {
            return new SendResult(SendOutcome.Refused, fault.Message);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return new SendResult(SendOutcome.Failed, $"{options.Host}: no answer within {TimeLimit.TotalSeconds:0} s");
        }
        catch (Exception fault) when (fault is SocketException or IOException or AuthenticationException)
        {
            return new SendResult(SendOutcome.Failed, $"{options.Host}: {fault.Message}");
        }
    }

    private async Task<string> Deliver(string to, string text, CancellationToken stop)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(options.Host, options.Port, stop);
        await using var session = new SmtpSession(socket.GetStream(), certificateCheck);
        await session.OpenAsync(options, stop);
        var answer = await session.SendAsync(options.From, to, text, stop);
        try
        {
            await session.QuitAsync(stop);
        }
        catch (Exception fault) when (fault is IOException or OperationCanceledException)
        {
            // The server has taken the mail; how it says good-bye changes nothing.
            return answer;
        }

        return answer;
    }
}
