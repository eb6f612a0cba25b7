using System.Text;
using Quartier.Mqtt;
using Quartier.Simulator.Demo;
using Quartier.Simulator.Radio;
using Quartier.Simulator.World;

namespace Quartier.Simulator;

/// <summary>The network server's MQTT integration at the gateway's broker: events out at QoS 0, as ChirpStack publishes unless told
/// otherwise, commands in. An event that finds no session is lost; the session is tried for again.</summary>
internal sealed class ServerLine
{
    private const long RetryMs = 5_000;

    private readonly VirtualWorld world;
    private readonly GatewayInProcess gateway;
    private readonly NetworkServer server;
    private BrokerLine? line;

    public ServerLine(VirtualWorld world, GatewayInProcess gateway, NetworkServer server)
    {
        (this.world, this.gateway, this.server) = (world, gateway, server);
        server.Publish += Tell;
        Connect();
    }

    private void Tell(string topic, byte[] payload)
    {
        if (line is null)
        {
            world.Trace.Write("network-server", "event-lost", topic[(topic.LastIndexOf('/') + 1)..]);
            return;
        }

        line.Send(ClientPackets.Publish(topic, payload, Qos.AtMostOnce));
    }

    private void Connect()
    {
        if (gateway.TryConnect(isScreen: false, isSecure: false, Hear, Lost) is { } opened)
        {
            line = opened;
            opened.Send(new ConnectPacket(DemoQuarter.NetworkServer, CleanSession: false, 0, null, DemoQuarter.NetworkServer, Encoding.UTF8.GetBytes(DemoQuarter.NetworkServerSecret)).ToBytes());
            opened.Send(SubscribePacket.Write(1, [new SubscriptionRequest($"application/{ChirpStackEvent.ApplicationId}/device/+/command/+", Qos.AtLeastOnce)]));
            return;
        }

        world.After(RetryMs, Connect);
    }

    private void Hear(byte[] packet)
    {
        if (ClientPackets.TryReadPublish(packet, out var topic, out var payload, out var id))
        {
            server.Command(topic, payload);
            line?.Send(ClientPackets.Acknowledge(id));
        }
    }

    private void Lost()
    {
        line = null;
        world.After(RetryMs, Connect);
    }
}
