using System.Text.Json;
using NodaTime;
using Quartier.Gateway.Domain.Registry;
using Quartier.Gateway.Domain.Shelters;
using Quartier.Gateway.Ingest;
using Quartier.Gateway.Store;
using Quartier.Wire;
using Xunit;

namespace Quartier.Tests.Gateway;

/// <summary>What a pod's reports do to the board, the stays and the alarm.</summary>
public sealed class ShelterTests : IDisposable
{
    private static readonly Instant Now = TestStore.Evening;
    private static readonly Duration Heartbeat = Duration.FromMinutes(15);
    private readonly TestStore store = new();

    public ShelterTests() =>
        store.Database.Write(db => RegistryTable.Add(db, Device.New(Uplink.Pod, DeviceKind.Shelter, "Karlsplatz", "", "Mitte", Now)));

    public void Dispose() => store.Dispose();

    [Fact]
    public void Free_is_shown_only_while_the_report_is_younger_than_two_heartbeats()
    {
        store.Accept(Uplink.Status(Uplink.Free(10), 1, Now));
        var report = Pod().Report;
        Assert.Equal(new PodState(Occupancy.Free, true, Now - Duration.FromMinutes(10)), ShelterRules.State(report, Now + Duration.FromMinutes(29), Heartbeat));
        Assert.Equal(new PodState(Occupancy.Unknown, false, Now), ShelterRules.State(report, Now + Duration.FromMinutes(30), Heartbeat));
        Assert.Equal(new PodState(Occupancy.Unknown, false, null), ShelterRules.State(null, Now, Heartbeat));
    }

    [Fact]
    public void A_late_report_does_not_undo_a_younger_one()
    {
        store.Accept(Uplink.Status(Uplink.Occupied(), 2, Now, time: Now));
        store.Accept(Uplink.Status(Uplink.Free(), 1, Now, time: Now - Duration.FromMinutes(20)));
        Assert.Equal(Occupancy.Occupied, Pod().Report!.Status.Occupancy);
        Assert.NotNull(store.Database.Read(db => SheltersTable.OpenStay(db, Uplink.Pod)));
    }

    [Fact]
    public void A_time_in_the_future_is_not_believed()
    {
        store.Accept(Uplink.Status(Uplink.Free(), 1, Now, time: Now + Duration.FromDays(400)));
        Assert.Equal(Now, Pod().Report!.At);
    }

    [Fact]
    public void A_stay_spans_a_brief_unknown_and_belongs_to_the_night_it_began_in()
    {
        var morning = Instant.FromUtc(2026, 11, 23, 1, 30);
        store.Accept(Uplink.Status(Uplink.Occupied(5), 1, morning));
        store.Accept(Uplink.Status(new ShelterStatusV1 { Occupancy = Occupancy.Unknown, Reason = OccupancyReason.Disagree }, 2, morning + Duration.FromHours(1)));
        store.Accept(Uplink.Status(Uplink.Occupied(65), 3, morning + Duration.FromHours(2)));
        store.Accept(Uplink.Status(Uplink.Free(10), 4, morning + Duration.FromHours(6)));
        var stay = Assert.Single(store.Database.Read(db => SheltersTable.Stays(db, new LocalDate(2026, 11, 22), new LocalDate(2026, 11, 22))));
        Assert.Equal((morning - Duration.FromMinutes(5), morning + Duration.FromHours(6) - Duration.FromMinutes(10)), (stay.BeganAt, stay.EndedAt));
    }

    [Fact]
    public void What_the_raw_messages_tell_of_a_pod_expires_with_them()
    {
        var options = new Quartier.Gateway.Host.GatewayOptions { DataDirectory = store.Folder };
        store.Accept(Uplink.Status(Uplink.Occupied(), 1, Now));
        store.Accept(Uplink.Status(Uplink.Free(), 2, Now + Duration.FromHours(8)));
        store.Accept(new Envelope("somewhere/else", [1], "test", Now));
        var health = new Quartier.Gateway.Store.GatewayHealth(TimeProvider.System);
        Quartier.Gateway.Host.Duties.Step(store.Database, Now + Duration.FromDays(13), [], options, health);
        Assert.Single(store.Database.Read(db => SheltersTable.Stays(db, new LocalDate(2026, 11, 1), new LocalDate(2026, 12, 1))));
        Quartier.Gateway.Host.Duties.Step(store.Database, Now + Duration.FromDays(15), [], options, health);
        Assert.Empty(store.Database.Read(db => SheltersTable.Stays(db, new LocalDate(2026, 11, 1), new LocalDate(2026, 12, 1))));
        Assert.Empty(store.Database.Read(db => RefusalsTable.Latest(db, 10)));
        Assert.Equal(1, Assert.Single(store.Database.Read(RefusalsTable.Counts)).Count);
    }

    [Theory]
    [InlineData("2026-11-22T10:59:59Z", 21)]
    [InlineData("2026-11-22T11:00:00Z", 22)]
    [InlineData("2026-11-22T23:30:00Z", 22)]
    [InlineData("2026-11-23T05:00:00Z", 22)]
    public void A_night_runs_from_noon_to_noon_in_Berlin(string moment, int day) =>
        Assert.Equal(new LocalDate(2026, 11, day), ShelterRules.NightOf(NodaTime.Text.InstantPattern.ExtendedIso.Parse(moment).Value));

    [Theory]
    [InlineData(-1, 20)]
    [InlineData(1, 24 * 60 + 20)]
    public void A_confirmation_holds_also_by_the_clock_of_a_network_server_that_is_a_day_ahead_of_ours(int daysAhead, int minutes)
    {
        var effects = new List<Publication>();
        store.Accept(Uplink.Alarm(AlarmKind.Smoke, true, 515, 1, Now, time: Now + Duration.FromDays(daysAhead)), effects: effects);
        using var command = JsonDocument.Parse(Assert.Single(effects).Payload);
        Assert.Equal((Now + Duration.FromMinutes(minutes)).ToDateTimeOffset(), command.RootElement.GetProperty("expiresAt").GetDateTimeOffset());
    }

    [Fact]
    public void An_alarm_is_confirmed_under_its_number_on_the_devices_own_command_topic()
    {
        var effects = new List<Publication>();
        store.Accept(Uplink.Alarm(AlarmKind.Smoke, true, 515, 1, Now), effects: effects);
        var sent = Assert.Single(effects);
        Assert.Equal($"application/{Uplink.Application}/device/{Uplink.Pod}/command/down", sent.Topic);
        Assert.False(sent.Retain);
        using var command = JsonDocument.Parse(sent.Payload);
        Assert.Equal(Uplink.Pod, command.RootElement.GetProperty("devEui").GetString());
        Assert.Equal(11, command.RootElement.GetProperty("fPort").GetInt32());
        Assert.Equal([2, 3], command.RootElement.GetProperty("data").GetBytesFromBase64());
        Assert.Equal((Now + Duration.FromMinutes(20)).ToDateTimeOffset(), command.RootElement.GetProperty("expiresAt").GetDateTimeOffset());
    }

    [Fact]
    public void A_repeated_alarm_is_confirmed_again_but_a_redelivery_is_not()
    {
        var effects = new List<Publication>();
        var first = Uplink.Alarm(AlarmKind.Sos, true, 9, 1, Now);
        store.Accept(first, effects: effects);
        store.Accept(first, effects: effects);
        Assert.Single(effects);
        store.Accept(Uplink.Alarm(AlarmKind.Sos, true, 9, 2, Now), effects: effects);
        Assert.Equal(2, effects.Count);
    }

    [Fact]
    public void Smoke_ends_by_its_own_frame_or_by_a_younger_status_without_it()
    {
        store.Accept(Uplink.Status(Uplink.Free(), 1, Now));
        store.Accept(Uplink.Alarm(AlarmKind.Smoke, true, 1, 2, Now + Duration.FromMinutes(1)));
        store.Accept(Uplink.Alarm(AlarmKind.Cold, true, 2, 3, Now + Duration.FromMinutes(2)));
        Assert.Equal([AlarmKind.Smoke, AlarmKind.Cold], Pod().Alarms);
        store.Accept(Uplink.Status(Uplink.Free(), 4, Now + Duration.FromMinutes(3)));
        Assert.Equal([AlarmKind.Cold], Pod().Alarms);
        store.Accept(Uplink.Alarm(AlarmKind.Cold, false, 3, 5, Now + Duration.FromMinutes(4)));
        Assert.Empty(Pod().Alarms);
    }

    [Fact]
    public void An_alarm_that_comes_before_the_first_status_stands_on_the_board()
    {
        store.Accept(Uplink.Alarm(AlarmKind.Smoke, true, 1, 1, Now));
        var pod = store.Database.Read(db => SheltersTable.Find(db, Uplink.Pod))!;
        Assert.Null(pod.Report);
        Assert.Equal([AlarmKind.Smoke], PodWords.Alarms(pod));
    }

    private Pod Pod()
    {
        var pod = store.Database.Read(db => SheltersTable.Find(db, Uplink.Pod))!;
        Assert.NotNull(pod.Report);
        return pod;
    }
}
