using System.Data.Common;

namespace Quartier.Gateway.Store;

/// <summary>What the writer has read of one table and need not read again with every report. Kept by key until any row of that table
/// changes, until something is rolled back, or until another process commits; see <see cref="WriterCaches"/>. Readers' connections keep
/// nothing and always read.</summary>
/// <param name="table">The only table that <paramref name="read"/> looks at. One that changes with every report is not worth a memo.</param>
public sealed class WriterCache<T>(string table, Func<DbConnection, string, T> read)
{
    public T Of(DbConnection db, string key)
    {
        if (((StoreConnection)db).Changed?.Caches is not { } caches)
        {
            return read(db, key);
        }

        var known = caches.Of<T>(this, table);
        if (!known.TryGetValue(key, out var value))
        {
            value = read(db, key);
            caches.Keep(known, key, value);
        }

        return value;
    }
}

/// <summary>The writer's memos. Every statement on the writer's connection names the tables that it changes;
/// a rollback and a commit by another process have no such voice, so after them nothing is believed any more.</summary>
internal sealed class WriterCaches
{
    private const int KeysMax = 100_000;

    private readonly Dictionary<object, object> memos = [];
    private readonly Dictionary<string, Action> forget = new(StringComparer.Ordinal);

    public Dictionary<string, T> Of<T>(object memo, string table)
    {
        if (!memos.TryGetValue(memo, out var known))
        {
            var fresh = new Dictionary<string, T>(StringComparer.Ordinal);
            memos.Add(memo, known = fresh);
            forget[table] = forget.TryGetValue(table, out var others) ? others + fresh.Clear : fresh.Clear;
        }

        return (Dictionary<string, T>)known;
    }

    public void Keep<T>(Dictionary<string, T> known, string key, T value)
    {
        if (known.Count >= KeysMax)
        {
            known.Clear();
        }

        known[key] = value;
    }

    public void Forget(string table)
    {
        if (forget.TryGetValue(table, out var clear))
        {
            clear();
        }
    }

    public void ForgetAll()
    {
        foreach (var clear in forget.Values)
        {
            clear();
        }
    }
}
