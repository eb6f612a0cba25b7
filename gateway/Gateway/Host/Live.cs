using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Host;

/// <summary>Tells open pages which tables a commit changed; the page fetches its fragments of them again. Nothing else travels
/// here, so that the stream needs no rights of its own beyond a log-in.</summary>
public sealed class Live : IDisposable
{
    private const string OpenedEvent = "opened";
    private const string ChangedEvent = "changed";

    private readonly Database database;
    private readonly Lock gate = new();
    private readonly List<Channel<string>> readers = [];

    public Live(Database database)
    {
        this.database = database;
        database.Changed += OnChanged;
    }

    public static void MapLive(WebApplication app) =>
        app.MapGet("/live", (Live live, CancellationToken gone) => TypedResults.ServerSentEvents(live.Changes(gone))).RequireAuthorization();

    public void Dispose()
    {
        database.Changed -= OnChanged;
        lock (gate)
        {
            readers.ForEach(reader => reader.Writer.TryComplete());
        }
    }

    private async IAsyncEnumerable<SseItem<string>> Changes([EnumeratorCancellation] CancellationToken gone)
    {
        // A slow reader loses names, and is told so by "*": everything may have changed.
        var channel = Channel.CreateBounded<string>(new BoundedChannelOptions(64) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (gate)
        {
            readers.Add(channel);
        }

        try
        {
            yield return new SseItem<string>("", OpenedEvent);
            await foreach (var tables in channel.Reader.ReadAllAsync(gone))
            {
                yield return new SseItem<string>(tables, ChangedEvent);
            }
        }
        finally
        {
            lock (gate)
            {
                readers.Remove(channel);
            }
        }
    }

    private void OnChanged(IReadOnlySet<string> tables)
    {
        lock (gate)
        {
            if (readers.Count == 0)
            {
                return;
            }

            var names = string.Join(' ', tables.Order(StringComparer.Ordinal));
            foreach (var reader in readers)
            {
                reader.Writer.TryWrite(reader.Reader.Count >= 60 ? "*" : names);
            }
        }
    }
}
