using NodaTime;
using Quartier.Gateway.Domain.PodNights;

namespace Quartier.Gateway.Outputs.Planning;

/// <summary>How figures leave; chosen by the operator once, explained in docs/privacy.md.</summary>
public sealed record ReleasePolicy
{
    public static ReleasePolicy Default { get; } = new();

    /// <summary>Loss of one weekly figure to each pod-night in it.</summary>
    public Epsilon Week { get; init; } = new(1, 1);

    public Epsilon Month { get; init; } = new(1, 2);

    /// <summary>Most that all releases together may cost one pod-night.</summary>
    public Epsilon BudgetPerPodNight { get; init; } = new(3, 2);

    /// <summary>Days between the end of the last night and the release.</summary>
    public int WaitingDays { get; init; } = 7;

    /// <summary>Figures are multiples of this.</summary>
    public int RoundTo { get; init; } = 1;

    /// <summary>Noised values below this are not shown.</summary>
    public int SuppressBelow { get; init; } = 3;

    /// <summary>Pods that a figure must be about; smaller areas are put together (<see cref="PoolRules"/>).</summary>
    public int MinimumPods { get; init; } = 2;

    public Epsilon For(PeriodKind kind) => kind == PeriodKind.Week ? Week : Month;
}

/// <summary>One pod in one night. The unit that the budget protects.</summary>
public readonly record struct PodNight(string Pod, Night Night);

/// <summary>Which figure: a period, an area, a statistic.</summary>
public sealed record ReleaseKey(ReleasePeriod Period, string Area, string Statistic)
{
    public const string OccupiedPodNights = "occupied_pod_nights";

    public string Id => $"{Period.Name}:{Statistic}:{Area}";
}

/// <summary>A row of the ledger, for ever. The true count and the noise are in no field of it.</summary>
/// <param name="Sequence">1, 2, 3 … without a gap.</param>
/// <param name="Area">An area, or several that were put together: "Mitte + Söflingen".</param>
/// <param name="Pods">The pod-nights it covers: each has paid epsilon.</param>
/// <param name="Offered">How many those are: what the value cannot exceed. It does not depend on occupancy.</param>
/// <param name="Value">Null when suppressed.</param>
public sealed record LedgerRow(
    long Sequence,
    string Period,
    string Area,
    string Statistic,
    Night First,
    Night Last,
    IReadOnlyList<PodSpan> Pods,
    int Offered,
    Epsilon Epsilon,
    int? Value,
    int RoundTo,
    int SuppressBelow,
    Instant ReleasedAt)
{
    /// <summary>Offered nights in which the pod sent a report; null in rows of versions that did not write that down.</summary>
    public int? Reported { get; init; }

    /// <summary>The noised count before it was clamped and rounded: on average it is the true count, which the value is not. Null when the value
    /// is suppressed, and in rows of older versions.</summary>
    public int? Noised { get; init; }

    /// <summary>Drawn from another source than the operating system's, by a simulated run: such a row protects nobody and is never sent.</summary>
    public bool Simulated { get; init; }

    public string Id => $"{Period}:{Statistic}:{Area}";
}

public enum ReleaseRefusal
{
    UnknownPeriod,
    UnknownArea,
    UnknownStatistic,

    /// <summary>The period is not over, or the waiting days are not.</summary>
    TooEarly,

    /// <summary>A night in it has no budget left.</summary>
    BudgetSpent,

    /// <summary>A night in it was deleted by retention, or lies before the first report.</summary>
    NotRecorded,

    /// <summary>No pod reported in any night of it: silence is not an empty area.</summary>
    NoReports,

    /// <summary>All areas together have fewer pods than a figure must be about.</summary>
    TooFewPods,

    /// <summary>The gateway's clock is in doubt: nothing leaves for good until somebody has confirmed it.</summary>
    HeldBack,
}

/// <summary>Either a row or a refusal.</summary>
/// <param name="Drawn">True when the row was drawn by this very request.</param>
public sealed record ReleaseAnswer(LedgerRow? Row, ReleaseRefusal? Refusal, bool Drawn);

/// <summary>What asking for a figure would do: what a person sees before it is drawn for good.</summary>
/// <param name="Area">What the figure will be about; more than was asked for where areas are put together.</param>
/// <param name="Written">The row, when it was drawn before: asking again costs nothing.</param>
/// <param name="Left">What the dearest night in it has left before; after it, <paramref name="LeftAfter"/>.</param>
public sealed record ReleasePreview(
    string Area, ReleasePeriod Period, LedgerRow? Written, ReleaseRefusal? Refusal, int Offered, int? Reported, Epsilon Cost, Epsilon Left, Epsilon LeftAfter);
