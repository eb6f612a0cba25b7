using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;
using NodaTime.Extensions;
using Quartier.Gateway.Domain.Accounts;
using Quartier.Gateway.Pages;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Host;

/// <summary>Tells open pages which tables a commit changed; the page fetches its fragments of them again. Each person hears of the
/// tables of their own pages only: that a pod's row changed just now already tells that somebody came or went.</summary>
public sealed class Live : IDisposable
{
    private const string OpenedEvent = "opened";
    private const string ChangedEvent = "changed";
    private const string AliveEvent = "alive";

    /// <summary>The last word of a stream that must not come back by itself.</summary>
    private const string EndedEvent = "ended";

    /// <summary>A phone that changed its network keeps a stream open that nothing comes through: silence tells it.</summary>
    private static readonly TimeSpan AliveEvery = TimeSpan.FromSeconds(15);

    /// <summary>Named beside the tables: the faults that are red.</summary>
    private static readonly HashSet<string> Faults = ["health"];

    private readonly Database database;
    private readonly GatewayHealth health;
    private readonly TimeProvider time;
    private readonly LiveReaders readers = new();

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
        this.time = time;
        alive = time.CreateTimer(_ => SayAlive(), null, AliveEvery, AliveEvery);
        database.Changed += OnChanged;
    }

    public static void MapLive(WebApplication app) => app.MapGet("/live", Listen).RequireAuthorization();

    /// <summary>Streams that are open now.</summary>
    public int OpenCount => readers.Count;

    /// <summary>Ends the streams whose sessions ended elsewhere, by a command in another process too. Once with every sign of life.</summary>
    public void EndStale() => readers.EndStale(session => database.Read(db => SessionsTable.Find(db, session, Now)) is not null);

    public void Dispose()
    {
        // A sign of life that is under way still asks the store, which closes after this.
        alive.DisposeAsync().AsTask().GetAwaiter().GetResult();
        database.Changed -= OnChanged;
        health.Changed -= OnHealthChanged;
        readers.Close();
    }

    private Instant Now => time.GetUtcNow().ToInstant();

    private static Results<ServerSentEventsResult<string>, UnauthorizedHttpResult> Listen(Live live, ClaimsPrincipal person, CancellationToken gone)
    {
        var id = person.FindFirstValue(Session.Claim) ?? "";
        return live.database.Read(db => SessionsTable.Find(db, id, live.Now)) is { } session
            ? TypedResults.ServerSentEvents(live.Changes(new LiveReader(id, session.Account, session.EndsAt, HeardBy(person)), gone))
            : TypedResults.Unauthorized();
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

    private async IAsyncEnumerable<SseItem<string>> Changes(LiveReader reader, [EnumeratorCancellation] CancellationToken gone)
    {
        readers.Add(reader);

        // Between its request and here the session may have ended, and nobody knew of this stream.
        EndStale();
        try
        {
            yield return new SseItem<string>("", OpenedEvent);
            await foreach (var tables in reader.Names.ReadAllAsync(gone))
            {
                yield return new SseItem<string>(tables, tables.Length > 0 ? ChangedEvent : AliveEvent);
            }

            if (reader.IsEnded)
            {
                yield return new SseItem<string>("", EndedEvent);
            }
        }
        finally
        {
            readers.Remove(reader);
        }
    }

    private void SayAlive()
    {
        EndStale();
        readers.ForEach(reader => reader.Tell(""));
    }

    private void OnHealthChanged() => OnChanged(Faults);

    private void OnChanged(IReadOnlySet<string> tables)
    {
        readers.EndOver(Now);
        if (tables.Contains("sessions") || tables.Contains("accounts"))
        {
            EndStale();
        }

        readers.ForEach(reader =>
        {
            var heard = string.Join(' ', tables.Where(reader.IsHeard).Order(StringComparer.Ordinal));
            if (heard.Length > 0)
            {
                reader.Tell(heard);
            }
        });
    }
}
