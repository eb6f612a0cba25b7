using System.Collections.Concurrent;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Quartier.Gateway.Store;

/// <summary>How much a commit promises. The simulator and throw-away stores need no promise.</summary>
public enum Durability
{
    /// <summary>synchronous=FULL: a commit has reached the disk, a power cut loses nothing acknowledged.</summary>
    Full,

    /// <summary>synchronous=OFF: a commit survives this process only.</summary>
    None,
}

/// <summary>The gateway's store: SQLite in WAL mode with one writer. Work given to <see cref="WriteAsync{T}"/> is committed in
/// groups: whoever waits while a commit is on its way to the disk shares the next one. Each piece of work has its own
/// savepoint where it is not alone, so that one that fails takes nothing of its neighbours with it.</summary>
public sealed class Database : IDisposable
{
    private const string FileName = "quartier.db";
    private const int BusyTimeoutMs = 10_000;

    /// <summary>Stands in the file from the version on that overwrites what it deletes.</summary>
    private const int OverwritesSince = 1;

    /// <summary>32 MB of log before it is folded into the file: pages that change with every group are then written there once and not
    /// thirty times. After a crash that much is read again, some tens of milliseconds.</summary>
    private const int CheckpointPages = 8_000;

    /// <summary>The index of the messages' keys is asked and extended at random places; it should stay in memory.</summary>
    private const int WriterCacheKiB = 64 * 1024;

    private readonly string connectionString;
    private readonly PreparingConnection writer;
    private readonly WriterCaches caches = new();
    private readonly Lock writing = new();
    private readonly HashSet<string> touched = [];
    private readonly WriterQueue queue = new();
    private readonly ConcurrentBag<SqliteConnection> readers = [];
    /// <summary>Null: work runs at once, on its caller's thread.</summary>
    private readonly Thread? thread;
    private readonly SQLitePCL.delegate_update onUpdate;
    private long othersVersion;
    private volatile bool isClosed;
    private bool hasDeleted;
    private bool isRehearsal;
    private bool wouldChange;
    private SqliteException? lastFailure;

    static Database()
    {
        SQLitePCL.Batteries_V2.Init();

        // Each connection has one user at a time, so SQLite need not lock each call, nor count each allocation.
        SQLitePCL.raw.sqlite3_config(SQLitePCL.raw.SQLITE_CONFIG_MULTITHREAD);
        SQLitePCL.raw.sqlite3_config(SQLitePCL.raw.SQLITE_CONFIG_MEMSTATUS, 0);
    }

    private Database(string path, Schema schema, Durability durability, bool hasThread)
    {
        connectionString = new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString();
        var isNew = !File.Exists(path) || new FileInfo(path).Length == 0;
        OwnerOnly.Touch(path);
        SqliteUpgrade.Bring(path, schema, durability);
        writer = Connect();
        writer.Execute("PRAGMA journal_mode=WAL");
        writer.Execute($"PRAGMA wal_autocheckpoint={CheckpointPages}; PRAGMA cache_size=-{WriterCacheKiB}");
        writer.Execute(durability == Durability.Full ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=OFF");
        writer.Execute("PRAGMA secure_delete=ON; PRAGMA temp_store=MEMORY");
        EraseOnce(isNew);
        writer.Caches = caches;
        onUpdate = (_, change, _, table, _) => Touch(change, table.utf8_to_string());
        SQLitePCL.raw.sqlite3_update_hook(writer.Handle, onUpdate, null);
        if (hasThread)
        {
            thread = new Thread(CommitGroups) { IsBackground = true, Name = "store writer" };
            thread.Start();
        }
    }

    /// <summary>Raised after each commit with the names of the tables it changed. Runs on the committing thread: be quick.</summary>
    public event Action<IReadOnlySet<string>>? Changed;

    /// <summary>Number of commits since the store was opened, for the benchmark.</summary>
    public long CommitCount { get; private set; }

    public static bool Exists(string directory) => File.Exists(Path.Combine(directory, FileName));

    /// <param name="schema">What the store is brought to.</param>
    /// <exception cref="UnusableStoreException">It cannot be brought there; nothing was changed.</exception>
    public static Database Open(string directory, Schema schema, Durability durability = Durability.Full)
    {
        OwnerOnly.Prepare(directory);
        return new Database(Path.Combine(directory, FileName), schema, durability, hasThread: true);
    }

    /// <summary>A store for one thread in virtual time: work runs at once on its caller's thread, and what is committed may not outlive
    /// a power cut.</summary>
    public static Database OpenSingleThreaded(string directory, Schema schema)
    {
        OwnerOnly.Prepare(directory);
        return new Database(Path.Combine(directory, FileName), schema, Durability.None, hasThread: false);
    }

    /// <summary>Completes when the work is committed; fails when it threw or the commit failed.</summary>
    /// <param name="isUrgent">It goes before all that waits, and after the group that is being committed.</param>
    /// <exception cref="ObjectDisposedException">The store is closed.</exception>
    public Task<T> WriteAsync<T>(Func<SqliteConnection, T> work, bool isUrgent = false)
    {
        ObjectDisposedException.ThrowIf(isClosed, this);
        if (thread is null)
        {
            return Attempt(work);
        }

        var item = new PendingWrite<T>(work);
        queue.Add(item, isUrgent);
        return item.Task;
    }

    public Task WriteAsync(Action<SqliteConnection> work) => WriteAsync(connection =>
    {
        work(connection);
        return true;
    });

    /// <summary>The same on the caller's own thread and in a transaction of its own. The task is complete when this returns; it
    /// keeps a failure instead of throwing it.</summary>
    /// <exception cref="ObjectDisposedException">The store is closed.</exception>
    public Task<T> Attempt<T>(Func<SqliteConnection, T> work)
    {
        ObjectDisposedException.ThrowIf(isClosed, this);
        var item = new PendingWrite<T>(work);
        Commit([item]);
        return item.Task;
    }

    /// <summary>The same, throwing: for commands, tests and the simulator.</summary>
    public T Write<T>(Func<SqliteConnection, T> work) => Attempt(work).GetAwaiter().GetResult();

    public void Write(Action<SqliteConnection> work) => Write(connection =>
    {
        work(connection);
        return true;
    });

    /// <summary>Lets the work write and takes each of its transactions back. For a store of one thread.</summary>
    /// <returns>Whether a row would have changed, or something failed.</returns>
    public bool Rehearse(Action work)
    {
        (isRehearsal, wouldChange) = (true, false);
        try
        {
            work();
            return wouldChange;
        }
        finally
        {
            isRehearsal = false;
        }
    }

    /// <summary>Reads the last committed state; never waits for a writer.</summary>
    /// <exception cref="ObjectDisposedException">The store is closed. A connection opened after that would leave its files behind.</exception>
    public T Read<T>(Func<SqliteConnection, T> read)
    {
        ObjectDisposedException.ThrowIf(isClosed, this);
        if (!readers.TryTake(out var connection))
        {
            connection = Connect();
            connection.Execute("PRAGMA query_only=ON");
        }

        try
        {
            return read(connection);
        }
        catch (SqliteException failure)
        {
            Keep(failure);
            throw;
        }
        finally
        {
            readers.Add(connection);
            if (isClosed)
            {
                CloseReaders();
            }
        }
    }

    /// <summary>The newest failure of the store itself since this was asked last: disk full, a damaged page, a file that cannot be
    /// written. Null when there was none.</summary>
    public SqliteException? TakeFailure() => Interlocked.Exchange(ref lastFailure, null);

    public void Dispose()
    {
        isClosed = true;
        queue.Close();
        thread?.Join();
        CloseReaders();

        lock (writing)
        {
            writer.Dispose();
        }

        queue.Dispose();
    }

    private void CloseReaders()
    {
        while (readers.TryTake(out var reader))
        {
            reader.Dispose();
        }
    }

    private PreparingConnection Connect()
    {
        var connection = new PreparingConnection(connectionString);
        connection.Open();
        connection.Execute($"PRAGMA busy_timeout={BusyTimeoutMs}; PRAGMA foreign_keys=ON;");
        return connection;
    }

    /// <summary>Deleted rows are overwritten with zeros, but the log still holds them as they were: this folds it into the file and
    /// empties it. Cheap when nothing was deleted.</summary>
    /// <returns>False: somebody reads an older state just now; ask again.</returns>
    public bool FoldDeleted()
    {
        lock (writing)
        {
            if (hasDeleted)
            {
                // Nobody waits for a reader behind the writer's lock.
                writer.Execute("PRAGMA busy_timeout=0");
                hasDeleted = writer.ExecuteScalar<long>("PRAGMA wal_checkpoint(TRUNCATE)") != 0;
                writer.Execute($"PRAGMA busy_timeout={BusyTimeoutMs}");
            }

            return !hasDeleted;
        }
    }

    /// <summary>A store of a version that deleted without overwriting is written anew, once.</summary>
    private void EraseOnce(bool isNew)
    {
        if (writer.ExecuteScalar<long>("PRAGMA user_version") >= OverwritesSince)
        {
            return;
        }

        if (!isNew)
        {
            writer.Execute("VACUUM");
            writer.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        }

        writer.Execute($"PRAGMA user_version={OverwritesSince}");
    }

    private void Begin()
    {
        var version = Transaction.Begin(writer);
        if (version != othersVersion)
        {
            caches.ForgetAll();
            othersVersion = version;
        }
    }

    private void Touch(int change, string table)
    {
        hasDeleted |= change == SQLitePCL.raw.SQLITE_DELETE;
        touched.Add(table);
        caches.Forget(table);
    }

    private void Keep(SqliteException? failure)
    {
        // 8 read-only, 10 input or output, 11 damaged, 13 full, 14 cannot open, 26 no database. Others are the caller's own.
        if (failure?.SqliteErrorCode is 8 or 10 or 11 or 13 or 14 or 26)
        {
            Interlocked.Exchange(ref lastFailure, failure);
        }
    }

    private void TakeBack(bool changes)
    {
        SQLitePCL.raw.sqlite3_exec(writer.Handle, "ROLLBACK");
        wouldChange |= changes;
        if (changes)
        {
            caches.ForgetAll();
        }
    }

    private void CommitGroups()
    {
        foreach (var group in queue.Groups())
        {
            Commit(group);
        }
    }

    /// <summary>A piece of work that is alone needs no savepoint, since its failure takes back everything: SQLite copies each page that
    /// changes within one, a fifth of what a group of reports costs.</summary>
    private void Run(IReadOnlyList<PendingWrite> group)
    {
        if (group is [var only])
        {
            only.Run(writer);
            return;
        }

        foreach (var work in group)
        {
            Transaction.Save(writer);
            work.Run(writer);
            if (work.Failure is null)
            {
                Transaction.Keep(writer);
            }
            else
            {
                Transaction.TakeBack(writer);
                caches.ForgetAll();
            }
        }
    }

    private void Commit(IReadOnlyList<PendingWrite> group)
    {
        HashSet<string>? changed = null;
        lock (writing)
        {
            touched.Clear();
            try
            {
                Begin();
                var before = SQLitePCL.raw.sqlite3_total_changes(writer.Handle);
                Run(group);
                if (group is [{ Failure: not null }])
                {
                    TakeBack(changes: true);
                }
                else if (isRehearsal)
                {
                    TakeBack(SQLitePCL.raw.sqlite3_total_changes(writer.Handle) != before || group.Any(work => work.Failure is not null));
                }
                else
                {
                    Transaction.Commit(writer);
                    CommitCount++;
                    changed = touched.Count > 0 ? [.. touched] : null;
                }
            }
            catch (SqliteException failure)
            {
                // Disk full, another process holding the file: nobody in this group may believe in a commit.
                TakeBack(changes: true);
                foreach (var work in group)
                {
                    work.Fail(failure);
                }
            }
        }

        if (changed is not null)
        {
            Changed?.Invoke(changed);
        }

        foreach (var work in group)
        {
            Keep(work.Failure as SqliteException);
            work.Complete();
        }
    }
}
