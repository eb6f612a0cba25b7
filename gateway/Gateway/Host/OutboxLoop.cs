using NodaTime.Extensions;
using Quartier.Gateway.Outputs.Outbox;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Host;

/// <summary>Runs the outbox: at once when something was added, else when the next message is due.</summary>
public sealed partial class OutboxLoop(Database database, OutboxPump pump, TimeProvider time, ILogger<OutboxLoop> log) : BackgroundService
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan AfterFault = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim added = new(0, 1);

    public override void Dispose()
    {
        database.Changed -= Wake;
        added.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        database.Changed += Wake;
        pump.PutBackUnfinished();
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                await Pause(await Round(stoppingToken), stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }

    /// <returns>How long nothing is due.</returns>
    private async Task<TimeSpan> Round(CancellationToken stop)
    {
        var round = pump.RoundAsync(stop);
        await ((Task)round).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (round.IsFaulted)
        {
            RoundFailed(log, round.Exception.InnerException);
            pump.PutBackUnfinished();
            return AfterFault;
        }

        stop.ThrowIfCancellationRequested();
        var wait = round.Result is { } next ? (next - time.GetUtcNow().ToInstant()).ToTimeSpan() : LongestWait;
        return wait > LongestWait ? LongestWait : wait;
    }

    private async Task Pause(TimeSpan wait, CancellationToken stop)
    {
        if (wait <= TimeSpan.Zero)
        {
            return;
        }

        using var enough = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await Task.WhenAny(added.WaitAsync(enough.Token), Task.Delay(wait, time, enough.Token));
        await enough.CancelAsync();
    }

    private void Wake(IReadOnlySet<string> tables)
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

    [LoggerMessage(Level = LogLevel.Error, Message = "A round of the outbox failed; it starts again in a few seconds.")]
    private static partial void RoundFailed(ILogger log, Exception? cause);
}
