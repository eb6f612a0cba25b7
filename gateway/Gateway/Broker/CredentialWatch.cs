using NodaTime;
using NodaTime.Extensions;
using Quartier.Gateway.Domain.Registry;
using Quartier.Gateway.Store;
using Quartier.Mqtt;

namespace Quartier.Gateway.Broker;

/// <summary>Ends what hangs on a secret that no longer counts, whoever changed it: a page or the provisioning tool at once, a command
/// in a process of its own within a second. While the secrets cannot be read it is red in <see cref="GatewayHealth"/>.</summary>
public sealed partial class CredentialWatch(Database database, MqttBroker broker, TimeProvider time, GatewayHealth health, ILogger<CredentialWatch> log) : BackgroundService
{
    private static readonly Fault NotRead = new(
        "broker secrets",
        "Die Zugangsdaten am Broker lassen sich nicht lesen; wer gesperrt wurde, kann noch verbunden sein.",
        "The secrets at the broker cannot be read; whoever was revoked may still be connected.",
        "Die Ursache steht im Protokoll des Dienstes. Nach dem Beheben das Gateway neu starten, wenn jemand sofort zu trennen ist.",
        "The cause stands in the service's log. Restart the gateway after mending it where somebody has to be cut off at once.",
        Page: "/fleet");

    private readonly RevokedSecrets secrets = new(database, broker);

    /// <summary>Before the first client can log in, so that no change is missed.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await TryLookAsync(time.GetUtcNow().ToInstant());
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var now in TableTurns.Of(database, "mqtt_credentials", time, stoppingToken))
        {
            await TryLookAsync(now);
        }
    }

    /// <summary>What is known stays where it fails, so that no change is missed.</summary>
    private async Task TryLookAsync(Instant now)
    {
        var look = Task.Run(secrets.Look, CancellationToken.None);
        await look.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (look.IsCompletedSuccessfully)
        {
            health.Clear(NotRead.Name);
        }
        else if (int.IsPow2(health.Raise(NotRead, now).Count))
        {
            LookFailed(log, look.Exception?.InnerException);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The secrets at the broker could not be read; it is tried again.")]
    private static partial void LookFailed(ILogger log, Exception? cause);
}
