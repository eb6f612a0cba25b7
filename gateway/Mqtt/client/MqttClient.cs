namespace Quartier.Mqtt;

/// <summary>MQTT 3.1.1 client. It does not reconnect by itself: the caller awaits <see cref="Ended"/>, waits as it sees fit and
/// calls <see cref="ConnectAsync"/> again. With CleanSession false the unanswered publishes then go out again, in order.</summary>
public sealed class MqttClient : IAsyncDisposable
{
    private readonly MqttClientOptions options;
    private readonly TimeProvider time;
    private readonly Lock sync = new();
    private readonly OutgoingPublishes outgoing;
    private readonly HashSet<ushort> receivedIds = [];
    private readonly Dictionary<ushort, TaskCompletionSource<byte[]>> requests = [];
    private ClientConnection? connection;
    private KeepAlive? keepAlive;
    private Task reading = Task.CompletedTask;

    public MqttClient(MqttClientOptions options, TimeProvider time)
    {
        this.options = options;
        this.time = time;
        outgoing = new OutgoingPublishes(options.InFlightMax);
    }

    /// <summary>Called for one message at a time, in order. The message is acknowledged when the task completes;
    /// if it fails, the connection ends and the broker sends the message again. Set it before connecting.
    /// It must not await a publish or subscription of this client: their answers are read behind it.</summary>
    public Func<MqttMessage, ValueTask>? OnMessage { get; set; }

    public bool IsConnected => connection is { Ended.IsCompleted: false };

    /// <summary>Completes when the present connection has ended: null after <see cref="DisconnectAsync"/>, else the cause.</summary>
    public Task<Exception?> Ended => connection?.Ended ?? Task.FromResult<Exception?>(null);

    /// <returns>True when the broker still had this client's session.</returns>
    /// <exception cref="MqttRefusedException">The broker answered with a code other than 0.</exception>
    /// <exception cref="IOException">The connection failed, or was ended before the answer.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">Nobody listens there.</exception>
    /// <exception cref="OperationCanceledException">Cancelled, or no answer within <see cref="MqttClientOptions.ConnectWithin"/>.</exception>
    public async Task<bool> ConnectAsync(CancellationToken cancel = default)
    {
        if (IsConnected)
        {
            throw new InvalidOperationException("The client is connected already.");
        }

        await reading.ConfigureAwait(false);
        using var patience = new CancellationTokenSource(options.ConnectWithin, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        var opened = await ClientConnection.OpenAsync(options, either.Token).ConfigureAwait(false);
        var packet = new ConnectPacket(options.ClientId, options.CleanSession, options.KeepAliveSeconds, options.Will, options.User, options.Password);
        opened.Output.Write(packet.ToBytes(), static (output, bytes) => System.Buffers.BuffersExtensions.Write(output, bytes));
        var answer = await opened.ReadAsync(either.Token).ConfigureAwait(false);
        if (answer is not { Type: PacketType.ConnAck, Body: var body } || body[1] != 0)
        {
            opened.End(answer is { Type: PacketType.ConnAck } refusal
                ? new MqttRefusedException((ConnectCode)refusal.Body[1])
                : new MqttConnectionLostException("The broker's first packet was not CONNACK."));
            either.Token.ThrowIfCancellationRequested();
            throw await opened.Ended.ConfigureAwait(false) ?? new MqttConnectionLostException("The broker closed the connection.");
        }

        var present = body[0] == 1;
        lock (sync)
        {
            connection = opened;
            keepAlive = new KeepAlive(opened, options.KeepAliveSeconds, time);
            Resume(opened, present);
        }

        reading = ReadPacketsAsync(opened, keepAlive);
        return present;
    }

    /// <summary>QoS 0 completes when the message is handed over, QoS 1 at PUBACK, QoS 2 at PUBCOMP. With CleanSession false the task
    /// outlives the connection and completes after a later one.</summary>
    /// <exception cref="MqttConnectionLostException">Not connected, or with CleanSession true the connection ended first.</exception>
    public async Task PublishAsync(string topic, byte[] payload, Qos qos = Qos.AtLeastOnce, bool retain = false, CancellationToken cancel = default)
    {
        if (!TopicFilter.IsTopicName(topic))
        {
            throw new ArgumentException($"'{topic}' is not a topic name.", nameof(topic));
        }

        if (qos == Qos.AtMostOnce)
        {
            var output = Connected().Output;
            Send(output, new OutgoingPublish(topic, payload, qos, retain), duplicate: false);
            await output.WhenRoom().WaitAsync(cancel).ConfigureAwait(false);
            return;
        }

        var publish = new OutgoingPublish(topic, payload, qos, retain);
        lock (sync)
        {
            var output = Connected().Output;
            outgoing.Add(publish);
            SendWaiting(output);
        }

        await publish.Done.Task.WaitAsync(cancel).ConfigureAwait(false);
    }

    /// <returns>The broker's code for each filter: 0, 1, 2 granted, 0x80 refused.</returns>
    public Task<byte[]> SubscribeAsync(params SubscriptionRequest[] filters) => RequestAsync(id => SubscribePacket.Write(id, filters));

    public Task<byte[]> SubscribeAsync(string filter, Qos qos = Qos.AtLeastOnce) => SubscribeAsync(new SubscriptionRequest(filter, qos));

    /// <summary>Orderly end: the broker keeps the will back.</summary>
    public async Task DisconnectAsync()
    {
        if (connection is { } open && IsConnected)
        {
            await open.LeaveAsync().ConfigureAwait(false);
        }

        await reading.ConfigureAwait(false);
    }

    /// <summary>Ends the connection without DISCONNECT, as a failing network would.</summary>
    public void Cut() => connection?.End(new MqttConnectionLostException("Cut by the client."));

    public async ValueTask DisposeAsync()
    {
        await DisconnectAsync().ConfigureAwait(false);
        connection?.Dispose();
    }

    private ClientConnection Connected() =>
        connection is { Ended.IsCompleted: false } open ? open : throw new MqttConnectionLostException("The client is not connected.");

    private static void Send(ClientOutput output, OutgoingPublish publish, bool duplicate) => output.Write(
        (publish, duplicate),
        static (writer, it) => PacketWriter.WritePublish(writer, it.publish.TopicUtf8, it.publish.Payload, it.publish.Qos, it.publish.Retain, it.duplicate, it.publish.Id));

    private void SendWaiting(ClientOutput output)
    {
        while (outgoing.TryStart(out var publish))
        {
            Send(output, publish!, duplicate: false);
        }
    }

    private static void Acknowledge(ClientOutput output, PacketType type, ushort id) =>
        output.Write((type, id), static (writer, it) => PacketWriter.WriteAck(writer, it.type, it.id));

    private async Task<byte[]> RequestAsync(Func<ushort, byte[]> packet)
    {
        var answer = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (sync)
        {
            var open = Connected();
            var id = outgoing.Reserve();
            requests.Add(id, answer);
            open.Output.Write(packet(id), static (output, bytes) => System.Buffers.BuffersExtensions.Write(output, bytes));
        }

        return await answer.Task.ConfigureAwait(false);
    }

    private void Resume(ClientConnection open, bool present)
    {
        if (!present)
        {
            receivedIds.Clear();
        }

        foreach (var publish in outgoing.Pending.ToArray())
        {
            if (!publish.IsReceived)
            {
                Send(open.Output, publish, duplicate: present);
            }
            else if (present)
            {
                Acknowledge(open.Output, PacketType.PubRel, publish.Id);
            }
            else
            {
                Complete(publish);
            }
        }

        SendWaiting(open.Output);
    }

    private async Task ReadPacketsAsync(ClientConnection open, KeepAlive alive)
    {
        while (await open.ReadAsync().ConfigureAwait(false) is { } packet)
        {
            if (packet is { Type: PacketType.Publish, Message: { } message })
            {
                await TakeMessageAsync(open, packet.Id, message).ConfigureAwait(false);
            }
            else if (packet.Type == PacketType.PingResp)
            {
                alive.Answered();
            }
            else
            {
                TakeAnswer(open.Output, packet);
            }
        }

        alive.Dispose();
        var cause = await open.Ended.ConfigureAwait(false);
        FailWaiting(cause?.Message ?? "Disconnected.");
    }

    private async Task TakeMessageAsync(ClientConnection open, ushort id, MqttMessage message)
    {
        bool isNew;
        lock (sync)
        {
            isNew = message.Qos != Qos.ExactlyOnce || receivedIds.Add(id);
        }

        if (isNew && OnMessage is { } handle)
        {
            var handled = HandleAsync(handle, message);
            await handled.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!handled.IsCompletedSuccessfully)
            {
                lock (sync)
                {
                    receivedIds.Remove(id);
                }

                open.End(handled.Exception?.InnerException ?? new OperationCanceledException("The message's handler was cancelled."));
                return;
            }
        }

        if (message.Qos != Qos.AtMostOnce)
        {
            Acknowledge(open.Output, message.Qos == Qos.AtLeastOnce ? PacketType.PubAck : PacketType.PubRec, id);
        }
    }

    private static async Task HandleAsync(Func<MqttMessage, ValueTask> handle, MqttMessage message) => await handle(message).ConfigureAwait(false);

    private void TakeAnswer(ClientOutput output, BrokerPacket packet)
    {
        lock (sync)
        {
            switch (packet.Type)
            {
                case PacketType.PubAck or PacketType.PubComp when outgoing.Find(packet.Id) is { } done:
                    Complete(done);
                    SendWaiting(output);
                    break;
                case PacketType.PubRec:
                    if (outgoing.Find(packet.Id) is { } received)
                    {
                        received.IsReceived = true;
                    }

                    Acknowledge(output, PacketType.PubRel, packet.Id);
                    break;
                case PacketType.PubRel:
                    receivedIds.Remove(packet.Id);
                    Acknowledge(output, PacketType.PubComp, packet.Id);
                    break;
                case PacketType.SubAck or PacketType.UnsubAck when requests.Remove(packet.Id, out var request):
                    outgoing.Release(packet.Id);
                    request.SetResult(packet.Body);
                    break;
            }
        }
    }

    private void Complete(OutgoingPublish publish)
    {
        outgoing.Remove(publish);
        publish.Done.TrySetResult();
    }

    private void FailWaiting(string why)
    {
        lock (sync)
        {
            foreach (var (id, request) in requests)
            {
                outgoing.Release(id);
                request.TrySetException(new MqttConnectionLostException(why));
            }

            requests.Clear();
            if (!options.CleanSession)
            {
                return;
            }

            foreach (var publish in outgoing.TakeAll())
            {
                publish.Done.TrySetException(new MqttConnectionLostException(why));
            }
        }
    }
}
