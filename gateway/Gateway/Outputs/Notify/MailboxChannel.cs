using System.Text.Json;
using Quartier.Gateway.Store.Outbox;

namespace Quartier.Gateway.Outputs.Notify;

/// <summary>Stands in for e-mail while no mail server is configured: the letter stays in the outbox, where "Zustellungen"
/// shows it in full. It carries the channel's own name, never "mail", so that nobody takes it for one that went out.</summary>
public sealed class MailboxChannel : IDeliveryChannel
{
    public string Name => ChannelNames.Mailbox;

    public Task<SendResult> SendAsync(OutboxMessage message, CancellationToken stop) => Task.FromResult(Take(message));

    private static SendResult Take(OutboxMessage message)
    {
        try
        {
            var mail = JsonSerializer.Deserialize<Mail>(message.Payload) ?? throw new JsonException("empty");
            _ = MailText.Compose(mail, "quartier@localhost", message.Key, message.CreatedAt);
            return new SendResult(SendOutcome.Accepted, "kept on this machine; no mail left it");
        }
        catch (Exception fault) when (fault is JsonException or FormatException)
        {
            return new SendResult(SendOutcome.Refused, fault.Message);
        }
    }
}
