using System.Net;
using System.Net.Sockets;
using NodaTime;
using Quartier.Gateway.Broker;
using Quartier.Wire;

namespace Quartier.Gateway.Host;

/// <summary>Answers devices' datagrams at one UDP port that provisioning tells them. The time, as SNTP: before a screen knows it, it can
/// check no certificate, and the house's network need not let it out to anybody else. And whether their gateway is there: the broker's
/// own port is no place for that, with TLS it belongs to whatever speaks TLS in front. No answer is longer than its request, so nobody
/// is flooded through it; one at a time, so that a flood costs no more than one thread and the system's buffer.</summary>
public sealed partial class DatagramResponder(GatewayOptions options, IClock clock, LivenessAnswers liveness, ILogger<DatagramResponder> log) : BackgroundService
{
    private Socket? socket;

    /// <summary>Where it answers; 0 where it does not.</summary>
    public int Port => socket?.LocalEndPoint is IPEndPoint at ? at.Port : 0;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        if ((options.TimePort ?? options.MqttPort) is >= 0 and var port)
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
                var answer = TimePacket.TryAnswer(packet, length, now, now) ? packet.AsMemory(0, TimePacket.Bytes) : liveness.To(packet, length);
                if (!answer.IsEmpty)
                {
                    await socket.SendToAsync(answer, SocketFlags.None, sender, stoppingToken);
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "no time for screens, and those that use TLS do not find this gateway: UDP {Address} cannot be taken ({Reason}); another port by --time-port")]
    private partial void NotBound(IPEndPoint address, SocketError reason);
}
