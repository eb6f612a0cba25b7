using Quartier.Gateway.Domain.PodNights;
using Quartier.Gateway.Outputs.Planning;
using Xunit;

namespace Quartier.Tests.Gateway.Planning;

public class ReleaseTests
{
    [Theory]
    [InlineData(-3, null)]
    [InlineData(2, null)]
    [InlineData(3, 4)]
    [InlineData(4, 4)]
    [InlineData(13, 13)]
    [InlineData(40, 13)]
    public void A_noised_count_is_clamped_rounded_and_suppressed_if_small(int noised, int? shown) =>
        Assert.Equal(shown, ReleaseRules.Show(noised, offered: 13, new ReleasePolicy { RoundTo = 2, SuppressBelow = 3 }));

    [Fact]
    public void A_suppressed_figure_carries_no_noised_count_and_any_other_the_unclamped_one()
    {
        var key = new ReleaseKey(ReleasePeriod.TryParse("2026-W47")!, "Mitte", ReleaseKey.OccupiedPodNights);
        PodSpan[] pods = [new(ReleaseStore.Pod1, key.Period.First, key.Period.Last)];
        var rows = Enumerable.Range(1, 300).Select(seed => ReleaseRules.Draw(
            new ReleaseFacts(key, pods, seed % 8, Epsilon.Zero, key.Period.First, 1), ReleasePolicy.Default, TwoSidedGeometricTests.Seeded((ulong)seed), ReleaseStore.Later)).ToList();
        Assert.All(rows, row => Assert.Equal(row.Value is null, row.Noised is null));
        Assert.Contains(rows, row => row.Value is null);
        Assert.Contains(rows, row => row.Noised > row.Offered);
    }

    [Fact]
    public void A_figure_is_refused_before_its_waiting_days_are_over()
    {
        using var desk = new ReleaseStore();
        var due = ReleaseRules.DueAt(ReleasePeriod.TryParse("2026-W47")!, ReleasePolicy.Default);

        Assert.Equal("2026-11-30T11:00:00Z", due.ToString());
        Assert.Equal(ReleaseRefusal.TooEarly, desk.Ask("2026-W47", at: due - NodaTime.Duration.Epsilon).Refusal);
        Assert.NotNull(desk.Ask("2026-W47", at: due).Row);
    }

    [Theory]
    [InlineData("2026-47", "Mitte", ReleaseRefusal.UnknownPeriod)]
    [InlineData("2026-W47", "Nirgendwo", ReleaseRefusal.UnknownArea)]
    [InlineData("2026-W40", "Mitte", ReleaseRefusal.NotRecorded)]
    public void A_request_that_makes_no_sense_is_refused_with_its_reason(string period, string area, ReleaseRefusal refusal)
    {
        using var desk = new ReleaseStore();
        Assert.Equal(refusal, desk.Ask(period, area).Refusal);
        Assert.Empty(desk.Ledger());
    }

    [Fact]
    public void Asking_again_returns_the_same_row_and_averaging_learns_nothing()
    {
        using var desk = new ReleaseStore();
        desk.Occupy(ReleaseStore.Pod1, "2026-11-16", "2026-11-17", "2026-11-18", "2026-11-19");
        var first = desk.Ask("2026-W47");

        Assert.True(first.Drawn);
        for (var i = 0; i < 200; i++)
        {
            var again = desk.Ask("2026-W47");
            Assert.False(again.Drawn);
            Assert.Equal(first.Row!.Value, again.Row!.Value);
        }

        Assert.Single(desk.Ledger());
    }

    [Fact]
    public async Task Of_many_who_ask_at_once_one_draws()
    {
        using var desk = new ReleaseStore();
        var asked = Enumerable.Range(0, 200).Select(i => desk.Database.WriteAsync(connection =>
            desk.Releases.Ask(connection, i % 2 == 0 ? "2026-W47" : "2026-W48", "Mitte", ReleaseKey.OccupiedPodNights, ReleaseStore.Later)));
        var answers = await Task.WhenAll(asked);

        Assert.Equal(2, answers.Count(answer => answer.Drawn));
        Assert.Equal(2, answers.Select(answer => (answer.Row!.Id, answer.Row.Value)).Distinct().Count());
        Assert.Equal([1, 2], desk.Ledger().Select(row => row.Sequence));
    }

    [Fact]
    public void Releases_that_share_a_night_cannot_spend_more_than_its_budget()
    {
        using var desk = new ReleaseStore();
        Assert.NotNull(desk.Ask("2026-W47").Row);
        Assert.NotNull(desk.Ask("2026-11").Row);

        // The same pods under another area's name are the same pod-nights: nothing is left for them.
        Assert.Equal(ReleaseRefusal.BudgetSpent, desk.Ask("2026-W47", "Ulm").Refusal);
        Assert.Equal(ReleaseRefusal.BudgetSpent, desk.Ask("2026-11", "Ulm").Refusal);

        // Week 49 begins on the last November night, which the month has charged: 1/2 + 1 is exactly the budget.
        Assert.NotNull(desk.Ask("2026-W49").Row);
        Assert.Equal(ReleaseRefusal.BudgetSpent, desk.Ask("2026-W49", "Ulm").Refusal);
        AssertBudgetKept(desk);
    }

    [Fact]
    public async Task A_greedy_planner_never_gets_past_the_budget_in_whatever_order_he_asks()
    {
        using var desk = new ReleaseStore();
        var gen = new Support.Gen(4);
        string[] periods = ["2026-W45", "2026-W46", "2026-W47", "2026-W48", "2026-W49", "2026-11", "2026-12"];
        var asked = Enumerable.Range(0, 300).Select(_ =>
        {
            var (period, area) = (gen.Pick(periods), gen.Pick(new[] { "Mitte", "Ulm" }));
            return desk.Database.WriteAsync(connection => desk.Releases.Ask(connection, period, area, ReleaseKey.OccupiedPodNights, ReleaseStore.Later));
        });
        await Task.WhenAll(asked);
        AssertBudgetKept(desk);
    }

    [Fact]
    public void Forgotten_nights_are_never_released_as_empty_ones()
    {
        using var desk = new ReleaseStore();
        desk.Occupy(ReleaseStore.Pod1, "2026-11-16");
        desk.Database.Write(connection => OccupancyTable.Forget(connection, ReleaseStore.Day("2026-11-17")));

        Assert.Equal(ReleaseRefusal.NotRecorded, desk.Ask("2026-W47").Refusal);
        Assert.NotNull(desk.Ask("2026-W48").Row);
        Assert.Equal(0, desk.Database.Read(connection =>
            OccupancyTable.Count(connection, [new PodSpan(ReleaseStore.Pod1, ReleaseStore.Day("2026-11-01"), ReleaseStore.Day("2026-11-30"))])));
    }

    [Theory]
    [InlineData("2026-W48", "2026-W49")]
    [InlineData("2026-11", "2026-W49")]
    [InlineData("2026-W49", "2026-11")]
    public void The_budget_is_paid_by_the_first_night_of_a_period_and_by_the_last(string first, string second)
    {
        // One figure alone takes the whole budget; two that share no night stand side by side, two that share one only in its end do not.
        var policy = new ReleasePolicy { Week = new Epsilon(3, 2), Month = new Epsilon(3, 2) };
        using var desk = new ReleaseStore(policy);
        var released = desk.Ask(first).Row!;
        var (before, after) = (ReleasePeriod.TryParse(first)!, ReleasePeriod.TryParse(second)!);
        foreach (var pod in new[] { ReleaseStore.Pod1, ReleaseStore.Pod2 })
        {
            Assert.Equal(policy.BudgetPerPodNight, ReleaseRules.Spent(new PodNight(pod, before.First), [released]));
            Assert.Equal(policy.BudgetPerPodNight, ReleaseRules.Spent(new PodNight(pod, before.Last), [released]));
            Assert.Equal(Epsilon.Zero, ReleaseRules.Spent(new PodNight(pod, new Night(before.Last.Date.PlusDays(1))), [released]));
            Assert.Equal(Epsilon.Zero, ReleaseRules.Spent(new PodNight(pod, new Night(before.First.Date.PlusDays(-1))), [released]));
        }

        // 30 November 2026 is the last night of the month and the first of week 49.
        var shares = before.Contains(after.First) || before.Contains(after.Last);
        Assert.Equal(shares ? ReleaseRefusal.BudgetSpent : null, desk.Ask(second).Refusal);
    }

    private static void AssertBudgetKept(ReleaseStore desk)
    {
        var ledger = desk.Ledger();
        Assert.NotEmpty(ledger);
        foreach (var pod in new[] { ReleaseStore.Pod1, ReleaseStore.Pod2 })
        {
            for (var night = ReleaseStore.Day("2026-10-25").Number; night <= ReleaseStore.Day("2027-01-05").Number; night++)
            {
                Assert.True(ReleaseRules.Spent(new PodNight(pod, Night.FromNumber(night)), ledger) <= ReleasePolicy.Default.BudgetPerPodNight);
            }
        }
    }
}
