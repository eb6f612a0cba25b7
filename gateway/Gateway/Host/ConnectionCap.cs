using System.Net;
using Microsoft.AspNetCore.Connections;
using NodaTime;
using Quartier.Gateway.Domain.Accounts;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Host;

/// <summary>Connections of one kind that are open now, over several ports. A further one is cut at once, before it costs more than its
/// socket; no address elsewhere takes more than half, so that one flooder does not keep everybody out.</summary>
/// <param name="max">Open at once.</param>
/// <param name="fault">Red while connections are cut, and for a minute behind the last.</param>
public sealed class ConnectionCap(int max, Fault fault)
{
    private static readonly Duration RedFor = Duration.FromMinutes(1);

    private readonly Lock sync = new();
    private readonly Dictionary<string, int> byAddress = new(StringComparer.Ordinal);
    private int open;
    private string? cut;

    public int Open
    {
        get
        {
            lock (sync)
            {
                return open;
            }
        }
    }

    /// <summary>Stands before a port.</summary>
    internal ConnectionDelegate Within(ConnectionDelegate next) => async connection =>
    {
        // A proxy on this machine speaks for all the world.
        var address = connection.RemoteEndPoint is IPEndPoint { Address: var from } && !IPAddress.IsLoopback(from) ? LogInGuard.KeyOf(from) : null;
        if (!TryEnter(address))
        {
            Cut(connection.RemoteEndPoint?.ToString() ?? "?");
            connection.Abort(new ConnectionAbortedException("too many connections"));
            return;
        }

        try
        {
            await next(connection);
        }
        finally
        {
            Leave(address);
        }
    };

    /// <summary>Called every second.</summary>
    /// <returns>What to log, when it has just become red.</returns>
    public TurnedAway? Step(Instant now, GatewayHealth health)
    {
        if (Interlocked.Exchange(ref cut, null) is { } from)
        {
            return health.Raise(fault, now).Count == 1 ? new TurnedAway(fault.Name, max, from) : null;
        }

        if (health.Find(fault.Name) is { } line && now - line.LastAt >= RedFor)
        {
            health.Clear(fault.Name);
        }

        return null;
    }

    /// <param name="from">Address and port of a connection that was not taken.</param>
    public void Cut(string from) => Volatile.Write(ref cut, from);

    /// <param name="address">Null: counts towards the whole only.</param>
    public bool TryEnter(string? address)
    {
        lock (sync)
        {
            var ofAddress = address is null ? 0 : byAddress.GetValueOrDefault(address);
            if (open >= max || ofAddress >= (max + 1) / 2)
            {
                return false;
            }

            open++;
            if (address is not null)
            {
                byAddress[address] = ofAddress + 1;
            }

            return true;
        }
    }

    public void Leave(string? address)
    {
        lock (sync)
        {
            open--;
            if (address is not null && --byAddress[address] is 0)
            {
                byAddress.Remove(address);
            }
        }
    }
}

/// <param name="From">Address and port of the last connection that was cut.</param>
public sealed record TurnedAway(string Kind, int Max, string From);
