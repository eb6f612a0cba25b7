using NodaTime.Extensions;
using Quartier.Gateway.Outputs.Outbox;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Host;

/// <summary>Runs the outbox, each channel by itself: at once when something was added, else when its next message is due.</summary>
public sealed partial class OutboxLoop(Database database, OutboxPump pump, TimeProvider time, ILogger<OutboxLoop> log) : BackgroundService
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan AfterFault = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        pump.PutBackUnfinished();
        await Task.WhenAll(pump.ChannelNames().Select(channel => RunAsync(channel, stoppingToken)));
    }

    private async Task RunAsync(string channel, CancellationToken stop)
    {
        var added = new SemaphoreSlim(0, 1);
        void Wake(IReadOnlySet<string> tables) => WakeOn(tables, added);
        database.Changed += Wake;
        try
        {
            while (!stop.IsCancellationRequested)
            {
                await Pause(added, await Round(channel, stop), stop);
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

    /// <returns>How long nothing is due.</returns>
    private async Task<TimeSpan> Round(string channel, CancellationToken stop)
    {
        var round = pump.RoundAsync(channel, stop);
        await ((Task)round).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (round.IsFaulted)
        {
            RoundFailed(log, channel, round.Exception.InnerException);
            pump.PutBackUnfinished(channel);
            return AfterFault;
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
