using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Quartier.Gateway.Tls;

namespace Quartier.Gateway.Broker;

/// <summary>TLS towards an outside broker. Files are read at each connection, so that changed ones count without a restart. Whether a
/// certificate was revoked is not asked: an alarm does not hang on a third party.</summary>
internal sealed class OutsideTls
{
    private readonly SslClientAuthenticationOptions options;
    private OutsideTrouble? refused;

    /// <exception cref="OutsideException">A file cannot be used; says why.</exception>
    public OutsideTls(OutsideOptions broker, DateTimeOffset now)
    {
        var name = broker.ServerName ?? broker.Host;
        options = new SslClientAuthenticationOptions
        {
            TargetHost = name,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            CertificateChainPolicy = Policy(broker.CaFile),
            ClientCertificateContext = Own(broker, now),
            RemoteCertificateValidationCallback = (_, _, chain, errors) =>
            {
                refused = errors == SslPolicyErrors.None ? null : OutsideTrouble.Of(chain, errors, name);
                return refused is null;
            },
        };
    }

    /// <exception cref="OutsideException">Its certificate is not to be trusted; says why.</exception>
    public async Task<SslStream> OpenAsync(Stream stream, CancellationToken cancel)
    {
        var secure = new SslStream(stream);
        try
        {
            await secure.AuthenticateAsClientAsync(options, cancel);
            return secure;
        }
        catch (Exception fault) when (refused is not null)
        {
            throw new OutsideException(refused, fault);
        }
        catch (IOException fault)
        {
            throw new OutsideException(OutsideTrouble.NoTls, fault);
        }
    }

    private static X509ChainPolicy Policy(string? caFile)
    {
        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck };
        if (caFile is null)
        {
            return policy;
        }

        try
        {
            policy.CustomTrustStore.ImportFromPemFile(caFile);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new OutsideException(OutsideTrouble.File(caFile, fault.Message), fault);
        }

        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        return policy.CustomTrustStore.Count > 0 ? policy : throw new OutsideException(OutsideTrouble.File(caFile, "no PEM certificate"));
    }

    private static SslStreamCertificateContext? Own(OutsideOptions broker, DateTimeOffset now)
    {
        if (broker.Certificate is not { } file)
        {
            return null;
        }

        var own = new OutsideCertificate(file, broker.CertificateKey, broker.CertificatePassword);
        own.Step(now);
        return own.Server is { } certificate
            ? SslStreamCertificateContext.Create(certificate, own.Between, offline: true)
            : throw new OutsideException(OutsideTrouble.File(file, own.Refusal ?? ""));
    }
}
