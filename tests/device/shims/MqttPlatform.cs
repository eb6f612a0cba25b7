using System.Net;
using nanoFramework.M2Mqtt;

namespace Quartier.Tests.Device;

/// <summary>What the library finds when it connects.</summary>
public enum Peer
{
    Accepts,

    /// <summary>CONNACK with a refusal, then the socket is closed.</summary>
    Refuses,

    /// <summary>Nobody listens.</summary>
    Unreachable,

    /// <summary>Takes the connection and says nothing, until the client is closed.</summary>
    Silent,
}

/// <summary>Network and broker under M2Mqtt's API, in a time that the test moves. Only connecting and closing run on other threads.</summary>
public sealed class MqttPlatform
{
    private readonly List<MqttClient> clients = [];
    private readonly List<string> lookUps = [];

    public MqttPlatform() => Current = this;

    public static MqttPlatform Current { get; private set; } = new();

    public long NowMs { get; private set; }

    public Peer Peer { get; set; }

    /// <summary>Nothing passes any more, and nobody is told.</summary>
    public bool IsHalfOpen { get; set; }

    public bool AcknowledgesAtOnce { get; set; } = true;

    /// <summary>Addresses by name; others throw.</summary>
    public Dictionary<string, string> Names { get; } = [];

    /// <summary>Names that were looked up, an address in digits being none.</summary>
    public IReadOnlyList<string> LookUps
    {
        get
        {
            lock (clients)
            {
                return [.. lookUps];
            }
        }
    }

    public IReadOnlyList<MqttClient> Clients
    {
        get
        {
            lock (clients)
            {
                return [.. clients];
            }
        }
    }

    public IPAddress[] LookUp(string name)
    {
        if (IPAddress.TryParse(name, out var address))
        {
            return [address];
        }

        lock (clients)
        {
            lookUps.Add(name);
        }

        return Names.TryGetValue(name, out var known) ? [null, IPAddress.Parse(known)] : throw new InvalidOperationException("host not found");
    }

    public void Add(MqttClient client)
    {
        lock (clients)
        {
            clients.Add(client);
        }
    }

    public void Advance(long milliseconds)
    {
        for (var end = NowMs + milliseconds; NowMs < end;)
        {
            NowMs = Math.Min(end, NowMs + 100);
            foreach (var client in Clients)
            {
                client.Tick(NowMs);
            }
        }
    }
}
