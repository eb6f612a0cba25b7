using Quartier.Tests.Device;

namespace System.Net;

/// <summary>The part of nanoFramework.System.Net 1.11.54 that looks up names, over <see cref="MqttPlatform"/>.</summary>
public static class Dns
{
    public static IPHostEntry GetHostEntry(string hostNameOrAddress) => new(MqttPlatform.Current.LookUp(hostNameOrAddress));
}

public sealed class IPHostEntry(IPAddress[] addresses)
{
    public IPAddress[] AddressList => addresses;
}
