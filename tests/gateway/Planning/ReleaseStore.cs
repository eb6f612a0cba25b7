using System.Data.Common;
using Dapper;
using NodaTime;
using NodaTime.Text;
using Quartier.Gateway.Domain.PodNights;
using Quartier.Gateway.Domain.Shelters;
using Quartier.Gateway.Host;
using Quartier.Gateway.Outputs.Planning;
using Quartier.Gateway.Store;
using Quartier.Wire;

namespace Quartier.Tests.Gateway.Planning;

/// <summary>A store in a folder of its own with two pods in the area "Mitte", watched since 2026-10-05.</summary>
internal sealed class ReleaseStore : IDisposable
{
    public const string Pod1 = "Karlsplatz";
    public const string Pod2 = "Alter Friedhof";

    public static readonly Instant Later = InstantPattern.ExtendedIso.Parse("2027-01-15T12:00:00Z").Value;

    /// <param name="seed">Of the noise; null draws as the gateway does.</param>
    public ReleaseStore(ReleasePolicy? policy = null, ulong? seed = 1)
    {
        Releases = Drawing(policy ?? ReleasePolicy.Default, seed);
        Database = Database.Open(Folder.FullName, Tables.All, Durability.None);
        Put(Pod1, "Mitte", "2026-10-05");
        Put(Pod2, "Mitte", "2026-10-05");
    }

    public DirectoryInfo Folder { get; } = StoreFolder.Create("planning");

    public Database Database { get; private set; }

    public Releases Releases { get; set; }

    public string JournalPath => Path.Combine(Folder.FullName, ReleaseJournal.FileName);

    public static Night Day(string date) => new(LocalDatePattern.Iso.Parse(date).Value);

    public static Releases Drawing(ReleasePolicy policy, ulong? seed) =>
        new(policy, seed is { } number ? TwoSidedGeometricTests.Seeded(number) : RejectionChance.Cryptographic, Areas);

    /// <summary>The areas as they are, and "Ulm", which is the pods of "Mitte" under another name.</summary>
    private static IReadOnlyList<AreaPods> Areas(DbConnection connection, ReleasePeriod period)
    {
        var areas = OccupancyTable.AreasIn(connection, period.First, period.Last);
        return [.. areas, .. areas.Where(area => area.Area == "Mitte").Select(area => area with { Area = "Ulm" })];
    }

    /// <summary>A pod that belongs to an area from this night on and reports in every night.</summary>
    public void Put(string pod, string area, string from, string? until = null, bool reports = true) => Database.Write(connection =>
    {
        connection.Execute(
            "INSERT INTO occupancy_area (pod, from_night, until_night, area) VALUES (@pod, @from, @until, @area)",
            new { pod, from = Day(from).Number, until = until is null ? (int?)null : Day(until).Number, area });
        if (reports)
        {
            OccupancyTable.Watch(connection, pod, Day(from));
            for (var night = Day(from).Number; night < Day(until ?? "2027-01-15").Number; night++)
            {
                OccupancyTable.Hear(connection, pod, Night.FromNumber(night));
            }
        }
    });

    public void Occupy(string pod, params string[] nights) => Database.Write(connection =>
    {
        foreach (var night in nights)
        {
            OccupancyTable.Mark(connection, pod, Day(night));
        }
    });

    /// <summary>One status of a pod, as the pipeline takes it.</summary>
    public void Hear(string pod, string at, Occupancy occupancy, int ageMinutes = 0)
    {
        Registered.Pods(Database, pod);
        Database.Write(connection => Hear(connection, pod, at, occupancy, ageMinutes));
    }

    private static void Hear(DbConnection connection, string pod, string at, Occupancy occupancy, int ageMinutes)
    {
        var heard = InstantPattern.ExtendedIso.Parse(at).Value;
        var observation = new ShelterObservation(pod, heard, new PodStatus { Occupancy = occupancy, Reason = OccupancyReason.Settled, AgeMinutes = ageMinutes });
        OccupancyTable.Take(connection, observation, SheltersTable.Observe(connection, observation, heard));
    }

    public int Count(string first, string last) =>
        Database.Read(connection => OccupancyTable.Count(connection, [new PodSpan(Pod1, Day(first), Day(last)), new PodSpan(Pod2, Day(first), Day(last))]));

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

    public void Start() => Database = Database.Open(Folder.FullName, Tables.All, Durability.None);

    public void Dispose()
    {
        Database.Dispose();
        Folder.Delete(recursive: true);
    }
}
