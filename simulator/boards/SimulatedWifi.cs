using Quartier.Board;
using Quartier.Simulator.World;

namespace Quartier.Simulator.Boards;

/// <summary>The station interface of a screen and the air around it. The house's network lets the screen in; its password is public
/// in the demo. Cutting it is pulling the router's plug.</summary>
public sealed class SimulatedWifi : IWifi
{
    public const string HouseSsid = "Quartierszentrale";
    public const string HousePassword = "eselsberg-demo";
    private const long JoinMs = 1_800;
    private const long ScanMs = 1_200;

    private static readonly (string Ssid, int RssiDbm, bool Secured)[] Networks =
        [(HouseSsid, -52, true), ("Freifunk Ulm", -67, false), ("FRITZ!Box 7590 XY", -81, true)];

    private readonly VirtualWorld world;
    private WifiState state;
    private bool inRange = true;
    private bool wanted;
    private int attempt;
    private bool scanning;
    private bool scanned;

    public SimulatedWifi(VirtualWorld world) => this.world = world;

    /// <summary>The state changed: the driver's interrupt.</summary>
    public event Action? Changed;

    public WifiState State => state;

    public string Address => state == WifiState.Connected ? "192.168.178.42" : "";

    public int ScanCount => scanning ? -1 : scanned ? Networks.Length : 0;

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
            if (!value && wanted)
            {
                Become(WifiState.NotInRange);
            }
            else if (value && wanted)
            {
                Connect(HouseSsid, HousePassword);
            }
        }
    }

    public bool TryGetSignal(out int rssiDbm)
    {
        rssiDbm = Networks[0].RssiDbm;
        return state == WifiState.Connected;
    }

    public void Connect(string ssid, string password)
    {
        var mine = ++attempt;
        Become(WifiState.Connecting);
        world.After(JoinMs, () =>
        {
            if (mine != attempt)
            {
                return;
            }

            var network = Networks.FirstOrDefault(n => n.Ssid == ssid);
            var known = network.Ssid is not null && (!network.Secured || (ssid == HouseSsid && password == HousePassword));
            wanted = known;
            Become(!inRange || network.Ssid is null ? WifiState.NotInRange : known ? WifiState.Connected : WifiState.WrongPassword);
        });
    }

    public bool StartScan()
    {
        if (scanning)
        {
            return false;
        }

        scanning = true;
        world.After(ScanMs, () => (scanning, scanned) = (false, true));
        return true;
    }

    public void GetNetwork(int index, out string ssid, out int rssiDbm, out bool secured) => (ssid, rssiDbm, secured) = Networks[index];

    private void Become(WifiState next)
    {
        if (state != next)
        {
            state = next;
            Changed?.Invoke();
        }
    }
}
