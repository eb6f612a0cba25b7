using Dapper;
using NodaTime;
using NodaTime.Text;
using Quartier.Gateway.Domain.PodNights;
using Quartier.Gateway.Domain.Registry;
using Quartier.Gateway.Domain.Shelters;
using Quartier.Gateway.Host;
using Quartier.Gateway.Outputs.Planning;
using Quartier.Gateway.Store;
using Quartier.Wire;
using Xunit;

namespace Quartier.Tests.Gateway.Planning;

/// <summary>A figure is counted with the pods and nights of its own period, whatever the registry says when it is drawn.</summary>
public sealed class PodPlacesTests : IDisposable
{
    private const string Statistic = ReleaseKey.OccupiedPodNights;

    private readonly DirectoryInfo folder = StoreFolder.Create("places");
    private readonly Database store;

    public PodPlacesTests() => store = Database.Open(folder.FullName, Tables.All, Durability.None);

    [Fact]
    public void Pods_that_are_put_up_later_are_not_in_the_figure()
    {
        Register("a1", "Karlsplatz", "Mitte", "2026-11-01");
        SleepEvery("a1", "2026-11-16", 7);
        for (var pod = 2; pod <= 10; pod++)
        {
            Register($"a{pod}", $"Kapsel {pod}", "Mitte", "2026-11-25");
        }

        var row = Ask("2026-W47", "Mitte").Row!;
        Assert.Equal((7, 7), (row.Offered, row.Reported));
        Assert.InRange(row.Noised!.Value, 0, 14);
    }

    [Fact]
    public void A_device_that_replaces_another_serves_the_same_pod()
    {
        Register("a1", "Karlsplatz", "Mitte", "2026-11-01");
        Register("b1", "Alter Friedhof", "Mitte", "2026-11-01");
        SleepEvery("b1", "2026-11-16", 7);
        SleepEvery("a1", "2026-11-16", 3);
        Revoke("a1", "2026-11-19");
        Register("a2", "karlsplatz ", "Mitte", "2026-11-19");
        SleepEvery("a2", "2026-11-19", 4);

        Assert.Equal(14, TrueCount("2026-W47", "Mitte"));
        var row = Ask("2026-W47", "Mitte").Row!;
        Assert.Equal((14, 14), (row.Offered, row.Reported));
        Assert.Equal(["a1", "b1"], row.Pods.Select(span => span.Pod));
    }

    [Fact]
    public void An_area_of_one_pod_is_recorded_also_in_the_week_of_a_swap_and_after_it()
    {
        Register("a1", "Karlsplatz", "Mitte", "2026-11-01");
        SleepEvery("a1", "2026-11-09", 3);
        Register("a2", "Karlsplatz", "Mitte", "2026-11-12");
        Revoke("a1", "2026-11-13");
        SleepEvery("a2", "2026-11-12", 11);
        Assert.NotNull(Ask("2026-W46", "Mitte").Row);
        Assert.Equal((7, 7), (Ask("2026-W47", "Mitte").Row!.Offered, TrueCount("2026-W47", "Mitte")));
    }

    [Fact]
    public void A_repaired_device_that_is_put_up_elsewhere_is_another_pod()
    {
        Register("a1", "Karlsplatz", "Mitte", "2026-11-01");
        Revoke("a1", "2026-11-10");
        Register("a2", "Karlsplatz", "Mitte", "2026-11-10");
        Register("a1", "Bahnhof", "Mitte", "2026-11-12");
        SleepEvery("a1", "2026-11-16", 7);
        SleepEvery("a2", "2026-11-16", 7);
        Assert.Equal(14, TrueCount("2026-W47", "Mitte"));
        Assert.Equal(14, Ask("2026-W47", "Mitte").Row!.Offered);
    }

    [Fact]
    public void A_pod_whose_area_changes_counts_for_each_in_its_own_nights_and_pays_only_for_these()
    {
        Register("a1", "Karlsplatz", "Mitte", "2026-11-01");
        SleepEvery("a1", "2026-11-16", 3);
        Register("a1", "Karlsplatz", "Weststadt", "2026-11-18");
        SleepEvery("a1", "2026-11-19", 4);

        Assert.Equal((3, 4), (Ask("2026-W47", "Mitte").Row!.Offered, Ask("2026-W47", "Weststadt").Row!.Offered));
        Assert.Equal((3, 4), (TrueCount("2026-W47", "Mitte"), TrueCount("2026-W47", "Weststadt")));
        var journal = new ReleaseJournal(Path.Combine(folder.FullName, ReleaseJournal.FileName)).Read();
        Assert.Equal(store.Read(LedgerTable.All).SelectMany(row => row.Pods), journal.SelectMany(line => line.Row.Pods));
    }

    [Fact]
    public void A_pod_that_is_taken_away_is_offered_until_then()
    {
        Register("a1", "Karlsplatz", "Mitte", "2026-11-01");
        SleepEvery("a1", "2026-11-16", 2);
        Revoke("a1", "2026-11-17");
        Assert.Equal(2, Ask("2026-W47", "Mitte").Row!.Offered);
        Assert.Equal(ReleaseRefusal.NotRecorded, Ask("2026-W48", "Mitte").Refusal);
        Assert.Equal(ReleaseRefusal.UnknownArea, Ask("2026-W48", "Nirgendwo").Refusal);
    }

    [Fact]
    public void An_area_without_reports_is_not_an_empty_one()
    {
        Register("a1", "Karlsplatz", "Mitte", "2026-11-01");
        Register("b1", "Bahnhof", "Weststadt", "2026-11-01");
        Hear("a1", "2026-11-02", Occupancy.Free);
        Hear("b1", "2026-11-02", Occupancy.Free);
        for (var day = 0; day < 7; day++)
        {
            Hear("b1", LocalDatePattern.Iso.Format(new LocalDate(2026, 11, 16).PlusDays(day)), Occupancy.Free);
        }

        Assert.Equal(ReleaseRefusal.NoReports, Ask("2026-W47", "Mitte").Refusal);
        Assert.Equal((7, 7), (Ask("2026-W47", "Weststadt").Row!.Offered, Ask("2026-W47", "Weststadt").Row!.Reported));
        Assert.Single(store.Read(LedgerTable.All));
    }

    [Fact]
    public void Nights_with_and_without_a_report_stand_in_every_format()
    {
        Register("a1", "Karlsplatz", "Mitte", "2026-11-01");
        Hear("a1", "2026-11-02", Occupancy.Free);
        SleepEvery("a1", "2026-11-16", 5);
        var row = Ask("2026-W47", "Mitte").Row!;
        var json = ReleaseDocuments.ToJson(row);
        Assert.Equal((7, 5, 2), ((int?)json["offered"], (int?)json["nights_reported"], (int?)json["nights_unreported"]));
        var csv = ReleaseDocuments.ToCsv([row]).Split("\r\n");
        var cells = csv[0].Split(',').Zip(csv[1].Split(',')).ToDictionary(cell => cell.First, cell => cell.Second);
        Assert.Equal(("5", "2", $"{row.Noised}"), (cells["nights_reported"], cells["nights_unreported"], cells["noised"]));
        Assert.Equal(row, store.Read(LedgerTable.All).Single() with { Pods = row.Pods });
    }

    [Fact]
    public void An_older_data_folder_counts_since_its_first_report_and_says_that_the_reports_are_unknown()
    {
        Register("a1", "Karlsplatz", "Mitte", "2026-11-01");
        SleepEvery("a1", "2026-11-09", 14);
        store.Write(db => db.Execute("DELETE FROM occupancy_device; DELETE FROM occupancy_area; DELETE FROM occupancy_heard"));
        store.Write(db => PodPlaces.Follow(db, ReleaseStore.Day("2026-11-23")));
        Hear("a1", "2026-11-23", Occupancy.Free);

        var row = Ask("2026-W47", "Mitte").Row!;
        Assert.Equal((7, (int?)null), (row.Offered, row.Reported));
        Assert.Equal(7, TrueCount("2026-W47", "Mitte"));
        Assert.Null(ReleaseDocuments.ToJson(row)["nights_unreported"]);
        Assert.Equal(ReleaseRefusal.NotRecorded, Ask("2026-W45", "Mitte").Refusal);
    }

    public void Dispose()
    {
        store.Dispose();
        folder.Delete(recursive: true);
    }

    private static Instant At(string night, int hour = 20) => ReleaseStore.Day(night).Date.At(new LocalTime(hour, 0)).InUtc().ToInstant();

    /// <summary>Registers the device in the evening, as a person does, and lets the hourly duty look.</summary>
    private void Register(string device, string name, string area, string night) => store.Write(db =>
    {
        RegistryTable.Add(db, Device.New(device, DeviceKind.Shelter, name, "", area, At(night)));
        PodPlaces.Follow(db, ReleaseStore.Day(night));
    });

    private void Revoke(string device, string night) => store.Write(db =>
    {
        RegistryTable.Revoke(db, device);
        PodPlaces.Follow(db, ReleaseStore.Day(night));
    });

    private void Hear(string device, string night, Occupancy occupancy, int hour = 20) => store.Write(db =>
    {
        var observation = new ShelterObservation(device, At(night, hour), new PodStatus { Occupancy = occupancy, Reason = OccupancyReason.Settled });
        OccupancyTable.Take(db, observation, SheltersTable.Observe(db, observation, At(night, hour)));
    });

    private void SleepEvery(string device, string night, int nights)
    {
        for (var day = 0; day < nights; day++)
        {
            var date = LocalDatePattern.Iso.Format(ReleaseStore.Day(night).Date.PlusDays(day));
            Hear(device, date, Occupancy.Occupied, 21);
            Hear(device, date, Occupancy.Free, 23);
        }
    }

    // Every pod by itself: what is put together is another test's matter (PoolTests).
    private Releases Desk() => new(
        new ReleasePolicy { MinimumPods = 0, SuppressBelow = 0 },
        TwoSidedGeometricTests.Seeded(3),
        static (connection, period) => OccupancyTable.AreasIn(connection, period.First, period.Last));

    private ReleaseAnswer Ask(string period, string area) => store.Write(db => Desk().Ask(db, period, area, Statistic, ReleaseStore.Later));

    private int TrueCount(string period, string area) => store.Read(db =>
        OccupancyTable.Count(db, Desk().Pools(db, ReleasePeriod.TryParse(period)!).Single(pool => pool.Name == area).Spans));
}
