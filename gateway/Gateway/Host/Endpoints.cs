using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Quartier.Gateway.Host;

/// <summary>The ports of one process.</summary>
internal static class Endpoints
{
    private const int RequestBytesMax = 4 * 1024 * 1024;

    public static void Listen(KestrelServerOptions kestrel, GatewayOptions options)
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
