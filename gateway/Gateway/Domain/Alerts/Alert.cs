using NodaTime;

namespace Quartier.Gateway.Domain.Alerts;

/// <summary>What a case is about. The names are kept in the store: add, never rename.</summary>
public enum AlertKind
{
    Smoke,
    Sos,
    Cold,
    Co2,
    Heat,
    Tamper,

    /// <summary>Somebody stays in the pod: one quiet notice, nothing to acknowledge.</summary>
    Occupied,

    /// <summary>The pod has not been heard for two heartbeats.</summary>
    Silent,
}

/// <summary>What one report says about one condition. A report that does not know says nothing: it yields no evidence.</summary>
/// <param name="Holds">Whether the condition holds.</param>
/// <param name="Value">In the kind's unit (°C, ppm), where there is one.</param>
/// <param name="At">When it was so, by the network's clock.</param>
/// <param name="Sequence">The alarm's number on the device; null when a status says it.</param>
/// <param name="MayRaise">False where the pod alone judges the beginning and a status can only tell that it is over.</param>
public readonly record struct Evidence(AlertKind Kind, bool Holds, int? Value, Instant At, int? Sequence = null, bool MayRaise = true);

/// <summary>What the store knows besides the open case.</summary>
/// <param name="ClosedAt">When the last case of this kind and pod was closed: older reports cannot open it again.</param>
/// <param name="SequenceKnown">This alarm number was heard before.</param>
/// <param name="StillReported">Since that case was closed no report has said that the condition is over: a status that shows it tells
/// nothing new.</param>
/// <param name="ToldAt">When people were last told of the open case.</param>
public readonly record struct Background(Instant? ClosedAt, bool SequenceKnown, bool StillReported = false, Instant? ToldAt = null);

/// <summary>A case: one condition of one pod from the moment it was seen until it is over.</summary>
/// <param name="EndedAt">When the condition was first seen to be gone; null while it holds. It may come back.</param>
/// <param name="Returns">How often it came back: a flapping condition is one case.</param>
/// <param name="ResolvedBy">A person, or <see cref="ByCondition"/>.</param>
/// <param name="Notices">How many times people were told.</param>
/// <param name="NextNoticeAt">When they will be told again: that it holds while nobody has taken it, then once who has, and that it is
/// over; null: not again.</param>
public sealed record Alert(
    long Id,
    string Pod,
    AlertKind Kind,
    Instant RaisedAt,
    Instant LastHeldAt,
    Instant? EndedAt,
    int? Value,
    int Returns,
    Instant? AcknowledgedAt,
    string? AcknowledgedBy,
    Instant? ResolvedAt,
    string? ResolvedBy,
    int Notices,
    Instant? NextNoticeAt)
{
    /// <summary>Stands in ResolvedBy when no person closed the case.</summary>
    public const string ByCondition = "condition";

    public bool IsOpen => ResolvedAt is null;

    /// <summary>The youngest alarm number that this case has heard, 1 to 65535; null while only statuses spoke of it. What an older
    /// number says is past.</summary>
    public int? Sequence { get; init; }

    /// <summary>When a report first said, at or after the case's closing, that the condition is over. Until then the pod still
    /// reports it.</summary>
    public Instant? ClearedAt { get; init; }

    /// <summary>What the person who closed it said, where the pod still reported it.</summary>
    public Closing? ClosedAs { get; init; }
}

/// <summary>Why a case is closed although the last report still holds its condition. The names are kept in the store.</summary>
public enum Closing
{
    FalseAlarm,

    /// <summary>The danger is dealt with, the sensor has not noticed.</summary>
    StillReports,

    /// <summary>Sensor or radio is dead: the pod is out of service until a person puts it back.</summary>
    OutOfService,
}

/// <summary>A person's answer to which it is, with a sentence.</summary>
public sealed record ClosingWord(Closing As, string Note)
{
    /// <summary>Longest note, in characters.</summary>
    public const int NoteMax = 300;

    /// <summary>An answer from outside; null where it says nothing of it, or has no sentence.</summary>
    public static ClosingWord? Of(string? closing, string? note)
    {
        var words = string.Join(' ', (note ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        words = new string([.. words.Where(letter => !char.IsControl(letter)).Take(NoteMax)]);
        return words.Length > 0 && Enum.TryParse<Closing>(closing, out var which) && Enum.IsDefined(which) ? new ClosingWord(which, words) : null;
    }
}

/// <summary>A danger that stands on both pages: a case is open, or the pod's last report holds its condition.</summary>
/// <param name="Case">The open one, else the closed one that the report still tells of; null: the pod reports it and no case is behind it.</param>
/// <param name="Reported">The pod's last report holds it.</param>
public sealed record Standing(Shelters.Pod Pod, AlertKind Kind, Alert? Case, bool Reported)
{
    public bool IsOpen => Case is { IsOpen: true };

    /// <summary>It goes on, as far as anybody knows. Else its case is open and waits for a person.</summary>
    public bool Burns => Reported || Case is { IsOpen: true, EndedAt: null };
}

/// <summary>What evidence did to a case.</summary>
public enum AlertChange
{
    None,
    Raised,
    Ended,
    Returned,

    /// <summary>A new alarm number within the case, a second fire or call for help: people are told anew.</summary>
    CalledAgain,
    Resolved,
}
