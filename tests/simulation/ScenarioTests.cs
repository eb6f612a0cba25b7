using NodaTime;
using Quartier.Gateway.Domain.Alerts;
using Quartier.Simulator.Boards;
using Quartier.Simulator.Faults;
using Quartier.Simulator.Scenarios;
using Quartier.Simulator.World;
using Xunit;

namespace Quartier.Tests.Simulation;

/// <summary>Named days on which things break, from the plan to what the checkers say.</summary>
public sealed class ScenarioTests
{
    [Fact]
    public void A_fire_in_an_outage_of_gateway_or_broker_is_a_case_afterwards()
    {
        using var day = new ScenarioRun(Scenarios.Outage, 3, Quarter.UsualStart);
        foreach (var down in day.Plan.Faults.Where(fault => fault.Kind == FaultKinds.GatewayDown || fault.Kind == FaultKinds.BrokerDown))
        {
            var fire = day.Plan.Faults.First(fault => fault.Kind == FaultKinds.Smoke && fault.FromMs > down.FromMs);
            Assert.InRange(fire.FromMs, down.FromMs, down.UntilMs);
            Until(day, down.UntilMs);
            Assert.DoesNotContain(Fires(day), pod => pod == fire.Where);
            Until(day, down.UntilMs + (31 * 60_000));
            Assert.Contains(Fires(day), pod => pod == fire.Where);
        }

        Concludes(day);
    }

    [Fact]
    public void In_bad_air_every_alarm_arrives_all_the_same()
    {
        using var days = new ScenarioRun(Scenarios.BadAir, 3, Quarter.UsualStart);
        Until(days, 48L * 3_600_000);
        var kinds = All(days).Select(alert => alert.Kind).ToHashSet();
        Assert.Superset(new HashSet<AlertKind> { AlertKind.Smoke, AlertKind.Tamper }, kinds);
        Concludes(days);
    }

    [Fact]
    public void A_plan_is_drawn_from_the_seed_and_printed_in_the_order_of_time()
    {
        string Plan(ulong seed) => FaultPlan.Draw(Scenarios.BadAir.Faults, new VirtualWorld(seed, Quarter.UsualStart)).Table();
        Assert.Equal(Plan(1), Plan(1));
        Assert.NotEqual(Plan(1), Plan(2));
        var lines = Plan(1).TrimEnd().Split('\n');
        Assert.Equal(Scenarios.BadAir.Faults.Count, lines.Length);
        Assert.Equal(lines.Order(StringComparer.Ordinal), lines);
        Assert.Matches(@"^#   1 1\d:\d\d:\d\d to   2 \d\d:\d\d:\d\d  uplinks lost +air +\d{3} permille$", lines.Single(line => line.Contains("uplinks", StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_draw_lies_in_its_span()
    {
        for (ulong seed = 0; seed < 200; seed++)
        {
            var plan = FaultPlan.Draw(Scenarios.BadAir.Faults, new VirtualWorld(seed, Quarter.UsualStart));
            Assert.All(plan.Faults, drawn =>
            {
                var fault = Scenarios.BadAir.Faults.Single(one => one.Kind == drawn.Kind);
                Assert.InRange(drawn.FromMs, fault.After.Least.TotalMilliseconds, fault.After.Most.TotalMilliseconds);
                Assert.InRange(drawn.UntilMs - drawn.FromMs, fault.For.Least.TotalMilliseconds, fault.For.Most.TotalMilliseconds);
                Assert.InRange(drawn.Strength, fault.StrengthLeast, fault.StrengthMost);
            });
        }
    }

    private static void Until(ScenarioRun day, long ms) => day.Run.Advance(Duration.FromMilliseconds(ms - day.Run.Quarter.World.NowMs));

    private static IEnumerable<Alert> All(ScenarioRun day) => day.Run.Gateway.Database.Read(db => AlertsTable.Open(db).Concat(AlertsTable.Closed(db, 999)).ToList());

    private static IEnumerable<string> Fires(ScenarioRun day) =>
        All(day).Where(alert => alert.Kind == AlertKind.Smoke).Select(alert => day.Run.Quarter.Pods.Single(pod => pod.Identity.DevEui == alert.Pod).Identity.Name);

    private static void Concludes(ScenarioRun day)
    {
        day.Run.Run(Duration.FromMinutes(1));
        Assert.All(day.Run.Checkers, checker => Assert.True(checker.Violations.Count == 0, $"{checker.Name}: {string.Join("; ", checker.Violations)}"));
    }
}
