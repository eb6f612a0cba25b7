using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Quartier.Mqtt;

/// <summary>Kestrel's socket settings for the broker: <c>webHost.UseSockets(MqttTransport.Tune)</c>.</summary>
public static class MqttTransport
{
    public static void Tune(SocketTransportOptions options)
    {
        // Kestrel would look for data with an empty read before it takes a buffer: a system call for every message, to save
        // an idle connection 4 KiB. Messages are small and many; ten thousand idle connections cost 40 MB.
        options.WaitForDataBeforeAllocatingBuffer = false;
    }
}
