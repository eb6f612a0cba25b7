using System.Net;
using System.Net.Sockets;
using System.Text;
using Quartier.Mqtt;

namespace Quartier.Tests.Bench;

/// <summary>What a hostile client does to broker or console, over and over, on many sockets at once. Whatever the gateway does to such a
/// socket is the attacker's loss.</summary>
/// <param name="Sockets">How many at once.</param>
/// <param name="Times">How often each connects.</param>
/// <param name="Bytes">What one sends after it has connected; made for each anew.</param>
/// <param name="Lingers">It stays connected, without reading, until the attack is over.</param>
internal sealed record Attack(string Name, int Sockets, int Times, bool OnConsole, bool Lingers, Func<int, IEnumerable<byte[]>> Bytes)
{
    private const int Announced = 268_435_455;
    private const int Large = 8_000;
    private static readonly byte[] LargestLength = [0xFF, 0xFF, 0xFF, 0x7F];

    public static readonly Attack[] All =
    [
        new("silent sockets at the broker", 3_000, 1, false, true, _ => []),
        new("silent sockets at the console", 3_000, 1, true, true, _ => []),
        new($"{Announced / 1_048_576} MB announced before the log-in", 200, 1, false, true, _ => [[0x10, .. LargestLength, .. new byte[1_000]]]),
        new("half a packet, then nothing", 200, 1, false, true, number => [Connect($"half-{number}"), [0x30, 100, 0, 3]]),
        new("packets of random bytes", 50, 20, false, false, number => [Random(number)]),
        new("log-ins in a version that there is not", 50, 40, false, false, _ => [[0x10, 12, 0, 4, (byte)'M', (byte)'Q', (byte)'T', (byte)'T', 9, 2, 0, 60, 0, 0]]),
        new("topics with a wildcard", 50, 20, false, false, number => [Connect($"wild-{number}"), Publish("application/#", [1])]),
        new("four clients of one name throw each other out", 4, 50, false, false, _ => [Connect("the-same")]),
        new("retained messages beyond the bound", 10, 1, false, true, Retained),
        new("subscribers to all who never read", 40, 1, false, true, number => [Connect($"deaf-{number}"), Subscribe("#")]),
        new("a flood of events to be refused", 10, 1, false, true, number => [Connect($"odd-{number}"), .. Enumerable.Repeat(Publish("application/x/device/y/event/up", new byte[Large]), 1_000)]),
        new("WebSockets that never speak", 300, 1, true, true, _ => [Upgrade()]),
        new("WebSockets with half a frame", 300, 1, true, true, number => [Upgrade(), [0x82, 0xFE, 0x3E, 0x80, 1, 2, 3, 4, (byte)number]]),
    ];

    /// <returns>To be disposed of when the attack is over.</returns>
    public async Task<IReadOnlyList<IDisposable>> BeginAsync(int port, CancellationToken stop)
    {
        var open = await Task.WhenAll(Enumerable.Range(0, Sockets).Select(number => Task.Run(() => AttackAsync(port, number, stop), stop)));
        return [.. open.OfType<Socket>()];
    }

    private async Task<Socket?> AttackAsync(int port, int number, CancellationToken stop)
    {
        for (var time = 0; ; time++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
                patience.CancelAfter(TimeSpan.FromSeconds(5));
                await socket.ConnectAsync(IPAddress.Loopback, port, patience.Token);
                foreach (var bytes in Bytes((time * Sockets) + number))
                {
                    await socket.SendAsync(bytes, patience.Token);
                }

                if (Lingers)
                {
                    return socket;
                }
            }
            catch (Exception fault) when (fault is SocketException or OperationCanceledException && !stop.IsCancellationRequested)
            {
                // The gateway has cut it, or takes no more of it.
            }

            socket.Dispose();
            if (time + 1 >= Times)
            {
                return null;
            }
        }
    }

    private static IEnumerable<byte[]> Retained(int number)
    {
        yield return Connect($"retain-{number}");
        for (var topic = 0; topic < 1_000; topic++)
        {
            yield return Publish($"bench/{number}/{topic}", new byte[Large], retain: true);
        }
    }

    private static byte[] Connect(string clientId) => new ConnectPacket(clientId, true, 0, null, null, null).ToBytes();

    private static byte[] Subscribe(string filter) => SubscribePacket.Write(1, [new SubscriptionRequest(filter, Qos.AtLeastOnce)]);

    private static byte[] Publish(string topic, byte[] payload, bool retain = false)
    {
        var bytes = new System.Buffers.ArrayBufferWriter<byte>();
        PacketWriter.WritePublish(bytes, Encoding.UTF8.GetBytes(topic), payload, Qos.AtMostOnce, retain, duplicate: false, 0);
        return bytes.WrittenSpan.ToArray();
    }

    private static byte[] Random(int seed)
    {
        var bytes = new byte[500];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static byte[] Upgrade() => Encoding.ASCII.GetBytes(
        "GET /mqtt HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: mqtt\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
}
