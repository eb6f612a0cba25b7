using NodaTime;
using Quartier.Gateway.Domain.Alerts;
using Quartier.Gateway.Domain.Shelters;
using Quartier.Wire;
using Xunit;

namespace Quartier.Tests.Gateway.Alerts;

/// <summary>What a pod's alarm number decides: a new one is another fire and calls, a known one never calls twice.</summary>
public sealed class AlarmNumberTests
{
    private static readonly Instant Start = Instant.FromUtc(2026, 11, 21, 22, 0);
    private static readonly Background Unknown = new(null, false);
    private static readonly Background Known = new(null, SequenceKnown: true);

    [Theory]
    [InlineData(AlertKind.Smoke)]
    [InlineData(AlertKind.Sos)]
    [InlineData(AlertKind.Co2)]
    public void A_second_fire_while_somebody_has_the_first_calls_at_once_and_until_it_too_is_taken(AlertKind kind)
    {
        foreach (var holds in new[] { true, false })
        {
            var (again, change) = AlertRules.Weigh(Taken(kind), "pod", Says(kind, holds, 9, number: 2), Unknown);
            Assert.Equal((AlertChange.CalledAgain, null, null, Minute(9)), (change, again!.AcknowledgedAt, again.AcknowledgedBy, again.NextNoticeAt));
            Assert.Equal((2, 1), (again.Sequence, again.Returns));
        }
    }

    [Theory]
    [InlineData(AlertKind.Cold)]
    [InlineData(AlertKind.Heat)]
    [InlineData(AlertKind.Tamper)]
    public void Cold_heat_and_tampering_call_again_at_most_hourly_while_somebody_has_taken_the_case(AlertKind kind)
    {
        foreach (var (minute, due) in new[] { (20, 60), (70, 70) })
        {
            var (again, change) = AlertRules.Weigh(Taken(kind), "pod", Says(kind, true, minute, number: 2), Unknown with { ToldAt = Start });
            Assert.Equal((AlertChange.CalledAgain, "anna", Minute(due)), (change, again!.AcknowledgedBy, again.NextNoticeAt));
            Assert.Null(AlertRules.Noticed(again, Minute(due)).NextNoticeAt);
        }
    }

    [Fact]
    public void A_known_number_calls_nobody_a_second_time()
    {
        foreach (var kind in Enum.GetValues<AlertKind>().Where(AlertRules.IsSafety))
        {
            var taken = Taken(kind);
            Assert.Equal(taken.NextNoticeAt, AlertRules.Weigh(taken, "pod", Says(kind, true, 9, number: 1), Known).After!.NextNoticeAt);
            foreach (var holds in new[] { true, false })
            {
                Assert.Equal((null, AlertChange.None), AlertRules.Weigh(null, "pod", Says(kind, holds, 9, number: 1), Known with { ClosedAt = Minute(5) }));
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(30)]
    public void A_new_number_after_the_case_was_closed_is_a_case_whenever_it_is_dated(int minute)
    {
        var closed = new Background(Minute(10), false, StillReported: true);
        Assert.Equal(AlertChange.Raised, AlertRules.Weigh(null, "pod", Says(AlertKind.Smoke, true, minute, number: 2), closed).Change);
    }

    [Fact]
    public void A_status_that_shows_what_a_closed_case_was_about_opens_nothing_until_a_report_was_without_it()
    {
        var still = new Background(Minute(10), false, StillReported: true);
        foreach (var kind in new[] { AlertKind.Smoke, AlertKind.Sos, AlertKind.Tamper })
        {
            Assert.Equal(AlertChange.None, AlertRules.Weigh(null, "pod", new Evidence(kind, true, null, Minute(600)), still).Change);
            Assert.Equal(AlertChange.Raised, AlertRules.Weigh(null, "pod", new Evidence(kind, true, null, Minute(600)), still with { StillReported = false }).Change);
        }
    }

    /// <summary>The pod tells the fire that burns before the one that nobody heard of and that is over.</summary>
    [Fact]
    public void The_end_of_an_older_number_does_not_end_the_fire_that_burns_and_is_told_once()
    {
        var (burns, _) = AlertRules.Weigh(null, "pod", Says(AlertKind.Smoke, true, 1, number: 8), Unknown);
        var taken = AlertRules.Acknowledge(AlertRules.Noticed(burns! with { Id = 1 }, Minute(1)), "anna", Minute(2)).After;
        var (told, change) = AlertRules.Weigh(taken, "pod", Says(AlertKind.Smoke, false, 3, number: 7), Unknown);
        Assert.Equal((AlertChange.CalledAgain, (Instant?)null, 8), (change, told!.EndedAt, told.Sequence));
        Assert.Equal((told, AlertChange.None), AlertRules.Weigh(told, "pod", Says(AlertKind.Smoke, false, 4, number: 7), Known));
        Assert.Equal(Minute(5), AlertRules.Weigh(told, "pod", Says(AlertKind.Smoke, false, 5, number: 8), Known).After!.EndedAt);
    }

    [Theory]
    [InlineData(65535, 1)]
    [InlineData(65530, 3)]
    [InlineData(40000, 7)]
    public void Numbers_come_round_and_a_pod_that_lost_its_memory_counts_from_anywhere(int before, int after)
    {
        var (alert, _) = AlertRules.Weigh(null, "pod", Says(AlertKind.Smoke, true, 1, before), Unknown);
        var (again, _) = AlertRules.Weigh(alert! with { Id = 1 }, "pod", Says(AlertKind.Smoke, true, 9, after), Unknown);
        Assert.Equal(after, again!.Sequence);
        Assert.Equal(Minute(10), AlertRules.Weigh(again, "pod", Says(AlertKind.Smoke, false, 10, after), Known).After!.EndedAt);
    }

    [Fact]
    public void The_alarm_of_a_case_that_a_status_raised_is_no_second_fire_unless_somebody_has_taken_it()
    {
        var raised = AlertRules.Noticed(AlertRulesTests.Raised(AlertKind.Smoke), Start);
        var (same, change) = AlertRules.Weigh(raised, "pod", Says(AlertKind.Smoke, true, 1, number: 4), Unknown);
        Assert.Equal((AlertChange.None, 4, raised.NextNoticeAt), (change, same!.Sequence, same.NextNoticeAt));
        var taken = AlertRules.Acknowledge(raised, "anna", Start).After;
        Assert.Equal(AlertChange.CalledAgain, AlertRules.Weigh(taken, "pod", Says(AlertKind.Smoke, true, 1, number: 4), Unknown).Change);
    }

    [Fact]
    public async Task The_team_is_told_of_three_fires_and_of_no_repetition()
    {
        await using var shift = await NightShift.Begin("anna@example.org");
        for (var fire = 1; fire <= 3; fire++)
        {
            shift.Alarm(AlarmKind.Smoke, true, fire);
            shift.Alarm(AlarmKind.Smoke, true, fire);
            var id = shift.Store.Read(AlertsTable.Open).Single().Id;
            shift.Store.Write(db => AlertCases.Acknowledge(db, id, "anna", shift.Clock.Now));
            shift.Pass(3);
            shift.Alarm(AlarmKind.Smoke, false, fire);
            shift.Pass(5);
        }

        Assert.Equal(3, shift.Subjects().Count(subject => subject.StartsWith("ALARM", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_number_is_known_by_its_kind_for_as_long_as_it_is_repeated_and_three_months_more()
    {
        await using var shift = await NightShift.Begin("anna@example.org");
        var store = shift.Store;
        bool Heard(AlertKind kind, int day) => store.Write(db => AlertsTable.Heard(db, NightShift.Pod, kind, 5, Start + Duration.FromDays(day)));
        Assert.False(Heard(AlertKind.Smoke, 0));
        Assert.True(Heard(AlertKind.Smoke, 60));
        Forget(100);
        Assert.True(Heard(AlertKind.Smoke, 100));
        Assert.False(Heard(AlertKind.Sos, 101));
        Forget(200);
        Assert.False(Heard(AlertKind.Sos, 200));

        void Forget(int day)
        {
            var now = Start + Duration.FromDays(day);
            store.Write(db => AlertsTable.Forget(db, now, now - AlertNotices.NumbersKept, Start));
        }
    }

    private static Instant Minute(int minute) => Start + Duration.FromMinutes(minute);

    private static Evidence Says(AlertKind kind, bool holds, int minute, int number) => new(kind, holds, null, Minute(minute), number);

    private static Alert Taken(AlertKind kind)
    {
        var (raised, _) = AlertRules.Weigh(null, "pod", Says(kind, true, 0, number: 1), Unknown);
        var ended = AlertRules.Weigh(AlertRules.Noticed(raised! with { Id = 1 }, Start), "pod", Says(kind, false, 1, number: 1), Known).After!;
        return AlertRules.Acknowledge(ended, "anna", Minute(1)).After;
    }
}
