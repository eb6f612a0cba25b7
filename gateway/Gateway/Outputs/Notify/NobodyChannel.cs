using Quartier.Gateway.Store.Outbox;

namespace Quartier.Gateway.Outputs.Notify;

/// <summary>Where a notice goes while neither a mail server nor a webhook is configured: nowhere, and its delivery says so. A notice
/// to nobody is not delivered.</summary>
public sealed class NobodyChannel : IDeliveryChannel
{
    public string Name => ChannelNames.Nobody;

    public Task<SendResult> SendAsync(OutboxMessage message, CancellationToken stop) => Task.FromResult(new SendResult(
        SendOutcome.Refused, "nobody was reached: neither a mail server nor a webhook is configured (Notify in appsettings.json)"));
}
