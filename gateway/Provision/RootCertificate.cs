using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Quartier.Wire;

namespace Quartier.Provision;

/// <summary>The root that a screen is to verify its gateway against, read from a file and held against what the device can use.</summary>
public static class RootCertificate
{
    private const string NameConstraints = "2.5.29.30";

    /// <param name="path">One certificate, PEM or DER.</param>
    /// <returns>DER.</returns>
    /// <exception cref="ProvisionProblem">The file holds none that a device can verify against; it says why.</exception>
    public static byte[] Read(string path, DateTimeOffset now)
    {
        X509Certificate2Collection read = [];
        try
        {
            var bytes = File.ReadAllBytes(path);
            var text = System.Text.Encoding.ASCII.GetString(bytes);
            if (text.Contains("-----BEGIN", StringComparison.Ordinal))
            {
                read.ImportFromPem(text);
            }
            else
            {
                read.Add(X509CertificateLoader.LoadCertificate(bytes));
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw Refused(path, "ist nicht zu lesen oder kein Zertifikat", "cannot be read or is not a certificate");
        }

        if (read.Count != 1)
        {
            throw Refused(path, $"enthält {read.Count} Zertifikate statt eines", $"holds {read.Count} certificates instead of one");
        }

        using var root = read[0];
        return Fault(root, now) is { } fault ? throw Refused(path, fault.German, fault.English) : root.RawData;
    }

    private static (string German, string English)? Fault(X509Certificate2 root, DateTimeOffset now) =>
        !root.Extensions.OfType<X509BasicConstraintsExtension>().Any(constraints => constraints.CertificateAuthority)
            ? ("ist kein Wurzelzertifikat (CA), sondern das eines Servers", "is not a root (CA) but a server's certificate")
        : !root.SubjectName.RawData.AsSpan().SequenceEqual(root.IssuerName.RawData)
            ? ("ist nur ein Zwischenzertifikat; gebraucht wird die Wurzel, an der es hängt", "is an intermediate only; the root that it hangs on is needed")
        : root.NotAfter.ToUniversalTime() <= now.UtcDateTime
            ? ($"ist seit {root.NotAfter.ToUniversalTime():yyyy-MM-dd} abgelaufen", $"has expired on {root.NotAfter.ToUniversalTime():yyyy-MM-dd}")
        : root.NotBefore.ToUniversalTime() > now.UtcDateTime
            ? ($"gilt erst ab {root.NotBefore.ToUniversalTime():yyyy-MM-dd}", $"is not valid before {root.NotBefore.ToUniversalTime():yyyy-MM-dd}")
        : root.Extensions.Any(extension => extension.Oid?.Value == NameConstraints && extension.Critical)
            ? ("hat kritische Namensbeschränkungen; die nimmt das Gerät nicht an", "has critical name constraints, which the device refuses")
        : root.RawData.Length > DeviceIdentity.RootBytesMax
            ? ($"hat {root.RawData.Length} Byte; auf dem Gerät ist Platz für {DeviceIdentity.RootBytesMax}", $"has {root.RawData.Length} bytes; the device has room for {DeviceIdentity.RootBytesMax}")
        : null;

    private static ProvisionProblem Refused(string path, string german, string english) => new("root", $"{path} {german}.", $"{path} {english}.",
        "Mit --root die Wurzel angeben, an der das Zertifikat des Gateways hängt, als PEM oder DER.",
        "Give with --root the root that the gateway's certificate hangs on, as PEM or DER.");
}
