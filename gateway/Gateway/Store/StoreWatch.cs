using System.Data.Common;
using Dapper;
using NodaTime;

namespace Quartier.Gateway.Store;

/// <summary>Turns the store's own failures into red lines, and asks once a minute whether it still takes anything: on a quiet day
/// nobody else would notice a full disk, nor that there is room again.</summary>
public static class StoreWatch
{
    public const string Full = "store";
    public const string Damaged = "store damaged";

    /// <summary>A store without room for this much is as good as full.</summary>
    private static readonly byte[] Room = new byte[64 * 1024];

    private static readonly Duration Every = Duration.FromMinutes(1);

    private static readonly Fault FullFault = new(
        Full,
        "Der Datenträger ist voll: Nichts Neues wird gespeichert, auch kein Alarm.",
        "The disk is full: nothing new is stored, no alarm either.",
        "Platz schaffen: alte Sicherungen und Protokolle vom Datenträger des Datenordners löschen. Das Gateway arbeitet dann von selbst weiter.",
        "Make room: delete old backups and logs from the data folder's disk. The gateway then goes on by itself.");

    private static readonly Fault RefusesFault = new(
        Full,
        "Der Speicher nimmt nichts an: Nichts Neues wird gespeichert, auch kein Alarm.",
        "The store takes nothing: nothing new is stored, no alarm either.",
        "Rechte und Datenträger des Datenordners prüfen; die Ursache steht im Protokoll des Dienstes.",
        "Check the data folder's rights and disk; the cause stands in the service's log.");

    private static readonly Fault DamagedFault = new(
        Damaged,
        "Die Datenbank ist beschädigt: Ein Teil der Daten kann nicht gelesen werden.",
        "The database is damaged: a part of it cannot be read.",
        "Gateway anhalten, Datenordner sichern, quartier.db aus der letzten Sicherung zurückholen (nie releases.jsonl), neu starten.",
        "Stop the gateway, back the data folder up, bring quartier.db back from the last backup (never releases.jsonl), start again.");

    public static void Step(Database store, Instant now, GatewayHealth health)
    {
        if (store.TakeFailure() is { } failure)
        {
            health.Raise(FaultOf(failure), now);
        }

        if (health.Find(Full) is null && PulsedAt(store) is { } last && last <= now && now - last < Every)
        {
            return;
        }

        var probe = store.Attempt(db => Probe(db, now));
        if (probe.IsCompletedSuccessfully)
        {
            health.Clear(Full);
        }
        else if (store.TakeFailure() is { } refused)
        {
            health.Raise(FaultOf(refused), now);
        }
    }

    private static int Probe(DbConnection db, Instant now) => db.Execute(
        """
        INSERT INTO pulse (id, at, room) VALUES (1, @at, @room) ON CONFLICT (id) DO UPDATE SET at = @at, room = @room;
        UPDATE pulse SET room = @none WHERE id = 1
        """,
        new { at = now.ToMicros(), room = Room, none = Array.Empty<byte>() });

    private static Instant? PulsedAt(Database store)
    {
        try
        {
            return store.Read(db => db.ExecuteScalar<long?>("SELECT at FROM pulse WHERE id = 1")).ToInstant();
        }
        catch (DbException)
        {
            // The store keeps its failure for the next step; the probe tells what still works.
            return null;
        }
    }

    private static Fault FaultOf(StoreFailure failure) => failure switch
    {
        StoreFailure.Damaged => DamagedFault,
        StoreFailure.Full => FullFault,
        _ => RefusesFault,
    };
}
