using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Quartier.Tests.Provisioning;

/// <summary>What an installation puts before the broker for TLS, with an authority of these tests.</summary>
public sealed class TlsFront : IAsyncDisposable
{
    private static readonly DateTimeOffset From = TimeProvider.System.GetUtcNow().AddDays(-2);
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly X509Certificate2 authority;
    private readonly X509Certificate2 server;
    private readonly int broker;
    private readonly Task accepting;

    public TlsFront(int broker)
    {
        this.broker = broker;
        authority = Authority("Quartier tests");
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using var signed = request.Create(authority, From, From.AddYears(1), [1]);
        using var whole = signed.CopyWithPrivateKey(key);
        server = X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), null);
        listener.Start();
        accepting = Accept();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public string RootPem => authority.ExportCertificatePem();

    public static X509Certificate2 Authority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(From, From.AddYears(10));
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await accepting;
        stop.Dispose();
        authority.Dispose();
        server.Dispose();
    }

    private async Task Accept()
    {
        var carrying = new List<Task>();
        try
        {
            while (true)
            {
                carrying.Add(Carry(await listener.AcceptTcpClientAsync(stop.Token)));
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(carrying);
        }
    }

    private async Task Carry(TcpClient device)
    {
        try
        {
            using var to = new TcpClient();
            using (device)
            {
                await using var tls = new SslStream(device.GetStream());
                await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = server }, stop.Token);
                await to.ConnectAsync(IPAddress.Loopback, broker, stop.Token);
                await Task.WhenAny(tls.CopyToAsync(to.GetStream(), stop.Token), to.GetStream().CopyToAsync(tls, stop.Token));
            }
        }
        catch (Exception failure) when (failure is IOException or System.Security.Authentication.AuthenticationException or OperationCanceledException)
        {
            // A device that does not trust this front hangs up.
        }
    }
}
