using System.Net.Sockets;
using Quartier.Board;
using Quartier.Simulator.Boards;

namespace Quartier.Simulator.Window;

/// <summary>The screen's datagrams to the gateway that tells the time.</summary>
internal sealed class UdpTime(SimulatedWifi wifi) : ITimeLine, IDisposable
{
    private (string Host, int Port) gateway = ("", 0);
    private Socket? socket;

    /// <param name="port">0: that gateway tells no time.</param>
    public void Use(string host, int port) => gateway = (host, port);

    public bool Send(byte[] packet, int length)
    {
        Dispose();
        if (gateway.Port == 0 || wifi.State != WifiState.Connected)
        {
            return false;
        }

        try
        {
            // A new one each time: a late answer to an earlier request goes to a port that is closed.
            socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(gateway.Host, gateway.Port);
            return socket.Send(packet, 0, length, SocketFlags.None) == length;
        }
        catch (SocketException)
        {
            // No name, or nobody there: asked again after the clock's pause.
            Dispose();
            return false;
        }
    }

    public int Receive(byte[] buffer)
    {
        try
        {
            return socket is { Available: > 0 } ? socket.Receive(buffer) : 0;
        }
        catch (SocketException)
        {
            // Nobody listens at that port.
            Dispose();
            return 0;
        }
    }

    public void Dispose()
    {
        socket?.Dispose();
        socket = null;
    }
}
