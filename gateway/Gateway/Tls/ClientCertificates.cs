using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Quartier.Gateway.Tls;

/// <summary>Certificates that clients of the broker may show. Whoever shows none goes on by name and secret; one that does not hang on the
/// operator's authority ends the handshake.</summary>
public sealed class ClientCertificates
{
    private const string ForClients = "1.3.6.1.5.5.7.3.2";

    private readonly X509Certificate2Collection authorities = [];

    /// <param name="path">PEM.</param>
    /// <exception cref="IOException">It cannot be read or holds no certificate; says why.</exception>
    public ClientCertificates(string path)
    {
        try
        {
            authorities.ImportFromPemFile(path);
        }
        catch (Exception fault) when (fault is CryptographicException or UnauthorizedAccessException or IOException)
        {
            throw new IOException($"the authority of client certificates cannot be read from {path}: {fault.Message}", fault);
        }

        if (authorities.Count == 0)
        {
            throw new IOException($"{path} holds no certificate: the authority of client certificates has to be a PEM file");
        }
    }

    internal void AskFor(SslServerAuthenticationOptions options)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(authorities);
        policy.ApplicationPolicy.Add(new Oid(ForClients));
        options.ClientCertificateRequired = true;
        options.CertificateChainPolicy = policy;
        options.RemoteCertificateValidationCallback = (_, shown, _, errors) => shown is null || errors == SslPolicyErrors.None;
    }
}
