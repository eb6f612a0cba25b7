using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Quartier.Gateway.Domain.Registry;
using Quartier.Gateway.Host;
using Quartier.Gateway.Store;
using Quartier.Wire;

namespace Quartier.Gateway.Broker;

/// <summary>Answers devices that ask whether their gateway is there: UDP at the broker's own port, one short datagram for one, none for
/// a stranger. One at a time, so that a flood costs no more than one thread and the system's buffer.</summary>
public sealed partial class LivenessResponder(Database database, GatewayOptions options, IServer server, IHostApplicationLifetime lifetime, ILogger<LivenessResponder> log)
    : BackgroundService
{
    private readonly HmacSha256 hmac = new();
    private readonly byte[] answer = new byte[Liveness.AnswerBytes];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            if (await PortAsync(stoppingToken) is { } port)
            {
                await RunAsync(new IPEndPoint(IPAddress.Parse(options.Listen), port), stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
        catch (SocketException fault)
        {
            PortTaken(log, fault.SocketErrorCode);
        }
    }

    /// <summary>The answer to a datagram, in a buffer that the next one uses again; empty for what gets none.</summary>
    public ReadOnlyMemory<byte> Answer(byte[] datagram, int length)
    {
        if (!Liveness.TryReadQuestion(datagram, length, out var nameAt, out var nameLength))
        {
            return default;
        }

        var name = Encoding.UTF8.GetString(datagram, nameAt, nameLength);
        return database.Read(db => Credentials.LivenessKey(db, name)) is { } key
            ? answer.AsMemory(0, Liveness.WriteAnswer(hmac, key, datagram, length, answer))
            : default;
    }

    /// <summary>The broker's own, which the system may have chosen. Null when the host stops before it has begun.</summary>
    private async Task<int?> PortAsync(CancellationToken stop)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var begun = lifetime.ApplicationStarted.Register(() => started.TrySetResult());
        await started.Task.WaitAsync(stop);
        return server.Features.Get<IServerAddressesFeature>()?.Addresses.LastOrDefault() is { } address ? new Uri(address).Port : null;
    }

    private async Task RunAsync(IPEndPoint at, CancellationToken stop)
    {
        using var socket = new Socket(at.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(at);
        // One byte more than the longest, so that a longer one shows.
        var datagram = new byte[Liveness.QuestionBytesMax + 1];
        while (true)
        {
            try
            {
                var received = await socket.ReceiveFromAsync(datagram, at, stop);
                if (Answer(datagram, received.ReceivedBytes) is { IsEmpty: false } said)
                {
                    await socket.SendToAsync(said, received.RemoteEndPoint, stop);
                }
            }
            catch (SocketException)
            {
                // A datagram that is too long, or whose sender is gone already: nothing to answer.
                continue;
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "UDP at the broker's port cannot be opened ({Reason}): screens that use TLS cannot find out whether the gateway is there, and do not connect.")]
    private static partial void PortTaken(ILogger log, SocketError reason);
}
