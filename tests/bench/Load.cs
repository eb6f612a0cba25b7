using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Quartier.Tests.Bench;

/// <summary>The loads. Each returns messages per second, counted from the first publish to the last acknowledgement or delivery.</summary>
internal static class Load
{
    public const int Devices = 100;
    private const int SmallBytes = 64;

    /// <summary>No single run may take longer.</summary>
    public static readonly TimeSpan RunMax = TimeSpan.FromSeconds(60);

    private static readonly byte[] Small = [.. Enumerable.Repeat((byte)'x', SmallBytes)];

    public static byte[] SmallPayload(int device, int number) => Small;

    public static string SmallTopic(int device) => $"bench/{device}";

    public static string UplinkTopic(int device) => $"application/17c82e96-be03-4f38-aef3-f83d48582d97/device/{DevEui(device)}/event/up";

    /// <summary>A pod's report as ChirpStack writes it; numbered, so that no two are duplicates.</summary>
    public static byte[] UplinkPayload(int device, int number) => Encoding.UTF8.GetBytes(
        $$$"""{"deduplicationId":"{{{run:x8}}}-{{{device:x4}}}-4000-8000-{{{number:x12}}}","time":"2026-01-15T18:00:00.000000000+00:00","deviceInfo":{"tenantName":"Stadt Ulm","applicationId":"17c82e96-be03-4f38-aef3-f83d48582d97","applicationName":"ulmer-nester","deviceName":"pod","devEui":"{{{DevEui(device)}}}"},"devAddr":"01020304","adr":true,"dr":5,"fCnt":{{{(run * RunSpan) + number}}},"fPort":1,"confirmed":false,"data":"HwACZDdx4BU=","rxInfo":[{"gatewayId":"0016c001f153a14c","uplinkId":1,"rssi":-97,"snr":7.5,"crcStatus":"CRC_OK"}],"txInfo":{"frequency":868100000,"modulation":{"lora":{"bandwidth":125000,"spreadingFactor":7,"codeRate":"CR_4_5"} } } }""");

    /// <summary>Reports of a device in a run, at most: a frame with the counter of one before it is a redelivery and costs less.</summary>
    private const int RunSpan = 1_000;

    private static int run;

    /// <summary>Every run's uplinks are new to the store.</summary>
    public static void NextRun() => run++;

    /// <summary>Processor time of the peer for each message of a run, in microseconds.</summary>
    public static async Task<double> ProcessorEachAsync(Peer peer, int messages, Func<Peer, Task<double>> load)
    {
        var before = peer.Processor;
        await load(peer);
        return (peer.Processor - before).TotalMicroseconds / messages;
    }

    /// <summary>100 publishers, nobody subscribed.</summary>
    public static async Task<double> FanInAsync(Peer peer, int perDevice, int inFlight, Func<int, string> topic, PayloadOf payload)
    {
        using var limit = new CancellationTokenSource(RunMax);
        var clients = await Task.WhenAll(Enumerable.Range(0, Devices).Select(device => LoadClient.ConnectAsync(peer.Port, $"dev-{device}", limit.Token)));
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(clients.Select((client, device) => Task.Run(() => client.PublishAsync(topic(device), device, perDevice, inFlight, payload, limit.Token))));
        var rate = Devices * perDevice / clock.Elapsed.TotalSeconds;
        Array.ForEach(clients, client => client.Dispose());
        return rate;
    }

    /// <summary>One publisher, every subscriber gets every message at QoS 1 and acknowledges it.</summary>
    public static async Task<double> FanOutAsync(Peer peer, int messages, int subscribers, int inFlight)
    {
        using var limit = new CancellationTokenSource(RunMax);
        var listeners = await Task.WhenAll(Enumerable.Range(0, subscribers).Select(number => LoadClient.ConnectAsync(peer.Port, $"sub-{number}", limit.Token)));
        await Task.WhenAll(listeners.Select(listener => listener.SubscribeAsync("bench/#", limit.Token)));
        using var publisher = await LoadClient.ConnectAsync(peer.Port, "pub", limit.Token);
        var clock = Stopwatch.StartNew();
        var receiving = listeners.Select(listener => Task.Run(() => listener.ReceiveAsync(messages, limit.Token))).ToArray();
        await publisher.PublishAsync("bench/all", 0, messages, inFlight, SmallPayload, limit.Token);
        await Task.WhenAll(receiving);
        var rate = (double)messages * subscribers / clock.Elapsed.TotalSeconds;
        Array.ForEach(listeners, listener => listener.Dispose());
        return rate;
    }

    public static string DevEui(int device) => device.ToString("x16", CultureInfo.InvariantCulture);
}
