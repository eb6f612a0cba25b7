using Quartier.Mqtt;
using Quartier.Simulator.World;

namespace Quartier.Simulator;

/// <summary>A client's connection to the broker of a simulated gateway, with the few milliseconds that either direction takes there, in order.</summary>
internal sealed class BrokerLine
{
    private const int DelayMsLeast = 2;
    private const int DelayMsMost = 12;

    private readonly VirtualWorld world;
    private readonly Chance chance;
    private readonly BrokerWire wire;
    private long upAtMs;
    private long downAtMs;

    /// <param name="received">Each packet of the broker's.</param>
    /// <param name="ended">The broker has nothing more to say.</param>
    public BrokerLine(VirtualWorld world, Chance chance, MqttConnectionHandler broker, bool isSecure, Action<byte[]> received, Action ended)
    {
        (this.world, this.chance) = (world, chance);
        wire = BrokerWire.Open(broker, isSecure, packet => world.At(Next(ref downAtMs), () => received(packet)), () => world.At(Next(ref downAtMs), ended));
    }

    public void Send(byte[] packet) => world.At(Next(ref upAtMs), () => wire.Send(packet));

    public void HangUp() => world.At(Next(ref upAtMs), wire.HangUp);

    private long Next(ref long lastMs) => lastMs = Math.Max(lastMs, world.NowMs + chance.Next(DelayMsLeast, DelayMsMost));
}
