using NodaTime;

namespace Quartier.Gateway.Store.Outbox;

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
    /// <param name="urgent">Null for what is urgent and what is quiet.</param>
    /// <returns>False where the store refuses: to be asked again.</returns>
    public bool PutBackUnfinished(string? channel = null, bool? urgent = null) =>
        store.Attempt(connection => OutboxTable.PutBackUnfinished(connection, Now(), channel, urgent)).IsCompletedSuccessfully;

    /// <summary>Sends everything that is due on one channel, side by side where order allows. Every channel has its own rounds: a
    /// mail server that takes the line and says nothing must not hold up the webhook.</summary>
    /// <returns>When to come again; null when nothing waits.</returns>
    public Task<Instant?> RoundAsync(string channel, CancellationToken stop) => RoundAsync(channel, null, stop);

    /// <param name="urgent">What is urgent has rounds of its own: quiet letters that hang in the line do not hold it up. Null for both.</param>
    public async Task<Instant?> RoundAsync(string channel, bool? urgent, CancellationToken stop)
    {
        while (true)
        {
            var claimed = await store.WriteAsync(connection => OutboxTable.Claim(connection, Now(), AtOnce, channel, urgent));
            if (claimed.Count == 0)
            {
                return store.Read(connection => OutboxTable.NextDue(connection, Now(), channel, urgent));
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
            var sending = Send(message, CancellationToken.None);
            ((IAsyncResult)sending).AsyncWaitHandle.WaitOne();
            var result = ResultOf(sending);
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
        var sending = Send(message, stop);
        await ((Task)sending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var result = ResultOf(sending);
        passed?.Invoke(PumpStep.Sent, message);
        await store.WriteAsync(connection => OutboxTable.Record(connection, message, result, Now()));
        passed?.Invoke(PumpStep.Recorded, message);
    }

    private async Task<SendResult> Send(OutboxMessage message, CancellationToken stop) =>
        channels.FirstOrDefault(channel => channel.Name == message.Channel) is { } channel
            ? await channel.SendAsync(message, stop)
            : new SendResult(SendOutcome.Failed, $"the channel \"{message.Channel}\" is not configured");

    // A message that its channel stumbles over has failed; the others of the round go their way.
    private static SendResult ResultOf(Task<SendResult> sending) =>
        sending.IsCompletedSuccessfully ? sending.Result
        : new SendResult(SendOutcome.Failed, sending.Exception?.InnerException?.Message ?? "the gateway was stopped");

    private Instant Now() => Instant.FromDateTimeOffset(time.GetUtcNow());
}
