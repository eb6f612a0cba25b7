using System.Threading.Channels;
using NodaTime;

namespace Quartier.Gateway.Host;

/// <summary>One open stream of one page.</summary>
/// <param name="Session">The log-in it was opened under.</param>
/// <param name="EndsAt">When that log-in ends by itself.</param>
public sealed record LiveReader(string Session, string Account, Instant EndsAt, Func<string, bool> IsHeard)
{
    // A slow reader loses names, and is told so by "*": everything may have changed.
    private readonly Channel<string> names = Channel.CreateBounded<string>(new BoundedChannelOptions(64) { FullMode = BoundedChannelFullMode.DropOldest });

    public ChannelReader<string> Names => names.Reader;

    /// <summary>It was ended from here, and is not to come back by itself.</summary>
    public bool IsEnded { get; private set; }

    public void Tell(string tables) => names.Writer.TryWrite(names.Reader.Count >= 60 ? "*" : tables);

    public void End()
    {
        IsEnded = true;
        names.Writer.TryComplete();
    }

    public void Close() => names.Writer.TryComplete();
}

/// <summary>Who holds a stream, and for how long: no longer than the session it was opened under, and so many per account that its
/// oldest ends when there is one more.</summary>
public sealed class LiveReaders
{
    /// <summary>Open pages of one account. A team's shared account on a dozen phones stays below.</summary>
    public const int PerAccountMax = 30;

    private readonly Lock gate = new();
    private readonly List<LiveReader> readers = [];

    public int Count
    {
        get
        {
            lock (gate)
            {
                return readers.Count;
            }
        }
    }

    public void Add(LiveReader reader)
    {
        lock (gate)
        {
            if (readers.Count(other => other.Account == reader.Account) >= PerAccountMax)
            {
                var oldest = readers.First(other => other.Account == reader.Account);
                readers.Remove(oldest);
                oldest.End();
            }

            readers.Add(reader);
        }
    }

    public void Remove(LiveReader reader)
    {
        lock (gate)
        {
            readers.RemoveAll(other => ReferenceEquals(other, reader));
        }
    }

    public void ForEach(Action<LiveReader> act)
    {
        lock (gate)
        {
            readers.ForEach(act);
        }
    }

    /// <summary>Ends every stream whose session has run out at this moment.</summary>
    public void EndOver(Instant now) => End(reader => now >= reader.EndsAt);

    /// <summary>Ends every stream whose session is none any more.</summary>
    /// <param name="holds">Whether a session still holds; asked once for each, outside the lock.</param>
    public void EndStale(Func<string, bool> holds)
    {
        List<string> sessions;
        lock (gate)
        {
            sessions = [.. readers.Select(reader => reader.Session).Distinct()];
        }

        var over = sessions.Where(session => !holds(session)).ToHashSet();
        End(reader => over.Contains(reader.Session));
    }

    public void Close() => ForEach(reader => reader.Close());

    private void End(Func<LiveReader, bool> isOver)
    {
        lock (gate)
        {
            foreach (var reader in readers.Where(isOver).ToList())
            {
                readers.Remove(reader);
                reader.End();
            }
        }
    }
}
