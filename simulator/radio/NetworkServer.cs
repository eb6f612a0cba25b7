using System.Text.Json;
using NodaTime;
using Quartier.Simulator.Faults;
using Quartier.Simulator.World;

namespace Quartier.Simulator.Radio;

/// <summary>Stands for gateways on roofs and ChirpStack behind them: hears frames, tells the application, keeps a queue of downlinks
/// per device until the device has sent something (class A). An item that has expired, or whose very frame is queued again, is
/// dropped: it would only hold up what is new. Frames are not encrypted here; that comes with the full LoRaWAN layer.</summary>
public sealed class NetworkServer(VirtualWorld world, RadioConditions conditions)
{
    private const string Actor = "network-server";
    private const int QueueMax = 16;

    private readonly Chance chance = world.Stream(Actor);
    private readonly Dictionary<string, List<Waiting>> queues = [];
    private readonly HashSet<string> joined = [];

    /// <summary>Topic and JSON of each event, some hundred milliseconds after its frame.</summary>
    public event Action<string, byte[]>? Publish;

    public RadioConditions Conditions => conditions;

    /// <summary>Downlinks that wait for a device.</summary>
    public int QueueLength(string devEui) => QueueOf(devEui).Count;

    /// <summary>A frame has been on the air.</summary>
    /// <returns>Whether a gateway heard it; the device does not know.</returns>
    public bool Hear(UplinkFrame frame)
    {
        var lost = chance.Happens(conditions.UplinkLossPermille);
        if (conditions.Cut || lost)
        {
            world.Trace.Write(Actor, "frame-lost", $"{frame.DeviceName} #{frame.Sequence} port {frame.Port}{(conditions.Cut ? " (radio cut)" : "")}");
            return false;
        }

        var at = world.Now;
        if (joined.Add(frame.DevEui))
        {
            Tell(frame.DevEui, "join", ChirpStackEvent.Join(frame, at, chance));
        }

        Tell(frame.DevEui, "up", ChirpStackEvent.Up(frame, at, chance));
        world.Trace.Write(Actor, "frame-heard", $"{frame.DeviceName} #{frame.Sequence} port {frame.Port} {Convert.ToHexStringLower(frame.Payload)}");
        return true;
    }

    /// <summary>The device's session ends; its next frame begins another. What waited for it was for the session before.</summary>
    public void Leave(string devEui)
    {
        joined.Remove(devEui);
        queues.Remove(devEui);
    }

    /// <summary>A command of the application on application/…/device/…/command/down.</summary>
    public void Command(string topic, byte[] payload)
    {
        using var json = JsonDocument.Parse(payload);
        var root = json.RootElement;
        var device = root.GetProperty("devEui").GetString()!;
        if (topic.Split('/') is not [.., "device", var named, "command", "down"] || named != device)
        {
            world.Trace.Write(Actor, "command-dropped", "devEui differs from the topic");
            return;
        }

        var queue = QueueOf(device);
        var item = new Waiting(
            root.GetProperty("fPort").GetInt32(),
            root.GetProperty("data").GetBytesFromBase64(),
            root.TryGetProperty("expiresAt", out var expires) ? Instant.FromDateTimeOffset(expires.GetDateTimeOffset()) : Instant.MaxValue);
        queue.RemoveAll(before => before.Port == item.Port && before.Payload.AsSpan().SequenceEqual(item.Payload));
        if (queue.Count < QueueMax)
        {
            queue.Add(item);
            world.Trace.Write(Actor, "downlink-queued", $"{device} port {item.Port}");
        }
    }

    /// <summary>A receive window of the device opens.</summary>
    /// <returns>True when something was sent into it and arrived.</returns>
    public bool TryAnswer(string devEui, out int port, out byte[] payload)
    {
        (port, payload) = (0, []);
        var queue = QueueOf(devEui);
        var expired = queue.RemoveAll(waiting => waiting.Expires <= world.Now);
        if (expired > 0)
        {
            world.Trace.Write(Actor, "downlink-expired", $"{devEui} {expired}");
        }

        if (queue.Count == 0)
        {
            return false;
        }

        var item = queue[0];
        queue.RemoveAt(0);

        var lost = chance.Happens(conditions.DownlinkLossPermille);
        if (conditions.Cut || lost)
        {
            world.Trace.Write(Actor, "downlink-lost", devEui);
            return false;
        }

        (port, payload) = (item.Port, item.Payload);
        return true;
    }

    private void Tell(string devEui, string kind, byte[] json) =>
        world.After(
            chance.Next(conditions.DelayMsLeast, conditions.DelayMsMost),
            () => Publish?.Invoke(ChirpStackEvent.Topic(devEui, kind), json));

    private List<Waiting> QueueOf(string devEui) => queues.TryGetValue(devEui, out var queue) ? queue : queues[devEui] = [];

    private sealed record Waiting(int Port, byte[] Payload, Instant Expires);
}
