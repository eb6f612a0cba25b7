using NodaTime.Extensions;
using Quartier.Gateway.Store;
using Quartier.Gateway.Store.Outbox;

namespace Quartier.Gateway.Host;

/// <summary>Runs the outbox, each channel by itself and on it what is urgent by itself: at once when something was added, else when its next message is due.</summary>
public sealed partial class OutboxLoop(Database database, OutboxPump pump, TimeProvider time, ILogger<OutboxLoop> log) : BackgroundService
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan AfterFault = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        await Task.WhenAll(pump.ChannelNames().SelectMany(channel => new[] { true, false }.Select(urgent => RunAsync(channel, urgent, stoppingToken))));
    }

    private async Task RunAsync(string channel, bool urgent, CancellationToken stop)
    {
        // Whatever was on its way when the last process, or the last round, ended in its midst goes first.
        var isTidy = false;
        var added = new SemaphoreSlim(0, 1);
        void Wake(IReadOnlySet<string> tables) => WakeOn(tables, added);
        database.Changed += Wake;
        try
        {
            while (!stop.IsCancellationRequested)
            {
                isTidy = isTidy || pump.PutBackUnfinished(channel, urgent);
                var wait = isTidy ? await Round(channel, urgent, stop) : null;
                isTidy = wait is not null;
                await Pause(added, wait ?? AfterFault, stop);
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
        finally
        {
            database.Changed -= Wake;
        }
    }

    /// <returns>How long nothing is due; null after a fault.</returns>
    private async Task<TimeSpan?> Round(string channel, bool urgent, CancellationToken stop)
    {
        var round = pump.RoundAsync(channel, urgent, stop);
        await ((Task)round).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (round.IsFaulted)
        {
            RoundFailed(log, channel, round.Exception.InnerException);
            return null;
        }

        stop.ThrowIfCancellationRequested();
        var wait = round.Result is { } next ? (next - time.GetUtcNow().ToInstant()).ToTimeSpan() : LongestWait;
        return wait > LongestWait ? LongestWait : wait;
    }

    private async Task Pause(SemaphoreSlim added, TimeSpan wait, CancellationToken stop)
    {
        if (wait <= TimeSpan.Zero)
        {
            return;
        }

        using var enough = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await Task.WhenAny(added.WaitAsync(enough.Token), Task.Delay(wait, time, enough.Token));
        await enough.CancelAsync();
    }

    private static void WakeOn(IReadOnlySet<string> tables, SemaphoreSlim added)
    {
        if (tables.Contains("outbox") && added.CurrentCount == 0)
        {
            try
            {
                added.Release();
            }
            catch (SemaphoreFullException)
            {
                // Somebody else woke it in between.
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A round of the outbox's channel {Channel} failed; it starts again in a few seconds.")]
    private static partial void RoundFailed(ILogger log, string channel, Exception? cause);
}
