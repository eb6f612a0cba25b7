using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Security.Claims;
using System.Threading.Channels;
using Quartier.Gateway.Domain.Accounts;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Host;

/// <summary>Tells open pages which tables a commit changed; the page fetches its fragments of them again. Each person hears of the
/// tables of their own pages only: that a pod's row changed just now already tells that somebody came or went.</summary>
public sealed class Live : IDisposable
{
    private const string OpenedEvent = "opened";
    private const string ChangedEvent = "changed";
    private const string AliveEvent = "alive";

    /// <summary>A phone that changed its network keeps a stream open that nothing comes through: silence tells it.</summary>
    private static readonly TimeSpan AliveEvery = TimeSpan.FromSeconds(15);

    /// <summary>Named beside the tables: the faults that are red.</summary>
    private static readonly HashSet<string> Faults = ["health"];

    private readonly Database database;
    private readonly GatewayHealth health;
    private readonly Lock gate = new();
    private readonly List<(Channel<string> Names, Func<string, bool> IsHeard)> readers = [];

    // What a role may hear of, by the beginnings of the tables' names; street workers and administrators hear of everything. Facility
    // staff do not hear of "contacts" and "devices": messages of a pod write there, also the one that says that somebody came. Their
    // page is fetched again every half minute.
    private static readonly (string Role, string[] Beginnings)[] Heard =
    [
        (Roles.Facility, ["strangers", "screens", "refusal", "oddities"]),
        (Roles.Editor, ["offer", "catalogue", "screens"]),
        (Roles.Planner, ["release_", "planner_"]),
    ];

    private readonly ITimer alive;

    public Live(Database database, GatewayHealth health, TimeProvider time)
    {
        (this.database, this.health) = (database, health);
        health.Changed += OnHealthChanged;
        alive = time.CreateTimer(_ => SayAlive(), null, AliveEvery, AliveEvery);
        database.Changed += OnChanged;
    }

    public static void MapLive(WebApplication app) =>
        app.MapGet("/live", (Live live, ClaimsPrincipal person, CancellationToken gone) => TypedResults.ServerSentEvents(live.Changes(HeardBy(person), gone))).RequireAuthorization();

    public void Dispose()
    {
        alive.Dispose();
        database.Changed -= OnChanged;
        health.Changed -= OnHealthChanged;
        lock (gate)
        {
            readers.ForEach(reader => reader.Names.Writer.TryComplete());
        }
    }

    private static Func<string, bool> HeardBy(ClaimsPrincipal person)
    {
        if (person.IsInRole(Roles.Street) || person.IsInRole(Roles.Admin))
        {
            return _ => true;
        }

        string[] beginnings = [.. Heard.Where(heard => person.IsInRole(heard.Role)).SelectMany(heard => heard.Beginnings)];
        return table => beginnings.Any(beginning => table.StartsWith(beginning, StringComparison.Ordinal));
    }

    private async IAsyncEnumerable<SseItem<string>> Changes(Func<string, bool> isHeard, [EnumeratorCancellation] CancellationToken gone)
    {
        // A slow reader loses names, and is told so by "*": everything may have changed.
        var channel = Channel.CreateBounded<string>(new BoundedChannelOptions(64) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (gate)
        {
            readers.Add((channel, isHeard));
        }

        try
        {
            yield return new SseItem<string>("", OpenedEvent);
            await foreach (var tables in channel.Reader.ReadAllAsync(gone))
            {
                yield return new SseItem<string>(tables, tables.Length > 0 ? ChangedEvent : AliveEvent);
            }
        }
        finally
        {
            lock (gate)
            {
                readers.Remove((channel, isHeard));
            }
        }
    }

    private void SayAlive()
    {
        lock (gate)
        {
            readers.ForEach(reader => reader.Names.Writer.TryWrite(""));
        }
    }

    private void OnHealthChanged() => OnChanged(Faults);

    private void OnChanged(IReadOnlySet<string> tables)
    {
        lock (gate)
        {
            if (readers.Count == 0)
            {
                return;
            }

            foreach (var (names, isHeard) in readers)
            {
                var heard = string.Join(' ', tables.Where(isHeard).Order(StringComparer.Ordinal));
                if (heard.Length > 0)
                {
                    names.Writer.TryWrite(names.Reader.Count >= 60 ? "*" : heard);
                }
            }
        }
    }
}
