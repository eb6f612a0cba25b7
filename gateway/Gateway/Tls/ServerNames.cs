using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Quartier.Gateway.Tls;

/// <summary>What a server's certificate says whose it is.</summary>
/// <param name="Hosts">Names in ASCII, lower case.</param>
/// <param name="Addresses">Addresses in digits.</param>
public sealed record ServerNames(IReadOnlyList<string> Hosts, IReadOnlyList<IPAddress> Addresses)
{
    /// <param name="names">That the console answers under.</param>
    /// <param name="listen">Address that the process listens on; what it stands for now.</param>
    public static ServerNames Of(IEnumerable<string> names, IPAddress listen)
    {
        var hosts = names.Append("localhost").Select(Ascii).OfType<string>();
        var addresses = (IsEverywhere(listen) ? OfThisMachine() : [listen]).Append(IPAddress.Loopback).Append(IPAddress.IPv6Loopback);
        return new([.. hosts.Distinct().Order(StringComparer.Ordinal)], [.. addresses.Distinct()]);
    }

    /// <summary>An address to listen on that stands for all of this machine's.</summary>
    public static bool IsEverywhere(IPAddress listen) => listen.Equals(IPAddress.Any) || listen.Equals(IPAddress.IPv6Any);

    /// <summary>What of these names the other ones lack.</summary>
    public ServerNames Without(ServerNames others) =>
        new([.. Hosts.Except(others.Hosts)], [.. Addresses.Except(others.Addresses)]);

    public bool IsEmpty => Hosts.Count == 0 && Addresses.Count == 0;

    public override string ToString() => string.Join(", ", Hosts.Concat(Addresses.Select(address => address.ToString())));

    // Link-local addresses name no machine outside their cable; nobody types them.
    private static IEnumerable<IPAddress> OfThisMachine() => NetworkInterface.GetAllNetworkInterfaces()
        .SelectMany(card => card.GetIPProperties().UnicastAddresses)
        .Select(unicast => unicast.Address)
        .Where(address => address.AddressFamily == AddressFamily.InterNetwork ? address.GetAddressBytes() is not [169, 254, ..] : !address.IsIPv6LinkLocal);

    /// <returns>Null: no name that a certificate can bear, such as one with an underscore.</returns>
    private static string? Ascii(string name)
    {
        try
        {
            var ascii = new IdnMapping { UseStd3AsciiRules = true }.GetAscii(name.TrimEnd('.')).ToLowerInvariant();
            return IPAddress.TryParse(ascii, out _) ? null : ascii;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
