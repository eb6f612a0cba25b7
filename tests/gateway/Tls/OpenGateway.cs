using System.Net;
using System.Net.NetworkInformation;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Quartier.Gateway.Host;
using Quartier.Gateway.Tls;
using Quartier.Simulator.Demo;

namespace Quartier.Tests.Gateway.Tls;

/// <summary>The real host with the demo quarter on free ports, listening where a test says, in a folder that outlives it.</summary>
internal sealed class OpenGateway : IAsyncDisposable
{
    private readonly WebApplication app;

    private OpenGateway(WebApplication app) => this.app = app;

    public int HttpPort => Endpoints.Console(app)!.Port;

    public int HttpsPort => Endpoints.SecureConsole(app)!.Port;

    public int MqttPort => Endpoints.MqttPort(app)!.Value;

    public int MqttTlsPort => Endpoints.MqttTlsPort(app)!.Value;

    public IServiceProvider Services => app.Services;

    public Certificates Certificates => app.Services.GetRequiredService<Endpoints>().Certificates!;

    /// <summary>An address of this machine that is not the loopback, so that a call to it comes from outside as far as the gateway knows.</summary>
    public static string Outside { get; } = NetworkInterface.GetAllNetworkInterfaces()
        .SelectMany(card => card.GetIPProperties().UnicastAddresses)
        .Select(unicast => unicast.Address)
        .FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address))?.ToString()
        ?? throw new InvalidOperationException("This machine has no address but the loopback: connect it to a network for these tests.");

    public static async Task<OpenGateway> Start(string folder, string listen, Func<GatewayOptions, GatewayOptions>? with = null)
    {
        var options = DemoQuarter.In(new GatewayOptions
        {
            DataDirectory = folder, Listen = listen, HttpPort = 0, HttpsPort = 0, MqttPort = 0, MqttTlsPort = 0, TimePort = -1, HostNames = ["gateway.example"],
        });
        var app = GatewayHost.Build(with?.Invoke(options) ?? options, TimeProvider.System);
        await app.StartAsync();
        return new OpenGateway(app);
    }

    /// <summary>Writes both authorities as files for programs.</summary>
    public (string Browsers, string Devices) Authorities(string folder)
    {
        var (browsers, devices) = (Path.Combine(folder, "ca.pem"), Path.Combine(folder, "devices-ca.pem"));
        File.WriteAllText(browsers, Certificates.BrowsersAuthority?.ExportCertificatePem());
        File.WriteAllText(devices, Certificates.DevicesAuthority.ExportCertificatePem());
        return (browsers, devices);
    }

    /// <summary>A browser that trusts the gateway's authority and no other.</summary>
    public HttpClient Browser(string address, bool secure = true)
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() };
        if (secure && Certificates.BrowsersAuthority is { } authority)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.Add(authority);
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
        }

        return new HttpClient(handler) { BaseAddress = new UriBuilder(secure ? "https" : "http", address, secure ? HttpsPort : HttpPort).Uri };
    }

    public static async Task<bool> Answers(string address, int port)
    {
        using var socket = new TcpClient();
        try
        {
            await socket.ConnectAsync(address, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public static Task<(int Code, string Said)> Publish(string address, int port, params string[] more) => OpenSsl.Program("mosquitto_pub", "",
        ["-h", address, "-p", $"{port}", "-u", DemoQuarter.NetworkServer, "-P", DemoQuarter.NetworkServerSecret, "-q", "1", "-t", Uplink.Topic(Uplink.Pod), "-m", "{}", .. more]);

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }
}
