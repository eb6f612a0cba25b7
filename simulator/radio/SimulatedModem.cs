using Quartier.Board;
using Quartier.Simulator.World;

namespace Quartier.Simulator.Radio;

/// <summary>A LoRaWAN module as its driver shows it: joins, sends one frame at a time, opens two receive windows after each.</summary>
public sealed class SimulatedModem : ILoRaModem
{
    private const int SpreadingFactor = 9;
    private const long JoinMs = 6_000;
    private const long FirstWindowMs = 1_000;
    private const long SecondWindowMs = 2_000;

    private readonly VirtualWorld world;
    private readonly NetworkServer server;
    private readonly string name;
    private string devAddr = "";
    private long readyMs;
    private readonly Queue<(int Port, byte[] Payload)> received = new();
    private long busyUntilMs;
    private int sequence;

    public SimulatedModem(VirtualWorld world, NetworkServer server, string devEui, string name)
    {
        this.world = world;
        this.server = server;
        this.name = name;
        DevEui = devEui;
        Join(devEui);
    }

    /// <summary>Under which the module is on the air: 16 lower-case hex digits.</summary>
    public string DevEui { get; private set; }

    /// <summary>A downlink waits: the module's wake-up line.</summary>
    public event Action? Received;

    public long FramesSent { get; private set; }

    public long AirtimeMs { get; private set; }

    public ModemState Step(long uptimeMs) =>
        world.NowMs < readyMs ? ModemState.Joining : world.NowMs < busyUntilMs ? ModemState.Busy : ModemState.Ready;

    /// <summary>A new session with the network server: the board has started, perhaps with another identity.</summary>
    public void Join(string devEui)
    {
        server.Leave(DevEui);
        DevEui = devEui;
        devAddr = "01" + devEui[^6..];
        sequence = 0;
        received.Clear();
        readyMs = world.NowMs + JoinMs;
    }

    public SendStatus Send(int port, byte[] payload, int length, bool confirmed)
    {
        if (Step(0) is var state && state != ModemState.Ready)
        {
            return state == ModemState.Joining ? SendStatus.NotJoined : SendStatus.Busy;
        }

        if (length > 51)
        {
            return SendStatus.TooLong;
        }

        var airtimeMs = Airtime.Milliseconds(length, SpreadingFactor);
        var frame = new UplinkFrame(DevEui, name, devAddr, sequence++, port, confirmed, payload[..length], SpreadingFactor);
        busyUntilMs = world.NowMs + airtimeMs + SecondWindowMs + 50;
        FramesSent++;
        AirtimeMs += airtimeMs;
        world.After(airtimeMs, () =>
        {
            // Class A: a server that did not hear the frame does not know that the device listens.
            if (server.Hear(frame))
            {
                world.After(FirstWindowMs, ListenTwice);
            }
        });
        return SendStatus.Accepted;
    }

    public bool TryReceive(byte[] into, out int port, out int length)
    {
        var any = received.TryDequeue(out var oldest);
        (port, length) = any ? (oldest.Port, oldest.Payload.Length) : (0, 0);
        if (any)
        {
            oldest.Payload.CopyTo(into, 0);
        }

        return any;
    }

    private void ListenTwice()
    {
        if (!Listen())
        {
            world.After(SecondWindowMs - FirstWindowMs, () => Listen());
        }
    }

    private bool Listen()
    {
        if (!server.TryAnswer(DevEui, out var port, out var payload))
        {
            return false;
        }

        received.Enqueue((port, payload));
        Received?.Invoke();
        return true;
    }
}
