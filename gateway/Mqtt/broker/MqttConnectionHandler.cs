using Microsoft.AspNetCore.Connections;

namespace Quartier.Mqtt;

/// <summary>Puts the broker behind a Kestrel endpoint: <c>listenOptions.UseConnectionHandler&lt;MqttConnectionHandler&gt;()</c>,
/// with the broker registered as a singleton. TLS is Kestrel's (<c>listenOptions.UseHttps</c> before it).</summary>
public sealed class MqttConnectionHandler(MqttBroker broker) : ConnectionHandler
{
    public override Task OnConnectedAsync(ConnectionContext connection) => broker.RunAsync(connection);
}
