using NodaTime;
using Quartier.Gateway.Domain.Alerts;
using Quartier.Gateway.Domain.Registry;
using Quartier.Gateway.Domain.Shelters;
using Quartier.Gateway.Ingest;
using Quartier.Wire;
using Xunit;

namespace Quartier.Tests.Gateway;

/// <summary>What arrives late or under a wrong time: reports change nothing newer, alarms are heard all the same.</summary>
public sealed class LateReportTests : IDisposable
{
    private static readonly Instant Now = TestStore.Evening;
    private static readonly Duration Heartbeat = Duration.FromMinutes(15);
    private readonly TestStore store = new();

    public LateReportTests() =>
        store.Database.Write(db => RegistryTable.Add(db, Device.New(Uplink.Pod, DeviceKind.Shelter, "Karlsplatz", "", "Mitte", Now)));

    public void Dispose() => store.Dispose();

    [Fact]
    public void A_late_report_does_not_reopen_an_ended_case()
    {
        var raised = AlertRules.Weigh(null, "pod", Cold(true, 0), default).After! with { Id = 1 };
        var ended = AlertRules.Weigh(raised, "pod", Cold(false, 10), default).After!;
        Assert.Equal((ended, AlertChange.None), AlertRules.Weigh(ended, "pod", Cold(true, 8), default));
    }

    [Fact]
    public void A_late_report_of_smoke_opens_no_case_that_a_younger_report_knows_to_be_over()
    {
        Status(Uplink.Free(), counter: 2, minute: 5, sent: 5);
        Status(Smoking(), counter: 1, minute: 6, sent: 1);
        Assert.Empty(Open());
        Assert.Empty(PodWords.Alarms(Pod()));
    }

    [Fact]
    public void A_late_free_ends_no_stay_and_a_late_occupied_begins_none()
    {
        Status(Uplink.Occupied(), counter: 5, minute: 5, sent: 5);
        Status(Uplink.Free(), counter: 4, minute: 6, sent: 3);
        Assert.Equal([AlertKind.Occupied], Open().Select(alert => alert.Kind));
        Assert.Null(Open().Single().EndedAt);
        Assert.Null(store.Database.Read(db => SheltersTable.OpenStay(db, Uplink.Pod))!.EndedAt);
        Status(Uplink.Free(), counter: 6, minute: 50, sent: 50);
        Status(Uplink.Free(), counter: 7, minute: 90, sent: 90);
        Status(Uplink.Occupied(), counter: 3, minute: 91, sent: 2);
        Assert.Empty(Open());
        Assert.Null(store.Database.Read(db => SheltersTable.OpenStay(db, Uplink.Pod)));
    }

    [Fact]
    public void A_late_alarm_is_a_case_at_its_true_time_and_over_where_a_younger_report_says_so()
    {
        Status(Uplink.Free(), counter: 3, minute: 10, sent: 10);
        Alarm(AlarmKind.Smoke, active: true, number: 7, counter: 2, minute: 11, sent: 4);
        var alert = Open().Single();
        Assert.Equal((AlertKind.Smoke, At(4), At(4)), (alert.Kind, alert.RaisedAt, alert.EndedAt));
        Assert.Empty(PodWords.Alarms(Pod()));
        Assert.Equal(alert.Id, Assert.Single(store.Database.Read(db => AlertsTable.NoticeDue(db, At(11)))));
    }

    [Fact]
    public void A_late_alarm_that_no_younger_report_knows_to_be_over_still_holds()
    {
        Status(Uplink.Free(), counter: 1, minute: 0, sent: 0);
        Alarm(AlarmKind.Tamper, active: true, number: 8, counter: 3, minute: 10, sent: 5);
        Alarm(AlarmKind.Smoke, active: true, number: 7, counter: 2, minute: 11, sent: 4);
        Assert.Null(Open().Single(alert => alert.Kind == AlertKind.Smoke).EndedAt);
    }

    [Theory]
    [InlineData(-10_000_000)] // 2007
    [InlineData(-35)] // before the case was closed
    [InlineData(100_000)] // in the future
    public void An_unknown_alarm_number_raises_a_case_whatever_its_clock_says_and_a_known_one_reopens_none(int sent)
    {
        Alarm(AlarmKind.Smoke, active: true, number: 1, counter: 1, minute: 0, sent: 0);
        var first = Open().Single();
        store.Database.Write(db => AlertCases.Resolve(db, first.Id, "anna", At(30), new ClosingWord(Closing.StillReports, "gelöscht")));
        Alarm(AlarmKind.Smoke, active: true, number: 1, counter: 2, minute: 31, sent: 31);
        Assert.Empty(Open());
        Alarm(AlarmKind.Smoke, active: true, number: 2, counter: 3, minute: 32, sent: sent);
        var second = Open().Single();
        Assert.Null(second.EndedAt);
        Assert.Equal(second.Id, Assert.Single(store.Database.Read(db => AlertsTable.NoticeDue(db, At(32))), due => due == second.Id));
    }

    [Fact]
    public void Smoke_in_a_status_calls_though_its_clock_is_half_an_hour_slow()
    {
        Status(Uplink.Free(), counter: 1, minute: 0, sent: 0);
        Status(Smoking(), counter: 2, minute: 5, sent: -25);
        Assert.Equal((AlertKind.Smoke, At(5)), (Open().Single().Kind, Open().Single().RaisedAt));
    }

    [Fact]
    public void A_roof_gateway_half_an_hour_slow_makes_no_pod_silent_or_unknown()
    {
        Status(Uplink.Free(), counter: 1, minute: 0, sent: 0);
        for (var heartbeat = 1; heartbeat <= 6; heartbeat++)
        {
            Status(heartbeat < 4 ? Uplink.Free() : Uplink.Occupied(), counter: heartbeat + 1, minute: heartbeat * 15, sent: (heartbeat * 15) - 30);
            var now = At((heartbeat * 15) + 14);
            Assert.Equal(heartbeat < 4 ? Occupancy.Free : Occupancy.Occupied, ShelterRules.State(Pod().Report, now, Heartbeat).Shown);
            Assert.Empty(store.Database.Read(db => AlertsTable.HeardBefore(db, now - AlertRules.SilentAfter(Heartbeat))));
        }
    }

    [Fact]
    public void A_report_from_the_future_is_not_fresh()
    {
        Status(Uplink.Free(), counter: 1, minute: 0, sent: 0);
        Assert.True(ShelterRules.State(Pod().Report, At(-1), Heartbeat).Fresh);
        Assert.Equal(Occupancy.Unknown, ShelterRules.State(Pod().Report, At(-2), Heartbeat).Shown);
    }

    [Fact]
    public void What_the_network_server_says_of_a_device_is_no_sign_of_its_life()
    {
        Status(Uplink.Free(), counter: 1, minute: 0, sent: 0);
        var log = System.Text.Json.Nodes.JsonNode.Parse($$"""{"deviceInfo":{"devEui":"{{Uplink.Pod}}"},"level":"ERROR","code":"EXPIRED"}""")!;
        store.Accept(Uplink.Envelope(log, At(40), Uplink.Topic(Uplink.Pod, "log")));
        Assert.Equal(At(0), store.Database.Read(db => RegistryTable.Find(db, Uplink.Pod))!.LastContact);
    }

    private static Instant At(int minute) => Now + Duration.FromMinutes(minute);

    private static Evidence Cold(bool holds, int minute) => new(AlertKind.Cold, holds, null, At(minute));

    private static ShelterStatusV1 Smoking()
    {
        var status = Uplink.Free();
        status.Smoke = true;
        return status;
    }

    private void Status(ShelterStatusV1 status, int counter, int minute, int sent) =>
        Assert.Equal(Outcome.Recorded, store.Accept(Uplink.Status(status, counter, At(minute), time: At(sent))).Outcome);

    private void Alarm(AlarmKind kind, bool active, int number, int counter, int minute, int sent) =>
        Assert.Equal(Outcome.Recorded, store.Accept(Uplink.Alarm(kind, active, number, counter, At(minute), time: At(sent))).Outcome);

    private IReadOnlyList<Alert> Open() => store.Database.Read(AlertsTable.Open);

    private Pod Pod() => store.Database.Read(db => SheltersTable.Find(db, Uplink.Pod))!;
}
