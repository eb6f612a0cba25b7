using Quartier.Board;
using Quartier.Wire;
using Xunit;

namespace Quartier.Tests.Shelter;

public class AlarmTests
{
    private readonly PodUnderTest pod = new();

    [Fact]
    public void Smoke_goes_out_on_the_very_step()
    {
        pod.Settled();
        var atMs = pod.NowMs;
        pod.SmokeOn = true;
        pod.Pass(1);
        var first = pod.Sent.First(s => s.Port == Ports.ShelterAlarm);
        Assert.Equal(atMs, first.AtMs);
        Assert.True(pod.AlarmsSent().First().Active);
        Assert.True(pod.StatusesSent().Last().Smoke || pod.Sent[^1].Port == Ports.ShelterAlarm);
    }

    [Fact]
    public void An_alarm_is_repeated_with_growing_bounded_pauses_until_it_is_confirmed()
    {
        pod.Settled();
        pod.SmokeOn = true;
        pod.PassMinutes(40);
        var times = pod.Sent.Where(s => s.Port == Ports.ShelterAlarm).Select(s => s.AtMs).ToList();
        var pauses = times.Zip(times.Skip(1), (a, b) => (b - a) / 1000).ToList();
        Assert.Equal([10, 20, 40, 80, 160, 300], pauses.Take(6));
        Assert.All(pauses.Skip(6), p => Assert.Equal(300, p));
        Assert.Single(pod.AlarmsSent().Select(a => a.Sequence).Distinct());

        pod.ConfirmAlarm(pod.AlarmsSent().First().Sequence);
        var before = pod.AlarmsSent().Count();
        pod.PassMinutes(60);
        Assert.Equal(before, pod.AlarmsSent().Count());
        Assert.True(pod.StatusesSent().Last().Smoke);
    }

    [Fact]
    public void The_end_of_a_confirmed_alarm_is_told_until_it_too_is_confirmed()
    {
        pod.Settled();
        pod.SmokeOn = true;
        pod.Pass(2);
        var sequence = pod.AlarmsSent().First().Sequence;
        pod.ConfirmAlarm(sequence);
        pod.PassMinutes(10);
        pod.SmokeOn = false;
        pod.PassMinutes(1);
        Assert.True(pod.AlarmsSent().Count(a => !a.Active && a.Sequence == sequence) >= 3);
        Assert.True(pod.App.Status.Smoke);
        pod.ConfirmAlarm(sequence);
        pod.PassMinutes(1);
        Assert.False(pod.App.Status.Smoke);
    }

    [Fact]
    public void A_late_confirmation_of_the_beginning_does_not_silence_the_end()
    {
        pod.Settled();
        pod.SmokeOn = true;
        pod.Pass(2);
        pod.SmokeOn = false;
        pod.ConfirmAlarm(pod.AlarmsSent().First().Sequence);
        pod.Pass(60);
        Assert.Contains(pod.AlarmsSent(), a => !a.Active);
    }

    [Fact]
    public void Another_alarms_number_confirms_nothing()
    {
        pod.SmokeOn = true;
        pod.Pass(5);
        pod.ConfirmAlarm(pod.AlarmsSent().First().Sequence + 1);
        pod.PassMinutes(2);
        Assert.True(pod.AlarmsSent().Count() > 3);
    }

    [Fact]
    public void Smoke_that_ended_unheard_is_still_told_and_marked_as_over()
    {
        pod.SmokeOn = true;
        pod.Modem = ModemState.Joining;
        pod.PassMinutes(2);
        pod.SmokeOn = false;
        pod.PassMinutes(2);
        pod.Modem = ModemState.Ready;
        pod.Pass(5);
        Assert.False(pod.AlarmsSent().First().Active);
        pod.PassMinutes(200);
        Assert.True(pod.StatusesSent().Last().Smoke);
        pod.ConfirmAlarm(pod.AlarmsSent().First().Sequence);
        pod.Pass(5);
        Assert.False(pod.App.Alarms.Shows(AlarmKind.Smoke));
    }

    [Fact]
    public void The_lamp_tells_a_caller_sent_and_then_confirmed()
    {
        pod.Settled();
        pod.SosOn = true;
        pod.Pass(1);
        pod.SosOn = false;
        pod.PassMinutes(10);
        Assert.Equal(LampSign.Sent, pod.LampShows);
        Assert.All(pod.AlarmsSent(), a => Assert.True(a.Active && a.Kind == AlarmKind.Sos));
        pod.ConfirmAlarm(pod.AlarmsSent().First().Sequence);
        pod.Pass(5);
        Assert.Equal(LampSign.Confirmed, pod.LampShows);
        Assert.True(pod.App.Status.Sos);
        pod.PassMinutes(31);
        Assert.Equal(LampSign.Off, pod.LampShows);
    }

    [Fact]
    public void A_second_call_after_the_confirmation_is_a_new_alarm()
    {
        pod.SosOn = true;
        pod.Pass(1);
        pod.SosOn = false;
        pod.ConfirmAlarm(pod.AlarmsSent().First().Sequence);
        pod.PassMinutes(2);
        pod.SosOn = true;
        pod.Pass(1);
        Assert.Equal(2, pod.AlarmsSent().Select(a => a.Sequence).Distinct().Count());
    }

    [Fact]
    public void An_unconfirmed_call_and_the_numbers_survive_a_reset()
    {
        pod.SosOn = true;
        pod.Pass(1);
        var sequence = pod.AlarmsSent().Last().Sequence;
        var after = new PodUnderTest(pod.Files);
        after.Pass(5);
        Assert.Equal(sequence, after.AlarmsSent().First().Sequence);
        Assert.Equal(LampSign.Sent, after.LampShows);
        after.SmokeOn = true;
        after.Pass(5);
        Assert.Equal(sequence + 1, after.AlarmsSent().First(a => a.Kind == AlarmKind.Smoke).Sequence);
    }

    /// <summary>Deep sleep, a brown-out or the watchdog: the board starts anew and knows what its flash tells it.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_same_smoke_after_a_reset_is_the_same_alarm_and_its_end_is_told(bool confirmedBefore)
    {
        pod.Settled();
        pod.SmokeOn = true;
        pod.Pass(2);
        var sequence = pod.AlarmsSent().First().Sequence;
        if (confirmedBefore)
        {
            pod.ConfirmAlarm(sequence);
            pod.Pass(5);
        }

        var after = new PodUnderTest(pod.Files) { SmokeOn = true };
        after.PassMinutes(1);
        Assert.Equal(confirmedBefore, !after.AlarmsSent().Any());
        Assert.True(after.App.Status.Smoke);
        after.SmokeOn = false;
        after.PassMinutes(3);
        Assert.Contains(after.AlarmsSent(), a => !a.Active);
        Assert.All(after.AlarmsSent(), a => Assert.Equal((AlarmKind.Smoke, sequence), (a.Kind, a.Sequence)));

        after.ConfirmAlarm(sequence);
        after.Pass(5);
        var quiet = new PodUnderTest(after.Files);
        quiet.PassMinutes(10);
        Assert.Empty(quiet.AlarmsSent());
        Assert.False(quiet.App.Status.Smoke);
    }

    [Fact]
    public void A_cold_alarm_keeps_its_degrees_when_the_sensor_is_dead_after_a_reset()
    {
        pod.Settled();
        pod.GoThroughFlap(1);
        (pod.Bolted, pod.CentiCelsius) = (true, -700);
        pod.PassMinutes(1);
        var after = new PodUnderTest(pod.Files) { Bolted = true, People = 1, ClimateStatus = ReadStatus.NoAcknowledge };
        after.PassMinutes(1);
        Assert.All(after.AlarmsSent(), a => Assert.Equal((AlarmKind.Cold, true, -7), (a.Kind, a.Active, a.Value)));
        Assert.NotEmpty(after.AlarmsSent());
    }

    [Fact]
    public void Smoke_that_ended_while_the_board_was_down_is_told_as_over()
    {
        pod.SmokeOn = true;
        pod.Pass(2);
        var after = new PodUnderTest(pod.Files);
        after.PassMinutes(3);
        var told = after.AlarmsSent().ToList();
        Assert.True(told[0].Active);
        Assert.False(told[^1].Active);
        Assert.Single(told.Select(a => a.Sequence).Distinct());
    }

    [Fact]
    public void A_contact_that_chatters_for_an_hour_is_one_alarm()
    {
        pod.Settled();
        pod.Sent.Clear();
        for (var i = 0; i < 360; i++)
        {
            pod.TamperOn = i % 2 == 0;
            pod.Pass(10);
        }

        Assert.Single(pod.AlarmsSent().Select(a => a.Sequence).Distinct());
        Assert.InRange(pod.AlarmsSent().Count(), 2, 20);
    }

    [Fact]
    public void Smoke_goes_before_every_other_alarm_that_waits()
    {
        pod.Modem = ModemState.Busy;
        pod.TamperOn = true;
        pod.Pass(30);
        pod.SosOn = true;
        pod.Pass(30);
        pod.SmokeOn = true;
        pod.Pass(5);
        pod.Modem = ModemState.Ready;
        pod.Pass(3);
        Assert.Equal([AlarmKind.Smoke, AlarmKind.Sos, AlarmKind.Tamper], pod.AlarmsSent().Take(3).Select(a => a.Kind));
    }

    [Fact]
    public void A_switch_that_cannot_be_read_ends_no_alarm()
    {
        pod.TamperOn = true;
        pod.Pass(2);
        pod.ContactStatus = ReadStatus.NoAcknowledge;
        pod.PassMinutes(10);
        Assert.All(pod.AlarmsSent(), a => Assert.True(a.Active));
        Assert.True(pod.App.Status.Tamper);
    }

    /// <summary>A power cut may leave any prefix of the file being written; a number goes on the air only after its file is whole.</summary>
    [Fact]
    public void A_torn_write_never_gives_a_number_out_twice()
    {
        pod.SmokeOn = true;
        pod.Pass(5);
        pod.TamperOn = true;
        pod.Pass(30);
        var newest = pod.Files.MaxBy(f => Convert.ToHexString(f.Value[..4]));
        Assert.Equal(2, pod.Files.Count);
        for (var kept = 0; kept < newest.Value.Length; kept++)
        {
            var files = pod.Files.ToDictionary(f => f.Key, f => f.Value);
            files[newest.Key] = newest.Value[..kept];
            var after = new PodUnderTest(files) { SmokeOn = true, TamperOn = true };
            after.Pass(5);
            Assert.Equal([(AlarmKind.Smoke, 1), (AlarmKind.Tamper, 2)], after.AlarmsSent().Take(2).Select(a => (a.Kind, a.Sequence)));
        }
    }

    [Fact]
    public void Cold_alarms_with_a_person_inside_and_not_in_an_empty_pod()
    {
        pod.Settled();
        pod.CentiCelsius = -700;
        pod.PassMinutes(10);
        Assert.Empty(pod.AlarmsSent());
        pod.GoThroughFlap(1);
        pod.Bolted = true;
        pod.PassMinutes(1);
        var alarm = pod.AlarmsSent().First();
        Assert.Equal((AlarmKind.Cold, -7), (alarm.Kind, alarm.Value));
    }

    [Theory]
    [InlineData(AlarmKind.Heat)]
    [InlineData(AlarmKind.Co2)]
    [InlineData(AlarmKind.Tamper)]
    public void Every_danger_has_its_alarm(AlarmKind kind)
    {
        pod.GoThroughFlap(1);
        pod.Bolted = true;
        pod.CentiCelsius = kind == AlarmKind.Heat ? 4100 : 2000;
        pod.AirChangesPerHour = kind == AlarmKind.Co2 ? 0.5 : 6;
        pod.TamperOn = kind == AlarmKind.Tamper;
        pod.PassMinutes(45);
        Assert.Equal(kind, pod.AlarmsSent().First().Kind);
    }

    [Fact]
    public void Alarms_overtake_reports_and_none_starves()
    {
        pod.Modem = ModemState.Joining;
        pod.SmokeOn = true;
        pod.SosOn = true;
        pod.PassMinutes(5);
        pod.Modem = ModemState.Ready;
        pod.Pass(20);
        Assert.Equal([Ports.ShelterAlarm, Ports.ShelterAlarm, Ports.ShelterStatus], pod.Sent.Take(3).Select(s => s.Port));
    }
}
