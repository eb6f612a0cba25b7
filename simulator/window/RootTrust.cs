using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Quartier.Board;
using Quartier.Provisioning;
using Quartier.Wire;

namespace Quartier.Simulator.Window;

/// <summary>TLS over this machine's network, as a board does it: it trusts the root that the cable gave it, and nothing else.</summary>
public static class RootTrust
{
    /// <returns>Null for an identity that speaks without TLS.</returns>
    public static SslClientAuthenticationOptions? Of(DeviceIdentity identity, IFlash flash)
    {
        if (!identity.MqttTls)
        {
            return null;
        }

        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        if (new RootFile(flash).TryLoad(identity.RootDigest, out var root))
        {
            trust.CustomTrustStore.Add(X509CertificateLoader.LoadCertificate(root));
        }

        return new SslClientAuthenticationOptions { TargetHost = identity.MqttHost, CertificateChainPolicy = trust };
    }
}
