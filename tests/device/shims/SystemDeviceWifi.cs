#nullable enable
using Quartier.Tests.Device;

namespace System.Device.Wifi;

/// <summary>The part of System.Device.Wifi 1.5.147 that the screen uses, over <see cref="WifiPlatform"/>.</summary>
public delegate void AvailableNetworksChangedEventHandler(WifiAdapter sender, object e);

public enum WifiReconnectionKind
{
    Automatic,
    Manual,
}

public enum WifiConnectionStatus
{
    AccessRevoked,
    InvalidCredential,
    NetworkNotAvailable,
    Success,
    Timeout,
    UnspecifiedFailure,
    UnsupportedAuthenticationProtocol,
}

public sealed class WifiConnectionResult(WifiConnectionStatus status)
{
    public WifiConnectionStatus ConnectionStatus => status;
}

public sealed class WifiAvailableNetwork(string ssid, double rssiDbm)
{
    public string Ssid => ssid;

    public double NetworkRssiInDecibelMilliwatts => rssiDbm;
}

public sealed class WifiNetworkReport(WifiAvailableNetwork[] networks)
{
    public WifiAvailableNetwork[] AvailableNetworks => networks;
}

public sealed class WifiAdapter
{
    private bool locked;

    public event AvailableNetworksChangedEventHandler? AvailableNetworksChanged;

    public int NetworkInterface => 0;

    public WifiNetworkReport NetworkReport => Locked(() =>
        new WifiNetworkReport([.. WifiPlatform.Current.Air.Select(network => new WifiAvailableNetwork(network.Key, network.Value.RssiDbm))]));

    public static WifiAdapter[] FindAllAdapters() => [new WifiAdapter()];

    public WifiConnectionResult Connect(string ssid, WifiReconnectionKind reconnectionKind, string passwordCredential) =>
        Locked(() => new WifiConnectionResult(WifiPlatform.Current.Connect(ssid, passwordCredential, (int)reconnectionKind)));

    public void Disconnect() => WifiPlatform.Current.Disconnect();

    public void ScanAsync() => Locked(() =>
    {
        if (!WifiPlatform.Current.CanScan)
        {
            throw new InvalidOperationException("busy");
        }

        return true;
    }, andThen: () =>
    {
        if (!WifiPlatform.Current.ScansGetLost)
        {
            AvailableNetworksChanged?.Invoke(this, EventArgs.Empty);
        }
    });

    private T Locked<T>(Func<T> call, Action? andThen = null)
    {
        if (locked)
        {
            WifiPlatform.Current.SomebodyWaitedForTheLock = true;
            throw new InvalidOperationException("a thread would stand still here for up to 20 s");
        }

        locked = true;
        try
        {
            return call();
        }
        finally
        {
            locked = false;
            andThen?.Invoke();
        }
    }
}
