using System.Data.Common;
using NodaTime;
using Quartier.Gateway.Domain.Alerts;
using Quartier.Gateway.Pages;
using Quartier.Gateway.Store;
using Quartier.Gateway.Store.Outbox;

namespace Quartier.Gateway.Outputs.Notify;

/// <summary>A channel is red while something that it tried at least twice has not left, and for a day after it gave something up
/// that nothing newer of the same case has made good.</summary>
public static class DeliveryWatch
{
    private const string Prefix = "channel ";

    /// <summary>There are pods, and nobody who would hear of an alarm.</summary>
    private static readonly Fault NobodyFault = new(
        "notices",
        "Alarme erreichen niemanden: Weder ein Mailserver noch ein Webhook ist eingerichtet.",
        "Alarms reach nobody: neither a mail server nor a webhook is configured.",
        "Im Datenordner in appsettings.json den Abschnitt Notify ausfüllen und das Gateway neu starten (docs/street-work.md).",
        "Fill in the section Notify of appsettings.json in the data folder and restart the gateway (docs/street-work.md).");

    public static void Step(Database store, Instant now, AlertSettings settings, GatewayHealth health)
    {
        var reachesSomebody = settings.LetterChannel is not null || settings.HasTeamChannel;
        var hasPods = false;
        IReadOnlyList<OutboxMessage> failing;
        try
        {
            (failing, hasPods) = store.Read(db => (OutboxTable.Failing(db, now), AlertsTable.HasPods(db)));
        }
        catch (DbException)
        {
            // The store keeps its own failure, which is red by itself.
            return;
        }

        if (hasPods && !reachesSomebody)
        {
            health.Raise(NobodyFault, now);
        }
        else
        {
            health.Clear(NobodyFault.Name);
        }

        // Nobody is no channel that somebody could mend.
        failing = [.. failing.Where(message => message.Channel != ChannelNames.Nobody)];
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
        $"{CaseWords.Channel(message.Channel, ReaderLanguage.German)} erreicht niemanden. Bitte hier nachsehen statt auf Nachrichten zu warten.",
        $"{CaseWords.Channel(message.Channel, ReaderLanguage.English)} reaches nobody. Please look here instead of waiting for messages.",
        "Die Zustellung nennt den Grund. Empfänger und Einstellungen (appsettings.json) prüfen, dann noch einmal versuchen.",
        "The delivery names the reason. Check receiver and settings (appsettings.json), then try again.",
        $"/deliveries/{message.Position}");
}
