using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Quartier.Gateway.Tls;

/// <summary>Authorities of the gateway's own and the certificates under them: ECDSA on P-256, each with its key.</summary>
public static class Authority
{
    /// <summary>As long as a device may hang on a wall: another root needs the cable again. Before 2050, when dates change their form.</summary>
    private const int Years = 20;
    private const int CommonNameMax = 64;
    private const int SerialBytes = 16;
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    /// <summary>The clock of a first start may be wrong by years, and no phone or device is given another authority when it is set right.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromDays(3 * 365);

    /// <summary>For phones and computers: may vouch for the gateway's names and for nothing else, so that trusting it risks nothing else.</summary>
    public static X509Certificate2 ForBrowsers(string machine, ServerNames names, DateTimeOffset now) =>
        Make($"Quartier {machine}", now, NameConstraints.For(names).ToExtension(), new X509EnhancedKeyUsageExtension([new Oid(ServerAuthentication)], critical: false));

    /// <summary>For devices, whose library refuses an authority with critical name constraints; they trust nobody else, and are nobody's browser.</summary>
    public static X509Certificate2 ForDevices(string machine, DateTimeOffset now) => Make($"Quartier devices {machine}", now);

    /// <summary>A server's certificate for these names.</summary>
    public static X509Certificate2 Issue(X509Certificate2 authority, ServerNames names, DateTimeOffset from, DateTimeOffset until)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(Named(names.Hosts.FirstOrDefault() ?? names.Addresses[0].ToString()), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ServerAuthentication)], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        request.CertificateExtensions.Add(AlternativeNames(names));
        using var signed = request.Create(authority, from, until < authority.NotAfter ? until : authority.NotAfter, Serial());
        using var whole = signed.CopyWithPrivateKey(key);
        return Usable(whole);
    }

    /// <summary>The names that a certificate bears.</summary>
    public static ServerNames NamesOf(X509Certificate2 server)
    {
        var names = server.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault();
        return names is null ? new([], []) : new([.. names.EnumerateDnsNames()], [.. names.EnumerateIPAddresses()]);
    }

    /// <summary>TLS on some systems takes no key that was never in a container.</summary>
    internal static X509Certificate2 Usable(X509Certificate2 certificate) =>
        X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);

    private static X509Certificate2 Make(string name, DateTimeOffset now, params X509Extension[] more)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(Named(name), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        foreach (var extension in more)
        {
            request.CertificateExtensions.Add(extension);
        }

        using var made = request.CreateSelfSigned(now - Slack, now.AddYears(Years));
        return Usable(made);
    }

    private static X500DistinguishedName Named(string name)
    {
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(name[..Math.Min(name.Length, CommonNameMax)]);
        return subject.Build();
    }

    private static X509Extension AlternativeNames(ServerNames names)
    {
        var alternative = new SubjectAlternativeNameBuilder();
        foreach (var host in names.Hosts)
        {
            alternative.AddDnsName(host);
        }

        foreach (var address in names.Addresses)
        {
            alternative.AddIpAddress(address);
        }

        return alternative.Build();
    }

    /// <summary>Positive, and not two alike.</summary>
    private static byte[] Serial()
    {
        var serial = RandomNumberGenerator.GetBytes(SerialBytes);
        serial[0] = (byte)((serial[0] & 0x7f) | 0x40);
        return serial;
    }
}
