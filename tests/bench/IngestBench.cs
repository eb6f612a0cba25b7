using System.Diagnostics;

namespace Quartier.Tests.Bench;

/// <summary>Durable ingest: the whole gateway (QoS 1 publish, pipeline, commit with fsync, PUBACK) beside its own broker without
/// a store, under the same uplinks.</summary>
internal static class IngestBench
{
    private const int Runs = 3;

    /// <summary>40,000 reports a run: runs of 4,000 mostly measured how the runtime compiles what it sees for the first time.</summary>
    private const int Each = 400;

    private const int AloneCount = 300;

    /// <summary>Processor time of a report from publish to PUBACK.</summary>
    private const double MicrosMax = 20;

    /// <summary>Node-RED takes a commit for each.</summary>
    private const int NodeRedEach = 40;

    private const int NodeRedInFlight = 20;

    public static async Task<IEnumerable<Result>> RunAsync()
    {
        var results = new List<Result> { Result.Plain("ingest", "the disk alone: 4 KiB write + fsync", FsyncsPerSecond(), "fsync/s", "sequential, one thread, temporary folder") };
        foreach (var inFlight in new[] { 1, 20 })
        {
            results.AddRange(await CompareAsync(inFlight));
        }

        results.AddRange(await BesideNodeRedAsync());
        results.AddRange(await AloneAsync());
        return results;
    }

    private static async Task<IEnumerable<Result>> CompareAsync(int inFlight)
    {
        using var broker = await Peer.BrokerAsync();
        using var gateway = await Peer.GatewayAsync();
        Task<double> LoadAsync(Peer peer)
        {
            Load.NextRun();
            return Load.FanInAsync(peer, Each, inFlight, Load.UplinkTopic, Load.UplinkPayload);
        }

        await LoadAsync(broker);
        await LoadAsync(gateway);
        var alone = new List<double>();
        var durable = new List<double>();
        var syncs = new List<double>();
        for (var run = 0; run < Runs; run++)
        {
            alone.Add(await LoadAsync(broker));
            var before = await gateway.CommitsAsync();
            var clock = Stopwatch.StartNew();
            durable.Add(await LoadAsync(gateway));
            syncs.Add((await gateway.CommitsAsync() - before) / clock.Elapsed.TotalSeconds);
        }

        var which = $"{inFlight} in flight";
        return
        [
            Result.Plain("ingest", $"durable / own broker, {which}", Median.Of(durable.Zip(alone, (with, without) => with / without)), "x",
                $"median of {Runs} pairs; {Load.Devices} devices, QoS 1, {inFlight} in flight per client, ChirpStack events of {Load.UplinkPayload(0, 0).Length} B"),
            Result.Plain("ingest", $"durable, {which}", Median.Of(durable), "msg/s", ""),
            Result.Plain("ingest", $"own broker without store, {which}", Median.Of(alone), "msg/s", ""),
            Result.AtMost("ingest", $"durable, {which}", await Load.ProcessorEachAsync(gateway, Load.Devices * Each, LoadAsync), "us CPU", MicrosMax, "each message"),
            Result.Plain("ingest", $"own broker without store, {which}", await Load.ProcessorEachAsync(broker, Load.Devices * Each, LoadAsync), "us CPU", "each message"),
            Result.Plain("ingest", $"commits (an fsync each), {which}", Median.Of(syncs), "fsync/s", ""),
        ];
    }

    private static async Task<IEnumerable<Result>> BesideNodeRedAsync()
    {
        using var nodeRed = await NodeRed.StartAsync();
        using var gateway = await Peer.GatewayAsync();
        var theirs = new List<double>();
        var ours = new List<double>();
        await nodeRed.StoreAsync(NodeRedEach, NodeRedInFlight);
        await OursAsync();
        var before = nodeRed.Processor;
        for (var run = 0; run < Runs; run++)
        {
            Load.NextRun();
            theirs.Add(await nodeRed.StoreAsync(NodeRedEach, NodeRedInFlight));
            ours.Add(await OursAsync());
        }

        var micros = (nodeRed.Processor - before).TotalMicroseconds / (Runs * Load.Devices * NodeRedEach);
        return
        [
            Result.Ratio("ingest", "durable / Node-RED with its SQLite node", Median.Of(ours.Zip(theirs, (with, other) => with / other)), 20,
                $"median of {Runs} pairs; {Load.Devices} devices, QoS 1, {NodeRedInFlight} in flight per client; both WAL and synchronous=FULL; theirs until the last row, behind Mosquitto"),
            Result.Plain("ingest", "Node-RED with its SQLite node", Median.Of(theirs), "msg/s", "a commit each, so as many fsync/s"),
            Result.Plain("ingest", "Node-RED with its SQLite node", micros, "us CPU", "each message, without Mosquitto's"),
        ];

        Task<double> OursAsync()
        {
            Load.NextRun();
            return Load.FanInAsync(gateway, Each, NodeRedInFlight, Load.UplinkTopic, Load.UplinkPayload);
        }
    }

    /// <summary>Groups must not cost the single report its answer: nobody waits for company.</summary>
    private static async Task<IEnumerable<Result>> AloneAsync()
    {
        using var gateway = await Peer.GatewayAsync();
        using var limit = new CancellationTokenSource(Load.RunMax);
        using var client = await LoadClient.ConnectAsync(gateway.Port, "alone", limit.Token);
        var taken = new List<double>();
        for (var number = 0; number < 2 * AloneCount; number++)
        {
            var clock = Stopwatch.StartNew();
            await client.PublishAsync(Load.UplinkTopic(0), 0, 1, 1, (device, _) => Load.UplinkPayload(device, number), limit.Token);
            taken.Add(clock.Elapsed.TotalMilliseconds);
        }

        var warm = taken.Skip(AloneCount).Order().ToArray();
        return
        [
            Result.Plain("ingest", "one report on an idle gateway, median", Median.Of(warm), "ms", "publish to PUBACK, one fsync in it; one client, one after the other"),
            Result.Plain("ingest", "one report on an idle gateway, p99", warm[warm.Length * 99 / 100], "ms", ""),
        ];
    }

    private static double FsyncsPerSecond()
    {
        var path = Path.GetTempFileName();
        using var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        var block = new byte[4096];
        var clock = Stopwatch.StartNew();
        var count = 0;
        while (clock.Elapsed < TimeSpan.FromSeconds(1))
        {
            file.Write(block);
            file.Flush(flushToDisk: true);
            count++;
        }

        return count / clock.Elapsed.TotalSeconds;
    }
}
