using System.Text.Json;
using System.Text.Json.Nodes;
using NodaTime;
using Quartier.Gateway.Domain.Alerts;
using Quartier.Gateway.Domain.Shelters;
using Quartier.Gateway.Outputs.Notify;
using Quartier.Gateway.Store.Outbox;
using Quartier.Simulator.Demo;
using Quartier.Tests.Gateway.Outbox;
using Quartier.Wire;
using Xunit;

namespace Quartier.Tests.Gateway.Alerts;

/// <summary>Who is told what and when: the exact list of letters.</summary>
public sealed class NoticeTests
{
    [Fact]
    public async Task A_stay_is_one_quiet_notice_whatever_the_sensors_flap()
    {
        await using var shift = await NightShift.Begin("anna@example.org");
        foreach (var seen in new[] { Occupancy.Occupied, Occupancy.Free, Occupancy.Occupied, Occupancy.Unknown, Occupancy.Occupied, Occupancy.Free, Occupancy.Occupied })
        {
            shift.Status(seen);
            shift.Pass(5);
        }

        Assert.Equal(["Belegt / Occupied – Karlsplatz"], shift.Subjects());
        Assert.False(shift.Letters()[0].Letter.Urgent);
    }

    [Fact]
    public async Task The_next_night_is_the_next_notice()
    {
        await using var shift = await NightShift.Begin("anna@example.org");
        shift.Status(Occupancy.Occupied);
        for (var i = 0; i < 8; i++)
        {
            shift.Pass(10);
            shift.Status(Occupancy.Free);
        }

        shift.Status(Occupancy.Occupied);
        Assert.Equal(["Belegt / Occupied – Karlsplatz", "Belegt / Occupied – Karlsplatz"], shift.Subjects());
        Assert.Equal(2, shift.Letters().Select(letter => letter.Message.Key).Distinct().Count());
    }

    [Fact]
    public async Task Smoke_is_told_at_once_to_everybody_and_again_until_somebody_acknowledges()
    {
        await using var shift = await NightShift.Begin("anna@example.org", "ben@example.org");
        shift.Alarm(AlarmKind.Smoke);
        Assert.Equal(2, shift.Letters().Count);
        Assert.All(shift.Letters(), letter => Assert.Equal((OutboxState.Sent, true), (letter.Message.State, letter.Letter.Urgent)));

        shift.Pass(2);
        shift.Pass(4);
        Assert.Equal(6, shift.Letters().Count);
        Assert.Equal("ALARM Rauch / Smoke – Karlsplatz (3.)", shift.Subjects().Last());

        var id = shift.Store.Read(AlertsTable.Open).Single().Id;
        shift.Store.Write(db => AlertCases.Acknowledge(db, id, "anna", shift.Clock.Now));
        for (var i = 0; i < 10; i++)
        {
            shift.Pass(15);
        }

        Assert.DoesNotContain(shift.Subjects().Skip(6), subject => subject.StartsWith("ALARM", StringComparison.Ordinal));
    }

    /// <summary>Somebody stood in front of the console when the smoke came: the colleagues learn of it all the same.</summary>
    [Theory]
    [InlineData(false, "ALARM Rauch / Smoke – Karlsplatz: anna kümmert sich / takes care")]
    [InlineData(true, "Abgeschlossen / closed: Rauch / Smoke – Karlsplatz (anna)")]
    public void The_first_notice_leaves_also_when_the_case_was_taken_or_closed_in_the_second_before(bool closed, string subject)
    {
        using var room = new Mailroom();
        var settings = Settings(room, new NotifyOptions { Team = ["anna@example.org", "ben@example.org"], Webhook = Chat });
        Raise(room, AlarmKind.Smoke);
        room.Store.Write(db => { _ = closed ? AlertCases.Resolve(db, 1, "anna", room.Clock.Now)!.Value.Case : AlertCases.Acknowledge(db, 1, "anna", room.Clock.Now)!.Value.Case; });
        Step(room, settings);
        Step(room, settings);
        Assert.Equal([subject, subject], Letters(room).Select(letter => letter.Subject));
        Assert.All(Letters(room), letter => Assert.DoesNotContain("quartier-link", letter.Text));
        Assert.Contains("anna kümmert sich seit 21.11. 23:00.", Letters(room)[0].Text);
        Assert.Equal(["raised", closed ? "over" : "acknowledged"], Events(room).Select(happened => happened.What));
    }

    [Fact]
    public void When_somebody_takes_a_case_everybody_who_was_told_learns_it_by_the_channel_that_told_them()
    {
        using var room = new Mailroom();
        var settings = Settings(room, new NotifyOptions { Team = ["anna@example.org", "ben@example.org"], Webhook = Chat });
        Raise(room, AlarmKind.Smoke);
        Step(room, settings);
        room.Store.Write(db => AlertCases.Acknowledge(db, 1, "anna", room.Clock.Now));
        var smaller = settings with { Recipients = ["anna@example.org"] };
        Step(room, smaller);
        Step(room, smaller);
        var taken = Letters(room).Skip(2).ToList();
        Assert.Equal(["anna@example.org", "ben@example.org"], taken.Select(letter => letter.To).Order());
        Assert.All(taken, letter => Assert.Equal("Übernommen / taken: Rauch / Smoke – Karlsplatz (anna)", letter.Subject));
        Assert.All(taken, letter => Assert.False(letter.Urgent));
        Assert.Equal(
            [("raised", "ALARM Rauch / Smoke – Karlsplatz"), ("acknowledged", "Übernommen / taken: Rauch / Smoke – Karlsplatz (anna)")], Events(room));
    }

    [Fact]
    public void A_second_call_for_help_that_somebody_takes_before_its_notice_left_is_told_as_a_call()
    {
        using var room = new Mailroom();
        var settings = Settings(room, new NotifyOptions { Team = ["ben@example.org"] });
        Raise(room, AlarmKind.Sos);
        Step(room, settings);
        room.Store.Write(db => AlertCases.Acknowledge(db, 1, "anna", room.Clock.Now));
        Step(room, settings);
        room.Clock.Pass(Duration.FromMinutes(5));
        Raise(room, AlarmKind.Sos, number: 2);
        room.Store.Write(db => AlertCases.Acknowledge(db, 1, "anna", room.Clock.Now));
        Step(room, settings);
        Assert.Equal("ALARM neu / new: Notruf / SOS – Karlsplatz: anna kümmert sich / takes care", Letters(room)[^1].Subject);
    }

    [Fact]
    public void A_second_fire_says_that_it_is_new_rings_again_and_is_repeated_as_often_as_a_first()
    {
        using var room = new Mailroom();
        var settings = Settings(room, new NotifyOptions { Team = ["ben@example.org"], Webhook = Chat });
        Raise(room, AlarmKind.Smoke);
        foreach (var minutes in new[] { 0, 2, 4, 8 })
        {
            room.Clock.Pass(Duration.FromMinutes(minutes));
            Step(room, settings);
        }

        room.Store.Write(db => AlertCases.Acknowledge(db, 1, "anna", room.Clock.Now));
        Step(room, settings);
        room.Clock.Pass(Duration.FromMinutes(10));
        Raise(room, AlarmKind.Smoke, number: 2);
        Step(room, settings);
        Assert.Equal("ALARM neu / new: Rauch / Smoke – Karlsplatz", Letters(room)[^1].Subject);
        Assert.Equal(room.Clock.Now + AlertRules.RepeatAfter[0], room.Store.Read(db => AlertsTable.Find(db, 1))!.NextNoticeAt);

        // Nothing has left: no repetition stands behind the call, but the second fire does.
        Assert.Equal(["raised", "acknowledged", "raised"], Events(room).Select(happened => happened.What));
    }

    [Fact]
    public void That_a_case_is_taken_is_told_also_where_the_call_is_still_on_its_way()
    {
        using var room = new Mailroom();
        var settings = Settings(room, new NotifyOptions { Team = ["ben@example.org"], Smtp = new SmtpOptions { Host = "mail.invalid", From = "n@example.org" } });
        Raise(room, AlarmKind.Smoke);
        Step(room, settings);
        room.Store.Write(db => AlertCases.Acknowledge(db, 1, "anna", room.Clock.Now));
        Step(room, settings);
        Assert.Equal(["ALARM Rauch / Smoke – Karlsplatz", "Übernommen / taken: Rauch / Smoke – Karlsplatz (anna)"], Letters(room).Select(letter => letter.Subject));
    }

    [Fact]
    public async Task Silence_is_told_once_thinly_and_closes_no_alarm()
    {
        await using var shift = await NightShift.Begin("anna@example.org");
        shift.Status(Occupancy.Free, smoke: true);
        var smoke = shift.Store.Read(AlertsTable.Open).Single();
        shift.Store.Write(db => AlertCases.Acknowledge(db, smoke.Id, "anna", shift.Clock.Now));
        shift.Pass(29);
        string[] told = ["ALARM Rauch / Smoke – Karlsplatz", "Übernommen / taken: Rauch / Smoke – Karlsplatz (anna)"];
        Assert.Equal(told, shift.Subjects());
        for (var i = 0; i < 20; i++)
        {
            shift.Pass(15);
        }

        Assert.Equal([.. told, "Meldet sich nicht / Not heard – Karlsplatz"], shift.Subjects());
        Assert.Contains(shift.Store.Read(AlertsTable.Open), alert => alert.Kind == AlertKind.Smoke);

        shift.Status(Occupancy.Unknown);
        Assert.Equal("Vorbei / over: Meldet sich nicht / Not heard – Karlsplatz", shift.Subjects().Last());
        Assert.Single(shift.Store.Read(AlertsTable.Open));
    }

    [Fact]
    public async Task Cold_that_is_over_says_so_and_stops()
    {
        await using var shift = await NightShift.Begin("anna@example.org");
        shift.Alarm(AlarmKind.Cold);
        shift.Alarm(AlarmKind.Cold, active: false);
        shift.Pass(11);
        shift.Alarm(AlarmKind.Cold, active: false);
        Assert.Equal("Vorbei / over: Kälte / Cold – Karlsplatz", shift.Subjects().Last());
        var count = shift.Letters().Count;
        shift.Pass(20);
        Assert.Equal(count, shift.Letters().Count);
    }

    [Fact]
    public void A_channel_that_is_down_gets_no_pile_of_repetitions()
    {
        using var room = new Mailroom();
        var settings = Settings(room, new NotifyOptions { Smtp = new SmtpOptions { Host = "mail.invalid", From = "n@example.org" }, Team = ["anna@example.org"] });
        Raise(room, AlarmKind.Smoke);
        for (var i = 0; i < 10; i++)
        {
            Step(room, settings);
            room.Clock.Pass(Duration.FromMinutes(15));
        }

        Assert.Single(room.Store.Read(db => OutboxTable.OfSubjectsBeginning(db, "alert-1/anna")));
    }

    [Fact]
    public async Task Letters_hold_no_link_that_works_and_the_store_nothing_to_make_one_from()
    {
        await using var shift = await NightShift.Begin("anna@example.org");
        shift.Alarm(AlarmKind.Smoke);
        var path = shift.Link("anna@example.org");
        var mac = path.Split('.')[^1];
        Assert.Equal(43, mac.Length);
        Assert.DoesNotContain(mac, shift.Letters()[0].Message.Payload);
        Assert.DoesNotContain("Ostseite", shift.Letters()[0].Letter.Subject + shift.Letters()[0].Letter.Text);
        Assert.DoesNotContain("Mitte", shift.Letters()[0].Letter.Subject);
    }

    [Fact]
    public async Task Stays_and_letters_are_forgotten_after_two_weeks_and_alarms_are_not()
    {
        await using var shift = await NightShift.Begin("anna@example.org");
        shift.Alarm(AlarmKind.Smoke);
        shift.Store.Write(db => AlertCases.Resolve(db, 1, "anna", shift.Clock.Now));
        shift.Status(Occupancy.Occupied);
        shift.Status(Occupancy.Free);
        shift.Pass(30);
        shift.Status(Occupancy.Free);
        Assert.Equal(2, shift.Store.Read(db => AlertsTable.Closed(db, 9)).Count);
        shift.Clock.Pass(Duration.FromDays(15));
        shift.Tick();
        Assert.Equal([AlertKind.Smoke], shift.Store.Read(db => AlertsTable.Closed(db, 9)).Select(alert => alert.Kind));
        Assert.DoesNotContain(shift.Subjects(), subject => subject.StartsWith("Belegt", StringComparison.Ordinal));
    }

    /// <summary>Goal: a crash loses no alarm and tells nobody twice under two keys. Method: the timer's transaction
    /// fails just before its commit, again and again; the next tick makes good.</summary>
    [Fact]
    public void A_failure_while_people_are_being_told_changes_nothing_and_the_next_tick_tells_them_once()
    {
        using var room = new Mailroom();
        var settings = Settings(room, new NotifyOptions { Team = ["anna@example.org", "ben@example.org"] });
        Raise(room, AlarmKind.Sos);
        for (var n = 0; n < 3; n++)
        {
            Assert.ThrowsAny<InvalidOperationException>(() => room.Store.Write(db =>
            {
                AlertNotices.Tell(db, settings, 1, room.Clock.Now);
                throw new InvalidOperationException("the power fails before the commit");
            }));
            Assert.Empty(room.Store.Read(db => OutboxTable.Latest(db, 9)));
        }

        Step(room, settings);
        Step(room, settings);
        Assert.Equal(["alert-1/ben@example.org", "alert-1/anna@example.org"], room.Store.Read(db => OutboxTable.Latest(db, 9)).Select(message => message.Subject));
    }

    private static AlertSettings Settings(Mailroom room, NotifyOptions notify) =>
        notify.Of(new AlertSettings("urn:quartier", Duration.FromMinutes(15), room.Clock.Now, Duration.FromDays(14)), keepsLetters: true);

    private static readonly WebhookOptions Chat = new() { Url = "https://alarm.example.org/", Secret = "sixteen or more signs" };

    private static void Raise(Mailroom room, AlarmKind kind, int number = 1) => room.Store.Write(db =>
    {
        if (number == 1)
        {
            DemoQuarter.SeedDevices(db, room.Clock.Now);
        }

        AlertCases.Take(db, new AlarmReport(NightShift.Pod, room.Clock.Now, kind, true, number, 0));
    });

    private static void Step(Mailroom room, AlertSettings settings) => room.Store.Write(db =>
    {
        foreach (var id in AlertsTable.NoticeDue(db, room.Clock.Now))
        {
            AlertNotices.Tell(db, settings, id, room.Clock.Now);
        }
    });

    private static IReadOnlyList<Mail> Letters(Mailroom room) =>
        [.. Sent(room).Where(message => message.Channel != ChannelNames.Team).Select(message => JsonSerializer.Deserialize<Mail>(message.Payload)!)];

    private static IEnumerable<(string What, string Text)> Events(Mailroom room) =>
        from message in Sent(room)
        where message.Channel == ChannelNames.Team
        let happened = JsonNode.Parse(message.Payload)!
        select (happened["type"]!.ToString()["de.quartier.alert.".Length..], happened["data"]!["text"]!.ToString());

    private static IEnumerable<OutboxMessage> Sent(Mailroom room) => room.Store.Read(db => OutboxTable.Latest(db, 100)).Reverse();
}
