using NodaTime;
using Quartier.Gateway.Pages;
using Quartier.Wire;

namespace Quartier.Gateway.Domain.Shelters;

/// <summary>What a pod's reports mean. Pure functions of values.</summary>
public static class ShelterRules
{
    /// <summary>A report counts for this many heartbeats (design §7).</summary>
    public const int FreshHeartbeats = 2;

    /// <summary>A report from further ahead than this was stamped by another clock: nobody knows its age.</summary>
    private static readonly Duration AheadMax = Duration.FromMinutes(1);

    private static readonly LocalTime NightEnds = new(12, 0);

    public static bool HasFault(PodStatus status) => status.ClimateFault || status.Co2Fault || status.DoorLockFault || status.MotionFault;

    /// <summary>Free and occupied are shown only while the report is younger than two heartbeats, else unknown since the report.</summary>
    public static PodState State(ShelterObservation? report, Instant now, Duration heartbeat)
    {
        if (report is null)
        {
            return new PodState(Occupancy.Unknown, false, null);
        }

        var age = now - report.ReceivedAt;
        return age < heartbeat * FreshHeartbeats && age >= -AheadMax
            ? new PodState(report.Status.Occupancy, true, report.ChangedAt)
            : new PodState(Occupancy.Unknown, false, report.ReceivedAt);
    }

    /// <summary>The night a moment belongs to: from noon to noon in Berlin, named by its evening.</summary>
    public static LocalDate NightOf(Instant moment)
    {
        var local = moment.InZone(TimeWords.Berlin).LocalDateTime;
        return local.TimeOfDay < NightEnds ? local.Date.PlusDays(-1) : local.Date;
    }

    /// <summary>Whether a status opens a stay, ends one, or leaves it be. A brief unknown neither opens nor ends.</summary>
    public static StayStep Step(bool open, Occupancy occupancy) => (open, occupancy) switch
    {
        (false, Occupancy.Occupied) => StayStep.Open,
        (true, Occupancy.Free) => StayStep.End,
        _ => StayStep.None,
    };

    /// <summary>The alarm kinds that hold after a report of one of them.</summary>
    public static IReadOnlyList<AlarmKind> Apply(IReadOnlyList<AlarmKind> holding, AlarmKind kind, bool active) =>
        [.. holding.Where(held => held != kind).Concat(active ? [kind] : []).Order()];

    /// <summary>The alarm kinds that hold after a status. Smoke, SOS and tamper stay set in every status while they hold, so a
    /// younger status without them ends them even when the frame that said so was lost; the other kinds end by their own frame.</summary>
    public static IReadOnlyList<AlarmKind> Apply(IReadOnlyList<AlarmKind> holding, PodStatus status) =>
        [.. holding.Where(kind => kind switch
        {
            AlarmKind.Smoke => status.Smoke,
            AlarmKind.Sos => status.Sos,
            AlarmKind.Tamper => status.Tamper,
            _ => true,
        })];
}

public enum StayStep
{
    None,
    Open,
    End,
}
