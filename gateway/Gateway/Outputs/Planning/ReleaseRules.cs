using NodaTime;
using Quartier.Gateway.Domain.PodNights;

namespace Quartier.Gateway.Outputs.Planning;

/// <summary>Everything that a release depends on, gathered before the decision.</summary>
/// <param name="Pods">The area's pods.</param>
/// <param name="OccupiedPodNights">The true count: distinct pod-nights of these pods in the period.</param>
/// <param name="SpentMost">The highest loss that any pod-night in it has paid in earlier releases.</param>
/// <param name="RecordedFrom">The first night that is recorded whole and still kept.</param>
public sealed record ReleaseFacts(
    ReleaseKey Key,
    IReadOnlyList<string> Pods,
    int OccupiedPodNights,
    Epsilon SpentMost,
    Night? RecordedFrom,
    long NextSequence);

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

        if (facts.Pods.Count == 0)
        {
            return ReleaseRefusal.UnknownArea;
        }

        if (now < DueAt(period, policy))
        {
            return ReleaseRefusal.TooEarly;
        }

        if (facts.RecordedFrom is not { } from || period.First.CompareTo(from) < 0)
        {
            return ReleaseRefusal.NotRecorded;
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
        var offered = facts.Pods.Count * period.Nights;
        var noised = facts.OccupiedPodNights + TwoSidedGeometric.Sample(epsilon, chance);
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
            Show(noised, offered, policy),
            policy.RoundTo,
            policy.SuppressBelow,
            now);
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

    /// <summary>The highest sum of losses over any pod-night of these pods in the period, from the rows that cover it.</summary>
    public static Epsilon SpentMost(ReleasePeriod period, IReadOnlyList<string> pods, IReadOnlyList<LedgerRow> overlapping)
    {
        var most = Epsilon.Zero;
        foreach (var pod in pods)
        {
            LedgerRow[] covering = [.. overlapping.Where(row => row.Pods.Contains(pod))];
            for (var number = period.First.Number; covering.Length > 0 && number <= period.Last.Number; number++)
            {
                var spent = Spent(new PodNight(pod, Night.FromNumber(number)), covering);
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
            if (row.First.CompareTo(podNight.Night) <= 0 && podNight.Night.CompareTo(row.Last) <= 0 && row.Pods.Contains(podNight.Pod))
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
}
