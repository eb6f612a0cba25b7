using Quartier.Board;
using Quartier.Shelter;
using Quartier.Wire;
using Xunit;

namespace Quartier.Tests.Shelter;

/// <summary>An alarm that nobody has confirmed is never forgotten, and what is remembered wears out no flash.</summary>
public class UnheardAlarmTests
{
    private readonly PodUnderTest pod = new();

    [Fact]
    public void An_alarm_that_is_over_is_told_until_it_is_confirmed_ever_more_rarely()
    {
        Smoke(minutes: 4);
        pod.PassMinutes(4 * 24 * 60);
        var times = pod.Sent.Where(s => s.Port == Ports.ShelterAlarm).Select(s => s.AtMs / 60000).ToList();
        var pauses = times.Zip(times.Skip(1), (a, b) => (FromMinute: a, Minutes: b - a)).ToList();
        Assert.All(pauses.Where(p => p.FromMinute < 24 * 60), p => Assert.InRange(p.Minutes, 0, 30));
        Assert.All(pauses.Where(p => p.FromMinute > 34 * 60), p => Assert.Equal(360, p.Minutes));
        Assert.InRange(pod.NowMs / 60000 - times[^1], 0, 360);
        Assert.True(pod.StatusesSent().Last().Smoke);

        pod.ConfirmAlarm(pod.AlarmsSent().Last().Sequence);
        pod.Pass(5);
        var count = pod.AlarmsSent().Count();
        pod.PassMinutes(24 * 60);
        Assert.Equal(count, pod.AlarmsSent().Count());
        Assert.False(pod.StatusesSent().Last().Smoke);
    }

    [Fact]
    public void Smoke_during_an_outage_is_told_afterwards_under_its_number_also_when_the_board_was_reset_meanwhile()
    {
        pod.Modem = ModemState.Joining;
        Smoke(minutes: 4);
        pod.PassMinutes(60);
        var after = new PodUnderTest(pod.Files) { Modem = ModemState.Joining };
        after.PassMinutes(180);
        after.Modem = ModemState.Ready;
        after.PassMinutes(1);
        // More than once: the first frame may be lost as well.
        Assert.InRange(after.AlarmsSent().Count(), 2, 6);
        var number = pod.App.Alarms[AlarmKind.Smoke].Sequence;
        Assert.All(after.AlarmsSent(), told => Assert.Equal((AlarmKind.Smoke, false, number), (told.Kind, told.Active, told.Sequence)));
    }

    [Fact]
    public void The_first_and_the_newest_unconfirmed_alarm_are_kept_and_those_between_are_counted_over_a_reset()
    {
        for (var fire = 0; fire < 4; fire++)
        {
            Smoke(minutes: 2);
        }

        pod.SmokeOn = true;
        pod.Pass(5);
        var after = new PodUnderTest(pod.Files) { SmokeOn = true };
        after.Pass(10);
        var first = pod.AlarmsSent().First().Sequence;
        Assert.Equal([(true, first + 4), (false, first)], after.AlarmsSent().Take(2).Select(a => (a.Active, a.Sequence)));
        Assert.Equal(3, after.App.Alarms.Between(AlarmKind.Smoke));

        after.ConfirmAlarm(first);
        after.ConfirmAlarm(first + 4);
        after.Pass(5);
        after.Sent.Clear();
        after.PassMinutes(120);
        Assert.Empty(after.AlarmsSent());
        Assert.Equal(0, after.App.Alarms.Between(AlarmKind.Smoke));
        Assert.False(after.App.Alarms.First(AlarmKind.Smoke).Open);
    }

    [Fact]
    public void An_alarm_whose_number_was_confirmed_is_not_kept_when_the_next_one_begins_before_its_end_was_heard()
    {
        pod.SmokeOn = true;
        pod.Pass(5);
        pod.ConfirmAlarm(pod.AlarmsSent().First().Sequence);
        pod.SmokeOn = false;
        pod.PassMinutes(2);
        pod.SmokeOn = true;
        pod.Pass(30);
        Assert.False(pod.App.Alarms.First(AlarmKind.Smoke).Open);
        Assert.Equal(2, pod.AlarmsSent().Select(a => a.Sequence).Distinct().Count());
    }

    /// <summary>The confirmation comes after the contact went quiet and before a frame could say so.</summary>
    [Fact]
    public void A_confirmed_beginning_does_not_close_an_end_that_was_not_told_yet()
    {
        pod.SmokeOn = true;
        pod.Pass(2);
        pod.Modem = ModemState.Busy;
        pod.SmokeOn = false;
        pod.PassMinutes(2);
        Assert.False(pod.App.Alarms[AlarmKind.Smoke].Active);
        pod.ConfirmAlarm(pod.AlarmsSent().First().Sequence);
        pod.Pass(5);
        pod.Modem = ModemState.Ready;
        pod.PassMinutes(1);
        Assert.Contains(pod.AlarmsSent(), a => !a.Active);
    }

    [Fact]
    public void Only_the_confirmations_own_FPort_confirms()
    {
        pod.SmokeOn = true;
        pod.Pass(2);
        for (var port = 1; port <= 223; port++)
        {
            if (port != Ports.AlarmConfirmation)
            {
                pod.ConfirmAlarm(pod.AlarmsSent().First().Sequence, port);
            }
        }

        pod.Pass(5);
        Assert.True(pod.App.Alarms[AlarmKind.Smoke].Open);
        pod.ConfirmAlarm(pod.AlarmsSent().First().Sequence);
        pod.Pass(5);
        Assert.False(pod.App.Alarms[AlarmKind.Smoke].Open);
    }

    [Fact]
    public void Flash_is_written_when_an_alarm_begins_is_confirmed_ends_and_is_confirmed_again_and_never_else()
    {
        pod.Settled();
        pod.PassMinutes(60);
        Assert.Equal(0, pod.FlashWrites);
        foreach (var written in new[] { 2, 4 })
        {
            pod.SmokeOn = !pod.SmokeOn;
            pod.PassMinutes(30);
            pod.ConfirmAlarm(pod.AlarmsSent().Last().Sequence);
            pod.PassMinutes(30);
            Assert.Equal(written, pod.FlashWrites);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_idle_step_allocates_nothing(bool smokeBurns)
    {
        pod.KeepsSent = false;
        pod.Settled();
        pod.SmokeOn = smokeBurns;
        pod.PassMinutes(1);
        pod.ConfirmAlarm(pod.App.Alarms[AlarmKind.Smoke].Sequence);
        pod.PassMinutes(10);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var step = 1; step <= 500; step++)
        {
            pod.App.Step(pod.NowMs + step);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    /// <summary>A pod in the field is flashed with this version: its file ends before the first unconfirmed alarms.</summary>
    [Fact]
    public void A_file_of_the_version_before_is_read()
    {
        pod.SosOn = true;
        pod.Pass(2);
        var flash = (IFlash)pod;
        var buffer = new byte[64];
        var newest = new Quartier.Provisioning.SafeFile(flash, "alarms", 50);
        Assert.True(newest.TryLoad(buffer, out var length));
        Assert.Equal(50, length);
        newest.Save(buffer, 26);
        var after = new PodUnderTest(pod.Files);
        after.Pass(5);
        Assert.Equal(pod.AlarmsSent().First().Sequence, after.AlarmsSent().First().Sequence);
    }

    [Fact]
    public void A_pod_that_lost_its_memory_does_not_begin_with_the_numbers_that_the_gateway_knows()
    {
        var numbers = new HashSet<int>();
        foreach (var minutes in new[] { 1, 7, 60 })
        {
            var fresh = new PodUnderTest();
            fresh.PassMinutes(minutes);
            fresh.SmokeOn = true;
            fresh.Pass(2);
            Assert.True(numbers.Add(fresh.AlarmsSent().First().Sequence));
        }
    }

    private void Smoke(int minutes)
    {
        pod.SmokeOn = true;
        pod.PassMinutes(minutes);
        pod.SmokeOn = false;
        pod.PassMinutes(1);
    }
}
