namespace Quartier.Tests.Bench;

/// <summary>The embedded broker beside Mosquitto: QoS 1 from many to nobody, and from one to many. Runs alternate, so that both see the same machine.</summary>
internal static class BrokerBench
{
    private const int Runs = 5;
    private const int FanInEach = 1_000;
    private const int Subscribers = 50;
    private const int FanOutMessages = 3_000;

    public static async Task<IEnumerable<Result>> FanInAsync()
    {
        var results = new List<Result>();
        foreach (var inFlight in new[] { 1, 20 })
        {
            results.AddRange(await CompareAsync(
                "fan-in", $"{Load.Devices} publishers, QoS 1, {inFlight} in flight each, 64 B payload, {Load.Devices * FanInEach} messages",
                $"{inFlight} in flight", Load.Devices * FanInEach, peer => Load.FanInAsync(peer, FanInEach, inFlight, Load.SmallTopic, Load.SmallPayload)));
        }

        return results;
    }

    public static Task<IEnumerable<Result>> FanOutAsync() => CompareAsync(
        "fan-out", $"1 publisher (20 in flight), {Subscribers} subscribers, QoS 1, 64 B payload, {FanOutMessages * Subscribers} deliveries", $"1:{Subscribers}", FanOutMessages * Subscribers,
        peer => Load.FanOutAsync(peer, FanOutMessages, Subscribers, inFlight: 20));

    private static async Task<IEnumerable<Result>> CompareAsync(string bench, string conditions, string which, int messages, Func<Peer, Task<double>> load)
    {
        using var mosquitto = await Peer.MosquittoAsync();
        using var broker = await Peer.BrokerAsync();
        await load(mosquitto);
        await load(broker);
        var theirs = new List<double>();
        var ours = new List<double>();
        for (var run = 0; run < Runs; run++)
        {
            theirs.Add(await load(mosquitto));
            ours.Add(await load(broker));
        }

        var ratio = Median.Of(ours.Zip(theirs, (our, their) => our / their));
        return
        [
            Result.Ratio(bench, $"embedded broker / Mosquitto, {which}", ratio, 1.0, $"median of {Runs} pairs; {conditions}"),
            Result.Plain(bench, $"embedded broker, {which}", Median.Of(ours), "msg/s", ""),
            Result.Plain(bench, $"Mosquitto, {which}", Median.Of(theirs), "msg/s", ""),
            Result.Plain(bench, $"embedded broker, {which}", await Load.ProcessorEachAsync(broker, messages, load), "us CPU", "each message"),
            Result.Plain(bench, $"Mosquitto, {which}", await Load.ProcessorEachAsync(mosquitto, messages, load), "us CPU", "each message"),
        ];
    }
}
