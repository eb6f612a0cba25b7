using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Quartier.Gateway.Host;

/// <summary>The ports of one process.</summary>
public static class Endpoints
{
    private const int RequestBytesMax = 4 * 1024 * 1024;

    /// <summary>The console's address, once the host has started; null when it is switched off.</summary>
    public static Uri? Console(WebApplication app) =>
        app.Services.GetRequiredService<GatewayOptions>().HttpPort < 0 ? null : new Uri(app.Urls.First());

    /// <summary>The broker's port, once the host has started; null when it is switched off.</summary>
    public static int? MqttPort(WebApplication app) =>
        app.Services.GetRequiredService<GatewayOptions>().MqttPort < 0 ? null : new Uri(app.Urls.Last()).Port;

    internal static void Listen(KestrelServerOptions kestrel, GatewayOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = RequestBytesMax;
        var address = IPAddress.Parse(options.Listen);
        if (options.HttpPort >= 0)
        {
            kestrel.Listen(address, options.HttpPort);
        }

        Broker.BrokerHost.Listen(kestrel, address, options);
    }
}
