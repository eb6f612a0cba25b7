using Quartier.Gateway.Store;
using NodaTime;

namespace Quartier.Gateway.Outputs.Outbox;

/// <summary>The steps of one delivery between which a process may end; named for the tests that end it there.</summary>
public enum PumpStep
{
    Claimed,
    Sent,
    Recorded,
}

/// <summary>Moves due messages from the store to their channels: claim and commit, send, record and commit. If the process
/// ends between sending and recording, the message goes again under the same key; that is the only duplicate there can be.
/// One pump per store.</summary>
/// <param name="passed">Told after each step; null in production.</param>
public sealed class OutboxPump(Database store, IReadOnlyList<IDeliveryChannel> channels, TimeProvider time, Action<PumpStep, OutboxMessage>? passed = null)
{
    private const int AtOnce = 16;

    /// <summary>The configured channels, and those for which messages of an earlier configuration wait: these are tried, and say why
    /// they fail.</summary>
    public IReadOnlyList<string> ChannelNames() =>
        [.. channels.Select(channel => channel.Name).Union(store.Read(OutboxTable.WaitingChannels), StringComparer.Ordinal)];

    /// <param name="channel">Null for every channel.</param>
    public void PutBackUnfinished(string? channel = null) => store.Write(connection => OutboxTable.PutBackUnfinished(connection, Now(), channel));

    /// <summary>Sends everything that is due on one channel, side by side where order allows. Every channel has its own rounds: a
    /// mail server that takes the line and says nothing must not hold up the webhook.</summary>
    /// <returns>When to come again; null when nothing waits.</returns>
    public async Task<Instant?> RoundAsync(string channel, CancellationToken stop)
    {
        while (true)
        {
            var claimed = await store.WriteAsync(connection => OutboxTable.Claim(connection, Now(), AtOnce, channel));
            if (claimed.Count == 0)
            {
                return store.Read(connection => OutboxTable.NextDue(connection, channel));
            }

            await Task.WhenAll(claimed.Select(message => DeliverAsync(message, stop)));
            stop.ThrowIfCancellationRequested();
        }
    }

    /// <summary>The same, one after the other on the caller's thread: for the simulator and for tests, whose channels answer
    /// at once.</summary>
    public int Round()
    {
        var count = 0;
        while (store.Write(connection => OutboxTable.Claim(connection, Now(), 1)) is [var message])
        {
            passed?.Invoke(PumpStep.Claimed, message);
            var result = Send(message, CancellationToken.None).GetAwaiter().GetResult();
            passed?.Invoke(PumpStep.Sent, message);
            store.Write(connection => OutboxTable.Record(connection, message, result, Now()));
            passed?.Invoke(PumpStep.Recorded, message);
            count++;
        }

        return count;
    }

    private async Task DeliverAsync(OutboxMessage message, CancellationToken stop)
    {
        passed?.Invoke(PumpStep.Claimed, message);
        SendResult result;
        try
        {
            result = await Send(message, stop);
        }
        catch (OperationCanceledException)
        {
            result = new SendResult(SendOutcome.Failed, "the gateway was stopped");
        }

        passed?.Invoke(PumpStep.Sent, message);
        await store.WriteAsync(connection => OutboxTable.Record(connection, message, result, Now()));
        passed?.Invoke(PumpStep.Recorded, message);
    }

    private Task<SendResult> Send(OutboxMessage message, CancellationToken stop) =>
        channels.FirstOrDefault(channel => channel.Name == message.Channel) is { } channel
            ? channel.SendAsync(message, stop)
            : Task.FromResult(new SendResult(SendOutcome.Failed, $"the channel \"{message.Channel}\" is not configured"));

    private Instant Now() => Instant.FromDateTimeOffset(time.GetUtcNow());
}
