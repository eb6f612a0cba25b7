using System.Buffers;

namespace Quartier.Mqtt;

/// <summary>Sending half of a client's connection: writers append under a lock, one send at a time takes all that has gathered.</summary>
internal sealed class ClientOutput(Stream stream, Action<Exception> lost)
{
    /// <summary>Bytes gathered beyond which <see cref="WhenRoom"/> waits.</summary>
    private const int GatheredBytesMax = 256 * 1024;

    private readonly Lock sync = new();
    private ArrayBufferWriter<byte> gathering = new(1024);
    private ArrayBufferWriter<byte> leaving = new(1024);
    private TaskCompletionSource? room;
    private TaskCompletionSource? sending;
    private bool closed;

    /// <summary>Ends when everything written so far has been handed to the network, or the connection was lost.</summary>
    public Task Sent
    {
        get
        {
            lock (sync)
            {
                return sending?.Task ?? Task.CompletedTask;
            }
        }
    }

    public void Write<T>(T state, Action<IBufferWriter<byte>, T> write)
    {
        lock (sync)
        {
            if (closed)
            {
                return;
            }

            write(gathering, state);
            if (sending is not null)
            {
                return;
            }

            sending = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        _ = SendAsync();
    }

    public Task WhenRoom()
    {
        lock (sync)
        {
            return closed || gathering.WrittenCount < GatheredBytesMax
                ? Task.CompletedTask
                : (room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    public void Close()
    {
        lock (sync)
        {
            closed = true;
            room?.TrySetResult();
        }
    }

    private async Task SendAsync()
    {
        while (true)
        {
            lock (sync)
            {
                if (closed || gathering.WrittenCount == 0)
                {
                    EndSending();
                    return;
                }

                (gathering, leaving) = (leaving, gathering);
                room?.TrySetResult();
                room = null;
            }

            try
            {
                await stream.WriteAsync(leaving.WrittenMemory).ConfigureAwait(false);
            }
            catch (IOException cause)
            {
                Fail(cause);
                return;
            }
            catch (ObjectDisposedException cause)
            {
                Fail(cause);
                return;
            }

            leaving.ResetWrittenCount();
        }
    }

    private void Fail(Exception cause)
    {
        Close();
        lost(cause);
        lock (sync)
        {
            EndSending();
        }
    }

    private void EndSending()
    {
        sending?.SetResult();
        sending = null;
    }
}
