#nullable enable
using System.Device.Wifi;
using System.Net.NetworkInformation;

namespace Quartier.Tests.Device;

/// <summary>Radio, driver and configuration store of an ESP32 as the platform behaves, one at a time: what is stored outlives
/// <see cref="Boot"/>, everything else does not.</summary>
public sealed class WifiPlatform
{
    public const int AutoConnect = 6;
    public const int SmartConfig = 8;

    public WifiPlatform() => Current = this;

    public static WifiPlatform Current { get; private set; } = new();

    /// <summary>The networks around: password and strength by name.</summary>
    public Dictionary<string, (string Password, int RssiDbm)> Air { get; } = [];

    /// <summary>As a fresh chip has them: nothing but "connect by yourself, or let anybody tell you where to".</summary>
    public (string Ssid, string Password, int Options) Stored { get; set; } = ("", "", AutoConnect | SmartConfig);

    public int Writes { get; private set; }

    /// <summary>Null: writes work; else how one fails.</summary>
    public Exception? FlashFault { get; set; }

    public bool FlashForgets { get; set; }

    /// <summary>The store cannot be read any more.</summary>
    public bool FlashIsGone { get; set; }

    /// <summary>The driver goes on trying these, whatever Connect has said, until it is told to disconnect.</summary>
    public (string Ssid, string Password)? Trying { get; private set; }

    public string Address { get; private set; } = "0.0.0.0";

    /// <summary>Each makes a list of interfaces with their texts.</summary>
    public int AddressReads { get; private set; }

    public string ReadAddress()
    {
        AddressReads++;
        return Address;
    }

    /// <summary>A stranger nearby can set the network now.</summary>
    public bool ListensToStrangers { get; private set; }

    /// <summary>What Connect says of a network, in place of what is true.</summary>
    public Dictionary<string, WifiConnectionStatus> Says { get; } = [];

    /// <summary>The router gives no addresses.</summary>
    public bool NoAddresses { get; set; }

    /// <summary>Called inside Connect, which holds the adapter's lock for up to 20 s.</summary>
    public Action? WhileConnecting { get; set; }

    public bool SomebodyWaitedForTheLock { get; set; }

    public bool ScansGetLost { get; set; }

    public List<string> Connects { get; } = [];

    /// <summary>What the native part does before any managed code runs.</summary>
    public WifiPlatform Boot()
    {
        var after = new WifiPlatform { Stored = Stored, NoAddresses = NoAddresses, Writes = Writes };
        foreach (var network in Air)
        {
            after.Air.Add(network.Key, network.Value);
        }

        var (ssid, password, options) = Stored;
        if ((options & AutoConnect) == AutoConnect && ssid.Length > 0)
        {
            after.Try(ssid, password);
        }
        else if (ssid.Length == 0 && (options & SmartConfig) != 0)
        {
            after.ListensToStrangers = true;
        }

        return after;
    }

    /// <summary>A network is switched on, or its router comes back.</summary>
    public void Appears(string ssid, string password, int rssiDbm)
    {
        Air[ssid] = (password, rssiDbm);
        if (Trying is { } wanted)
        {
            Try(wanted.Ssid, wanted.Password);
        }
    }

    public WifiConnectionStatus Connect(string ssid, string password, int flags)
    {
        Connects.Add(ssid);
        if ((flags & 1) != 0)
        {
            Store(ssid, password, (flags & 2) != 0 ? AutoConnect : 2);
        }

        WhileConnecting?.Invoke();
        var joined = Try(ssid, password);
        return Says.TryGetValue(ssid, out var said) ? said
            : joined ? WifiConnectionStatus.Success
            : Air.ContainsKey(ssid) ? WifiConnectionStatus.InvalidCredential
            : WifiConnectionStatus.NetworkNotAvailable;
    }

    public void Disconnect() => (Trying, Address) = (null, "0.0.0.0");

    /// <returns>False when the driver is busy joining.</returns>
    public bool CanScan => Trying is null || Address != "0.0.0.0";

    public void Store(string ssid, string password, int options)
    {
        // Arrays of 32 and 64 bytes with a zero at the end.
        if (ssid.Length > 31 || password.Length > 63)
        {
            throw new ArgumentException("too long for the store");
        }

        Writes++;
        if (FlashFault is not null)
        {
            throw FlashFault;
        }

        Stored = FlashForgets ? Stored : (ssid, password, options);
    }

    private bool Try(string ssid, string password)
    {
        Trying = (ssid, password);
        var joined = Air.TryGetValue(ssid, out var network) && network.Password == password;
        Address = joined && !NoAddresses ? "192.168.178." + ssid.Length : "0.0.0.0";
        NetworkChange.Raise();
        return joined;
    }
}
