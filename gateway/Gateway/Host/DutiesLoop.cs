using Quartier.Gateway.Broker;
using Quartier.Gateway.Ingest;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Host;

/// <summary>Runs <see cref="Duties"/> every second. The log hears of a duty's first failure, then of the 2nd, 4th, 8th …</summary>
public sealed partial class DutiesLoop(Database database, GatewayOptions options, ClockWatch clock, Outgoing outgoing, GatewayHealth health, ILogger<DutiesLoop> log)
    : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                Step();
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }

    private void Step()
    {
        var effects = new List<Publication>();
        clock.Step(database, health);
        Duties.Step(database, clock.Now, effects, options, health, failed: Failed);
        outgoing.Publish(effects);
    }

    private void Failed(Duty duty, Exception cause, int count)
    {
        if (int.IsPow2(count))
        {
            DutyFailed(log, duty.Name, count, cause);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The duty {Duty} failed, {Count} times in a row; it is tried again.")]
    private static partial void DutyFailed(ILogger log, string duty, int count, Exception cause);
}
