using System.Net;
using System.Net.WebSockets;
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
            endpoint.RequestDelegate = endpoint is RouteEndpointBuilder { RoutePattern.RawText: Path } ? InBinary(routes, endpoint.RequestDelegate!) : notFound);
    }

    /// <summary>The library takes text as it takes bytes: it is given sockets that end at text.</summary>
    private static RequestDelegate InBinary(IEndpointRouteBuilder routes, RequestDelegate serve)
    {
        var pipeline = routes.CreateApplicationBuilder();
        pipeline.UseWebSockets();
        pipeline.Use((context, next) =>
        {
            if (context.Features.Get<IHttpWebSocketFeature>() is { } sockets)
            {
                context.Features.Set<IHttpWebSocketFeature>(new BinarySockets(sockets));
            }

            return next(context);
        });
        pipeline.Run(serve);
        return pipeline.Build();
    }

    private sealed class BinarySockets(IHttpWebSocketFeature inner) : IHttpWebSocketFeature
    {
        public bool IsWebSocketRequest => inner.IsWebSocketRequest;

        public async Task<WebSocket> AcceptAsync(WebSocketAcceptContext context) => new BinarySocket(await inner.AcceptAsync(context));
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
