using System.Net.NetworkInformation;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using NodaTime;
using NodaTime.Extensions;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Tls;

/// <summary>What the gateway proves itself with: to browsers by the operator's certificate or a chain of its own, to devices always by a chain
/// of its own, because a device keeps one root for as long as it hangs there. Looked after once a minute by <see cref="Step"/>.</summary>
public sealed class Certificates
{
    private static readonly Duration SaidBefore = Duration.FromDays(30);

    private readonly Func<ServerNames> names;
    private readonly OwnChain? browsers;
    private readonly OwnChain devices;
    private readonly OutsideCertificate? outside;
    private readonly ClientCertificates? clients;
    private volatile SslServerAuthenticationOptions? pages;
    private volatile SslServerAuthenticationOptions? mqtt;
    private string? unkept;

    /// <param name="folder">Of the gateway's own authorities; made where it is not.</param>
    /// <param name="names">The gateway's names, asked each time.</param>
    /// <param name="clients">What clients of the broker may show; null: they are not asked.</param>
    /// <exception cref="IOException">An authority cannot be read or written, or the operator's certificate cannot be used; says why.</exception>
    public Certificates(string folder, Func<ServerNames> names, OutsideCertificate? outside, DateTimeOffset now, ClientCertificates? clients = null)
    {
        (this.names, this.outside, this.clients) = (names, outside, clients);
        OwnerOnly.MakeFolder(folder);
        browsers = outside is null ? OwnChain.ForBrowsers(folder, names(), now) : null;
        devices = OwnChain.ForDevices(folder, now);
        Step(now);
        if (unkept is not null || (outside is { Server: null } && outside.Refusal is not null))
        {
            throw new IOException(unkept ?? outside!.Refusal);
        }
    }

    /// <summary>Pages show the operator's certificate.</summary>
    public bool IsOutside => outside is not null;

    /// <summary>Null: pages show the operator's certificate.</summary>
    public X509Certificate2? BrowsersAuthority => browsers?.Authority;

    public X509Certificate2 DevicesAuthority => devices.Authority;

    /// <summary>What pages show now.</summary>
    public X509Certificate2? PagesServer => outside?.Server ?? browsers?.Server;

    /// <summary>What the broker's TLS port shows now.</summary>
    public X509Certificate2? DevicesServer => devices.Server;

    /// <summary>For a handshake of a page.</summary>
    /// <exception cref="AuthenticationException">There is no certificate that holds.</exception>
    public SslServerAuthenticationOptions ForPages() => pages ?? throw new AuthenticationException("no certificate for pages holds");

    /// <summary>For a handshake at the broker.</summary>
    /// <exception cref="AuthenticationException">See <see cref="ForPages"/>.</exception>
    public SslServerAuthenticationOptions ForDevices() => mqtt ?? throw new AuthenticationException("no certificate for devices holds");

    /// <summary>The gateway's names that its authority for browsers may not vouch for; empty where that is the operator's affair.</summary>
    public ServerNames NotVouchedFor => browsers?.Refused(names()) ?? new([], []);

    /// <summary>Renews what ends soon and takes up a changed file.</summary>
    /// <returns>What is worth a line in the log; mostly nothing.</returns>
    public IReadOnlyList<string> Step(DateTimeOffset now)
    {
        var said = new List<string>();
        var isRead = outside?.Step(now) == true;
        if (isRead)
        {
            said.Add(outside!.Refusal is { } refusal ? $"the certificate was not taken, the one before goes on: {refusal}" : $"certificate taken from its file, good until {Day(outside.Server!)}");
        }

        Renew(said, now);

        // A file that was read anew may hold the same certificate and others between.
        pages = Options(PagesServer, outside?.Between ?? [], isRead ? null : pages);
        mqtt = Options(DevicesServer, [], mqtt, clients);
        return said;
    }

    /// <summary>What a person has to see to: a certificate that ends within 30 days and does not renew itself or holds not yet, or a file that was not taken.</summary>
    public Fault? Fault(Instant now)
    {
        if (outside?.Refusal is { } refusal)
        {
            return CertificateFaults.NotTaken(refusal);
        }

        X509Certificate2[] all = [.. new[] { PagesServer, browsers?.Authority, devices.Authority, devices.Server }.OfType<X509Certificate2>()];
        var begins = all.Max(certificate => new DateTimeOffset(certificate.NotBefore).ToInstant());
        if (begins > now)
        {
            return CertificateFaults.NotYet(begins);
        }

        var ends = all.Min(certificate => new DateTimeOffset(certificate.NotAfter).ToInstant());
        return ends - SaidBefore > now ? null : outside is null || new DateTimeOffset(PagesServer!.NotAfter).ToInstant() > ends ? CertificateFaults.OwnEnds(ends) : CertificateFaults.OutsideEnds(ends);
    }

    private void Renew(List<string> said, DateTimeOffset now)
    {
        try
        {
            var wanted = names();
            foreach (var chain in new[] { browsers, devices }.OfType<OwnChain>().Where(chain => chain.Step(wanted, now)))
            {
                said.Add($"certificate made for {Authority.NamesOf(chain.Server!)}, good until {Day(chain.Server!)}");
            }

            unkept = null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or CryptographicException or NetworkInformationException)
        {
            // Tried again in a minute; said once for each reason.
            if (unkept != fault.Message)
            {
                said.Add($"a certificate could not be renewed, the one before goes on: {fault.Message}");
            }

            unkept = fault.Message;
        }
    }

    private static SslServerAuthenticationOptions? Options(X509Certificate2? server, X509Certificate2Collection between, SslServerAuthenticationOptions? before, ClientCertificates? clients = null)
    {
        if (server is null || before?.ServerCertificateContext?.TargetCertificate.Thumbprint == server.Thumbprint)
        {
            return server is null ? null : before;
        }

        var options = new SslServerAuthenticationOptions
        {
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            ServerCertificateContext = SslStreamCertificateContext.Create(server, between, offline: true),
        };
        clients?.AskFor(options);
        return options;
    }

    private static string Day(X509Certificate2 certificate) => FormattableString.Invariant($"{certificate.NotAfter.ToUniversalTime():yyyy-MM-dd}");
}
