using Quartier.Gateway.Broker;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Host;

/// <summary>Makes a <see cref="DutyRound"/> every second. The log hears of a duty's first failure, then of the 2nd, 4th, 8th …</summary>
public sealed partial class DutiesLoop(Database database, GatewayOptions options, ClockWatch clock, Outgoing outgoing, GatewayHealth health, ILogger<DutiesLoop> log)
    : BackgroundService
{
    private readonly DutyRound round = new(database, options, clock, outgoing, health);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(DutyRound.Period, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            round.Run(Failed);
        }
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
