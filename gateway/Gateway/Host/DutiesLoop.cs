using NodaTime.Extensions;
using Quartier.Gateway.Broker;
using Quartier.Gateway.Ingest;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Host;

/// <summary>Runs <see cref="Duties"/> every second. A step that fails is logged and due again with the next.</summary>
public sealed partial class DutiesLoop(Database database, GatewayOptions options, TimeProvider time, Outgoing outgoing, ILogger<DutiesLoop> log)
    : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await Step();
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }

    private async Task Step()
    {
        var effects = new List<Publication>();
        var step = database.WriteAsync(db => Duties.Step(db, time.GetUtcNow().ToInstant(), effects, options));
        await ((Task)step).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (step.IsFaulted)
        {
            StepFailed(log, step.Exception.InnerException);
            return;
        }

        outgoing.Publish(effects);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A timed duty failed; it is tried again in a second.")]
    private static partial void StepFailed(ILogger log, Exception? cause);
}
