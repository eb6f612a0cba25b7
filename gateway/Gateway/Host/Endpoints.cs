using System.Net;
using System.Net.Security;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Quartier.Gateway.Broker;
using Quartier.Gateway.Domain.Registry;
using Quartier.Gateway.Tls;
using Quartier.Gateway.Ingest;

namespace Quartier.Gateway.Host;

/// <summary>The ports of one process. Off the loopback they speak TLS; ports without it are then for programs on the same machine, a proxy or
/// a network server, unless <see cref="PlainConnections"/> says otherwise.</summary>
public sealed class Endpoints : IDisposable
{
    private const int RequestBytesMax = 4 * 1024 * 1024;
    private const int HttpsPortDefault = 8443;
    private const int MqttTlsPortDefault = 8883;

    /// <summary>How long a connection of the console may ask for nothing. Longer than a proxy keeps one for its next request (60 s in nginx
    /// as it comes): whoever closes first must be the side that asks, or a request meets a closed connection.</summary>
    private static readonly TimeSpan SilentFor = TimeSpan.FromSeconds(75);

    private readonly GatewayOptions options;
    private readonly IPAddress address;
    private ListenOptions? http;
    private ListenOptions? https;
    private ListenOptions? mqtt;
    private ListenOptions? mqttTls;

    /// <exception cref="IOException">A certificate cannot be used; says why.</exception>
    public Endpoints(GatewayOptions options, ConnectionLimits limits, TimeProvider time)
    {
        (this.options, address) = (options, IPAddress.Parse(options.Listen));
        Pages = new ConnectionCap(limits.Pages, ConnectionFaults.Pages);
        Broker = new ConnectionCap(limits.Broker + ConnectionLimits.ToldWhy, ConnectionFaults.Broker);
        var folder = Path.Combine(options.DataDirectory, "tls");
        Plain = new PlainConnections(folder, HasServed(options.DataDirectory), !options.IsOnLoopback, options.Insecure);
        if (HttpsPort >= 0 || MqttTlsPortWanted >= 0)
        {
            var outside = options.Certificate is null ? null : new OutsideCertificate(options.Certificate, options.CertificateKey, options.CertificatePassword);
            var clients = options.ClientAuthority is { } authority ? new ClientCertificates(authority) : null;
            Certificates = new Certificates(folder, () => ServerNames.Of(AllowedHosts.Of(options), address), outside, time.GetUtcNow(), clients);
        }
    }

    public PlainConnections Plain { get; }

    /// <summary>What stands before the console's ports.</summary>
    internal ConnectionCap Pages { get; }

    /// <summary>What stands before the broker's ports.</summary>
    internal ConnectionCap Broker { get; }

    /// <summary>Null: nothing here speaks TLS.</summary>
    public Certificates? Certificates { get; }

    private int HttpsPort => options.HttpsPort ?? (options.IsOnLoopback ? -1 : HttpsPortDefault);

    private int MqttTlsPortWanted => options.MqttTlsPort ?? (options.IsOnLoopback ? -1 : MqttTlsPortDefault);

    /// <summary>The console's address without TLS, once the host has started; null when it is switched off.</summary>
    public static Uri? Console(WebApplication app) => Of(app) is { http: { } listen } own ? own.Address("http", listen) : null;

    /// <summary>The console's address with TLS, once the host has started; null when there is none.</summary>
    public static Uri? SecureConsole(WebApplication app) => Of(app) is { https: { } listen } own ? own.Address("https", listen) : null;

    /// <summary>The broker's port without TLS, once the host has started; null when it is switched off.</summary>
    public static int? MqttPort(WebApplication app) => Of(app).mqtt?.IPEndPoint!.Port;

    /// <summary>The broker's port with TLS, once the host has started; null when there is none.</summary>
    public static int? MqttTlsPort(WebApplication app) => Of(app).mqttTls?.IPEndPoint!.Port;

    /// <summary>What a device that is set up needs to know of this host, asked once it has started.</summary>
    internal static DeviceAccess ForDevices(WebApplication app) => new(
        () => new DevicePorts(MqttPort(app) ?? 0, app.Services.GetRequiredService<DatagramResponder>().Port),
        () => MqttTlsPort(app) is { } port ? new DeviceTls(port, Of(app).Certificates!.DevicesAuthority.RawData) : null,
        (db, device, since) => EventsTable.HasSince(db, device, "join", since),
        Of(app).options.ShelterHeartbeat);

    /// <summary>Where people reach the console best, once the host has started; null: it has none.</summary>
    internal Uri? Best => https is { } secure ? Address("https", secure) : http is { } plain ? Address("http", plain) : null;

    /// <summary>Address that ports without TLS listen on.</summary>
    internal IPAddress PlainAddress => options.IsOnLoopback || Plain.AreTaken ? address : IPAddress.Loopback;

    public void Dispose() => Plain.Dispose();

    internal void Listen(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = RequestBytesMax;
        kestrel.Limits.KeepAliveTimeout = SilentFor;
        http = Open(kestrel, PlainAddress, options.HttpPort, listen =>
        {
            listen.Use(Pages.Within);
            Watched(listen);
        });
        https = Open(kestrel, address, HttpsPort, listen =>
        {
            listen.Use(Pages.Within);
            Secure(listen, certificates => certificates.ForPages());
        });
        mqtt = Open(kestrel, PlainAddress, options.MqttPort, listen =>
        {
            listen.Use(Broker.Within);
            Watched(listen);
            BrokerHost.Serve(listen);
        });
        mqttTls = Open(kestrel, address, MqttTlsPortWanted, listen =>
        {
            listen.Use(Broker.Within);
            Secure(listen, certificates => certificates.ForDevices());
            BrokerHost.Serve(listen);
        });
    }

    private static Endpoints Of(WebApplication app) => app.Services.GetRequiredService<Endpoints>();

    private static ListenOptions? Open(KestrelServerOptions kestrel, IPAddress at, int port, Action<ListenOptions> configure)
    {
        ListenOptions? opened = null;
        if (port >= 0)
        {
            kestrel.Listen(at, port, listen =>
            {
                opened = listen;
                configure(listen);
            });
        }

        return opened;
    }

    // The first start makes the key of cookies: a folder without one has never served.
    private static bool HasServed(string dataDirectory) => Directory.EnumerateFiles(Path.Combine(dataDirectory, "keys"), "key-*.xml").Any();

    private void Watched(ListenOptions listen) => listen.Use(Plain.Watch);

    private void Secure(ListenOptions listen, Func<Certificates, SslServerAuthenticationOptions> shown) =>
        listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(shown(Certificates!)) });

    private Uri Address(string scheme, ListenOptions listen)
    {
        var at = listen.IPEndPoint!;
        return new UriBuilder(scheme, ServerNames.IsEverywhere(at.Address) ? Environment.MachineName : at.Address.ToString(), at.Port).Uri;
    }
}
