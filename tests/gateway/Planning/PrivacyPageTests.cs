using System.Globalization;
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
        var facts = new ReleaseFacts(key, ["Alter Friedhof", "Karlsplatz"], 9, Epsilon.Zero, key.Period.First, 1);
        var script = new ScriptedChance(Table("| question |"));
        var row = ReleaseRules.Draw(facts, Policy, script, ReleaseRules.DueAt(key.Period, Policy));

        Assert.True(script.IsUsedUp);
        var told = Assert.Single(Table("| figure |"));
        var (low, high) = ReleaseRules.Interval(row);
        Assert.Equal(
            [$"{row.Value}", $"{low} to {high}", $"{row.Epsilon}", $"{Policy.BudgetPerPodNight - row.Epsilon}"],
            told);
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
