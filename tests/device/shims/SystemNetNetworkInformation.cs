#nullable enable
using Quartier.Tests.Device;

namespace System.Net.NetworkInformation;

/// <summary>The part of nanoFramework.System.Net 1.11.54 that the screen's station uses, over <see cref="WifiPlatform"/>.</summary>
public delegate void NetworkAddressChangedEventHandler(object sender, EventArgs e);

public static class NetworkChange
{
    public static event NetworkAddressChangedEventHandler? NetworkAddressChanged;

    public static void Raise() => NetworkAddressChanged?.Invoke(WifiPlatform.Current, EventArgs.Empty);
}

public sealed class NetworkInterface
{
    public string IPv4Address { get; } = WifiPlatform.Current.ReadAddress();

    public uint SpecificConfigId => 0;

    public static NetworkInterface[] GetAllNetworkInterfaces() => [new NetworkInterface()];
}

public sealed class Wireless80211Configuration
{
    [Flags]
    public enum ConfigurationOptions : byte
    {
        None = 0,
        Disable = 1,
        Enable = 2,
        AutoConnect = 6,
        SmartConfig = 10,
    }

    public ConfigurationOptions Options { get; set; } = (ConfigurationOptions)WifiPlatform.Current.Stored.Options;

    public string Password { get; set; } = WifiPlatform.Current.Stored.Password;

    public string Ssid { get; set; } = WifiPlatform.Current.Stored.Ssid;

    public static Wireless80211Configuration[] GetAllWireless80211Configurations() =>
        WifiPlatform.Current.FlashIsGone ? throw new InvalidOperationException("CLR_E_FAIL") : [new Wireless80211Configuration()];

    public void SaveConfiguration() => WifiPlatform.Current.Store(Ssid, Password, (int)Options);
}
