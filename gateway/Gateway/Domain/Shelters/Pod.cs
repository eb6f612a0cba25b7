using NodaTime;
using Quartier.Wire;

namespace Quartier.Gateway.Domain.Shelters;

/// <summary>A shelter's status was recorded.</summary>
/// <param name="At">Its place in the history.</param>
public sealed record ShelterObservation(string Device, Instant At, PodStatus Status)
{
    /// <summary>By the gateway's own clock. Freshness and danger go by it.</summary>
    public Instant ReceivedAt { get; init; } = At;

    /// <summary>The LoRaWAN port that it came by, which names its format; null where it is not known.</summary>
    public int? Port { get; init; }

    /// <summary>Since when the occupancy is as reported, by the device's own count of minutes.</summary>
    public Instant ChangedAt => At - Duration.FromMinutes(Status.AgeMinutes);
}

/// <summary>What a pod's alarm says, whatever format it came in.</summary>
public sealed record PodAlarm(AlarmKind Kind, int Sequence, bool Active = true, int Value = 0);

/// <summary>A shelter's alarm was recorded; a repetition until the confirmation arrives carries the same sequence.</summary>
/// <param name="Active">The condition still holds; false: it is over.</param>
/// <param name="Value">In the kind's unit: degrees for cold and heat, ppm for CO2, else 0.</param>
public sealed record AlarmReport(string Device, Instant At, AlarmKind Kind, bool Active, int Sequence, int Value)
{
    /// <summary>By the gateway's own clock.</summary>
    public Instant ReceivedAt { get; init; } = At;
}

/// <summary>A pod and what its sensor said last.</summary>
/// <param name="Report">Null until the first status.</param>
/// <param name="Alarms">Alarm kinds whose condition was last reported to hold; an alarm may come before the first status.</param>
public sealed record Pod(string Device, string Name, string Place, string Area, ShelterObservation? Report, IReadOnlyList<AlarmKind> Alarms)
{
    /// <summary>Null while it is in service.</summary>
    public OutOfService? Out { get; init; }
}

/// <summary>A person said that sensor or radio is dead. It lasts until a person puts the pod back in service.</summary>
/// <param name="Case">The case that was closed so.</param>
public sealed record OutOfService(Instant Since, string By, string Why, long Case);

/// <summary>What the board may say about a pod now.</summary>
/// <param name="Fresh">The report is younger than two heartbeats; a stale pod is never shown as free.</param>
/// <param name="Since">Since when the shown state holds.</param>
public sealed record PodState(Occupancy Shown, bool Fresh, Instant? Since);

/// <summary>One use of a pod, as far as the sensor can tell.</summary>
/// <param name="Night">The night it began in, as planning counts it: until noon it is the night before.</param>
/// <param name="EndedAt">Null while it lasts.</param>
public sealed record Stay(long Id, string Device, Instant BeganAt, Instant? EndedAt, LocalDate Night);
