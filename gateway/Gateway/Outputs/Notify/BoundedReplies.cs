using System.Net.Sockets;

namespace Quartier.Gateway.Outputs.Notify;

/// <summary>A mail server's side of one conversation, at most 256 kB of it. MailKit reads a reply of any length into memory: a peer that
/// never ends its greeting took 1.8 GB in five seconds.</summary>
public sealed class BoundedReplies(Socket socket) : NetworkStream(socket)
{
    private const int BytesMax = 256 * 1024;

    private int taken;

    public override async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        await ReadAsync(buffer.AsMemory(offset, count), cancellationToken);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await base.ReadAsync(buffer, cancellationToken);
        taken += count;
        return taken <= BytesMax ? count : throw new IOException("the mail server's answers do not end");
    }
}
