using System.Net;
using System.Net.Sockets;
using NodaTime;
using Quartier.Wire;

namespace Quartier.Gateway.Host;

/// <summary>Tells screens the gateway's time over UDP, as SNTP: before a screen knows the time it can check no certificate, and the
/// house's network need not let it out to anybody else. An answer is as long as its request, so nobody is flooded through it.</summary>
public sealed partial class TimeResponder(GatewayOptions options, IClock clock, ILogger<TimeResponder> log) : BackgroundService
{
    private Socket? socket;

    /// <summary>Where it answers; 0 where it does not.</summary>
    public int Port => socket?.LocalEndPoint is IPEndPoint at ? at.Port : 0;

    /// <summary>The one after the broker's, because UDP at the broker's own tells devices whether the gateway is there.</summary>
    /// <returns>0 for a free one, negative for none.</returns>
    public static int PortOf(GatewayOptions options) => options.TimePort ?? (options.MqttPort is > 0 and < 65535 ? options.MqttPort + 1 : 0);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        if (PortOf(options) is >= 0 and var port)
        {
            socket = Bind(new IPEndPoint(IPAddress.Parse(options.Listen), port));
        }

        return base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        socket?.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (socket is null)
        {
            return;
        }

        var packet = new byte[512];
        EndPoint anybody = new IPEndPoint(socket.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var (length, sender) = await Receive(packet, anybody, stoppingToken);
                var now = clock.GetCurrentInstant().ToUnixTimeMilliseconds();
                if (TimePacket.TryAnswer(packet, length, now, now))
                {
                    await socket.SendToAsync(packet.AsMemory(0, TimePacket.Bytes), SocketFlags.None, sender, stoppingToken);
                }
            }
            catch (OperationCanceledException)
            {
                // The host stops.
                return;
            }
            catch (SocketException)
            {
                // Of one sender: its port has closed again, or its datagram was longer than any request. It asks again.
            }
        }
    }

    private async Task<(int Length, EndPoint Sender)> Receive(byte[] packet, EndPoint anybody, CancellationToken stop)
    {
        var received = await socket!.ReceiveFromAsync(packet.AsMemory(), SocketFlags.None, anybody, stop);
        return (received.ReceivedBytes, received.RemoteEndPoint);
    }

    private Socket? Bind(IPEndPoint at)
    {
        var made = new Socket(at.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            made.Bind(at);
            return made;
        }
        catch (SocketException failure)
        {
            // The gateway's work does not hang on it: screens then take the public time that their platform knows.
            made.Dispose();
            NotBound(at, failure.SocketErrorCode);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "no time for screens: UDP {Address} cannot be taken ({Reason}); another port by --time-port")]
    private partial void NotBound(IPEndPoint address, SocketError reason);
}
