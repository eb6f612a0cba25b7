using NodaTime;
using Quartier.Gateway.Domain.Offers;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Host;

/// <summary>Builds the catalogue beside the writer, when offers changed and every second; the writer only puts the result in place.
/// A build that fails is red in <see cref="GatewayHealth"/> and tried again; screens keep what they have.</summary>
public sealed partial class CatalogueLoop(Database database, TimeProvider time, GatewayHealth health, ILogger<CatalogueLoop> log) : BackgroundService
{
    private static readonly Duration PauseAfterFailure = Duration.FromSeconds(10);

    private static readonly Fault Fails = new(
        "catalogue build",
        "Der Katalog für die Bildschirme lässt sich nicht bauen; sie zeigen weiter, was sie haben.",
        "The screens' catalogue cannot be built; they go on showing what they have.",
        "Die Ursache steht im Protokoll des Dienstes. Die zuletzt geänderten Angebote prüfen; das Gateway versucht es weiter.",
        "The cause stands in the service's log. Check the offers that were changed last; the gateway keeps trying.",
        Page: "/offers");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var now in TableTurns.Of(database, "catalogue_state", time, stoppingToken))
        {
            await TryBuildAsync(now);
        }
    }

    private async Task TryBuildAsync(Instant now)
    {
        if (health.Find(Fails.Name) is { } red && red.LastAt <= now && now - red.LastAt < PauseAfterFailure)
        {
            return;
        }

        var attempt = BuildAsync(now);
        await attempt.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (attempt.IsCompletedSuccessfully)
        {
            health.Clear(Fails.Name);
        }
        else if (int.IsPow2(health.Raise(Fails, now).Count))
        {
            BuildFailed(log, attempt.Exception?.InnerException);
        }
    }

    private async Task BuildAsync(Instant now)
    {
        if (database.Read(db => Catalogue.Prepare(db, now)) is { } build)
        {
            await database.WriteAsync(db => Catalogue.Apply(db, build, now));
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The catalogue could not be built; it is tried again.")]
    private static partial void BuildFailed(ILogger log, Exception? cause);
}
