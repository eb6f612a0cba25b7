using Quartier.Gateway.Domain.Accounts;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Host;

/// <summary>Writes every five minutes which sessions were used. While the store takes nothing it is told of elsewhere, and this waits.</summary>
public sealed class SeenLoop(Database database, SeenSessions seen, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await seen.WriteAsync(database).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
