using System.Net;
using Dapper;
using NodaTime;
using Quartier.Gateway.Domain.Alerts;
using Quartier.Gateway.Domain.Shelters;
using Quartier.Gateway.Host;
using Quartier.Gateway.Ingest;
using Quartier.Gateway.Outputs.Notify;
using Quartier.Gateway.Outputs.Planning;
using Quartier.Gateway.Pages;
using Quartier.Gateway.Store;
using Quartier.Gateway.Store.Outbox;
using Quartier.Simulator.Demo;
using Quartier.Tests.Gateway.Alerts;
using Quartier.Wire;
using Xunit;

namespace Quartier.Tests.Gateway;

/// <summary>Each duty by itself, alarms first: whatever fails, the alarm is told, and what fails is red until it works again.</summary>
public sealed class DutiesTests : IDisposable
{
    private static readonly Instant Start = Instant.FromUtc(2026, 11, 21, 22, 0);

    private readonly DirectoryInfo folder = StoreFolder.Create("duties");
    private readonly GatewayHealth health = new(TimeProvider.System);
    private Database store;

    public DutiesTests()
    {
        store = Database.Open(folder.FullName, Tables.All, Durability.None);
        store.Write(db => DemoQuarter.SeedDevices(db, Start));
    }

    public void Dispose()
    {
        store.Dispose();
        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("catalogue", "catalogue_state")]
    [InlineData("releases", "occupancy_night")]
    [InlineData("planning", "planning_pushed_services")]
    [InlineData("retention", "refusals")]
    public void A_duty_that_fails_delays_no_alarm_and_is_red_until_it_works_again(string duty, string table)
    {
        store.Write(db => db.Execute($"ALTER TABLE {table} RENAME TO away"));
        Alarm(AlarmKind.Smoke);
        Step(Start);
        Assert.Equal("ALARM Rauch / Smoke – Karlsplatz", Headline());
        Assert.Equal([$"duty {duty}"], health.Red(Start).Select(line => line.Fault.Name));
        Assert.Equal(1, health.Find($"duty {duty}")!.Count);

        // It rests for two seconds, is tried again, counted, and clears when it works.
        Step(Start + Duration.FromSeconds(1));
        Assert.Equal(1, health.Find($"duty {duty}")!.Count);
        Step(Start + Duration.FromSeconds(2));
        Assert.Equal(2, health.Find($"duty {duty}")!.Count);
        store.Write(db => db.Execute($"ALTER TABLE away RENAME TO {table}"));
        Step(Start + Duration.FromSeconds(60));
        Assert.Empty(health.Red(Start));
    }

    [Fact]
    public void One_damaged_line_in_the_journal_of_releases_silences_no_notice()
    {
        store.Write(db => DemoNights.Seed(db, Start));
        File.WriteAllText(Path.Combine(folder.FullName, ReleaseJournal.FileName), "not what was written\n");
        var later = Start + Duration.FromDays(14);
        Alarm(AlarmKind.Smoke, at: later);
        Step(later);
        Assert.Equal("ALARM Rauch / Smoke – Karlsplatz", Headline());
        Assert.NotNull(health.Find("duty releases"));
    }

    [Fact]
    public void A_case_that_cannot_be_read_stands_in_no_other_ones_way()
    {
        Alarm(AlarmKind.Cold);
        store.Write(db => db.Execute("UPDATE alerts SET kind = 'of a later version'"));
        Alarm(AlarmKind.Sos, number: 2);
        Step(Start);
        Assert.Equal("ALARM Notruf / SOS – Karlsplatz", Headline());
        Assert.NotNull(health.Find("duty alarms"));
        Step(Start);
        Assert.Equal(2, health.Find("duty alarms")!.Count);
    }

    [Trait("Store", "own")]
    [Fact]
    public void A_damaged_page_of_raw_messages_is_red_and_silences_no_notice()
    {
        store.Write(db =>
        {
            for (var n = 0; n < 200; n++)
            {
                EventsTable.Add(db, Message($"{n}", new Envelope("t", new byte[400], "test", Start)), Start, Start);
            }
        });
        var root = store.Read(db => db.ExecuteScalar<long>("SELECT rootpage FROM sqlite_master WHERE name = 'events_received'"));
        store.Dispose();
        using (var file = File.OpenWrite(Path.Combine(folder.FullName, "quartier.db")))
        {
            file.Seek((root - 1) * 4096, SeekOrigin.Begin);
            file.Write(Enumerable.Repeat((byte)0xEE, 4096).ToArray());
        }

        store = Database.Open(folder.FullName, Tables.All, Durability.None);
        var later = Start + Duration.FromDays(15);
        Alarm(AlarmKind.Smoke, at: later);
        Step(later);
        Assert.Equal("ALARM Rauch / Smoke – Karlsplatz", Headline());
        Assert.Equal(["duty retention", "store damaged"], health.Red(later).Select(line => line.Fault.Name));
    }

    [Trait("Store", "own")]
    [Fact]
    public void A_full_disk_is_red_until_there_is_room_again()
    {
        Step(Start);
        var most = store.Write(db =>
        {
            var before = db.ExecuteScalar<long>("PRAGMA max_page_count");
            db.Execute($"PRAGMA max_page_count = {db.ExecuteScalar<long>("PRAGMA page_count")}");
            return before;
        });
        var full = false;
        while (!full)
        {
            full = store.Attempt(db => db.Execute("INSERT INTO refusals (at, reason, device, sender, topic, detail, bytes, payload) VALUES (@at, '', '', '', '', '', 0, zeroblob(2000))", new { at = Start.ToMicros() })).IsFaulted;
        }

        Step(Start + Duration.FromSeconds(1));
        Assert.Contains("store", health.Red(Start).Select(line => line.Fault.Name));
        Step(Start + Duration.FromSeconds(2));
        Assert.Contains("store", health.Red(Start).Select(line => line.Fault.Name));

        store.Write(db => db.Execute($"PRAGMA max_page_count = {most}"));
        Step(Start + Duration.FromSeconds(90));
        Assert.Empty(health.Red(Start));
    }

    [Fact]
    public void A_webhook_that_answers_nobody_is_red_until_something_arrives()
    {
        var answer = new SendResult(SendOutcome.Failed, "connection refused");
        var channel = new Outbox.ScriptedChannel(ChannelNames.Team) { Answer = _ => answer };
        var clock = new Outbox.StandingClock(Start);
        var pump = new OutboxPump(store, [channel], clock);
        store.Write(db => OutboxTable.Add(db, new NewMessage(channel.Name, "alert-1/webhook", "key", "{}", Start), Start));
        for (var attempt = 0; attempt < 2; attempt++)
        {
            pump.Round();
            clock.Pass(Duration.FromSeconds(10));
        }

        Step(clock.Now);
        var line = Assert.Single(health.Red(clock.Now));
        Assert.Equal(("channel webhook", Start, "/deliveries/1"), (line.Fault.Name, line.Since, line.Fault.Page));
        answer = new SendResult(SendOutcome.Accepted, "200 OK");
        pump.Round();
        Step(clock.Now);
        Assert.Empty(health.Red(clock.Now));
    }

    [Fact]
    public void What_a_channel_gave_up_is_red_for_a_day_or_until_the_case_reached_it_again()
    {
        OutboxMessage Settle(string key, string subject, SendOutcome outcome)
        {
            store.Write(db => OutboxTable.Add(db, new NewMessage("mail", subject, key, "{}", Start), Start));
            var claimed = store.Write(db => OutboxTable.Claim(db, Start, 1))[0];
            store.Write(db => OutboxTable.Record(db, claimed, new SendResult(outcome, "550 no such user"), Start));
            return claimed;
        }

        Settle("1", "alert-1/anna", SendOutcome.Refused);
        Settle("2", "alert-1/ben", SendOutcome.Accepted);
        Assert.Single(store.Read(db => OutboxTable.Failing(db, Start)));
        Assert.Empty(store.Read(db => OutboxTable.Failing(db, Start + Duration.FromHours(25))));
        Settle("3", "alert-1/anna", SendOutcome.Accepted);
        Assert.Empty(store.Read(db => OutboxTable.Failing(db, Start)));
    }

    [Fact]
    public void Nobody_reached_is_not_delivered_and_the_start_page_is_loud()
    {
        var fresh = Options with { KeepsLetters = false, Planning = new PlanningOptions() };
        Alarm(AlarmKind.Sos);
        Duties.Step(store, Start, [], fresh, health);
        new OutboxPump(store, TeamChannels.From(fresh.Notify!, fresh.KeepsLetters, new HttpClient(), TimeProvider.System, payload => payload), TimeProvider.System).Round();
        Duties.Step(store, Start + Duration.FromMinutes(3), [], fresh, health);
        var letter = Assert.Single(store.Read(db => OutboxTable.Latest(db, 9)));
        Assert.Equal((ChannelNames.Nobody, OutboxState.Dead), (letter.Channel, letter.State));
        Assert.Equal("niemand wurde erreicht", CaseWords.Delivery(letter, ReaderLanguage.German));
        Assert.Equal("ALARM Notruf / SOS – Karlsplatz", DeliveriesApi.HeadlineOf(letter));
        Assert.DoesNotContain("quartier-link", letter.Payload);
        Assert.Equal(["notices"], health.Red(Start).Select(line => line.Fault.Name));
    }

    [Fact]
    public void Nothing_is_deleted_or_released_while_a_fault_holds_it_back()
    {
        store.Write(db => EventsTable.Add(db, Message("1", new Envelope("t", [1], "test", Start)), Start, Start));
        var later = Start + Duration.FromDays(15);
        health.Raise(new Fault("clock", "", "", "", "", HoldsBack: true), later);
        Step(later);
        Assert.Equal(1, store.Read(db => db.ExecuteScalar<long>("SELECT COUNT(*) FROM events")));
        health.Clear("clock");
        Step(later);
        Assert.Equal(0, store.Read(db => db.ExecuteScalar<long>("SELECT COUNT(*) FROM events")));
    }

    [Fact]
    public async Task Healthz_says_ok_or_names_what_is_red_and_the_start_page_says_what_to_do()
    {
        await using var shift = await NightShift.Begin("anna@example.org");
        using var anyone = shift.Phone();
        Assert.Equal("ok", await anyone.GetStringAsync("/healthz"));
        // Under a name of its own: a round of the host that was under way would find the duty in order and clear it.
        shift.Health.Raise(Duties.All.Single(duty => duty.Name == "releases").Fault with { Name = "journal" }, shift.Clock.Now);
        var answer = await anyone.GetAsync("/healthz");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("journal: red since 2026-11-21T22:00:00Z\n", await answer.Content.ReadAsStringAsync());

        using var admin = await shift.LogIn("admin");
        Assert.Contains("Die Datei releases.jsonl im Datenordner prüfen", WebUtility.HtmlDecode(await admin.GetStringAsync("/now")));
        admin.DefaultRequestHeaders.Add("Accept-Language", "en");
        Assert.Contains("Check the file releases.jsonl in the data folder", await admin.GetStringAsync("/now/list"));
    }

    [Fact]
    public void Duties_that_stand_still_are_red_by_themselves()
    {
        var time = new Stopwatch();
        var still = new GatewayHealth(time);
        time.Minutes = 1;
        Assert.Empty(still.Red(Start));
        time.Minutes = 3;
        Assert.Equal("duties", Assert.Single(still.Red(Start)).Fault.Name);
        still.Stepped();
        Assert.Empty(still.Red(Start));
    }

    private static Received Message(string key, Envelope envelope) => new(envelope, default, "up", "pod", key, Start, 1, []);

    private void Step(Instant now) => Duties.Step(store, now, [], Options, health);

    private GatewayOptions Options => DemoQuarter.In(new GatewayOptions
    {
        DataDirectory = folder.FullName,
        Notify = new NotifyOptions { Team = ["anna@example.org"] },
        Planning = new PlanningOptions { Webhook = new WebhookOptions { Url = "https://plan.example.org/", Secret = "sixteen or more signs" } },
    });

    private void Alarm(AlarmKind kind, int number = 1, Instant? at = null) =>
        store.Write(db => AlertCases.Take(db, new AlarmReport(NightShift.Pod, at ?? Start, kind, true, number, 0)));

    private string Headline() => DeliveriesApi.HeadlineOf(store.Read(db => OutboxTable.Latest(db, 100)).Last(message => message.Channel == ChannelNames.Mailbox));

    private sealed class Stopwatch : TimeProvider
    {
        public int Minutes { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Minutes * 60;
    }
}
