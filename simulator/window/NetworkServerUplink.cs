using System.Threading.Channels;
using Quartier.Mqtt;
using Quartier.Simulator.Demo;
using Quartier.Simulator.Radio;
using Quartier.Simulator.World;

namespace Quartier.Simulator.Window;

/// <summary>The network server's MQTT integration at the gateway's broker: events out, commands in. Events go at QoS 1, which ChirpStack
/// can be set to, because the acknowledgement tells the world when the gateway has taken them.
/// What happened before the broker was reached waits, bounded, and is told first.</summary>
internal sealed class NetworkServerUplink : IAsyncDisposable
{
    private const int WaitingMax = 256;

    private readonly Channel<(string Topic, byte[] Payload)> waiting;

    private readonly CancellationTokenSource stopping = new();
    private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private BrokerSession? session;
    private Task pumping = Task.CompletedTask;

    private int taken;
    private int handed;

    public NetworkServerUplink(NetworkServer server)
    {
        // What is dropped is not on its way any more.
        waiting = Channel.CreateBounded<(string, byte[])>(
            new BoundedChannelOptions(WaitingMax) { FullMode = BoundedChannelFullMode.DropOldest }, _ => Interlocked.Increment(ref taken));
        server.Publish += (topic, payload) =>
        {
            Interlocked.Increment(ref handed);
            waiting.Writer.TryWrite((topic, payload));
        };
    }

    /// <summary>Messages are on their way to a gateway that can be reached.</summary>
    public bool IsBehind => IsUp && Volatile.Read(ref taken) != Volatile.Read(ref handed);

    public void Connect(VirtualWorld world, NetworkServer server, int port)
    {
        var options = new MqttClientOptions
        {
            Host = "127.0.0.1",
            Port = port,
            ClientId = DemoQuarter.NetworkServer,
            User = DemoQuarter.NetworkServer,
            Password = System.Text.Encoding.UTF8.GetBytes(DemoQuarter.NetworkServerSecret),
            CleanSession = false,
            // The broker lives in the world's time, this connection in the network's: a time-lapse would time it out.
            KeepAliveSeconds = 0,
        };
        session = new BrokerSession(
            options,
            [new SubscriptionRequest($"application/{ChirpStackEvent.ApplicationId}/device/+/command/+", Qos.AtLeastOnce)],
            message => world.Post(() => server.Command(message.Topic, message.Payload)),
            _ =>
            {
                reached.TrySetResult();
                return Task.CompletedTask;
            },
            () => { });
        session.Start();
        pumping = Pump(session);
    }

    public bool IsUp => session?.IsUp ?? false;

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await pumping;
        if (session is not null)
        {
            await session.DisposeAsync();
        }

        stopping.Dispose();
    }

    private async Task Pump(BrokerSession broker)
    {
        try
        {
            await reached.Task.WaitAsync(stopping.Token);
            await foreach (var (topic, payload) in waiting.Reader.ReadAllAsync(stopping.Token))
            {
                try
                {
                    await broker.Client.PublishAsync(topic, payload, Qos.AtLeastOnce, cancel: stopping.Token);
                }
                catch (MqttConnectionLostException)
                {
                    // Lost with the connection, as with a real server that does not keep its events.
                }
                finally
                {
                    Interlocked.Increment(ref taken);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The demo ends.
        }
    }
}
