using NodaTime;
using Quartier.Gateway.Domain.Shelters;
using Quartier.Wire;

namespace Quartier.Gateway.Domain.Alerts;

/// <summary>The life of a case. Pure: state and evidence in, next state out.
/// Silence and "unknown" are no evidence, so they can neither raise nor end anything but the silence itself.</summary>
public static class AlertRules
{
    /// <summary>Waiting times between notices while nobody acknowledges; the last one repeats.</summary>
    public static readonly IReadOnlyList<Duration> RepeatAfter =
        [Duration.FromMinutes(2), Duration.FromMinutes(4), Duration.FromMinutes(8), Duration.FromMinutes(15)];

    /// <summary>A condition that comes back within this time is the same case.</summary>
    public static readonly Duration SafetySettles = Duration.FromMinutes(10);

    /// <summary>A stay is over when the pod has reported free for this long.</summary>
    public static readonly Duration StaySettles = Duration.FromMinutes(30);

    /// <summary>A status shows a flag until the pod knows that the end of the alarm was heard; a real return has a new number.</summary>
    public static readonly Duration FlagEcho = Duration.FromMinutes(5);

    /// <summary>A new cold, heat or tamper alarm within a case that somebody has taken calls again this long after the last notice.</summary>
    public static readonly Duration RecallAfter = Duration.FromHours(1);

    /// <summary>Where a pod's own alarms end (firmware/shelter, ShelterSettings).</summary>
    public const double ColdEndsCelsius = 4;
    public const double HeatEndsCelsius = 35;
    public const double Co2EndsPpm = 1800;

    public static bool IsSafety(AlertKind kind) => kind is not (AlertKind.Occupied or AlertKind.Silent);

    /// <summary>Smoke, SOS and tampering that nobody has seen stay open when the condition ends: somebody has to look.
    /// Cold, heat and bad air that are over are over.</summary>
    public static bool NeedsPerson(AlertKind kind) => kind is AlertKind.Smoke or AlertKind.Sos or AlertKind.Tamper;

    /// <summary>A second fire or call for help may be another danger to a life than the one that somebody has taken: each new number
    /// calls, and goes on calling until it is taken too. Cold and heat that come back are the same danger.</summary>
    public static bool CallsEachTime(AlertKind kind) => kind is AlertKind.Smoke or AlertKind.Sos or AlertKind.Co2;

    public static Duration Settles(AlertKind kind) => kind switch
    {
        AlertKind.Occupied => StaySettles,
        AlertKind.Silent => Duration.Zero,
        _ => SafetySettles,
    };

    /// <summary>A pod is silent when two heartbeats have passed since it was heard, or since this gateway began to listen:
    /// a gateway that was switched off has nobody to blame.</summary>
    public static bool IsSilent(Instant lastHeardAt, Instant listeningSince, Instant now, Duration heartbeat) =>
        now - Instant.Max(lastHeardAt, listeningSince) > SilentAfter(heartbeat);

    public static Duration SilentAfter(Duration heartbeat) => heartbeat * ShelterRules.FreshHeartbeats;

    /// <summary>What becomes of the open case (null: there is none) of this kind. A new case has Id 0 and its first notice due.</summary>
    public static (Alert? After, AlertChange Change) Weigh(Alert? open, string pod, Evidence evidence, Background background)
    {
        if (open is null)
        {
            return BeginsCase(evidence, background) ? (Raise(pod, evidence), AlertChange.Raised) : (null, AlertChange.None);
        }

        var isNew = evidence.Sequence is not null && !background.SequenceKnown;
        var leads = Leads(open, evidence, isNew);
        if (!isNew && (!leads || evidence.At < Instant.Max(open.LastHeldAt, open.EndedAt ?? Instant.MinValue)))
        {
            return (open, AlertChange.None);
        }

        if (!leads)
        {
            return Call(open with { Returns = open.Returns + 1 }, AlertChange.None, evidence, background);
        }

        var (after, change) = evidence.Holds ? Hold(open, evidence) : Release(open, evidence, isNew);
        var isItsFirst = open.Sequence is null && open.AcknowledgedAt is null;
        after = after with { Sequence = evidence.Sequence ?? after.Sequence };
        return isNew && after.IsOpen && !isItsFirst ? Call(after, change, evidence, background) : (after, change);
    }

    /// <summary>Whether a report without this condition tells that a closed case is over for the pod too. Smoke, SOS and tampering stay
    /// set in every status until the pod knows that their end was heard: only a status without them clears.</summary>
    public static bool Clears(Evidence evidence) => !evidence.Holds && (evidence.Sequence is null || !NeedsPerson(evidence.Kind));

    /// <summary>What a status says. Unknown occupancy, a faulty sensor and a missing value say nothing. Cold, heat and bad air
    /// begin by the pod's own alarm, which looks at the person too; that they are over has to be read here, because a pod
    /// whose alarm was confirmed does not report its end.</summary>
    public static IEnumerable<Evidence> Read(PodStatus status, Instant at)
    {
        yield return new Evidence(AlertKind.Smoke, status.Smoke, null, at);
        yield return new Evidence(AlertKind.Sos, status.Sos, null, at);
        yield return new Evidence(AlertKind.Tamper, status.Tamper, null, at);
        if (status.Occupancy != Occupancy.Unknown)
        {
            yield return new Evidence(AlertKind.Occupied, status.Occupancy == Occupancy.Occupied, null, at);
        }

        var empty = status.Occupancy == Occupancy.Free;
        var celsius = status.ClimateFault ? null : status.TemperatureCelsius;
        var ppm = status.Co2Fault ? null : status.Co2Ppm;
        if (empty || celsius is not null)
        {
            var degrees = Rounded(celsius);
            yield return new Evidence(AlertKind.Cold, !empty && celsius <= ColdEndsCelsius, degrees, at, MayRaise: false);
            yield return new Evidence(AlertKind.Heat, !empty && celsius >= HeatEndsCelsius, degrees, at, MayRaise: false);
        }

        if (empty || ppm is not null)
        {
            yield return new Evidence(AlertKind.Co2, !empty && ppm >= Co2EndsPpm, Rounded(ppm), at, MayRaise: false);
        }
    }

    private static int? Rounded(double? value) => value is { } number ? (int)Math.Round(number) : null;

    /// <summary>Whether a status says that this kind's condition does not hold.</summary>
    public static bool SaysOver(PodStatus status, AlarmKind kind) =>
        Read(status, Instant.MinValue).Any(evidence => evidence.Kind.ToString() == kind.ToString() && !evidence.Holds);

    public static AlertKind KindOf(AlarmKind kind) => Enum.Parse<AlertKind>(kind.ToString());

    /// <summary>What an alarm frame says.</summary>
    public static Evidence Read(AlarmReport report)
    {
        var kind = KindOf(report.Kind);
        var measured = kind is AlertKind.Cold or AlertKind.Heat or AlertKind.Co2;
        return new Evidence(kind, report.Active, measured ? report.Value : null, report.At, report.Sequence);
    }

    /// <summary>After the people were told: safety alarms set the next time, the others were told once.</summary>
    /// <param name="told">How often they had been told of the case's newest alarm: its repetitions begin anew. Null: it is the only one.</param>
    public static Alert Noticed(Alert alert, Instant now, int? told = null) => alert with
    {
        Notices = alert.Notices + 1,
        NextNoticeAt = alert.IsOpen && IsSafety(alert.Kind) && alert.AcknowledgedAt is null
            ? now + RepeatAfter[Math.Min(told ?? alert.Notices, RepeatAfter.Count - 1)]
            : null,
    };

    /// <summary>A person takes the case. One more notice is due at once: it tells everybody who was told who takes care, and
    /// where the call itself has not left yet it is the call, with that name in it.</summary>
    /// <returns>The case and whether this person was the first. Who comes second changes nothing and learns who was first.</returns>
    public static (Alert After, bool First) Acknowledge(Alert alert, string who, Instant now) =>
        alert.AcknowledgedAt is not null || !alert.IsOpen
            ? (alert, false)
            : (alert with { AcknowledgedAt = now, AcknowledgedBy = who, NextNoticeAt = now }, true);

    /// <summary>A person says that it is over.</summary>
    /// <param name="stillReported">The pod's last report holds the condition: nothing is closed without a word on which it is. The pod
    /// then goes on reporting until a report ends it, and the same number stays quiet.</param>
    /// <returns>The case, whether this person closed it, and whether the question is open.</returns>
    public static (Alert After, bool First, bool Asks) Resolve(Alert alert, string who, Instant now, bool stillReported, ClosingWord? said)
    {
        if (!alert.IsOpen || (stillReported && said is not { Note.Length: > 0 }))
        {
            return (alert, false, alert.IsOpen);
        }

        var (seen, _) = Acknowledge(alert, who, now);
        return (seen with { ResolvedAt = now, ResolvedBy = who, NextNoticeAt = now, ClosedAs = stillReported ? said!.As : null }, true, false);
    }

    /// <summary>A pod out of service calls nobody but for smoke and SOS. What somebody did about a case that was told before is still
    /// told.</summary>
    public static bool IsHeldBack(Alert alert, bool isCall, bool outOfService) =>
        outOfService && isCall && alert.Kind is not (AlertKind.Smoke or AlertKind.Sos)
        && (alert.IsOpen || (alert.ResolvedBy == Alert.ByCondition && alert.Notices == 0));

    /// <summary>The pod is in service again: what is open and was held back calls now.</summary>
    public static Alert BackInService(Alert alert, Instant now) =>
        alert is { IsOpen: true, NextNoticeAt: null, AcknowledgedAt: null } && (alert.Notices == 0 || IsSafety(alert.Kind))
            ? alert with { NextNoticeAt = now }
            : alert;

    /// <summary>A number never heard before is a case whatever it says: "over" tells of an alarm that was missed. A known number opens
    /// nothing again. A status opens a case unless it only repeats what a closed one was about.</summary>
    private static bool BeginsCase(Evidence evidence, Background background) => evidence.Sequence is not null
        ? !background.SequenceKnown
        : evidence.MayRaise && evidence.Holds && !background.StillReported && !(evidence.At < background.ClosedAt);

    /// <summary>Whether the case's state follows this evidence. A pod that lost its memory counts from anywhere, so a new number that
    /// holds always leads: an older alarm that was only now heard is over. Numbers come round after 65535.</summary>
    private static bool Leads(Alert open, Evidence evidence, bool isNew) =>
        evidence.Sequence is not { } number || open.Sequence is not { } youngest || number == youngest
        || (isNew && (evidence.Holds || (ushort)(number - youngest) < 0x8000));

    private static (Alert, AlertChange) Call(Alert alert, AlertChange change, Evidence evidence, Background background)
    {
        if (CallsEachTime(alert.Kind))
        {
            return (alert with { AcknowledgedAt = null, AcknowledgedBy = null, NextNoticeAt = evidence.At }, AlertChange.CalledAgain);
        }

        // While nobody has taken it, people are being told all the time.
        return alert.AcknowledgedAt is null
            ? (alert, change)
            : (alert with { NextNoticeAt = Instant.Max(evidence.At, (background.ToldAt ?? Instant.MinValue) + RecallAfter) }, AlertChange.CalledAgain);
    }

    private static Alert Raise(string pod, Evidence evidence) => new(
        Id: 0,
        Pod: pod,
        Kind: evidence.Kind,
        RaisedAt: evidence.At,
        LastHeldAt: evidence.At,
        EndedAt: evidence.Holds ? null : evidence.At,
        Value: evidence.Value,
        Returns: 0,
        AcknowledgedAt: null,
        AcknowledgedBy: null,
        ResolvedAt: null,
        ResolvedBy: null,
        Notices: 0,
        NextNoticeAt: evidence.At)
    { Sequence = evidence.Sequence };

    private static (Alert, AlertChange) Hold(Alert open, Evidence evidence)
    {
        var holds = open with { LastHeldAt = Instant.Max(evidence.At, open.LastHeldAt), Value = evidence.Value ?? open.Value };
        if (evidence.Sequence is null && NeedsPerson(open.Kind) && evidence.At - open.EndedAt < FlagEcho)
        {
            return (open, AlertChange.None);
        }

        // The end of the number before was not heard: this one began after it all the same.
        var began = evidence.Sequence is { } number && open.Sequence is { } before && number != before;
        return open.EndedAt is null && !began
            ? (holds, AlertChange.None)
            : (holds with { EndedAt = null, Returns = open.Returns + 1 }, AlertChange.Returned);
    }

    private static (Alert, AlertChange) Release(Alert open, Evidence evidence, bool isNew)
    {
        // An unheard alarm that is over already came and went within this case: the quiet time begins anew.
        var cameAndWent = open.EndedAt is not null && isNew;
        var endedAt = cameAndWent ? evidence.At : open.EndedAt ?? evidence.At;
        var ended = open with { EndedAt = endedAt, Returns = open.Returns + (cameAndWent ? 1 : 0) };
        var seen = !NeedsPerson(open.Kind) || open.AcknowledgedAt is not null;
        if (seen && evidence.At - endedAt >= Settles(open.Kind))
        {
            // Who was woken by it is told that it is over, and who was not yet told learns that it was; the end of a stay is
            // nobody's news.
            Instant? tell = open.Kind != AlertKind.Occupied ? evidence.At : null;
            var resolved = ended with { ResolvedAt = evidence.At, ResolvedBy = Alert.ByCondition, NextNoticeAt = tell };
            return (Clears(evidence) ? resolved with { ClearedAt = evidence.At } : resolved, AlertChange.Resolved);
        }

        return (ended, open.EndedAt is null || cameAndWent ? AlertChange.Ended : AlertChange.None);
    }
}
