using System.Diagnostics;
using System.Globalization;
using NodaTime;
using Quartier.Gateway.Domain.Registry;
using Quartier.Gateway.Host;
using Quartier.Gateway.Ingest;
using Quartier.Gateway.Store;

namespace Quartier.Tests.Bench;

/// <summary>The pipeline alone: reports in memory into a store on disk, no broker, no network. Counts processor time, which depends
/// less than a rate on what else the machine does; waiting for the disk is not in it.</summary>
internal static class AcceptBench
{
    private const int Runs = 5;
    private const int Many = 20_000;

    /// <summary>A disk that needs 5 ms for an fsync takes half a minute for these.</summary>
    private const int Few = 1_000;

    private static readonly Instant Start = Instant.FromUtc(2026, 1, 15, 18, 0);

    public static IEnumerable<Result> Run()
    {
        var folder = Directory.CreateTempSubdirectory("quartier-bench-");
        var database = Database.Open(folder.FullName, Tables.All);
        database.Write(db =>
        {
            for (var device = 0; device < Load.Devices; device++)
            {
                RegistryTable.Add(db, Device.New(Load.DevEui(device), DeviceKind.Shelter, $"pod {device}", "", "Mitte", Start));
            }
        });
        var results = new[]
        {
            Measure($"commits of {Load.Devices}", Many, reports => Accept(database, reports, Load.Devices)),
            Measure("commits of 1", Few, reports => Accept(database, reports, 1)),
            Measure("reading its JSON alone", Many, reports => Array.ForEach(reports, report => Judge(Pipeline.Arrive(report).Received?.Next is not null))),
        };
        database.Dispose();
        folder.Delete(recursive: true);
        return results;
    }

    private static Result Measure(string what, int count, Action<Envelope[]> work)
    {
        using var process = Process.GetCurrentProcess();
        work(Reports(count));
        work(Reports(count));
        var micros = new List<double>();
        var bytes = new List<double>();
        for (var run = 0; run < Runs; run++)
        {
            var reports = Reports(count);
            GC.Collect();
            process.Refresh();
            var (before, heap) = (process.TotalProcessorTime, GC.GetTotalAllocatedBytes());
            work(reports);
            process.Refresh();
            micros.Add((process.TotalProcessorTime - before).TotalMicroseconds / reports.Length);
            bytes.Add((GC.GetTotalAllocatedBytes() - heap) / (double)reports.Length);
        }

        var conditions = string.Create(
            CultureInfo.InvariantCulture, $"median of {Runs} times {count} reports of {Load.Devices} devices; {Median.Of(bytes):0} B of heap each");
        return Result.Plain("accept", $"a report, {what}", Median.Of(micros), "us CPU", conditions);
    }

    private static Envelope[] Reports(int count)
    {
        Load.NextRun();
        return [.. Enumerable.Range(0, count).Select(number =>
            new Envelope(Load.UplinkTopic(number % Load.Devices), Load.UplinkPayload(number % Load.Devices, number / Load.Devices), "bench", Start))];
    }

    private static void Accept(Database database, Envelope[] reports, int group)
    {
        foreach (var batch in reports.Chunk(group))
        {
            var effects = new List<Publication>();
            var verdicts = database.Write(db => Pipeline.Accept(db, batch, Start, effects));
            Judge(verdicts.All(verdict => verdict.Outcome == Outcome.Recorded));
        }
    }

    private static void Judge(bool asExpected)
    {
        if (!asExpected)
        {
            throw new InvalidDataException("A report was not recorded.");
        }
    }
}
