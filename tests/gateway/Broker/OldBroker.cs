using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Quartier.Tests.Gateway.Broker;

/// <summary>What happens to a CONNECT of version 5.</summary>
internal enum Manner
{
    /// <summary>CONNACK of 3.1.1 with return code 1, as a broker does that has never heard of 5.</summary>
    InItsOwnWords,

    /// <summary>CONNACK of 5 with reason 0x84.</summary>
    AsTheStandardSays,

    /// <summary>The connection ends.</summary>
    ByHangingUp,

    /// <summary>Whatever the version: nothing, for ever.</summary>
    Never,
}

/// <summary>Stands before a real broker and lets nobody in who speaks version 5. Mosquitto of Debian 12 (2.0) has no such option yet.</summary>
internal sealed class OldBroker : IDisposable
{
    private const int VersionAt = 8;

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentBag<TcpClient> open = [];
    private readonly int behind;

    /// <param name="behind">Port of the real broker.</param>
    public OldBroker(int behind, Manner? manner)
    {
        (this.behind, Manner) = (behind, manner);
        listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Null: it has learnt version 5.</summary>
    public Manner? Manner { get; set; }

    /// <summary>Of every CONNECT so far.</summary>
    public ConcurrentQueue<int> Versions { get; } = [];

    /// <summary>Cuts every connection.</summary>
    public void Cut()
    {
        while (open.TryTake(out var one))
        {
            one.Dispose();
        }
    }

    public void Dispose()
    {
        listener.Dispose();
        Cut();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        open.Add(client);
        try
        {
            var stream = client.GetStream();
            var connect = new byte[1024];
            var length = await stream.ReadAtLeastAsync(connect, VersionAt + 1);
            var version = connect[connect[1] < 0x80 ? VersionAt : VersionAt + 1];
            Versions.Enqueue(version);
            if (Manner == Broker.Manner.Never)
            {
                return;
            }

            if (version == 5 && Manner is { } manner)
            {
                byte[] answer = manner switch
                {
                    Broker.Manner.InItsOwnWords => [0x20, 2, 0, 1],
                    Broker.Manner.AsTheStandardSays => [0x20, 3, 0, 0x84, 0],
                    _ => [],
                };
                await stream.WriteAsync(answer);
                client.Dispose();
                return;
            }

            using var real = new TcpClient();
            await real.ConnectAsync(IPAddress.Loopback, behind);
            await real.GetStream().WriteAsync(connect.AsMemory(0, length));
            await Task.WhenAny(stream.CopyToAsync(real.GetStream()), real.GetStream().CopyToAsync(stream));
            client.Dispose();
        }
        catch (Exception end) when (end is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            client.Dispose();
        }
    }
}
