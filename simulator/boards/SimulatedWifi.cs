using Quartier.Board;
using Quartier.Simulator.World;

namespace Quartier.Simulator.Boards;

/// <summary>The station interface of a screen, the platform's store under it and the air around it. Only what is saved outlives a
/// restart, and the board saves what has worked; while it joins it cannot scan. The house's network lets the screen in; its
/// password is public in the demo. Cutting it is pulling the router's plug.</summary>
public sealed class SimulatedWifi : IWifi
{
    public const string HouseSsid = "Quartierszentrale";
    public const string HousePassword = "eselsberg-demo";
    private const long JoinMs = 1_800;
    private const long NobodyThereMs = 3_000;
    private const long RefusedMs = 4_500;
    /// <summary>The longest that the platform waits for a router that says nothing; its one lock is held so long.</summary>
    private const long SilenceMs = 20_000;
    private const long ScanMs = 1_200;
    /// <summary>A weaker network refuses for want of reception too.</summary>
    private const int NearDbm = -75;

    private readonly Dictionary<string, (string Password, int RssiDbm)> air = new()
    {
        [HouseSsid] = (HousePassword, -52), ["Freifunk Ulm"] = ("", -67), ["FRITZ!Box 7590 XY"] = ("nobody knows", -81),
    };

    private readonly VirtualWorld world;
    private (string Ssid, string Password) saved = ("", "");
    private (string Ssid, string Password) wanted;
    private string joined = "";
    private WifiState told;
    private WifiState lastJoin;
    private bool joining;
    private bool inRange = true;
    private bool smartConfig = true;
    private int attempt;
    private bool scanning;
    private string[] found = [];

    public SimulatedWifi(VirtualWorld world)
    {
        this.world = world;
        Start();
    }

    /// <summary>The state changed: the driver's interrupt.</summary>
    public event Action? Changed;

    public WifiState State => joining ? WifiState.Connecting
        : joined.Length > 0 ? WifiState.Connected
        : saved.Ssid.Length > 0 ? WifiState.Connecting
        : lastJoin;

    public WifiState LastJoin => joining ? WifiState.Connecting : lastJoin;

    public string Address => joined.Length > 0 ? "192.168.178.42" : "";

    public int ScanCount => scanning ? -1 : found.Length;

    /// <summary>A stranger nearby could set the network now: a fresh chip listens in its first run.</summary>
    public bool ListensToStrangers { get; private set; }

    /// <summary>Routers that let nobody in and say nothing.</summary>
    public bool Silent { get; set; }

    /// <summary>False while the router is without power.</summary>
    public bool InRange
    {
        get => inRange;
        set
        {
            if (inRange == value)
            {
                return;
            }

            inRange = value;
            if (!value)
            {
                joined = "";
                Tell();
            }
            else if (!joining)
            {
                ComeBack();
            }
        }
    }

    /// <summary>The board starts again: the platform joins what is saved, or nothing.</summary>
    public void Restart()
    {
        (joined, wanted, joining, scanning, lastJoin, found) = ("", ("", ""), false, false, WifiState.Unconfigured, []);
        attempt++;
        Start();
        Tell();
        ComeBack();
    }

    public bool TryGetSignal(out int rssiDbm)
    {
        rssiDbm = joined.Length > 0 ? air[joined].RssiDbm : 0;
        return joined.Length > 0;
    }

    public void Connect(string ssid, string password)
    {
        var mine = ++attempt;
        (wanted, joined, joining) = ((ssid, password), "", true);
        Tell();
        var outcome = Outcome(ssid, password);
        world.After(Silent ? SilenceMs : outcome switch { WifiState.Connected => JoinMs, WifiState.NotInRange => NobodyThereMs, _ => RefusedMs }, () =>
        {
            if (mine != attempt)
            {
                return;
            }

            joining = false;
            lastJoin = Outcome(ssid, password);
            if (lastJoin == WifiState.Connected)
            {
                (joined, saved) = (ssid, (ssid, password));
            }

            Tell();
            ComeBack();
        });
    }

    public bool StartScan()
    {
        if (scanning || joining)
        {
            return false;
        }

        scanning = true;
        world.After(ScanMs, () => (scanning, found) = (false, inRange ? [.. air.Keys] : [.. air.Keys.Where(ssid => ssid != HouseSsid)]));
        return true;
    }

    public void GetNetwork(int index, out string ssid, out int rssiDbm, out bool secured)
    {
        ssid = found[index];
        rssiDbm = air[ssid].RssiDbm;
        secured = air[ssid].Password.Length > 0;
    }

    /// <summary>The platform's part comes before the firmware's, which switches the listening off for the next start.</summary>
    private void Start()
    {
        ListensToStrangers = smartConfig && saved.Ssid.Length == 0;
        smartConfig = false;
    }

    private WifiState Outcome(string ssid, string password) =>
        Silent ? WifiState.Failed
        : !air.TryGetValue(ssid, out var network) || (ssid == HouseSsid && !inRange) ? WifiState.NotInRange
        : network.Password.Length == 0 || network.Password == password ? WifiState.Connected
        : network.RssiDbm >= NearDbm ? WifiState.WrongPassword
        : WifiState.Failed;

    /// <summary>Back to the saved network, or on to the first one of a board that was out of range when it was told it.</summary>
    private void ComeBack()
    {
        (string Ssid, string Password) target = saved.Ssid.Length > 0 ? saved : lastJoin == WifiState.NotInRange ? wanted : ("", "");
        if (joined.Length > 0 || Outcome(target.Ssid, target.Password) != WifiState.Connected)
        {
            return;
        }

        var mine = ++attempt;
        Tell();
        world.After(JoinMs, () =>
        {
            if (mine == attempt && Outcome(target.Ssid, target.Password) == WifiState.Connected)
            {
                (joined, saved) = (target.Ssid, target);
                lastJoin = lastJoin == WifiState.NotInRange && wanted == target ? WifiState.Connected : lastJoin;
                Tell();
            }
        });
    }

    private void Tell()
    {
        if (told != State)
        {
            told = State;
            Changed?.Invoke();
        }
    }
}
