using Microsoft.Data.Sqlite;
using NodaTime;
using Quartier.Gateway.Domain.Alerts;
using Quartier.Gateway.Host;
using Quartier.Gateway.Outputs.Outbox;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Outputs.Notify;

/// <summary>A channel is red while something that it tried at least twice has not left, and for a day after it gave something up
/// that nothing newer of the same case has made good.</summary>
public static class DeliveryWatch
{
    private const string Prefix = "channel ";

    public static void Step(Database store, Instant now, GatewayHealth health)
    {
        IReadOnlyList<OutboxMessage> failing;
        try
        {
            failing = store.Read(db => OutboxTable.Failing(db, now));
        }
        catch (SqliteException)
        {
            // The store keeps its own failure, which is red by itself.
            return;
        }

        foreach (var message in failing)
        {
            health.Raise(FaultOf(message), now, message.CreatedAt);
        }

        foreach (var line in health.Red(now).Where(line => line.Fault.Name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            if (failing.All(message => Prefix + message.Channel != line.Fault.Name))
            {
                health.Clear(line.Fault.Name);
            }
        }
    }

    private static Fault FaultOf(OutboxMessage message) => new(
        Prefix + message.Channel,
        $"{CaseWords.Channel(message.Channel, Say.German)} erreicht niemanden. Bitte hier nachsehen statt auf Nachrichten zu warten.",
        $"{CaseWords.Channel(message.Channel, Say.English)} reaches nobody. Please look here instead of waiting for messages.",
        "Die Zustellung nennt den Grund. Empfänger und Einstellungen (appsettings.json) prüfen, dann noch einmal versuchen.",
        "The delivery names the reason. Check receiver and settings (appsettings.json), then try again.",
        $"/deliveries/{message.Position}");
}
