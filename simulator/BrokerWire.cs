using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Quartier.Mqtt;

namespace Quartier.Simulator;

/// <summary>A connection to the broker without a socket: what one side writes the other side reads at once, on the same thread.</summary>
internal sealed class BrokerWire : ConnectionContext, IDuplexPipe
{
    private static readonly PipeOptions Straight = new(
        readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, pauseWriterThreshold: 0, useSynchronizationContext: false);

    private readonly Pipe up = new(Straight);
    private readonly Pipe down = new(Straight);
    private readonly CancellationTokenSource closed = new();
    private readonly Action<byte[]> received;
    private readonly Action ended;
    private Task serving = Task.CompletedTask;
    private Task reading = Task.CompletedTask;
    private bool hungUp;

    private BrokerWire(Action<byte[]> received, Action ended)
    {
        (this.received, this.ended) = (received, ended);
        (ConnectionClosed, Transport) = (closed.Token, this);
    }

    public override string ConnectionId { get; set; } = "wire";

    public override IFeatureCollection Features { get; } = new FeatureCollection();

    public override IDictionary<object, object?> Items { get; set; } = new Dictionary<object, object?>();

    public override IDuplexPipe Transport { get; set; }

    public PipeReader Input => up.Reader;

    public PipeWriter Output => down.Writer;

    /// <param name="isSecure">TLS has stood before the broker.</param>
    /// <param name="received">Each packet of the broker's, in order. Called in the midst of the broker's work: it may only make a note.</param>
    /// <param name="ended">The broker has ended the connection, or has finished with one that was hung up. Likewise.</param>
    public static BrokerWire Open(MqttConnectionHandler broker, bool isSecure, Action<byte[]> received, Action ended)
    {
        var wire = new BrokerWire(received, ended) { RemoteEndPoint = new IPEndPoint(IPAddress.Loopback, 0) };
        if (isSecure)
        {
            wire.Features.Set<ITlsConnectionFeature>(new TlsConnectionFeature());
        }

        wire.reading = wire.ReadAsync();
        wire.serving = wire.ServeAsync(broker);
        return wire;
    }

    /// <summary>What the client says; a broker that has ended the connection does not hear it.</summary>
    /// <exception cref="Exception">What broke in the broker: nobody else would notice.</exception>
    public void Send(byte[] packet)
    {
        if (!hungUp && !closed.IsCancellationRequested)
        {
            up.Writer.Write(packet);
            Done(up.Writer.FlushAsync().AsTask());
        }

        Done(serving);
        Done(reading);
    }

    /// <summary>The broker sees the end of the client's stream.</summary>
    public void HangUp()
    {
        if (!hungUp)
        {
            hungUp = true;
            up.Writer.Complete();
        }
    }

    public override void Abort(ConnectionAbortedException abortReason) => HangUp();

    private static void Done(Task task)
    {
        if (task.IsFaulted)
        {
            task.GetAwaiter().GetResult();
        }
    }

    private async Task ServeAsync(MqttConnectionHandler broker)
    {
        await broker.OnConnectedAsync(this).ConfigureAwait(false);
        Close();
    }

    /// <summary>All of it here and now: the asynchronous forms would go on elsewhere.</summary>
    private void Close()
    {
        closed.Cancel();
        up.Reader.Complete();
        down.Writer.Complete();
    }

    private async Task ReadAsync()
    {
        ReadResult result;
        do
        {
            result = await down.Reader.ReadAsync().ConfigureAwait(false);
            down.Reader.AdvanceTo(Cut(result.Buffer), result.Buffer.End);
        }
        while (!result.IsCompleted);
        ended();
    }

    private SequencePosition Cut(ReadOnlySequence<byte> buffer)
    {
        var reader = new FrameReader(buffer, int.MaxValue);
        var start = buffer.Start;
        while (reader.Next(out _) == FrameStatus.Complete)
        {
            received(buffer.Slice(start, reader.Consumed).ToArray());
            start = reader.Consumed;
        }

        return start;
    }
}
