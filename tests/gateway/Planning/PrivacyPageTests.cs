using System.Globalization;
using Microsoft.Extensions.Configuration;
using Quartier.Gateway.Domain.Alerts;
using Quartier.Gateway.Domain.Audit;
using Quartier.Gateway.Domain.PodNights;
using Quartier.Gateway.Host;
using Quartier.Gateway.Outputs.Planning;
using Quartier.Tests.Support;
using Xunit;

namespace Quartier.Tests.Gateway.Planning;

/// <summary>docs/privacy.md makes promises with numbers; here they are computed again.</summary>
public class PrivacyPageTests
{
    private static readonly string[] Lines = File.ReadAllLines(Checkout.PathTo("docs", "privacy.md"));
    private static readonly string Page = string.Join('\n', Lines);
    private static readonly ReleasePolicy Policy = ReleasePolicy.Default;

    [Fact]
    public void Worked_example_draws_the_noise_it_says()
    {
        var key = new ReleaseKey(ReleasePeriod.TryParse("2026-W47")!, "Mitte", ReleaseKey.OccupiedPodNights);
        PodSpan[] pods = [new("Alter Friedhof", key.Period.First, key.Period.Last), new("Karlsplatz", key.Period.First, key.Period.Last)];
        var facts = new ReleaseFacts(key, pods, 9, Epsilon.Zero, key.Period.First, 1);
        var script = new ScriptedChance(Table("| question |"));
        var row = ReleaseRules.Draw(facts, Policy, script, ReleaseRules.DueAt(key.Period, Policy));

        Assert.True(script.IsUsedUp);
        var told = Assert.Single(Table("| figure |"));
        var (low, high) = ReleaseRules.Interval(row);
        Assert.Equal(
            [$"{row.Value}", $"{low} to {high}", $"{row.Epsilon}", $"{Policy.BudgetPerPodNight - row.Epsilon}"],
            told);
        Assert.Equal(8, row.Noised);
        Assert.Contains("16 to 22 November", Page);
        Assert.Equal((14, "2026-11-16", "2026-11-22"), (row.Offered, row.First.ToString(), row.Last.ToString()));
        Assert.Equal("2026-11-30T11:00:00Z", row.ReleasedAt.ToString());
    }

    [Fact]
    public void Worked_example_tells_the_right_chances()
    {
        Assert.Equal(6, Table("| noise |").Count);
        foreach (var line in Table("| noise |"))
        {
            var chance = TwoSidedGeometricTests.ClosedForm(int.Parse(line[0], CultureInfo.InvariantCulture), 1);
            Assert.Equal(line[1], chance.ToString("F4", CultureInfo.InvariantCulture));
        }
    }

    [Fact]
    public void The_advantage_that_the_page_admits_is_the_one_of_the_settings()
    {
        static double Advantage(Epsilon epsilon) => Math.Tanh((double)epsilon.Numerator / epsilon.Denominator / 2);
        Assert.Contains($"{Advantage(Policy.BudgetPerPodNight) * 100:F0} % for the whole budget of {Policy.BudgetPerPodNight}", Page);
        Assert.Contains($"{Advantage(Policy.Week) * 100:F0} % for a weekly figure alone", Page);
    }

    [Fact]
    public void The_settings_that_the_page_names_are_the_defaults()
    {
        Assert.Contains($"**Wait** {Policy.WaitingDays} days", Page);
        Assert.Contains($"costs each pod-night in it ε = {Policy.Week}, a monthly one ε = {Policy.Month}", Page);
        Assert.Contains($"at most {Policy.BudgetPerPodNight} together", Page);
        Assert.Contains($"({Policy.RoundTo} by default), **suppress** below {Policy.SuppressBelow}", Page);
        Assert.Equal(3, ReleaseRules.Uncertainty(Policy.Week, Policy.RoundTo));
        Assert.Equal(6, ReleaseRules.Uncertainty(Policy.Month, Policy.RoundTo));
    }

    [Fact]
    public void What_a_winter_and_a_regular_guest_give_away_is_computed_again()
    {
        (int Shift, double Epsilon)[] Weeks(int nights, int weeks) => [.. Enumerable.Repeat((nights, 1.0), weeks)];
        (int Shift, double Epsilon)[][] told =
        [
            Weeks(1, 1), Weeks(7, 1), Weeks(7, 2), Weeks(1, 4), [.. Weeks(1, 4), (4, 0.5)], Weeks(1, 21), Weeks(7, 21),
        ];
        var rows = Table("| a guest who sleeps |");
        Assert.Equal(told.Length, rows.Count);
        foreach (var (figures, row) in told.Zip(rows))
        {
            var digits = row[2].Length - 2;
            Assert.Equal(row[2], Advantage(figures).ToString($"F{digits}", CultureInfo.InvariantCulture));
        }
    }

    [Fact]
    public void What_a_second_pod_hides_from_a_stranger_is_computed_again()
    {
        // The second pod is taken in each of seven nights by the toss of a coin.
        double Told(int nights)
        {
            double[] other = [1, 7, 21, 35, 35, 21, 7, 1];
            double Law(int figure, int occupied) => other.Select((ways, taken) => ways / 128 * TwoSidedGeometricTests.ClosedForm(figure - taken - occupied, 1)).Sum();
            return Enumerable.Range(-60, 140).Sum(figure => Math.Abs(Law(figure, nights) - Law(figure, 0)) / 2);
        }

        Assert.Contains($"one full week is told with {Told(7).ToString("F2", CultureInfo.InvariantCulture)} and one night with {Told(1).ToString("F2", CultureInfo.InvariantCulture)}", Page);
    }

    [Fact]
    public void The_bias_that_the_page_admits_is_that_of_the_rules()
    {
        (double Shown, double Mean) Mean(int occupied, Func<int, int?> show)
        {
            var law = Enumerable.Range(-60, 121).Select(x => (Figure: show(occupied + x), Chance: TwoSidedGeometricTests.ClosedForm(x, 1))).Where(one => one.Figure is not null).ToList();
            return (law.Sum(one => one.Chance), law.Sum(one => one.Chance * one.Figure!.Value) / law.Sum(one => one.Chance));
        }

        var clamped = new ReleasePolicy { SuppressBelow = 0 };
        string Told(double number) => number.ToString("F2", CultureInfo.InvariantCulture);
        Assert.Contains($"the mean figure at ε = 1 is {Told(Mean(14, noised => ReleaseRules.Show(noised, 14, clamped)).Mean)}", Page);
        Assert.Contains($"for an empty week it is {Told(Mean(0, noised => ReleaseRules.Show(noised, 14, clamped)).Mean)} above", Page);
        var three = Mean(3, noised => ReleaseRules.Show(noised, 14, Policy) is null ? null : noised);
        Assert.Contains($"the week is shown in {three.Shown * 100:F0} % of draws, and the mean of those shown is {Told(three.Mean)}", Page);
        Assert.Equal(3, Mean(3, noised => noised).Mean, 1e-9);
    }

    [Fact]
    public void The_bounds_that_the_page_names_are_those_that_are_enforced()
    {
        var rows = Table("| setting |");
        Assert.Equal(7, rows.Count);
        foreach (var row in rows)
        {
            Assert.Equal(typeof(PlanningOptions).GetProperty(row[0])!.GetValue(new PlanningOptions())!.ToString(), row[1]);
            var bounds = row[2].Split(',')[0].Split(" to ");
            Assert.DoesNotContain(Faults(row[0], bounds[1]), fault => fault.Contains($"Planning:{row[0]} is", StringComparison.Ordinal));
            Assert.NotEmpty(Faults(row[0], $"{int.Parse(bounds[1], CultureInfo.InvariantCulture) + 1}"));
            Assert.NotEmpty(Faults(row[0], bounds[0] == "1/100" ? "1/101" : $"{int.Parse(bounds[0], CultureInfo.InvariantCulture) - 1}"));
        }

        Assert.Contains($"fewer than {Policy.MinimumPods} pods (a setting; never below 2)", Page);
    }

    [Fact]
    public void What_is_kept_is_kept_as_long_as_the_page_says()
    {
        var options = new GatewayOptions { DataDirectory = "" };
        Assert.Contains($"those about safety too: {options.RawRetention.Days} days", Page);
        Assert.Contains($"with pod and minute: {AlertNotices.SafetyKept.Days} days after", Page);
        Assert.Contains($"a repetition from a new alarm: {AlertNotices.NumbersKept.Days} days after", Page);
        Assert.Contains($"The audit log: {AuditTable.Kept.Days} days", Page);
        Assert.Equal(10, EraseLoop.Period.TotalMinutes);
        Assert.Contains("within ten minutes its log", Page);
        Assert.Contains($"with a report are kept, for {PlanningDuty.PodNightsKeptDays} days", Page);
        Assert.Contains($"delete them after {PlanningDuty.PodNightsKeptDays} days at the latest", Page);
    }

    private static IReadOnlyList<string> Faults(string setting, string value) =>
        new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { [setting] = value }).Build().Get<PlanningOptions>()!.Faults();

    /// <summary>Best advantage over guessing of whoever sees figures whose counts differ by these shifts between two worlds: half the sum of the
    /// differences of their joint law, which depends on the summed log-likelihood ratio alone, a multiple of one half.</summary>
    private static double Advantage((int Shift, double Epsilon)[] figures)
    {
        Dictionary<int, (double With, double Without)> joint = new() { [0] = (1, 1) };
        foreach (var (shift, epsilon) in figures)
        {
            var next = new Dictionary<int, (double With, double Without)>();
            for (var x = -100; x <= 100 + shift; x++)
            {
                var (with, without) = (TwoSidedGeometricTests.ClosedForm(x - shift, epsilon), TwoSidedGeometricTests.ClosedForm(x, epsilon));
                var halves = (int)Math.Round(2 * epsilon * (Math.Abs(x) - Math.Abs(x - shift)));
                foreach (var (before, chance) in joint)
                {
                    var sum = next.GetValueOrDefault(before + halves);
                    next[before + halves] = (sum.With + (chance.With * with), sum.Without + (chance.Without * without));
                }
            }

            joint = next;
        }

        return joint.Values.Sum(one => Math.Abs(one.With - one.Without)) / 2;
    }

    private static List<string[]> Table(string header) =>
        [.. Lines.SkipWhile(line => !line.StartsWith(header, StringComparison.Ordinal)).Skip(2)
            .TakeWhile(line => line.StartsWith('|'))
            .Select(line => line.Trim('|').Split('|').Select(cell => cell.Trim()).ToArray())];

    /// <summary>Answers as the page's table does, and insists on the page's questions.</summary>
    private sealed class ScriptedChance(List<string[]> script) : IChance
    {
        private int at;

        public bool IsUsedUp => at == script.Count;

        public long Below(long bound)
        {
            Assert.Equal($"number below {bound}", script[at][0]);
            return long.Parse(script[at++][1], CultureInfo.InvariantCulture);
        }

        public bool Hit(long numerator, long denominator)
        {
            Assert.Equal($"{numerator} in {denominator}", script[at][0]);
            return script[at++][1] == "yes";
        }
    }
}
