using NodaTime.Extensions;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Host;

/// <summary>Looks every second whether connections were cut, and says so once until it is over.</summary>
public sealed partial class ConnectionLoop(Endpoints endpoints, GatewayHealth health, TimeProvider time, ILogger<ConnectionLoop> log) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach (var cap in (ConnectionCap[])[endpoints.Pages, endpoints.Broker])
            {
                if (cap.Step(time.GetUtcNow().ToInstant(), health) is { } turnedAway)
                {
                    TurnedAway(log, turnedAway.Kind, turnedAway.Max, turnedAway.From);
                }
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Kind}: {Max} are open, or half of them from one address; further ones are cut, the last from {From}")]
    private static partial void TurnedAway(ILogger log, string kind, int max, string from);
}
