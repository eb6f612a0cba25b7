using System.Data.Common;
using NodaTime;
using Quartier.Gateway.Domain.Audit;
using Quartier.Gateway.Domain.Shelters;

namespace Quartier.Gateway.Domain.Alerts;

/// <summary>Opens, moves and closes cases, each within its caller's transaction. Telling people is <see cref="AlertNotices"/>'s
/// part: a case carries when its next notice is due, so that no crash in between loses one.</summary>
public static class AlertCases
{
    /// <summary>Stands for the device in the audit log.</summary>
    public const string Device = "device";

    public static void Take(DbConnection db, ShelterObservation observation)
    {
        Evidence[] all = [Speaks(observation.ReceivedAt), .. Read(observation)];
        if (!all.Any(evidence => evidence.Holds) && !AlertsTable.AnyUncleared(db, observation.Device))
        {
            // By far the most frequent report: all is well and every case is over. One look instead of one for each kind.
            return;
        }

        foreach (var evidence in all)
        {
            Weigh(db, observation.Device, evidence);
        }
    }

    /// <summary>A status that is not the pod's youngest ends nothing and opens no stay. It shows that the pod speaks.</summary>
    /// <param name="believed">Its order is in doubt: a danger that it reports is taken for present.</param>
    public static void TakeLate(DbConnection db, ShelterObservation observation, bool believed)
    {
        Weigh(db, observation.Device, Speaks(observation.ReceivedAt));
        foreach (var evidence in Read(observation).Where(evidence => believed && evidence.Holds && AlertRules.IsSafety(evidence.Kind)))
        {
            Weigh(db, observation.Device, evidence);
        }
    }

    public static void Take(DbConnection db, AlarmReport report)
    {
        Weigh(db, report.Device, Speaks(report.ReceivedAt));
        Weigh(db, report.Device, AlertRules.Read(report));
    }

    private static Evidence Speaks(Instant receivedAt) => new(AlertKind.Silent, false, null, receivedAt);

    /// <summary>Danger goes by the receipt; only the quiet stay has its place in the history.</summary>
    private static IEnumerable<Evidence> Read(ShelterObservation observation) =>
        AlertRules.Read(observation.Status, observation.ReceivedAt)
            .Select(evidence => evidence.Kind == AlertKind.Occupied ? evidence with { At = observation.At } : evidence);

    /// <summary>The pod was last heard at the evidence's time, too long ago.</summary>
    public static void TakeSilence(DbConnection db, string pod, Instant lastHeardAt)
    {
        if (AlertsTable.FindOpen(db, pod, AlertKind.Silent) is null)
        {
            Weigh(db, pod, new Evidence(AlertKind.Silent, true, null, lastHeardAt));
        }
    }

    /// <returns>The case as it stands now and whether this person was the first; null when there is no such case.</returns>
    public static (Alert Case, bool First)? Acknowledge(DbConnection db, long id, string who, Instant now)
    {
        if (AlertsTable.Find(db, id) is not { } alert)
        {
            return null;
        }

        var (after, first) = AlertRules.Acknowledge(alert, who, now);
        if (first)
        {
            AlertsTable.Save(db, after);
            AlertsTable.Note(db, id, now, "acknowledged", who);
        }

        AuditTable.Add(db, now, who, first ? "alert.acknowledged" : "alert.acknowledged-late", CaseName(id));
        return (after, first);
    }

    /// <summary>Closes a case by a person's word, which <see cref="AlertRules.Resolve"/> asks for where the pod still reports it.</summary>
    /// <returns>As <see cref="Acknowledge"/>, and whether the case is open because the question was not answered.</returns>
    public static (Alert Case, bool First, bool Asks)? Resolve(DbConnection db, long id, string who, Instant now, ClosingWord? said = null)
    {
        if (AlertsTable.Find(db, id) is not { } alert)
        {
            return null;
        }

        var (after, first, asks) = AlertRules.Resolve(alert, who, now, StillReports(db, alert), said);
        if (first)
        {
            AlertsTable.Save(db, after);
            AlertsTable.Note(db, id, now, after.ClosedAs is null ? "resolved" : $"resolved-{after.ClosedAs}".ToLowerInvariant(), who, after.ClosedAs is null ? "" : said!.Note);
            AuditTable.Add(db, now, who, "alert.resolved", CaseName(id));
        }

        if (first && after.ClosedAs == Closing.OutOfService)
        {
            SheltersTable.TakeOut(db, alert.Pod, new OutOfService(now, who, said!.Note, id));
            AuditTable.Add(db, now, who, "alert.out-of-service", CaseName(id));
        }

        return (after, first, asks);
    }

    /// <summary>A person puts a pod back in service. What it held back calls now.</summary>
    /// <returns>False when there is no such pod, or it is in service.</returns>
    public static bool PutBack(DbConnection db, string pod, string who, Instant now)
    {
        if (SheltersTable.Find(db, pod)?.Out is not { } state)
        {
            return false;
        }

        SheltersTable.PutBack(db, pod);
        AuditTable.Add(db, now, who, "alert.in-service", CaseName(state.Case));
        foreach (var alert in AlertsTable.Open(db).Where(alert => alert.Pod == pod))
        {
            AlertsTable.Save(db, AlertRules.BackInService(alert, now));
        }

        return true;
    }

    /// <summary>Whether the pod's last report holds this condition, as the board shows it.</summary>
    public static bool StillReports(DbConnection db, Alert alert) =>
        SheltersTable.Find(db, alert.Pod) is { } pod && Reported(pod).Contains(alert.Kind);

    /// <summary>Every danger of every pod: the one truth that *Now* and the board are drawn from.</summary>
    public static IReadOnlyList<Standing> Standing(DbConnection db)
    {
        var open = AlertsTable.Open(db).Where(alert => AlertRules.IsSafety(alert.Kind)).ToLookup(alert => alert.Pod);
        return [.. SheltersTable.All(db).SelectMany(pod => Reported(pod).Union(open[pod.Device].Select(alert => alert.Kind)).Order().Select(kind => new Standing(
            pod,
            kind,
            open[pod.Device].FirstOrDefault(alert => alert.Kind == kind)
                ?? (AlertsTable.LastClosed(db, pod.Device, kind) is { ClearedAt: null } closed ? closed : null),
            Reported(pod).Contains(kind))))];
    }

    private static IEnumerable<AlertKind> Reported(Pod pod) => PodWords.Alarms(pod).Select(AlertRules.KindOf);

    /// <summary>Audit rows name the case, never the pod or what happened in it.</summary>
    public static string CaseName(long id) => $"case {id}";

    private static void Weigh(DbConnection db, string pod, Evidence evidence)
    {
        var known = evidence.Sequence is { } sequence && AlertsTable.Heard(db, pod, evidence.Kind, sequence, evidence.At);
        var open = AlertsTable.FindOpen(db, pod, evidence.Kind);
        if (open is null && AlertRules.Clears(evidence))
        {
            AlertsTable.Clear(db, pod, evidence.Kind, evidence.At);
            if (evidence.Sequence is null)
            {
                return;
            }
        }

        var background = open is null
            ? AlertsTable.LastClosed(db, pod, evidence.Kind) is { } closed ? new Background(closed.ResolvedAt, known, closed.ClearedAt is null) : new Background(null, known)
            : new Background(null, known, ToldAt: evidence.Sequence is null ? null : AlertsTable.ToldAt(db, open.Id));
        var (after, change) = AlertRules.Weigh(open, pod, evidence, background);
        if (after is null || after == open)
        {
            return;
        }

        if (open is null)
        {
            after = AlertsTable.Add(db, after);
        }
        else
        {
            AlertsTable.Save(db, after);
        }

        Note(db, open, after, change, evidence.At);
    }

    private static void Note(DbConnection db, Alert? before, Alert after, AlertChange change, Instant at)
    {
        if (change == AlertChange.Raised)
        {
            AlertsTable.Note(db, after.Id, at, "raised", Device, NoticeText.Value(after.Kind, after.Value) ?? "");
        }

        if (after.EndedAt is not null && after.EndedAt != before?.EndedAt)
        {
            AlertsTable.Note(db, after.Id, at, "ended", Device);
        }

        var word = change switch
        {
            AlertChange.Returned => "returned",
            AlertChange.CalledAgain => "called-again",
            AlertChange.Resolved => "resolved",
            _ => null,
        };
        if (word is not null)
        {
            AlertsTable.Note(db, after.Id, at, word, Device);
        }
    }
}
