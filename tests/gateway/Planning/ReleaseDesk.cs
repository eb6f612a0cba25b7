using Microsoft.Data.Sqlite;
using NodaTime;
using NodaTime.Text;
using Quartier.Gateway.Domain.PodNights;
using Quartier.Gateway.Domain.Shelters;
using Quartier.Gateway.Outputs.Planning;
using Quartier.Gateway.Store;
using Quartier.Wire;

namespace Quartier.Tests.Gateway.Planning;

/// <summary>A store in a folder of its own with two pods in the area "Mitte", watched since 2026-10-05.</summary>
internal sealed class ReleaseDesk : IDisposable
{
    public const string Pod1 = "Karlsplatz";
    public const string Pod2 = "Alter Friedhof";

    public static readonly Instant Later = InstantPattern.ExtendedIso.Parse("2027-01-15T12:00:00Z").Value;

    public ReleaseDesk(ReleasePolicy? policy = null, ulong seed = 1)
    {
        Releases = new Releases(policy ?? ReleasePolicy.Default, TwoSidedGeometricTests.Seeded(seed), Pods);
        Database = Database.Open(Folder.FullName, Durability.None);
        Database.Write(connection =>
        {
            OccupancyTable.Watch(connection, Pod1, Day("2026-10-05"));
            OccupancyTable.Watch(connection, Pod2, Day("2026-10-05"));
        });
    }

    public DirectoryInfo Folder { get; } = Directory.CreateTempSubdirectory("quartier-planning-");

    public Database Database { get; private set; }

    public Releases Releases { get; set; }

    public string JournalPath => Path.Combine(Folder.FullName, ReleaseJournal.FileName);

    public static Night Day(string date) => new(LocalDatePattern.Iso.Parse(date).Value);

    public static IReadOnlyList<string> Pods(SqliteConnection connection, string area) => area switch
    {
        "Mitte" => [Pod2, Pod1],
        "Ulm" => [Pod2, Pod1],
        _ => [],
    };

    public void Occupy(string pod, params string[] nights) => Database.Write(connection =>
    {
        foreach (var night in nights)
        {
            OccupancyTable.Mark(connection, pod, Day(night));
        }
    });

    /// <summary>One status of a pod, as the pipeline takes it.</summary>
    public void Hear(string pod, string at, Occupancy occupancy, int ageMinutes = 0) => Database.Write(connection =>
    {
        var heard = InstantPattern.ExtendedIso.Parse(at).Value;
        var observation = new ShelterObservation(pod, heard, new ShelterStatusV1 { Occupancy = occupancy, AgeMinutes = ageMinutes });
        OccupancyTable.Take(connection, observation, SheltersTable.Observe(connection, observation, heard));
    });

    public int Count(string first, string last) =>
        Database.Read(connection => OccupancyTable.Count(connection, [Pod1, Pod2], Day(first), Day(last)));

    public ReleaseAnswer Ask(string period, string area = "Mitte", Instant? at = null) =>
        Database.Write(connection => Releases.Ask(connection, period, area, ReleaseKey.OccupiedPodNights, at ?? Later));

    public IReadOnlyList<LedgerRow> Ledger() => Database.Read(LedgerTable.All);

    /// <summary>What a killed process leaves, then a new one over it.</summary>
    public void Restart()
    {
        Stop();
        Start();
    }

    public void Stop() => Database.Dispose();

    public void Start() => Database = Database.Open(Folder.FullName, Durability.None);

    public void Dispose()
    {
        Database.Dispose();
        Folder.Delete(recursive: true);
    }
}
