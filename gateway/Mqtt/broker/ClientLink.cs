using System.Buffers;
using System.IO.Pipelines;

namespace Quartier.Mqtt;

/// <summary>The sending half of one connection. Everything but <see cref="Flush"/> is called under the session's lock.
/// Writes gather in the pipe and leave with the next flush; while the peer is slow, publishes wait in the session's
/// bounded queue and acknowledgements in <see cref="heldBack"/>, which the read loop bounds by not reading on.</summary>
internal sealed class ClientLink(PipeWriter output, ConnectPacket peer, TimeProvider time, Lock sync, Action refill)
{
    /// <summary>Unflushed bytes that start a flush of their own.</summary>
    private const int FlushBytes = 32 * 1024;

    private readonly ArrayBufferWriter<byte> heldBack = new();
    private bool flushing;
    private bool closed;
    private bool touched;
    private bool refilling;
    private TaskCompletionSource? writable;
    private Task finishing = Task.CompletedTask;

    public bool CanWrite => !flushing && !closed && output.UnflushedBytes < 2 * FlushBytes;

    /// <summary>Where acknowledgements go: in order behind what was written, also while a flush is under way.</summary>
    public IBufferWriter<byte> Control => flushing || closed ? heldBack : output;

    /// <returns>True when the caller is the first to write since the last flush and so has to flush.</returns>
    public bool Touch()
    {
        var first = !touched;
        touched = true;
        return first;
    }

    /// <summary>False when the packet would be longer than the client takes (MQTT-3.1.2-24).</summary>
    public bool Fits(Delivery delivery)
    {
        if (peer.PacketBytesMax == uint.MaxValue)
        {
            return true;
        }

        var publish = delivery.Publish;
        var properties = publish.Properties.Travelling.Length + (publish.ExpiresAt is null ? 0 : 5);
        var body = PacketWriter.PublishBodyLength5(publish.Name.Utf8Bytes.Length, publish.Payload.Length, delivery.Qos, properties);
        return 1 + PacketWriter.VariableLength(body) + body <= peer.PacketBytesMax;
    }

    public void Write(Delivery delivery, ushort id, bool duplicate)
    {
        var publish = delivery.Publish;
        if (peer.Version == MqttVersion.V5)
        {
            PacketWriter.WritePublish5(
                output, publish.Name.Utf8Bytes, publish.Payload, delivery.Qos, delivery.Retain, duplicate, id, publish.Properties.Travelling, publish.SecondsLeft(time));
        }
        else
        {
            PacketWriter.WritePublish(output, publish.Name.Utf8Bytes, publish.Payload, delivery.Qos, delivery.Retain, duplicate, id);
        }

        if (output.UnflushedBytes >= FlushBytes && !refilling)
        {
            FlushUnderLock();
        }
    }

    public void Flush()
    {
        lock (sync)
        {
            touched = false;
            FlushUnderLock();
        }
    }

    /// <summary>Completes when the peer has taken what was written; the read loop awaits it before reading on.</summary>
    public Task WhenWritable()
    {
        lock (sync)
        {
            return flushing && !closed
                ? (writable ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task
                : Task.CompletedTask;
        }
    }

    /// <summary>Tells an MQTT 5 client why the broker ends; nothing is written after this.</summary>
    /// <returns>False when the client cannot be told: it speaks 3.1.1, or does not take what was sent before.</returns>
    public bool TrySayLast(ReasonCode reason)
    {
        lock (sync)
        {
            if (peer.Version != MqttVersion.V5 || flushing || closed)
            {
                return false;
            }

            PacketWriter.WriteDisconnect(output, reason);
            FlushUnderLock();
            closed = true;
            return !flushing;
        }
    }

    /// <summary>Nothing is written after this. The task ends with the flush under way, if any.</summary>
    public Task Close()
    {
        lock (sync)
        {
            closed = true;
            heldBack.Clear();
            writable?.TrySetResult();
            return finishing;
        }
    }

    private void FlushUnderLock()
    {
        if (flushing || closed)
        {
            return;
        }

        var flush = output.FlushAsync();
        if (flush.IsCompletedSuccessfully)
        {
            var result = flush.Result;
            closed = result.IsCompleted || result.IsCanceled;
            return;
        }

        flushing = true;
        finishing = FinishAsync(flush);
    }

    private async Task FinishAsync(ValueTask<FlushResult> flush)
    {
        while (true)
        {
            var lost = await IsLostAsync(flush).ConfigureAwait(false);
            lock (sync)
            {
                flushing = false;
                closed |= lost;
                if (!closed)
                {
                    output.Write(heldBack.WrittenSpan);
                    refilling = true;
                    refill();
                    refilling = false;
                }

                heldBack.Clear();
                if (closed || output.UnflushedBytes == 0)
                {
                    writable?.TrySetResult();
                    writable = null;
                    return;
                }

                flushing = true;
                flush = output.FlushAsync();
            }
        }
    }

    private static async ValueTask<bool> IsLostAsync(ValueTask<FlushResult> flush)
    {
        try
        {
            var result = await flush.ConfigureAwait(false);
            return result.IsCompleted || result.IsCanceled;
        }
        catch (IOException)
        {
            return true;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }
}
