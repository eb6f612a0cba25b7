using Quartier.Gateway.Store;

namespace Quartier.Gateway.Host;

/// <summary>Empties the store's log every ten minutes when something was deleted: until then the log still holds it.</summary>
public sealed class EraseLoop(Database database, TimeProvider time) : BackgroundService
{
    public static readonly TimeSpan Period = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            // Somebody who reads just now keeps it from ending: the next turn does it.
            database.FoldDeleted();
        }
    }
}
