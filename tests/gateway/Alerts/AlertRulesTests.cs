using NodaTime;
using Quartier.Gateway.Domain.Alerts;
using Quartier.Gateway.Domain.Shelters;
using Quartier.Wire;
using Xunit;

namespace Quartier.Tests.Gateway.Alerts;

public class AlertRulesTests
{
    private static readonly Instant Start = Instant.FromUtc(2026, 11, 21, 22, 0);
    private static readonly Background Fresh = new(null, false);

    [Theory]
    // What the pod says minute by minute (+ holds, - does not, . says nothing) and what becomes of it.
    [InlineData(AlertKind.Smoke, "+++", "Raised None None", "one alarm while it holds")]
    [InlineData(AlertKind.Smoke, "+-+-+-", "Raised Ended None None None None", "a flag that lags behind the end is no return")]
    [InlineData(AlertKind.Smoke, "+-......+", "Raised Ended Returned", "one that comes later is")]
    [InlineData(AlertKind.Co2, "+-+-+", "Raised Ended Returned Ended Returned", "flapping is one case")]
    [InlineData(AlertKind.Smoke, "+-----------------------------", "Raised Ended", "nobody saw it: it stays open")]
    [InlineData(AlertKind.Cold, "+-----------", "Raised Ended None None None None None None None None None Resolved", "over after ten quiet minutes")]
    [InlineData(AlertKind.Cold, "+...................", "Raised", "silence resolves nothing")]
    [InlineData(AlertKind.Cold, "+-..................", "Raised Ended", "silence after the end resolves nothing")]
    [InlineData(AlertKind.Cold, "+-....................-", "Raised Ended Resolved", "the next report does")]
    [InlineData(AlertKind.Cold, "-----", "None None None None None", "no case without a condition")]
    public void A_condition_has_one_case(AlertKind kind, string says, string expected, string because)
    {
        var changes = new List<AlertChange>();
        Alert? open = null;
        for (var minute = 0; minute < says.Length; minute++)
        {
            if (says[minute] == '.')
            {
                continue;
            }

            var (after, change) = AlertRules.Weigh(open, "pod", new Evidence(kind, says[minute] == '+', null, Minute(minute)), Fresh);
            open = after is { IsOpen: true } ? after with { Id = 1 } : null;
            changes.Add(change);
        }

        var words = string.Join(' ', changes);
        Assert.True(words.StartsWith(expected, StringComparison.Ordinal), $"{because}: {words}");
        Assert.DoesNotContain("Raised", words[Math.Min(words.Length, 6)..]);
    }

    [Fact]
    public void Smoke_that_was_acknowledged_and_is_over_is_resolved_by_the_next_quiet_report()
    {
        var alert = Raised(AlertKind.Smoke);
        (alert, _) = AlertRules.Acknowledge(alert, "anna", Minute(1));
        alert = AlertRules.Weigh(alert, "pod", new Evidence(AlertKind.Smoke, false, null, Minute(2)), Fresh).After!;
        Assert.True(alert.IsOpen);
        var (after, change) = AlertRules.Weigh(alert, "pod", new Evidence(AlertKind.Smoke, false, null, Minute(13)), Fresh);
        Assert.Equal(AlertChange.Resolved, change);
        Assert.Equal(Alert.ByCondition, after!.ResolvedBy);
        Assert.Equal(Minute(2), after.EndedAt);
    }

    [Fact]
    public void A_stay_survives_half_an_hour_of_doubt_and_ends_after_it()
    {
        var stay = Raised(AlertKind.Occupied);
        stay = AlertRules.Weigh(stay, "pod", new Evidence(AlertKind.Occupied, false, null, Minute(60)), Fresh).After!;
        stay = AlertRules.Weigh(stay, "pod", new Evidence(AlertKind.Occupied, true, null, Minute(85)), Fresh).After!;
        Assert.Equal(1, stay.Returns);
        stay = AlertRules.Weigh(stay, "pod", new Evidence(AlertKind.Occupied, false, null, Minute(400)), Fresh).After!;
        var (over, change) = AlertRules.Weigh(stay, "pod", new Evidence(AlertKind.Occupied, false, null, Minute(430)), Fresh);
        Assert.Equal(AlertChange.Resolved, change);
        Assert.Null(over!.NextNoticeAt);
    }

    [Fact]
    public void Reports_that_arrive_late_change_nothing()
    {
        var alert = AlertRules.Weigh(Raised(AlertKind.Cold), "pod", new Evidence(AlertKind.Cold, true, 3, Minute(20)), Fresh).After!;
        Assert.Equal((alert, AlertChange.None), AlertRules.Weigh(alert, "pod", new Evidence(AlertKind.Cold, false, null, Minute(19)), Fresh));
    }

    [Fact]
    public void An_old_report_does_not_open_a_closed_case_again()
    {
        var late = new Evidence(AlertKind.Smoke, true, null, Minute(5));
        Assert.Equal(AlertChange.None, AlertRules.Weigh(null, "pod", late, new Background(Minute(6), false)).Change);
        Assert.Equal(AlertChange.Raised, AlertRules.Weigh(null, "pod", late with { At = Minute(7) }, new Background(Minute(6), false)).Change);
    }

    [Fact]
    public void An_alarm_first_heard_when_it_is_over_is_a_case_all_the_same()
    {
        var over = new Evidence(AlertKind.Sos, false, null, Minute(5), Sequence: 7);
        var (alert, change) = AlertRules.Weigh(null, "pod", over, Fresh);
        Assert.Equal(AlertChange.Raised, change);
        Assert.Equal(Minute(5), alert!.EndedAt);
        Assert.Equal(Minute(5), alert.NextNoticeAt);
        Assert.Equal(AlertChange.None, AlertRules.Weigh(null, "pod", over, new Background(null, SequenceKnown: true)).Change);
    }

    [Fact]
    public void Notices_repeat_with_growing_bounded_pauses_until_somebody_acknowledges()
    {
        var alert = Raised(AlertKind.Smoke);
        var pauses = new List<double>();
        for (var i = 0; i < 7; i++)
        {
            var now = alert.NextNoticeAt!.Value;
            alert = AlertRules.Noticed(alert, now);
            pauses.Add((alert.NextNoticeAt!.Value - now).TotalMinutes);
        }

        Assert.Equal([2, 4, 8, 15, 15, 15, 15], pauses);
        var (seen, first) = AlertRules.Acknowledge(alert, "anna", Minute(99));
        Assert.True(first);
        Assert.Equal(Minute(99), seen.NextNoticeAt);
        Assert.Null(AlertRules.Noticed(seen, Minute(99)).NextNoticeAt);
    }

    [Fact]
    public void A_case_taken_or_closed_before_its_first_notice_still_has_it_due()
    {
        Assert.Equal(Start, AlertRules.Acknowledge(Raised(AlertKind.Smoke), "anna", Start).After.NextNoticeAt);
        Assert.Equal(Start, AlertRules.Resolve(Raised(AlertKind.Smoke), "anna", Start, false, null).After.NextNoticeAt);
        var ended = AlertRules.Weigh(Raised(AlertKind.Cold), "pod", new Evidence(AlertKind.Cold, false, null, Minute(1)), Fresh).After!;
        var (over, change) = AlertRules.Weigh(ended, "pod", new Evidence(AlertKind.Cold, false, null, Minute(12)), Fresh);
        Assert.Equal((AlertChange.Resolved, Minute(12)), (change, over!.NextNoticeAt!.Value));
    }

    [Theory]
    [InlineData(AlertKind.Occupied)]
    [InlineData(AlertKind.Silent)]
    public void Quiet_cases_are_told_once(AlertKind kind) => Assert.Null(AlertRules.Noticed(Raised(kind), Start).NextNoticeAt);

    [Fact]
    public void The_second_person_changes_nothing_and_sees_who_was_first()
    {
        var (alert, _) = AlertRules.Acknowledge(Raised(AlertKind.Smoke), "anna", Minute(1));
        var (after, first) = AlertRules.Acknowledge(alert, "ben", Minute(2));
        Assert.False(first);
        Assert.Equal(("anna", Minute(1)), (after.AcknowledgedBy, after.AcknowledgedAt));
    }

    [Fact]
    public void Closing_by_hand_acknowledges_too_and_ends_the_notices_with_one_that_says_so()
    {
        var (alert, first, _) = AlertRules.Resolve(Raised(AlertKind.Tamper), "anna", Minute(3), false, null);
        Assert.True(first);
        Assert.Equal(("anna", "anna", Minute(3)), (alert.ResolvedBy, alert.AcknowledgedBy, alert.NextNoticeAt!.Value));
        Assert.Null(AlertRules.Noticed(alert, Minute(3)).NextNoticeAt);
        Assert.False(AlertRules.Resolve(alert, "ben", Minute(4), false, null).First);
        Assert.False(AlertRules.Acknowledge(alert, "ben", Minute(4)).First);
    }

    [Theory]
    [InlineData(0, 30, false)]
    [InlineData(0, 31, true)]
    [InlineData(20, 31, false)]
    [InlineData(20, 51, true)]
    public void A_pod_is_silent_after_two_heartbeats_in_which_the_gateway_listened(int listeningSinceMinute, int nowMinute, bool silent) =>
        Assert.Equal(silent, AlertRules.IsSilent(Minute(0), Minute(listeningSinceMinute), Minute(nowMinute), Duration.FromMinutes(15)));

    [Fact]
    public void Unknown_values_say_nothing()
    {
        var said = AlertRules.Read(Status(Occupancy.Unknown), Start).Select(e => e.Kind);
        Assert.Equal([AlertKind.Smoke, AlertKind.Sos, AlertKind.Tamper], said);
    }

    [Theory]
    [InlineData(Occupancy.Occupied, 3.9, "holds")]
    [InlineData(Occupancy.Occupied, 4.0, "holds")]
    [InlineData(Occupancy.Occupied, 4.1, "over")]
    [InlineData(Occupancy.Unknown, 3.0, "holds")]
    [InlineData(Occupancy.Free, -5.0, "over")]
    public void A_status_tells_when_cold_is_over_but_never_raises_it(Occupancy occupancy, double celsius, string expected)
    {
        var status = Status(occupancy) with { TemperatureCelsius = celsius };
        var cold = AlertRules.Read(status, Minute(1)).Single(e => e.Kind == AlertKind.Cold);
        Assert.Equal(expected == "holds", cold.Holds);
        Assert.Equal(AlertChange.None, AlertRules.Weigh(null, "pod", cold, Fresh).Change);
        var change = AlertRules.Weigh(Raised(AlertKind.Cold), "pod", cold, Fresh).Change;
        Assert.Equal(expected == "over" ? AlertChange.Ended : AlertChange.None, change);
    }

    [Fact]
    public void A_faulty_sensor_never_ends_an_alarm()
    {
        var status = Status(Occupancy.Occupied) with { TemperatureCelsius = 20, ClimateFault = true };
        Assert.DoesNotContain(AlertRules.Read(status, Start), e => e.Kind == AlertKind.Cold);
    }

    [Fact]
    public void Alarm_frames_keep_kind_number_and_value()
    {
        foreach (var kind in Enum.GetValues<AlarmKind>())
        {
            var read = AlertRules.Read(new AlarmReport("pod", Start, kind, true, 9, 4));
            Assert.Equal((kind.ToString(), true, (int?)9), (read.Kind.ToString(), read.Holds, read.Sequence));
            Assert.Equal(kind is AlarmKind.Cold or AlarmKind.Heat or AlarmKind.Co2 ? 4 : null, read.Value);
        }
    }

    private static Instant Minute(int minute) => Start + Duration.FromMinutes(minute);

    internal static Alert Raised(AlertKind kind) =>
        AlertRules.Weigh(null, "pod", new Evidence(kind, true, null, Start), Fresh).After! with { Id = 1 };

    private static PodStatus Status(Occupancy occupancy) => new()
    {
        Occupancy = occupancy,
        Reason = OccupancyReason.Starting,
    };
}
