using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace Quartier.Gateway.Host;

/// <summary>Kestrel's sockets, counted where they are accepted: one too many is closed before the next is taken. A
/// <see cref="ConnectionCap"/> cuts on threads of its own, and a burst would be accepted faster than that.</summary>
internal sealed class CountedSockets(IOptions<SocketTransportOptions> options, ILoggerFactory log, ConnectionLimits limits) : IConnectionListenerFactory
{
    private readonly SocketTransportFactory sockets = new(options, log);
    private int open;

    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        new Listener(this, await sockets.BindAsync(endpoint, cancellationToken));

    private async ValueTask<bool> TakeAsync(ConnectionContext connection)
    {
        if (Interlocked.Increment(ref open) <= limits.Sockets)
        {
            // Told after the socket is closed, and at once when it is already.
            connection.ConnectionClosed.UnsafeRegister(counted => Interlocked.Decrement(ref ((CountedSockets)counted!).open), this);
            return true;
        }

        Interlocked.Decrement(ref open);
        connection.Abort(new ConnectionAbortedException("too many connections"));
        await connection.DisposeAsync();
        return false;
    }

    private sealed class Listener(CountedSockets counted, IConnectionListener inner) : IConnectionListener
    {
        public EndPoint EndPoint => inner.EndPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            while (true)
            {
                var connection = await inner.AcceptAsync(cancellationToken);
                if (connection is null || await counted.TakeAsync(connection))
                {
                    return connection;
                }
            }
        }

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => inner.UnbindAsync(cancellationToken);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
