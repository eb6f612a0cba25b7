using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Http.Features;
using Quartier.Mqtt;

namespace Quartier.Gateway.Broker;

/// <summary>MQTT over WebSocket (MQTT 5 §6) on the console's ports, for clients that can speak HTTP only. The log-in is MQTT's own, so that a
/// page of another origin gains nothing by connecting.</summary>
internal static class MqttOverWebSocket
{
    public const string Path = "/mqtt";
    private const string Subprotocol = "mqtt";

    /// <param name="notFound">Answers where there is nothing.</param>
    public static void Map(IEndpointRouteBuilder routes, RequestDelegate notFound)
    {
        var endpoints = routes.MapConnectionHandler<Handler>(Path, options =>
        {
            options.Transports = HttpTransportType.WebSockets;
            options.WebSockets.SubProtocolSelector = offered => offered.Contains(Subprotocol) ? Subprotocol : null!;
        });
        endpoints.AllowAnonymous();

        // Beside the path itself the library maps the beginning of a session of SignalR, which would be memory for whoever asks.
        endpoints.Add(endpoint =>
        {
            if (endpoint is RouteEndpointBuilder { RoutePattern.RawText: not Path })
            {
                endpoint.RequestDelegate = notFound;
            }
        });
    }

    private sealed class Handler(MqttBroker broker) : ConnectionHandler
    {
        private readonly MqttConnectionHandler inner = new(broker);

        public override Task OnConnectedAsync(ConnectionContext connection)
        {
            connection.Features.GetRequiredFeature<ITransferFormatFeature>().ActiveFormat = TransferFormat.Binary;
            var caller = connection.GetHttpContext()!.Connection;
            connection.RemoteEndPoint = caller.RemoteIpAddress is { } address ? new IPEndPoint(address, caller.RemotePort) : null;
            return inner.OnConnectedAsync(connection);
        }
    }
}
