using System.Buffers;
using System.IO.Pipelines;

namespace Quartier.Mqtt;

/// <summary>The sending half of one connection. Everything but <see cref="Flush"/> is called under the session's lock.
/// Writes gather in the pipe and leave with the next flush; while the peer is slow, publishes wait in the session's
/// bounded queue and acknowledgements in <see cref="heldBack"/>, which the read loop bounds by not reading on.</summary>
internal sealed class ClientLink(PipeWriter output, Lock sync, Action refill)
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

    public void Write(Delivery delivery, ushort id, bool duplicate)
    {
        PacketWriter.WritePublish(output, delivery.Publish.Name.Utf8Bytes, delivery.Publish.Payload, delivery.Qos, delivery.Retain, duplicate, id);
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
