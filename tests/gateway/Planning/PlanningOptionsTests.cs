using Microsoft.Extensions.Configuration;
using NodaTime.Text;
using Quartier.Gateway.Host;
using Quartier.Gateway.Outputs.Planning;
using Xunit;

namespace Quartier.Tests.Gateway.Planning;

public class PlanningOptionsTests
{
    [Fact]
    public void The_defaults_can_be_used() => Assert.Empty(new PlanningOptions().Faults());

    [Theory]
    [InlineData("EpsilonPerWeek", "50")]
    [InlineData("EpsilonPerWeek", "0")]
    [InlineData("EpsilonPerWeek", "1/500")]
    [InlineData("EpsilonPerMonth", "2001/1000")]
    [InlineData("EpsilonPerMonth", "much")]
    [InlineData("BudgetPerPodNight", "4")]
    [InlineData("BudgetPerPodNight", "1/2")]
    [InlineData("WaitingDays", "0")]
    [InlineData("WaitingDays", "1")]
    [InlineData("WaitingDays", "41")]
    [InlineData("RoundTo", "0")]
    [InlineData("RoundTo", "21")]
    [InlineData("SuppressBelow", "-1")]
    [InlineData("SuppressBelow", "51")]
    [InlineData("MinimumPods", "1")]
    [InlineData("MinimumPods", "51")]
    public void A_setting_out_of_its_bounds_is_refused_by_name_with_what_was_given(string name, string value)
    {
        var settings = new Dictionary<string, string?> { [name] = value };
        var options = new ConfigurationBuilder().AddInMemoryCollection(settings).Build().Get<PlanningOptions>()!;
        var fault = Assert.Single(options.Faults());
        Assert.Contains($"Planning:{name} is ", fault);
        Assert.Contains(value, fault);
    }

    [Fact]
    public void A_month_can_be_released_with_the_longest_wait_before_its_nights_are_deleted()
    {
        Assert.Empty(new PlanningOptions { WaitingDays = 40 }.Faults());
        Assert.True(31 + 40 < PlanningDuty.PodNightsKeptDays);
    }

    [Fact]
    public async Task No_setting_or_option_reaches_the_source_of_chance()
    {
        // No option holds one, on any level ...
        var seen = new HashSet<Type>();
        Assert.DoesNotContain(Reachable(typeof(GatewayOptions), seen), type => typeof(IChance).IsAssignableFrom(type) || type.Name.Contains("Random", StringComparison.Ordinal));

        // ... and a gateway with settings that sound like it draws from the operating system's source.
        var now = InstantPattern.ExtendedIso.Parse("2026-11-21T10:00:00Z").Value;
        await using var console = await PlannerConsole.Start(now);
        console.Tick(now);
        var ledger = console.Database.Read(LedgerTable.All);
        Assert.NotEmpty(ledger);
        Assert.All(ledger, row => Assert.False(row.Simulated));
        await console.LogIn("planner");
        await console.Post("/planning", "/planning/ask", new() { ["period"] = "2026-10", ["area"] = "Mitte", ["cost"] = "1/2", ["seed"] = "1", ["chance"] = "1" });
        Assert.False(console.Database.Read(LedgerTable.All)[^1].Simulated);
    }

    private static IEnumerable<Type> Reachable(Type type, HashSet<Type> seen) =>
        seen.Add(type) && type.Namespace?.StartsWith("Quartier", StringComparison.Ordinal) == true
            ? type.GetProperties().Where(property => !property.GetMethod!.IsStatic).Select(property => property.PropertyType).SelectMany(one => Reachable(one, seen).Prepend(one))
            : [];
}
