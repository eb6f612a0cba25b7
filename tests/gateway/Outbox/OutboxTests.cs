using NodaTime;
using Quartier.Gateway.Store.Outbox;
using Quartier.Tests.Support;
using Xunit;

namespace Quartier.Tests.Gateway.Outbox;

public sealed class OutboxTests : IDisposable
{
    private static readonly SendResult NoAnswer = new(SendOutcome.Failed, "no answer");

    private readonly Mailroom room = new();

    public void Dispose() => room.Dispose();

    [Fact]
    public void A_key_is_kept_once_per_channel()
    {
        Assert.True(room.Add("a"));
        Assert.False(room.Add("a"));
        Assert.True(room.Add("a", channel: "webhook"));
        Assert.Equal(1, Sent());
        Assert.Equal(["a"], room.Channel.Received);
    }

    [Fact]
    public void What_is_sent_is_sent_once_and_written_down()
    {
        room.Add("a");
        Assert.Equal(1, room.Pump().Round());
        Assert.Equal(0, room.Pump().Round());
        var message = room.Find("a");
        Assert.Equal((OutboxState.Sent, (Instant?)room.Clock.Now, 1), (message.State, message.SentAt, message.Attempts));
        var attempt = Assert.Single(room.Store.Read(db => OutboxTable.Attempts(db, message.Position)));
        Assert.Equal((SendOutcome.Accepted, "ok"), (attempt.Result, attempt.Note));
    }

    [Fact]
    public void A_failure_waits_longer_each_time_and_holds_up_its_own_subject_only()
    {
        room.Channel.Answer = message => message.Key == "a1" ? NoAnswer : new SendResult(SendOutcome.Accepted, "ok");
        room.Add("a1", "a");
        room.Add("a2", "a");
        room.Add("b1", "b");
        room.Pump().Round();
        Assert.Equal(["b1"], room.Channel.Received);
        Assert.Equal(room.Clock.Now + OutboxRules.Delay("a1", 1), room.Store.Read(OutboxTable.NextDue));

        room.Clock.Pass(OutboxRules.Delay("a1", 1));
        room.Pump().Round();
        Assert.Equal(room.Clock.Now + OutboxRules.Delay("a1", 2), room.Find("a1").DueAt);

        room.Channel.Answer = _ => new SendResult(SendOutcome.Accepted, "ok");
        room.Clock.Pass(OutboxRules.LongestDelay);
        room.Pump().Round();
        Assert.Equal(["b1", "a1", "a2"], room.Channel.Received);
    }

    [Fact]
    public void A_refused_message_is_dead_visible_lets_others_pass_and_can_be_replayed()
    {
        room.Channel.Answer = message => message.Key == "a1" ? new SendResult(SendOutcome.Refused, "550 no such user") : new SendResult(SendOutcome.Accepted, "ok");
        room.Add("a1", "a");
        room.Add("a2", "a");
        room.Pump().Round();
        var dead = Assert.Single(room.Store.Read(OutboxTable.Dead));
        Assert.Equal(("a1", "550 no such user"), (dead.Key, dead.LastError));
        Assert.Equal(["a2"], room.Channel.Received);

        room.Channel.Answer = _ => new SendResult(SendOutcome.Accepted, "ok");
        Assert.True(room.Store.Write(db => OutboxTable.Replay(db, dead.Position, room.Clock.Now)));
        Assert.False(room.Store.Write(db => OutboxTable.Replay(db, dead.Position, room.Clock.Now)));
        room.Pump().Round();
        Assert.Equal(["a2", "a1"], room.Channel.Received);
    }

    [Fact]
    public void A_channel_that_never_answers_ends_in_a_dead_letter_after_three_days()
    {
        room.Channel.Answer = _ => NoAnswer;
        room.Add("a");
        var began = room.Clock.Now;
        while (room.Find("a").State == OutboxState.Waiting)
        {
            room.Clock.Pass(room.Find("a").DueAt - room.Clock.Now);
            room.Pump().Round();
        }

        Assert.InRange((room.Clock.Now - began).TotalHours, 72, 72.2);
        Assert.InRange(room.Find("a").Attempts, 700, 1200);
    }

    [Fact]
    public void A_channel_that_is_not_configured_keeps_its_messages()
    {
        room.Add("a", channel: "planning");
        room.Pump().Round();
        Assert.Contains("not configured", room.Find("a").LastError);
        Assert.Equal(OutboxState.Waiting, room.Find("a").State);
    }

    [Fact]
    public void Only_finished_messages_are_forgotten()
    {
        room.Store.Write(db =>
        {
            OutboxTable.Add(db, new NewMessage("mail", "s", "gone", "", room.Clock.Now, room.Clock.Now + Duration.FromDays(14)), room.Clock.Now);
            OutboxTable.Add(db, new NewMessage("planning", "s", "waits", "", room.Clock.Now, room.Clock.Now + Duration.FromDays(14)), room.Clock.Now);
        });
        room.Add("kept");
        room.Pump().Round();
        room.Clock.Pass(Duration.FromDays(14));
        room.Store.Write(db => OutboxTable.Forget(db, room.Clock.Now));
        Assert.Equal(["kept", "waits"], room.Store.Read(db => OutboxTable.Latest(db, 9)).Select(message => message.Key));
    }

    /// <summary>Goal: never lost, and never twice but under the same key. Method: end the process after the n-th step, for every n,
    /// start again on what is on the disk, until everything is sent.</summary>
    [Fact]
    public void A_crash_after_any_step_loses_nothing_and_repeats_only_a_key()
    {
        const int Messages = 4;
        var crashes = 0;
        for (var n = 1; ; n++)
        {
            using var each = new Mailroom();
            for (var i = 0; i < Messages; i++)
            {
                each.Add($"{i}", subject: $"{i % 2}");
            }

            var steps = 0;
            var crashed = RunsInto(() => each.Pump((_, _) => CrashAt(++steps, n)).Round());
            each.Restart();
            each.Pump().PutBackUnfinished();
            each.Pump().Round();

            Assert.Equal(["0", "1", "2", "3"], each.Channel.Received.Distinct().Order());
            Assert.InRange(each.Channel.Received.Count, Messages, Messages + 1);
            Assert.True(each.Channel.Received.IndexOf("0") < each.Channel.Received.IndexOf("2"), "order within subject 0");
            Assert.All(each.Store.Read(db => OutboxTable.Latest(db, 9)), message => Assert.Equal(OutboxState.Sent, message.State));
            crashes += crashed ? 1 : 0;
            if (!crashed)
            {
                break;
            }
        }

        Assert.Equal(Messages * 3, crashes);
    }

    [Fact]
    public void An_interrupted_attempt_stays_visible_as_one_whose_outcome_nobody_knows()
    {
        room.Add("a");
        Assert.True(RunsInto(() => room.Pump((step, _) => CrashAt(step == PumpStep.Sent ? 1 : 0, 1)).Round()));
        room.Restart();
        room.Pump().PutBackUnfinished();
        room.Pump().Round();
        var results = room.Store.Read(db => OutboxTable.Attempts(db, room.Find("a").Position)).Select(attempt => attempt.Result);
        Assert.Equal([null, SendOutcome.Accepted], results);
    }

    [Fact]
    public async Task The_running_pump_sends_side_by_side_and_says_when_to_come_again()
    {
        room.Channel.Answer = message => message.Key == "9" ? NoAnswer : new SendResult(SendOutcome.Accepted, "ok");
        for (var i = 0; i < 40; i++)
        {
            room.Add($"{i}", subject: $"{i % 10}");
        }

        var next = await room.Pump().RoundAsync("mail", CancellationToken.None);
        Assert.Equal(room.Clock.Now + OutboxRules.Delay("9", 1), next);
        Assert.Equal(36, room.Channel.Received.Count);
        for (var subject = 0; subject < 9; subject++)
        {
            Assert.Equal(
                Enumerable.Range(0, 4).Select(i => $"{(i * 10) + subject}"),
                room.Channel.Received.Where(key => int.Parse(key) % 10 == subject));
        }
    }

    [Fact]
    public void Random_faults_never_lose_reorder_or_duplicate()
    {
        var gen = new Gen(7);
        room.Channel.Answer = _ => gen.Chance(400) ? NoAnswer : new SendResult(SendOutcome.Accepted, "ok");
        for (var i = 0; i < 60; i++)
        {
            room.Add($"{i:00}", subject: $"{i % 5}");
            room.Pump().Round();
            room.Clock.Pass(Duration.FromSeconds(gen.Next(30)));
        }

        while (room.Store.Read(OutboxTable.NextDue) is { } due)
        {
            room.Clock.Pass(Duration.Max(due - room.Clock.Now, Duration.Zero));
            room.Pump().Round();
        }

        Assert.Equal(60, room.Channel.Received.Count);
        Assert.All(room.Channel.Received.GroupBy(key => int.Parse(key) % 5), group => Assert.Equal(group.Order(), group));
    }

    private int Sent()
    {
        room.Pump().Round();
        return room.Channel.Received.Count;
    }

    private static void CrashAt(int step, int n)
    {
        if (step == n)
        {
            throw new CrashException();
        }
    }

    private static bool RunsInto(Action work)
    {
        try
        {
            work();
            return false;
        }
        catch (CrashException)
        {
            return true;
        }
    }

    private sealed class CrashException : Exception;
}
