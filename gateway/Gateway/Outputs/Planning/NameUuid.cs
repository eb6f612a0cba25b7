using System.Security.Cryptography;
using System.Text;

namespace Quartier.Gateway.Outputs.Planning;

/// <summary>RFC 9562 UUID version 8, built from a name with SHA-256 as its appendix B.2 shows: the same name always gives the same
/// id, so that HSDS ids outlive an import and a restore.</summary>
public static class NameUuid
{
    public static readonly Guid DnsNamespace = new("6ba7b810-9dad-11d1-80b4-00c04fd430c8");

    private static readonly Guid Ours = Of(DnsNamespace, "quartier");

    /// <param name="kind">For example "service"; equal names of two kinds get two ids.</param>
    public static Guid For(string kind, string name) => Of(Ours, $"{kind}:{name}");

    public static Guid Of(Guid space, string name)
    {
        var hash = SHA256.HashData([.. space.ToByteArray(bigEndian: true), .. Encoding.UTF8.GetBytes(name)])[..16];
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash, bigEndian: true);
    }
}
