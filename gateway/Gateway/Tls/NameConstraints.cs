using System.Formats.Asn1;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Quartier.Gateway.Tls;

/// <summary>The names that an authority may vouch for (RFC 5280, 4.2.1.10). Whoever steals its key cannot pass for anybody else's site.</summary>
/// <param name="Hosts">Each with all names under it.</param>
public sealed record NameConstraints(IReadOnlyList<string> Hosts, IReadOnlyList<IPNetwork> Blocks)
{
    private const string Id = "2.5.29.30";

    // GeneralName's choices for a host's name and an address.
    private static readonly Asn1Tag Host = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag Address = new(TagClass.ContextSpecific, 7);
    private static readonly Asn1Tag Permitted = new(TagClass.ContextSpecific, 0, isConstructed: true);

    // Addresses that mean something inside a house only. A router may give the gateway another one of them any day.
    private static readonly IPNetwork[] InsideAHouse =
        [.. new[] { "10.0.0.0/8", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7" }.Select(block => IPNetwork.Parse(block))];

    /// <summary>The gateway's names, the addresses inside any house, and of the others only those it has now.</summary>
    public static NameConstraints For(ServerNames names) => new(
        names.Hosts,
        [.. InsideAHouse, .. names.Addresses.Where(address => !InsideAHouse.Any(block => block.Contains(address))).Select(address => new IPNetwork(address, address.GetAddressBytes().Length * 8))]);

    /// <summary>Null: the authority has none.</summary>
    public static NameConstraints? Of(X509Certificate2 authority)
    {
        if (authority.Extensions.FirstOrDefault(extension => extension.Oid?.Value == Id) is not { } extension)
        {
            return null;
        }

        var (hosts, blocks) = (new List<string>(), new List<IPNetwork>());
        var permitted = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence().ReadSequence(Permitted);
        while (permitted.HasData)
        {
            var subtree = permitted.ReadSequence();
            if (subtree.PeekTag().HasSameClassAndValue(Host))
            {
                hosts.Add(subtree.ReadCharacterString(UniversalTagNumber.IA5String, Host));
            }
            else
            {
                blocks.Add(Block(subtree.ReadOctetString(Address)));
            }
        }

        return new(hosts, blocks);
    }

    /// <summary>Those of the names that the authority may vouch for: one that it may not spoils the whole certificate.</summary>
    public ServerNames Among(ServerNames names) => new([.. names.Hosts.Where(Permits)], [.. names.Addresses.Where(address => Blocks.Any(block => block.Contains(address)))]);

    public X509Extension ToExtension()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        using (writer.PushSequence(Permitted))
        {
            foreach (var host in Hosts)
            {
                using var subtree = writer.PushSequence();
                writer.WriteCharacterString(UniversalTagNumber.IA5String, host, Host);
            }

            foreach (var block in Blocks)
            {
                using var subtree = writer.PushSequence();
                writer.WriteOctetString([.. block.BaseAddress.GetAddressBytes(), .. Mask(block)], Address);
            }
        }

        return new X509Extension(Id, writer.Encode(), critical: true);
    }

    private bool Permits(string host) => Hosts.Any(permitted => host == permitted || host.EndsWith("." + permitted, StringComparison.Ordinal));

    private static byte[] Mask(IPNetwork block)
    {
        var mask = new byte[block.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? 4 : 16];
        for (var bit = 0; bit < block.PrefixLength; bit++)
        {
            mask[bit / 8] |= (byte)(0x80 >> (bit % 8));
        }

        return mask;
    }

    private static IPNetwork Block(byte[] addressAndMask)
    {
        var half = addressAndMask.Length / 2;
        return new IPNetwork(new IPAddress(addressAndMask[..half]), addressAndMask[half..].Sum(part => int.PopCount(part)));
    }
}
