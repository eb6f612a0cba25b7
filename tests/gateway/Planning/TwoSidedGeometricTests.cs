using System.Buffers.Binary;
using Quartier.Gateway.Outputs.Planning;
using Quartier.Tests.Support;
using Xunit;

namespace Quartier.Tests.Gateway.Planning;

public class TwoSidedGeometricTests
{
    /// <summary>P(X = x) of the noise, from the formula and not from the sampler.</summary>
    internal static double ClosedForm(int x, double epsilon)
    {
        var a = Math.Exp(-epsilon);
        return (1 - a) / (1 + a) * Math.Pow(a, Math.Abs(x));
    }

    internal static IChance Seeded(ulong seed)
    {
        var gen = new Gen(seed);
        return new RejectionChance(bytes => BinaryPrimitives.WriteUInt64BigEndian(bytes, gen.NextUInt64()));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 2)]
    [InlineData(3, 2)]
    [InlineData(2, 3)]
    public void Every_branch_of_the_decisions_adds_up_to_the_closed_form(int numerator, int denominator)
    {
        var epsilon = new Epsilon(numerator, denominator);
        var tree = new DecisionTree(floor: 1e-9);
        tree.Walk(chance => TwoSidedGeometric.Attempt(epsilon, chance));

        var kept = tree.Outcomes.Values.Sum();
        Assert.Equal(1, kept + tree.Repeated + tree.Rest, 1e-9);
        Assert.InRange(tree.Rest, 0, 2e-5);
        for (var x = -8; x <= 8; x++)
        {
            // The cut branches can move each chance by at most what they hold, relative to what is kept.
            Assert.Equal(ClosedForm(x, (double)numerator / denominator), tree.Outcomes[x] / (1 - tree.Repeated), 2 * tree.Rest / kept);
        }
    }

    [Theory]
    [InlineData(1, 1, 11)]
    [InlineData(1, 2, 12)]
    [InlineData(1, 10, 13)]
    [InlineData(7, 3, 14)]
    public void Half_a_million_draws_fit_the_closed_form(int numerator, int denominator, int seed)
    {
        const int draws = 500_000;
        var epsilon = new Epsilon(numerator, denominator);
        var chance = Seeded((ulong)seed);
        var seen = new Dictionary<int, int>();
        for (var i = 0; i < draws; i++)
        {
            var x = TwoSidedGeometric.Sample(epsilon, chance);
            seen[x] = seen.GetValueOrDefault(x) + 1;
        }

        var (statistic, cells) = ChiSquare(seen, draws, (double)numerator / denominator);

        // Mean of chi-square is its degrees of freedom, standard deviation sqrt(2 df); 4 of them is beyond the 99.99th percentile.
        Assert.True(statistic < cells - 1 + (4 * Math.Sqrt(2 * (cells - 1))), $"chi-square {statistic:F1} over {cells} cells");
    }

    [Fact]
    public void The_test_itself_notices_a_sampler_that_counts_zero_twice()
    {
        const int draws = 100_000;
        var chance = Seeded(15);
        var seen = new Dictionary<int, int>();
        for (var i = 0; i < draws; i++)
        {
            var x = TwoSidedGeometric.Attempt(new Epsilon(1, 1), chance) ?? 0;
            seen[x] = seen.GetValueOrDefault(x) + 1;
        }

        var (statistic, cells) = ChiSquare(seen, draws, 1);
        Assert.True(statistic > 10 * cells);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(1000)]
    public void Uniform_integers_are_uniform(int bound)
    {
        const int draws = 200_000;
        var chance = Seeded((ulong)bound);
        var seen = new int[bound];
        for (var i = 0; i < draws; i++)
        {
            seen[chance.Below(bound)]++;
        }

        var expected = (double)draws / bound;
        var statistic = seen.Sum(count => (count - expected) * (count - expected) / expected);
        Assert.True(statistic <= bound - 1 + (4 * Math.Sqrt(2.0 * Math.Max(1, bound - 1))), $"chi-square {statistic:F1}");
    }

    [Fact]
    public void Values_in_the_uneven_end_of_the_range_are_thrown_away()
    {
        // 2^64 mod 3 = 1: only the very last value is in excess.
        var draws = new Queue<ulong>([ulong.MaxValue, ulong.MaxValue - 1]);
        var chance = new RejectionChance(bytes => BinaryPrimitives.WriteUInt64BigEndian(bytes, draws.Dequeue()));
        Assert.Equal(2, chance.Below(3));
        Assert.Empty(draws);

        // A power of two divides the range: nothing is thrown away.
        draws.Enqueue(ulong.MaxValue);
        Assert.Equal(7, chance.Below(8));
    }

    [Fact]
    public void The_cryptographic_source_gives_different_draws()
    {
        var draws = Enumerable.Range(0, 200).Select(_ => TwoSidedGeometric.Sample(new Epsilon(1, 10), RejectionChance.Cryptographic));
        Assert.True(draws.Distinct().Count() > 10);
    }

    private static (double Statistic, int Cells) ChiSquare(Dictionary<int, int> seen, int draws, double epsilon)
    {
        const double expectedMin = 20;
        double statistic = 0, tailExpected = draws;
        var tailSeen = draws;
        var cells = 1;
        for (var x = 0; ClosedForm(x, epsilon) * draws >= expectedMin; x++)
        {
            foreach (var value in x == 0 ? new[] { 0 } : [x, -x])
            {
                var expected = ClosedForm(value, epsilon) * draws;
                var count = seen.GetValueOrDefault(value);
                statistic += (count - expected) * (count - expected) / expected;
                tailExpected -= expected;
                tailSeen -= count;
                cells++;
            }
        }

        return (statistic + ((tailSeen - tailExpected) * (tailSeen - tailExpected) / tailExpected), cells);
    }
}
