using System.Data.Common;
using System.Globalization;
using Dapper;
using NodaTime;
using Quartier.Gateway.Domain.Alerts;
using Quartier.Gateway.Domain.PodNights;
using Quartier.Gateway.Domain.Shelters;
using Quartier.Gateway.Host;
using Quartier.Gateway.Ingest;
using Quartier.Gateway.Store;
using Quartier.Simulator.Demo;
using Quartier.Wire;
using Xunit;

namespace Quartier.Tests.Gateway;

/// <summary>Somebody sets the gateway's clock in the middle of a night, by a minute or by a year: the same night as without.</summary>
public sealed class ClockStepTests
{
    private const int StepMinute = 45;
    private const int Minutes = 120;
    private const int Day = 86_400;

    public static TheoryData<int> Steps { get; } = new(-365 * Day, -Day, -3_600, -61, 61, 3_600, Day, 365 * Day);

    [Theory]
    [MemberData(nameof(Steps))]
    public void A_set_clock_changes_no_board_no_silence_no_notice_and_deletes_and_releases_nothing(int seconds)
    {
        using var calm = new ShiftedNight();
        using var shifted = new ShiftedNight();
        var expected = Enumerable.Range(1, Minutes).Select(minute => calm.Live(minute, Duration.Zero)).ToList();
        Assert.Equal(expected, Enumerable.Range(1, Minutes).Select(minute => shifted.Live(minute, Duration.FromSeconds(seconds))));

        // What the calm night is like: the silent pod is shown free for two heartbeats and told of, the other stays occupied, smoke is repeated.
        Assert.StartsWith("Occupied Free", expected[58], StringComparison.Ordinal);
        Assert.StartsWith("Occupied Unknown", expected[62], StringComparison.Ordinal);
        Assert.Contains("Silent Smoke", expected[^1], StringComparison.Ordinal);
        Assert.DoesNotContain("figures 0", expected[0], StringComparison.Ordinal);
        Assert.Null(calm.Health.Find("clock"));
        Assert.NotNull(shifted.Health.Find("clock"));
        Assert.True(shifted.Health.HoldsBack);
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public void A_confirmed_step_keeps_ages_and_leaves_nothing_in_the_future(int seconds)
    {
        using var night = new ShiftedNight();
        for (var minute = 1; minute <= Minutes; minute++)
        {
            night.Live(minute, Duration.FromSeconds(seconds));
        }

        var before = night.Store.Read(AlertsTable.Open);
        night.Store.Write(db => night.Clock.Confirm(db, "admin"));
        Assert.Equal(night.Clock.Wall, night.Clock.Now);
        Assert.Empty(night.InTheFuture());
        for (var minute = Minutes + 1; minute <= Minutes + 60; minute++)
        {
            Assert.StartsWith("Occupied Unknown", night.Live(minute, Duration.FromSeconds(seconds)), StringComparison.Ordinal);
        }

        Assert.Null(night.Health.Find("clock"));
        Assert.Equal(before.Select(alert => alert.Id).Order(), night.Store.Read(AlertsTable.Open).Select(alert => alert.Id).Order());
        var smoke = before.Single(alert => alert.Kind == AlertKind.Smoke);
        Assert.InRange(night.Store.Read(db => AlertsTable.Find(db, smoke.Id))!.Notices - smoke.Notices, 3, 5);
    }

    [Fact]
    public void An_hour_of_synchronised_time_confirms_and_a_minute_less_does_not()
    {
        using var night = new ShiftedNight { Synchronised = true };
        for (var minute = 1; minute < StepMinute + 60; minute++)
        {
            night.Live(minute, Duration.FromHours(3));
        }

        Assert.NotNull(night.Health.Find("clock"));
        night.Live(StepMinute + 60, Duration.FromHours(3));
        Assert.Null(night.Health.Find("clock"));
        Assert.Equal(night.Clock.Wall, night.Clock.Now);
    }

    [Fact]
    public void A_clock_that_comes_back_by_itself_needs_nobody()
    {
        using var night = new ShiftedNight();
        for (var minute = 1; minute <= StepMinute + 5; minute++)
        {
            night.Live(minute, Duration.FromDays(365));
        }

        Assert.NotNull(night.Health.Find("clock"));
        night.Live(StepMinute + 6, Duration.Zero);
        Assert.Null(night.Health.Find("clock"));
    }

    [Theory]
    [InlineData(0, 0, null)]
    [InlineData(-60, 0, null)]
    [InlineData(-61, 0, -61)]
    [InlineData(3_600, 3_600, null)]
    [InlineData(3_601, 3_601, 3_601)]
    [InlineData(-Day, 0, -Day)]
    [InlineData(365 * Day, 365 * Day, 365 * Day)]
    public void At_the_start_the_newest_receipt_is_compared(int wall, int begins, int? step)
    {
        var newest = TestStore.Evening;
        Duration? expected = step is { } seconds ? Duration.FromSeconds(seconds) : null;
        Assert.Equal((newest + Duration.FromSeconds(begins), expected), ClockRules.Begin(newest + Duration.FromSeconds(wall), newest));
    }

    [Theory]
    [InlineData(-Day)]
    [InlineData(365 * Day)]
    public void A_gateway_that_starts_under_another_time_is_red_also_after_a_second_start(int seconds)
    {
        using var night = new ShiftedNight();
        night.Live(1, Duration.Zero);
        for (var start = 0; start < 2; start++)
        {
            var clock = new ClockWatch(new SteppingTime(night.Clock.Now + Duration.FromSeconds(start == 0 ? seconds : 0)), () => false);
            night.Store.Write(clock.Begin);
            Assert.NotNull(night.Store.Write(clock.Watch));
        }
    }

    [Fact]
    public void Nights_that_a_clock_ahead_has_made_are_taken_back_when_the_time_is_confirmed()
    {
        using var night = new ShiftedNight();
        night.Live(1, Duration.Zero);
        var tonight = Night.Containing(night.Clock.Now);
        var time = new SteppingTime(night.Clock.Now + Duration.FromDays(365));
        var clock = new ClockWatch(time, () => false);
        night.Store.Write(clock.Begin);
        night.Store.Write(db => Pipeline.Accept(db, [Uplink.Status(Uplink.Occupied(), 99, clock.Now, DemoQuarter.AlterFriedhof, clock.Now)], clock.Now, []));
        Assert.Equal((1L, 1L, 1L), night.Store.Read(db => NightsAfter(db, tonight)));

        time.Offset = -Duration.FromDays(365);
        night.Store.Write(db => clock.Confirm(db, "admin"));
        Assert.Equal((0L, 0L, 0L), night.Store.Read(db => NightsAfter(db, tonight)));
    }

    private static (long Occupied, long Heard, long Stays) NightsAfter(DbConnection db, Night tonight) => (
        db.ExecuteScalar<long>("SELECT COUNT(*) FROM occupancy_night WHERE night > @Number", new { tonight.Number }),
        db.ExecuteScalar<long>("SELECT COUNT(*) FROM occupancy_heard WHERE night > @Number", new { tonight.Number }),
        db.ExecuteScalar<long>("SELECT COUNT(*) FROM stays WHERE night > @name", new { name = tonight.ToString() }));

    /// <summary>Two pods of one area, one with a guest and then smoke, the other falls silent; ten weeks lie behind them.</summary>
    private sealed class ShiftedNight : IDisposable
    {
        private const string Guest = DemoQuarter.Karlsplatz;
        private const string Silent = DemoQuarter.AlterFriedhof;

        private readonly TestStore store = new();
        private readonly SteppingTime time = new(TestStore.Evening);
        private readonly GatewayOptions options;
        private int counter;

        public ShiftedNight()
        {
            Clock = new ClockWatch(time, () => Synchronised);
            Health = new GatewayHealth(time);
            options = new GatewayOptions { DataDirectory = store.Folder, ListeningSince = TestStore.Evening };
            Store.Write(db =>
            {
                DemoQuarter.SeedDevices(db, Clock.Now);
                DemoNights.Seed(db, Clock.Now);
                Clock.Begin(db);
            });
        }

        public Database Store => store.Database;

        public ClockWatch Clock { get; }

        public GatewayHealth Health { get; }

        public bool Synchronised { get; init; }

        /// <summary>One minute, and what it looks like at its end.</summary>
        public string Live(int minute, Duration step)
        {
            time.Passed += Duration.FromMinutes(1);
            time.Offset = minute >= StepMinute ? step : Duration.Zero;
            if (minute % 15 == 1)
            {
                Hear(Uplink.Status(Uplink.Occupied(), ++counter, Clock.Now, Guest, time.True));
                if (minute < StepMinute)
                {
                    Hear(Uplink.Status(Uplink.Free(), ++counter, Clock.Now, Silent, time.True));
                }
            }

            if (minute == StepMinute + 5)
            {
                Hear(Uplink.Alarm(AlarmKind.Smoke, true, 1, ++counter, Clock.Now, Guest, time.True));
            }

            Clock.Step(Store, Health);
            Duties.Step(Store, Clock.Now, [], options, Health);
            return Look();
        }

        public IReadOnlyList<string> InTheFuture()
        {
            string[] columns =
            [
                "contacts.last_at", "contacts.message_at", "pods.received_at", "pods.reported_at", "events.received_at", "stays.began_at",
                "alerts.raised_at", "alerts.last_held_at", "alerts.ended_at", "alert_sequences.heard_at", "outbox.created_at",
            ];
            return Store.Read(db => columns
                .Where(column => db.ExecuteScalar<long?>($"SELECT MAX({column.Split('.')[1]}) FROM {column.Split('.')[0]}") > Clock.Now.ToMicros())
                .ToList());
        }

        public void Dispose() => store.Dispose();

        private void Hear(Envelope envelope) =>
            Assert.Equal(Outcome.Recorded, Store.Write(db => Pipeline.Accept(db, [envelope], Clock.Now, []))[0].Outcome);

        private string Look() => Store.Read(db =>
        {
            var shown = new[] { Guest, Silent }.Select(pod => ShelterRules.State(SheltersTable.Find(db, pod)!.Report, Clock.Now, options.ShelterHeartbeat).Shown);
            var cases = AlertsTable.Open(db).Select(alert => alert.Kind.ToString()).Order(StringComparer.Ordinal);
            long Count(string table) => db.ExecuteScalar<long>($"SELECT COUNT(*) FROM {table}");
            var notices = db.ExecuteScalar<long>("SELECT COUNT(*) FROM alert_events WHERE what = 'notice'");
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{string.Join(' ', shown)} | {string.Join(' ', cases)} | notices {notices} figures {Count("release_ledger")} events {Count("events")} nights {Count("occupancy_night")}");
        });
    }

    /// <summary>A wall clock that can be set apart from the time that really passes.</summary>
    private sealed class SteppingTime(Instant start) : TimeProvider
    {
        public Duration Passed { get; set; }

        public Duration Offset { get; set; }

        public Instant True => start + Passed;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => (True + Offset).ToDateTimeOffset();

        public override long GetTimestamp() => (long)Passed.TotalTicks;
    }
}
