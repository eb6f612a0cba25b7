using System.Collections.Concurrent;
using NodaTime;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Domain.Accounts;

/// <summary>When each session was last used. Kept in memory and written now and then: no page waits for it, and none fails while the
/// store takes nothing.</summary>
public sealed class SeenSessions
{
    private readonly ConcurrentDictionary<string, Instant> seen = [];

    public void Saw(string session, Instant now) => seen[SessionsTable.HandleOf(session)] = now;

    /// <summary>The same sessions, with what is not written yet.</summary>
    public IReadOnlyList<OpenSession> Of(IReadOnlyList<OpenSession> stored) =>
        [.. stored.Select(session => seen.TryGetValue(session.Handle, out var at) ? session with { SeenAt = at } : session)];

    /// <summary>What is not written stays for the next time.</summary>
    public async Task WriteAsync(Database database)
    {
        var taken = seen.ToArray();
        if (taken.Length > 0)
        {
            await database.WriteAsync(db => Array.ForEach(taken, one => SessionsTable.Saw(db, one.Key, one.Value)));
        }

        // Only if it was not used again meanwhile.
        Array.ForEach(taken, one => seen.TryRemove(one));
    }
}
