using System.Text;
using System.Threading.Channels;
using MQTTnet;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Formatter;
using MQTTnet.Protocol;
using NodaTime;
using NodaTime.Extensions;
using Quartier.Gateway.Ingest;
using Quartier.Gateway.Store;
using TopicFilter = Quartier.Mqtt.TopicFilter;

namespace Quartier.Gateway.Broker;

/// <summary>One connection to an outside broker, from CONNECT to its end. Messages are handed to <paramref name="take"/> as they come,
/// many at a time, and acknowledged in their order when their task is complete; one that fails ends the connection without an
/// acknowledgement. Each connection has a client of its own: an acknowledgement that comes late must not go out over the next one, where
/// its number means another message.</summary>
internal sealed class OutsideSession(
    string name, OutsideOptions options, string clientId, MqttProtocolVersion version, TimeProvider time, Func<Envelope, Task> take, Action<Instant> settled) : IAsyncDisposable
{
    /// <summary>As long as the embedded broker keeps one. In 3.1.1 it is for the broker to say.</summary>
    private static readonly TimeSpan SessionLasts = TimeSpan.FromDays(7);

    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(10);

    private readonly TaskCompletionSource<OutsideTrouble> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<Taken> unsettled = Channel.CreateUnbounded<Taken>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CancellationTokenSource over = new();
    private OutsideChannel? channel;
    private MqttClient? client;
    private Task working = Task.CompletedTask;

    public MqttProtocolVersion Version => version;

    /// <summary>The broker hands on at QoS 0 what was asked for at QoS 1: it keeps nothing while we are away.</summary>
    public bool IsAtMostOnce { get; private set; }

    /// <summary>Why the connection has ended. Fails with what broke in the gateway itself.</summary>
    public Task<OutsideTrouble> Ended => ended.Task;

    /// <summary>Connects, resumes the session and subscribes.</summary>
    /// <exception cref="OutsideException">It did not come about; says why.</exception>
    public async Task OpenAsync(CancellationToken cancel)
    {
        try
        {
            await ConnectAsync(cancel);
        }
        catch (Exception fault) when (!cancel.IsCancellationRequested && fault is not OutsideException && OutsideTrouble.Of(fault) is { } trouble)
        {
            throw new OutsideException(trouble, fault);
        }
    }

    /// <summary>Completes when the broker has acknowledged it.</summary>
    /// <returns>Null when it has it; else why not.</returns>
    /// <exception cref="Exception">The connection ended first, or is ended because no answer came.</exception>
    public async Task<OutsideTrouble?> PublishAsync(Publication publication, CancellationToken cancel)
    {
        var message = new MqttApplicationMessageBuilder().WithTopic(publication.Topic).WithPayload(publication.Payload).WithRetainFlag(publication.Retain)
            .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build();
        var answer = await AnsweredAsync(answered => client!.PublishAsync(message, answered), AnswerWithin, cancel);
        return answer.ReasonCode switch
        {
            MqttClientPublishReasonCode.Success => null,
            MqttClientPublishReasonCode.NoMatchingSubscribers => OutsideTrouble.Unheard,
            var code => OutsideTrouble.NotPublished(code),
        };
    }

    /// <summary>Ends the connection; with DISCONNECT where nothing was wrong.</summary>
    public async ValueTask DisposeAsync()
    {
        if (client is { IsConnected: true } && !ended.Task.IsCompleted)
        {
            using var patience = new CancellationTokenSource(AnswerWithin, time);
            await client.DisconnectAsync(new MqttClientDisconnectOptions(), patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        End(OutsideTrouble.Closed);
        await working;
        client?.Dispose();
        channel?.Dispose();
        over.Dispose();
    }

    private async Task ConnectAsync(CancellationToken cancel)
    {
        channel = new OutsideChannel(options, options.IsSecure ? new OutsideTls(options, time.GetUtcNow()) : null, version);
        client = new MqttClient(channel, new MqttNetNullLogger());
        client.ApplicationMessageReceivedAsync += TakeAsync;
        client.DisconnectedAsync += DisconnectedAsync;
        using var patience = new CancellationTokenSource(AnswerWithin, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        var answer = await GreetAsync(either.Token);

        // Before the answer to SUBSCRIBE comes what the session has kept for us; in 3.1.1 that may be more than we read unsettled.
        working = SettleAsync();
        var granted = await client.SubscribeAsync(Subscriptions(), either.Token);
        foreach (var item in granted.Items)
        {
            IsAtMostOnce |= item.ResultCode == MqttClientSubscribeResultCode.GrantedQoS0;
            if (item.ResultCode > MqttClientSubscribeResultCode.GrantedQoS2)
            {
                throw new OutsideException(OutsideTrouble.NotSubscribed(item.TopicFilter.Topic));
            }
        }

        var keepAlive = TimeSpan.FromSeconds(answer.ServerKeepAlive > 0 ? answer.ServerKeepAlive : options.KeepAliveSeconds);
        working = Task.WhenAll(working, StayAliveAsync(keepAlive));
    }

    private async Task<MqttClientConnectResult> GreetAsync(CancellationToken cancel)
    {
        MqttClientConnectResult answer;
        try
        {
            answer = await client!.ConnectAsync(Greeting(), cancel);
        }
        catch (Exception fault) when (channel!.BytesSent > 0 && channel.BytesReceived == 0 && OutsideTrouble.Of(fault) == OutsideTrouble.Closed)
        {
            throw new OutsideException(OutsideTrouble.ClosedAtConnect, fault);
        }

        return answer.ResultCode == MqttClientConnectResultCode.Success ? answer : throw new OutsideException(OutsideTrouble.Of(answer.ResultCode));
    }

    private MqttClientOptions Greeting()
    {
        var greeting = new MqttClientOptionsBuilder().WithProtocolVersion(version).WithClientId(clientId).WithCleanStart(false)
            .WithKeepAlivePeriod(TimeSpan.FromSeconds(options.KeepAliveSeconds)).WithTcpServer(options.Host, options.PortOrDefault);
        if (version == MqttProtocolVersion.V500)
        {
            greeting = greeting.WithSessionExpiryInterval((uint)SessionLasts.TotalSeconds).WithReceiveMaximum(OutsideChannel.UnsettledMax);
        }

        return (options.User is { } user ? greeting.WithCredentials(user, Encoding.UTF8.GetBytes(options.Password ?? "")) : greeting).Build();
    }

    private MqttClientSubscribeOptions Subscriptions()
    {
        var wanted = new MqttClientSubscribeOptionsBuilder();
        foreach (var topic in options.Subscriptions)
        {
            wanted.WithTopicFilter(topic, MqttQualityOfServiceLevel.AtLeastOnce);
        }

        return wanted.Build();
    }

    private Task TakeAsync(MqttApplicationMessageReceivedEventArgs arrival)
    {
        arrival.AutoAcknowledge = false;
        var message = arrival.ApplicationMessage;

        // MQTTnet hands on what is no topic. None at all would stand for a saved event, and an answer could not be sent to a wildcard.
        var topic = TopicFilter.IsTopicName(message.Topic ?? "") ? message.Topic! : "/";
        var envelope = new Envelope(topic, System.Buffers.BuffersExtensions.ToArray(message.Payload), name, time.GetUtcNow().ToInstant()) { Over = name };
        unsettled.Writer.TryWrite(new Taken(arrival, take(envelope)));
        return Task.CompletedTask;
    }

    private async Task SettleAsync()
    {
        try
        {
            await foreach (var (arrival, stored) in unsettled.Reader.ReadAllAsync(over.Token))
            {
                await stored.WaitAsync(over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (!stored.IsCompletedSuccessfully)
                {
                    End(OutsideTrouble.NotStored);
                    return;
                }

                await arrival.AcknowledgeAsync(over.Token);
                channel!.Settle();
                settled(time.GetUtcNow().ToInstant());
            }
        }
        catch (Exception fault)
        {
            End(fault);
        }
    }

    // MQTTnet has a keep alive of its own, which counts by the wall clock and not by what the broker sets in CONNACK; this one is earlier.
    private async Task StayAliveAsync(TimeSpan keepAlive)
    {
        try
        {
            using var timer = new PeriodicTimer(keepAlive * 0.75, time);
            while (await timer.WaitForNextTickAsync(over.Token))
            {
                await AnsweredAsync(
                    async answered =>
                    {
                        await client!.PingAsync(answered);
                        return true;
                    },
                    keepAlive < AnswerWithin ? keepAlive : AnswerWithin,
                    over.Token);
            }
        }
        catch (Exception fault)
        {
            End(fault);
        }
    }

    /// <summary>Ends the connection when no answer comes.</summary>
    private async Task<T> AnsweredAsync<T>(Func<CancellationToken, Task<T>> ask, TimeSpan within, CancellationToken cancel)
    {
        using var patience = new CancellationTokenSource(within, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, patience.Token, cancel);
        try
        {
            return await ask(either.Token);
        }
        catch (Exception fault) when (!cancel.IsCancellationRequested)
        {
            if (patience.IsCancellationRequested)
            {
                End(channel!.IsFull ? OutsideTrouble.NotStored : OutsideTrouble.Silent);
            }

            End(fault);
            throw;
        }
    }

    private Task DisconnectedAsync(MqttClientDisconnectedEventArgs end)
    {
        if (end.Exception is { } fault)
        {
            End(fault);
        }

        End(OutsideTrouble.Of(end.Reason));
        return Task.CompletedTask;
    }

    private void End(OutsideTrouble why) => Close(ended.TrySetResult(why));

    private void End(Exception fault) => Close(OutsideTrouble.Of(fault) is { } known ? ended.TrySetResult(known) : ended.TrySetException(fault));

    private void Close(bool isFirst)
    {
        if (isFirst)
        {
            over.Cancel();
            channel?.Dispose();
        }
    }

    /// <summary>A message and its way into the store.</summary>
    private readonly record struct Taken(MqttApplicationMessageReceivedEventArgs Arrival, Task Stored);
}
