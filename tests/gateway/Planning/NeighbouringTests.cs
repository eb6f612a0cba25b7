using Quartier.Gateway.Domain.PodNights;
using Quartier.Gateway.Outputs.Planning;
using Xunit;
using Xunit.Abstractions;

namespace Quartier.Tests.Gateway.Planning;

/// <summary>Two worlds that differ in one pod-night: how much better than by guessing can one tell them apart?</summary>
public class NeighbouringTests(ITestOutputHelper output)
{
    private const int Suppressed = -1;

    [Theory]
    [InlineData(1, 1, 1, 3)]
    [InlineData(1, 2, 2, 3)]
    [InlineData(2, 1, 5, 0)]
    public void No_figure_is_more_than_exp_epsilon_times_likelier_in_one_world(int numerator, int denominator, int roundTo, int suppressBelow)
    {
        var policy = new ReleasePolicy { RoundTo = roundTo, SuppressBelow = suppressBelow };
        var epsilon = (double)numerator / denominator;
        for (var count = 0; count < 14; count++)
        {
            var one = FigureLaw(count, 14, epsilon, policy);
            var other = FigureLaw(count + 1, 14, epsilon, policy);
            Assert.Equal(one.Keys.Order(), other.Keys.Order());
            foreach (var figure in one.Keys)
            {
                Assert.InRange(one[figure] / other[figure], Math.Exp(-epsilon) * (1 - 1e-9), Math.Exp(epsilon) * (1 + 1e-9));
            }
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 2)]
    public void The_sampler_itself_keeps_the_ratio_on_every_branch(int numerator, int denominator)
    {
        var epsilon = new Epsilon(numerator, denominator);
        var tree = new DecisionTree(floor: 1e-9);
        tree.Walk(chance => TwoSidedGeometric.Attempt(epsilon, chance));
        var bound = Math.Exp((double)numerator / denominator);
        for (var x = -6; x < 6; x++)
        {
            var (here, there) = (tree.Outcomes[x], tree.Outcomes[x + 1]);
            Assert.True(here <= (bound * (there + tree.Rest)) + 1e-12 && there <= (bound * (here + tree.Rest)) + 1e-12, $"{x}");
        }
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(1, 1)]
    public void Draws_of_the_real_release_keep_the_ratio(int numerator, int denominator)
    {
        const int draws = 200_000;
        var policy = new ReleasePolicy { Week = new Epsilon(numerator, denominator) };
        var (one, other) = (Draws(policy, 6, draws, 21), Draws(policy, 7, draws, 22));
        var bound = Math.Exp((double)numerator / denominator);
        foreach (var figure in one.Keys.Where(figure => one[figure] > 500 && other.GetValueOrDefault(figure) > 500))
        {
            // Four standard deviations of the counts of room, and no more.
            var slack = 1 + (4 * Math.Sqrt((1.0 / one[figure]) + (1.0 / other[figure])));
            Assert.InRange((double)one[figure] / other[figure], 1 / (bound * slack), bound * slack);
        }
    }

    [Fact]
    public void Week_and_month_together_tell_no_more_than_the_budget_allows()
    {
        var policy = ReleasePolicy.Default;
        var weekEpsilon = (double)policy.Week.Numerator / policy.Week.Denominator;
        var monthEpsilon = (double)policy.Month.Numerator / policy.Month.Denominator;
        double best = 0;
        for (var count = 0; count < 14; count++)
        {
            // The attacker knows every other night, so week and month move together: the worst case.
            var week = (FigureLaw(count, 14, weekEpsilon, policy), FigureLaw(count + 1, 14, weekEpsilon, policy));
            var month = (FigureLaw(count, 60, monthEpsilon, policy), FigureLaw(count + 1, 60, monthEpsilon, policy));
            var advantage = 0.0;
            foreach (var w in week.Item1.Keys)
            {
                foreach (var m in month.Item1.Keys)
                {
                    advantage += Math.Abs((week.Item1[w] * month.Item1[m]) - (week.Item2[w] * month.Item2[m])) / 2;
                }
            }

            best = Math.Max(best, advantage);
        }

        // A loss of e allows an advantage of at most (exp(e) - 1) / (exp(e) + 1): 64 % here; what is reached is printed.
        var budget = (double)policy.BudgetPerPodNight.Numerator / policy.BudgetPerPodNight.Denominator;
        var allowed = (Math.Exp(budget) - 1) / (Math.Exp(budget) + 1);
        output.WriteLine($"best attack on one pod-night with week and month: advantage {best:P1}, allowed {allowed:P1}");
        Assert.InRange(best, 0.01, allowed);
    }

    /// <summary>Exact law of the figure that is shown for a true count.</summary>
    private static Dictionary<int, double> FigureLaw(int count, int offered, double epsilon, ReleasePolicy policy)
    {
        var law = new Dictionary<int, double>();
        for (var noised = -400; noised <= 400; noised++)
        {
            var shown = ReleaseRules.Show(noised, offered, policy) ?? Suppressed;
            law[shown] = law.GetValueOrDefault(shown) + TwoSidedGeometricTests.ClosedForm(noised - count, epsilon);
        }

        return law;
    }

    private static Dictionary<int, int> Draws(ReleasePolicy policy, int occupied, int draws, ulong seed)
    {
        var chance = TwoSidedGeometricTests.Seeded(seed);
        var key = new ReleaseKey(ReleasePeriod.TryParse("2026-W47")!, "Mitte", ReleaseKey.OccupiedPodNights);
        var facts = new ReleaseFacts(key, [new PodSpan("a", key.Period.First, key.Period.Last), new PodSpan("b", key.Period.First, key.Period.Last)], occupied, Epsilon.Zero, key.Period.First, 1);
        var seen = new Dictionary<int, int>();
        for (var i = 0; i < draws; i++)
        {
            var figure = ReleaseRules.Draw(facts, policy, chance, ReleaseStore.Later).Value ?? Suppressed;
            seen[figure] = seen.GetValueOrDefault(figure) + 1;
        }

        return seen;
    }
}
