using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Quartier.Gateway.Host;

namespace Quartier.Gateway.Broker;

/// <summary>The embedded broker inside the gateway's process.</summary>
internal static class BrokerHost
{
    public static void Add(IServiceCollection services, GatewayOptions options)
    {
    }

    public static void Listen(KestrelServerOptions kestrel, IPAddress address, GatewayOptions options)
    {
    }
}
