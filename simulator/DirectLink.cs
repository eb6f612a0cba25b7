using Quartier.Board;
using Quartier.Gateway.Ingest;
using Quartier.Simulator.Boards;
using Quartier.Simulator.World;
using Quartier.Wire;

namespace Quartier.Simulator;

/// <summary>A screen's MQTT session with the gateway inside the world: persistent, QoS 1, presence by last will; milliseconds of delay.</summary>
public sealed class DirectLink : IWakingLink
{
    private const int WaitingMax = 256;
    private const long ConnectMs = 300;
    private const long AcknowledgeMs = 25;
    private const long WillMs = 1_500;

    private readonly VirtualWorld world;
    private readonly string device;
    private readonly SimulatedWifi wifi;
    private readonly Queue<Publication> waiting = new();
    private readonly Queue<int> acknowledged = new();
    private GatewayInProcess? gateway;
    private bool up;
    private int session;

    public DirectLink(VirtualWorld world, string device, SimulatedWifi wifi)
    {
        (this.world, this.device, this.wifi) = (world, device, wifi);
        wifi.Changed += OnWifi;
    }

    public event Action? Arrived;

    public void Attach(GatewayInProcess to)
    {
        gateway = to;
        to.Subscribe(Hear);
    }

    public LinkState Step(long uptimeMs) => up ? LinkState.Up : wifi.State == WifiState.Connected ? LinkState.Connecting : LinkState.Down;

    public bool Publish(string topic, byte[] payload, int length, int qos, int token)
    {
        if (!up || gateway is null)
        {
            return false;
        }

        gateway.Take(topic, payload[..length], device);
        world.Trace.Write(device, topic[(topic.LastIndexOf('/') + 1)..], $"{length} bytes");
        if (qos > 0)
        {
            world.After(AcknowledgeMs, () =>
            {
                acknowledged.Enqueue(token);
                Arrived?.Invoke();
            });
        }

        return true;
    }

    public bool TryAcknowledged(out int token) => acknowledged.TryDequeue(out token);

    public bool TryReceive(MqttMessage into)
    {
        if (!up || !waiting.TryDequeue(out var oldest))
        {
            return false;
        }

        into.Topic = oldest.Topic;
        into.Length = Math.Min(oldest.Payload.Length, MqttMessage.PayloadBytesMax);
        Array.Copy(oldest.Payload, into.Payload, into.Length);
        return true;
    }

    private void Hear(Publication publication)
    {
        if (!ScreenTopics.TryParse(publication.Topic, out var named, out var leaf) || named != device || !ScreenTopics.IsDown(leaf))
        {
            return;
        }

        if (waiting.Count < WaitingMax)
        {
            waiting.Enqueue(publication);
            world.Trace.Write(device, leaf, $"{publication.Payload.Length} bytes");
            Arrived?.Invoke();
        }
    }

    private void OnWifi()
    {
        var mine = ++session;
        if (wifi.State == WifiState.Connected)
        {
            world.After(ConnectMs, () => Connect(mine));
        }
        else if (up)
        {
            up = false;
            world.After(WillMs, () => Tell(mine, online: false));
        }
    }

    private void Connect(int mine)
    {
        if (mine == session && gateway is not null)
        {
            up = true;
            Tell(mine, online: true);
            Arrived?.Invoke();
        }
    }

    private void Tell(int mine, bool online)
    {
        if (mine == session && gateway is not null)
        {
            var payload = new byte[16];
            var length = new ScreenPresence { Online = online }.Encode(payload);
            gateway.Take(ScreenTopics.Build(device, ScreenTopics.Presence), payload[..length], device);
        }
    }
}
