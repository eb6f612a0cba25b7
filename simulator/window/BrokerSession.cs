using System.Net.Sockets;
using System.Security.Authentication;
using Quartier.Board;
using Quartier.Mqtt;

namespace Quartier.Simulator.Window;

/// <summary>A client's life at a real broker: connects, subscribes, and tries again every second after it lost the connection.
/// This is the edge between the world's time and the network's; nothing of the world runs here.</summary>
internal sealed class BrokerSession : IAsyncDisposable
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly MqttClient client;
    private readonly SubscriptionRequest[] filters;
    private readonly CancellationTokenSource stopping = new();
    private readonly Func<MqttClient, Task> connected;
    private readonly Action lost;
    private TaskCompletionSource allowed = Completed();
    private Task running = Task.CompletedTask;

    /// <param name="received">Called for one message at a time.</param>
    /// <param name="connected">Called after each connect and subscribe; may publish.</param>
    public BrokerSession(MqttClientOptions options, SubscriptionRequest[] filters, Action<Quartier.Mqtt.MqttMessage> received, Func<MqttClient, Task> connected, Action lost)
    {
        this.filters = filters;
        this.connected = connected;
        this.lost = lost;
        client = new MqttClient(options, TimeProvider.System)
        {
            OnMessage = message =>
            {
                received(message);
                return ValueTask.CompletedTask;
            },
        };
    }

    public bool IsUp { get; private set; }

    /// <summary>Why the last attempt failed.</summary>
    public LinkFault LastFault { get; private set; }

    public MqttClient Client => client;

    public void Start() => running = Run();

    /// <summary>Pulls the cable or plugs it in again; a pulled one ends the connection without a word to the broker.</summary>
    public void SetCable(bool plugged)
    {
        if (plugged)
        {
            allowed.TrySetResult();
        }
        else if (allowed.Task.IsCompleted)
        {
            // Only a plugged cable can be pulled: whoever waits already waits for this one to be plugged in again.
            allowed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            client.Cut();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await running;
        await client.DisposeAsync();
        stopping.Dispose();
    }

    private async Task Run()
    {
        while (!stopping.IsCancellationRequested)
        {
            await allowed.Task.WaitAsync(stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (await TryConnect())
            {
                IsUp = true;
                await client.Ended.WaitAsync(stopping.Token).ContinueWith(_ => { }, TaskScheduler.Default);
                IsUp = false;
                lost();
            }

            await Task.Delay(RetryAfter, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> TryConnect()
    {
        try
        {
            await client.ConnectAsync(stopping.Token);
            if (filters.Length > 0)
            {
                await client.SubscribeAsync(filters);
            }

            await connected(client);
            return true;
        }
        catch (IOException)
        {
            LastFault = LinkFault.NoConnection;
            return false;
        }
        catch (SocketException)
        {
            LastFault = LinkFault.NoConnection;
            return false;
        }
        catch (AuthenticationException)
        {
            LastFault = LinkFault.NotVerified;
            return false;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static TaskCompletionSource Completed()
    {
        var done = new TaskCompletionSource();
        done.SetResult();
        return done;
    }
}
