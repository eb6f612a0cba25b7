using Quartier.Board;
using Quartier.Provisioning;
using Quartier.Simulator.Boards;
using Quartier.Wire;
using Xunit;

namespace Quartier.Tests.Provisioning;

/// <summary>Wi-Fi with one network in the air; the outcome of a join shows after a few looks, as on the device.</summary>
public sealed class DeskWifi : IWifi
{
    public const string Ssid = "Freifunk";
    public const string Password = "mysecurepassword";
    private const int LooksToJoin = 2;
    /// <summary>A weaker network refuses for want of reception too.</summary>
    private const int NearDbm = -75;

    private WifiState outcome = WifiState.Unconfigured;
    private int looks;
    private int scanLooks = -1;

    public List<(string Ssid, int RssiDbm, bool Secured)> Air { get; } = [(Ssid, -61, false), ("Büro", -72, true)];

    /// <summary>A join never ends.</summary>
    public bool Hangs { get; set; }

    public (string Ssid, string Password)? Asked { get; private set; }

    /// <summary>The device has a network that works, to which it comes back after a join that did not.</summary>
    public bool HasAnother { get; set; }

    /// <summary>The board has just started and comes back to a saved network after so many looks.</summary>
    public int LooksToRejoin { get; set; }

    public WifiState LastJoin => outcome == WifiState.Unconfigured ? outcome : Hangs || looks++ < LooksToJoin ? WifiState.Connecting : outcome;

    public WifiState State => (LastJoin, HasAnother) switch
    {
        (WifiState.Unconfigured, true) when LooksToRejoin-- > 0 => WifiState.Connecting,
        (WifiState.Connecting, _) => WifiState.Connecting,
        (_, true) => WifiState.Connected,
        (var last, _) => last,
    };

    public string Address => outcome == WifiState.Connected ? "192.168.1.77" : "";

    public int ScansRefused { get; private set; }

    public int ScanCount => scanLooks < 0 ? 0 : scanLooks++ < LooksToJoin ? -1 : Air.Count;

    public void Connect(string ssid, string password)
    {
        Asked = (ssid, password);
        looks = 0;
        outcome = Air.All(network => network.Ssid != ssid) ? WifiState.NotInRange
            : Air.Single(network => network.Ssid == ssid) is { Secured: true } network && password != Password
                ? network.RssiDbm >= NearDbm ? WifiState.WrongPassword : WifiState.Failed
            : WifiState.Connected;
    }

    public bool TryGetSignal(out int rssiDbm)
    {
        rssiDbm = -61;
        return outcome == WifiState.Connected;
    }

    public bool StartScan()
    {
        if (LastJoin == WifiState.Connecting)
        {
            ScansRefused++;
            return false;
        }

        scanLooks = 0;
        return true;
    }

    public void GetNetwork(int index, out string ssid, out int rssiDbm, out bool secured) => (ssid, rssiDbm, secured) = Air[index];
}

/// <summary>A cable in memory.</summary>
public sealed class DeskLine : ISerialLine
{
    public Queue<byte> ToDevice { get; } = new();

    public List<byte> FromDevice { get; } = [];

    /// <summary>Bytes that one write takes at most.</summary>
    public int Pace { get; set; } = int.MaxValue;

    public int Read(byte[] buffer, int offset, int count)
    {
        var taken = 0;
        while (taken < count && ToDevice.TryDequeue(out var next))
        {
            buffer[offset + taken++] = next;
        }

        return taken;
    }

    public int Write(byte[] buffer, int offset, int count)
    {
        var taken = Math.Min(count, Pace);
        FromDevice.AddRange(buffer.AsSpan(offset, taken).ToArray());
        return taken;
    }
}

/// <summary>A device on the desk, driven in its own time.</summary>
public sealed class DeviceUnderTest
{
    private long now;

    public DeviceUnderTest(IdentityKind kind = IdentityKind.Screen)
    {
        Kind = kind;
        Port = Start();
    }

    public IdentityKind Kind { get; }

    public DeskLine Line { get; } = new();

    public DeskWifi Wifi { get; } = new();

    public SimulatedFlash Flash { get; } = new();

    /// <summary>Names of what the firmware has written; the platform's own files end in ".sys".</summary>
    public IEnumerable<string> Files => Flash.Names.Where(name => !name.EndsWith(".sys", StringComparison.Ordinal));

    public ServicePort Port { get; private set; }

    /// <summary>The power comes back: everything but the flash is new.</summary>
    public void Reboot() => Port = Start();

    public void Send(params byte[] bytes)
    {
        foreach (var b in bytes)
        {
            Line.ToDevice.Enqueue(b);
        }
    }

    /// <summary>Steps as the device's loop does until nothing is left to do, at most so long.</summary>
    public void Run(long forMs = 60_000)
    {
        var end = now + forMs;
        while (true)
        {
            var next = Port.Step(now);
            if (next == long.MaxValue || next > end)
            {
                now = Math.Max(now, Math.Min(end, next));
                return;
            }

            Assert.True(next > now, "a step that asks for the past");
            now = next;
            if (Port.TakeIdentityChanged())
            {
                IdentityChanges++;
            }
        }
    }

    public int IdentityChanges { get; private set; }

    /// <summary>Takes what the device has sent, as frames: "error 0", "state 4", "result 03…", "answer …".</summary>
    public List<string> Heard()
    {
        var heard = new List<string>();
        var frames = new PortFrames();
        var bytes = Line.FromDevice.ToArray();
        Line.FromDevice.Clear();
        for (var at = 0; at < bytes.Length;)
        {
            at += frames.Append(bytes, at, bytes.Length - at);
            while (frames.Next() is var kind and not PortFrameKind.None)
            {
                heard.Add((kind, frames.Type) switch
                {
                    (PortFrameKind.Improv, PortFrames.ImprovState) => $"state {frames.Payload[0]}",
                    (PortFrameKind.Improv, PortFrames.ImprovError) => $"error {frames.Payload[0]}",
                    (PortFrameKind.Improv, PortFrames.ImprovResult) => "result " + Convert.ToHexStringLower(frames.Payload, 0, frames.PayloadLength),
                    (PortFrameKind.Provision, PortFrames.ProvisionAnswerType) => Answered(frames),
                    _ => $"unexpected {kind} {frames.Type}",
                });
            }
        }

        Assert.False(frames.IsPartial && frames.Room == 0, "the device sent something endless");
        return heard;
    }

    public ProvisionAnswer? LastAnswer { get; private set; }

    /// <summary>Sends a request and gives its answer.</summary>
    public ProvisionAnswer Ask(ProvisionRequest request, int id = 7)
    {
        var payload = new byte[PortFrames.PayloadBytesMax];
        var frame = new byte[PortFrames.FrameBytesMax];
        var length = PortFrames.WriteProvision(frame, 0, PortFrames.ProvisionRequestType, id, payload, request.Encode(payload));
        Send(frame[..length]);
        LastAnswer = null;
        Run();
        Heard();
        Assert.NotNull(LastAnswer);
        return LastAnswer!;
    }

    private string Answered(PortFrames frames)
    {
        Assert.True(ProvisionAnswer.TryDecode(frames.Payload, frames.PayloadLength, out var answer));
        LastAnswer = answer;
        return $"answer {frames.RequestId} {answer.Status}";
    }

    private ServicePort Start() => new(Line, Kind == IdentityKind.Screen ? Wifi : null, Flash, Kind, "0.1.0");
}
