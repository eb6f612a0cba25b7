using NodaTime;
using Quartier.Gateway.Domain.Accounts;
using Quartier.Gateway.Domain.Alerts;
using Quartier.Gateway.Domain.Audit;
using Quartier.Gateway.Domain.Offers;
using Quartier.Gateway.Domain.Shelters;
using Quartier.Gateway.Ingest;
using Quartier.Gateway.Outputs.Notify;
using Quartier.Gateway.Outputs.Planning;
using Quartier.Gateway.Store;
using Quartier.Gateway.Store.Outbox;

namespace Quartier.Gateway.Host;

/// <summary>Everything that falls due by time alone, alarms first. Called every second by the host and in virtual time by the
/// simulator. A duty that fails is counted, red in <see cref="GatewayHealth"/> and tried again; it delays no other.</summary>
public static class Duties
{
    private const string LogGerman = "Die Ursache steht im Protokoll des Dienstes; das Gateway versucht es weiter.";
    private const string LogEnglish = "The cause stands in the service's log; the gateway keeps trying.";

    public static readonly IReadOnlyList<Duty> All =
    [
        new(
            "alarms", "Alarme melden", "Telling of alarms",
            "Hier nachsehen statt auf Nachrichten zu warten. " + LogGerman, "Look here instead of waiting for messages. " + LogEnglish,
            TellAlarms, IsPatient: false),
        new("catalogue", "Angebote auf die Bildschirme bringen", "Bringing offers to the screens", LogGerman, LogEnglish,
            turn => turn.Write((db, effects) => Catalogue.Step(db, turn.Now, effects, build: !turn.Options.BuildsBesideWriter)), "/offers"),
        new("imports", "Angebote einlesen", "Importing offers", LogGerman, LogEnglish, turn => turn.Write(db => ImportStepsTable.Resume(db, turn.Now)), "/offers"),
        new(
            "releases", "Zahlen für die Planung freigeben", "Releasing figures for planning",
            "Die Datei releases.jsonl im Datenordner prüfen: Das Protokoll nennt die Zeile. Nie eine ältere Fassung zurückholen.",
            "Check the file releases.jsonl in the data folder: the log names the line. Never bring back an older version.",
            turn => turn.Write(db => PlanningDuty.Release(db, turn.Now, turn.Options.Planning, turn.Chance)), "/planning", IsFinal: true),
        new("planning", "Daten an die Planungsstelle geben", "Sending data to the planning backend", LogGerman, LogEnglish,
            turn => turn.Write(db => PlanningDuty.Push(db, turn.Now, turn.Options.Planning)), "/planning"),
        new("retention", "Löschfristen einhalten", "Keeping the deadlines for deletion", LogGerman, LogEnglish, Forget, IsFinal: true),
    ];

    /// <param name="effects">Gets what has to be published.</param>
    /// <param name="chance">Where the noise of releases comes from; only a simulated run, which must repeat exactly, gives one.</param>
    /// <param name="failed">Told of each failure, for the log.</param>
    public static void Step(
        Database store,
        Instant now,
        List<Publication> effects,
        GatewayOptions options,
        GatewayHealth health,
        IChance? chance = null,
        Action<Duty, Exception, int>? failed = null)
    {
        foreach (var duty in All)
        {
            var line = health.Find(duty.FaultName);
            var rests = line is not null && line.LastAt <= now && now - line.LastAt < duty.PauseAfter(line.Count);
            if (!rests && !(duty.IsFinal && health.HoldsBack))
            {
                Run(duty, new DutyTurn(store, now, options, chance), effects, health, failed);
            }
        }

        DeliveryWatch.Step(store, now, options.AlertSettings, health);
        StoreWatch.Step(store, now, health);
        health.Stepped();
    }

    private static void Run(Duty duty, DutyTurn turn, List<Publication> effects, GatewayHealth health, Action<Duty, Exception, int>? failed)
    {
        duty.Run(turn);
        effects.AddRange(turn.Effects);
        if (turn.Failures.Count == 0)
        {
            health.Clear(duty.FaultName);
            return;
        }

        var line = health.Raise(duty.Fault, turn.Now);
        failed?.Invoke(duty, turn.Failures[0], line.Count);
    }

    private static void TellAlarms(DutyTurn turn)
    {
        var settings = turn.Options.AlertSettings;
        turn.Write(db => AlertNotices.NoticeSilence(db, settings, turn.Now));
        foreach (var id in turn.Write(db => AlertsTable.NoticeDue(db, turn.Now), []))
        {
            turn.Write(db => AlertNotices.Tell(db, settings, id, turn.Now));
        }
    }

    private static void Forget(DutyTurn turn)
    {
        var before = turn.Now - turn.Options.RawRetention;
        turn.Write(db => EventsTable.DeleteBefore(db, before));
        turn.Write(db => RefusalsTable.DeleteBefore(db, before));
        turn.Write(db => SheltersTable.ForgetStays(db, before));
        turn.Write(db => AlertNotices.Forget(db, turn.Options.AlertSettings, turn.Now));
        turn.Write(db => OutboxTable.Forget(db, turn.Now));
        turn.Write(db => AuditTable.DeleteBefore(db, turn.Now - AuditTable.Kept));
        turn.Write(db => SessionsTable.Forget(db, turn.Now));
        turn.Write(_ => UpgradeBackups.Forget(turn.Options.DataDirectory, turn.Now));
        turn.Write(db => InvitationsTable.Forget(db, turn.Now));
    }
}
