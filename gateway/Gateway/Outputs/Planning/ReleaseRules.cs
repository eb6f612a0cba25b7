using NodaTime;
using Quartier.Gateway.Domain.PodNights;

namespace Quartier.Gateway.Outputs.Planning;

/// <summary>Everything that a release depends on, gathered before the decision.</summary>
/// <param name="Pods">The pod-nights that the figure is about.</param>
/// <param name="OccupiedPodNights">The true count: how many of them were occupied.</param>
/// <param name="SpentMost">The highest loss that any pod-night in it has paid in earlier releases.</param>
/// <param name="RecordedFrom">The first night of which a report arrived.</param>
public sealed record ReleaseFacts(
    ReleaseKey Key,
    IReadOnlyList<PodSpan> Pods,
    int OccupiedPodNights,
    Epsilon SpentMost,
    Night? RecordedFrom,
    long NextSequence)
{
    /// <summary>Nights with a report; null where an older version did not write that down.</summary>
    public int? Reported { get; init; }

    /// <summary>Pods that were there, and reported, in at least half of the nights.</summary>
    public int Steady { get; init; }

    /// <summary>Earlier nights were deleted.</summary>
    public Night? KeptFrom { get; init; }

    /// <summary>The area had pods in other nights.</summary>
    public bool AreaKnown { get; init; }
}

/// <summary>The release: the one way by which anything that depends on occupancy leaves. docs/privacy.md explains it line by line.</summary>
public static class ReleaseRules
{
    /// <summary>Whether the figure may leave. Looks at nothing that depends on who slept where.</summary>
    public static ReleaseRefusal? Refuse(ReleaseFacts facts, ReleasePolicy policy, Instant now)
    {
        var period = facts.Key.Period;
        if (facts.Key.Statistic != ReleaseKey.OccupiedPodNights)
        {
            return ReleaseRefusal.UnknownStatistic;
        }

        if (facts.Pods.Count == 0 && !facts.AreaKnown)
        {
            return ReleaseRefusal.UnknownArea;
        }

        if (now < DueAt(period, policy))
        {
            return ReleaseRefusal.TooEarly;
        }

        if (facts.Reported == 0)
        {
            return ReleaseRefusal.NoReports;
        }

        if (!IsRecorded(facts))
        {
            return ReleaseRefusal.NotRecorded;
        }

        if (facts.Steady < policy.MinimumPods)
        {
            return ReleaseRefusal.TooFewPods;
        }

        return facts.SpentMost + policy.For(period.Kind) > policy.BudgetPerPodNight ? ReleaseRefusal.BudgetSpent : null;
    }

    /// <summary>When the period's last night is over and the waiting days are, too.</summary>
    public static Instant DueAt(ReleasePeriod period, ReleasePolicy policy) =>
        new Night(period.Last.Date.PlusDays(policy.WaitingDays)).End;

    /// <summary>Draws the row of a figure that <see cref="Refuse"/> let pass. One pod-night changes the count by at most one.</summary>
    public static LedgerRow Draw(ReleaseFacts facts, ReleasePolicy policy, IChance chance, Instant now)
    {
        var period = facts.Key.Period;
        var epsilon = policy.For(period.Kind);
        var offered = facts.Pods.Sum(span => span.Nights);
        var noised = facts.OccupiedPodNights + TwoSidedGeometric.Sample(epsilon, chance);
        var shown = Show(noised, offered, policy);
        return new LedgerRow(
            facts.NextSequence,
            period.Name,
            facts.Key.Area,
            facts.Key.Statistic,
            period.First,
            period.Last,
            facts.Pods,
            offered,
            epsilon,
            shown,
            policy.RoundTo,
            policy.SuppressBelow,
            now)
        {
            Reported = facts.Reported,
            Noised = shown is null ? null : noised,
            Simulated = !ReferenceEquals(chance, RejectionChance.Cryptographic),
        };
    }

    /// <summary>From the noised count to the figure: clamp to what is possible, round half up, suppress if small.
    /// The noised count is all it sees, so it costs no privacy.</summary>
    public static int? Show(int noised, int offered, ReleasePolicy policy)
    {
        var clamped = Math.Clamp(noised, 0, offered);
        var rounded = (clamped + (policy.RoundTo / 2)) / policy.RoundTo * policy.RoundTo;
        var shown = Math.Min(rounded, offered);
        return shown < policy.SuppressBelow ? null : shown;
    }

    /// <summary>The highest sum of losses over any of these pod-nights, from the rows that cover it.</summary>
    public static Epsilon SpentMost(IReadOnlyList<PodSpan> spans, IReadOnlyList<LedgerRow> rows)
    {
        var most = Epsilon.Zero;
        foreach (var span in spans)
        {
            LedgerRow[] covering = [.. rows.Where(row => row.Pods.Any(covered => covered.Pod == span.Pod))];
            for (var number = span.First.Number; covering.Length > 0 && number <= span.Last.Number; number++)
            {
                var spent = Spent(new PodNight(span.Pod, Night.FromNumber(number)), covering);
                most = spent > most ? spent : most;
            }
        }

        return most;
    }

    /// <summary>What one pod-night has paid so far.</summary>
    public static Epsilon Spent(PodNight podNight, IReadOnlyList<LedgerRow> rows)
    {
        var sum = Epsilon.Zero;
        foreach (var row in rows)
        {
            if (row.Pods.Any(span => span.Holds(podNight.Pod, podNight.Night)))
            {
                sum += row.Epsilon;
            }
        }

        return sum;
    }

    /// <summary>Half width of the interval that holds the true count with at least the given chance, before clamping:
    /// the smallest k with P(|X| > k) = 2 a^(k+1) / (1 + a) at most 1 - chance, plus what rounding can move.</summary>
    public static int Uncertainty(Epsilon epsilon, int roundTo, double chance = 0.95)
    {
        var a = Math.Exp(-(double)epsilon.Numerator / epsilon.Denominator);
        var k = 0;
        while (2 * Math.Pow(a, k + 1) / (1 + a) > 1 - chance)
        {
            k++;
        }

        return k + (roundTo / 2);
    }

    /// <summary>The interval shown beside a figure. A suppressed one says only that the noised count was small.</summary>
    public static (int Low, int High) Interval(LedgerRow row)
    {
        var half = Uncertainty(row.Epsilon, row.RoundTo);
        return row.Value is { } value
            ? (Math.Max(0, value - half), Math.Min(row.Offered, value + half))
            : (0, Math.Min(row.Offered, row.SuppressBelow - 1 + half));
    }

    /// <summary>Whether every night is still kept and lies after the first report. Where it is written down which nights were reported, a night
    /// without a report is no gap: the row says how many there are.</summary>
    private static bool IsRecorded(ReleaseFacts facts)
    {
        var period = facts.Key.Period;
        return facts.Pods.Count > 0
            && facts.RecordedFrom is { } from
            && (facts.KeptFrom is not { } kept || period.First.CompareTo(kept) >= 0)
            && (facts.Reported is not null || period.First.CompareTo(from) >= 0);
    }
}
