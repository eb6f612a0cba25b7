using System.Collections.Concurrent;
using System.Data;
using System.Data.Common;

namespace Quartier.Gateway.Store;

/// <summary>How much a commit promises. The simulator and throw-away stores need no promise.</summary>
public enum Durability
{
    /// <summary>synchronous=FULL: a commit has reached the disk, a power cut loses nothing acknowledged.</summary>
    Full,

    /// <summary>synchronous=OFF: a commit survives this process only.</summary>
    None,
}

/// <summary>The gateway's store with its one writer. Work given to <see cref="WriteAsync{T}"/> is committed in groups: whoever waits while
/// a commit is on its way to the disk shares the next one. Each piece of work has its own savepoint where it is not alone, so that one
/// that fails takes nothing of its neighbours with it.</summary>
public sealed class Database : IDisposable
{
    private const int NoFailure = -1;

    private readonly Engine engine;
    private StoreConnection writer;
    private readonly ChangedTables changed = new();
    private readonly Lock writing = new();
    private readonly WriterQueue queue = new();
    private readonly ConcurrentBag<StoreConnection> readers = [];

    /// <summary>Null: work runs at once, on its caller's thread.</summary>
    private readonly Thread? thread;
    private long othersVersion;
    private volatile bool isClosing;
    private volatile bool isClosed;
    private bool isRehearsal;
    private bool wouldChange;
    private int lastFailure = NoFailure;

    private Database(Engine engine, bool hasThread)
    {
        this.engine = engine;
        writer = engine.ConnectWriter(changed);
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

    public static bool Exists(string directory) => PostgreSql(directory) is not null || File.Exists(Path.Combine(directory, SqliteEngine.FileName));

    /// <summary>The data folder of the store that somebody works on, for what lies beside the database.</summary>
    public static string FolderOf(DbConnection db) => ((StoreConnection)db).Folder;

    /// <summary>The store of a data folder: the PostgreSQL database that its settings name as Store:PostgreSql, or SQLite in a file there.</summary>
    /// <param name="schemas">What the store is brought to.</param>
    /// <exception cref="UnusableStoreException">It cannot be brought there; nothing was changed.</exception>
    /// <exception cref="DbException">It cannot be reached or used.</exception>
    public static Database Open(string directory, Schemas schemas, Durability durability = Durability.Full)
    {
        OwnerOnly.Prepare(directory);
        return new Database(EngineOf(directory, schemas, durability), hasThread: true);
    }

    /// <summary>A store for one thread in virtual time: work runs at once on its caller's thread, and what is committed may not outlive
    /// a power cut.</summary>
    public static Database OpenSingleThreaded(string directory, Schemas schemas)
    {
        OwnerOnly.Prepare(directory);
        return new Database(EngineOf(directory, schemas, Durability.None), hasThread: false);
    }

    /// <summary>Completes when the work is committed; fails when it threw or the commit failed.</summary>
    /// <param name="isUrgent">It goes before all that waits, and after the group that is being committed.</param>
    /// <exception cref="ObjectDisposedException">The store is closed.</exception>
    public Task<T> WriteAsync<T>(Func<DbConnection, T> work, bool isUrgent = false)
    {
        ObjectDisposedException.ThrowIf(isClosing, this);
        if (thread is null)
        {
            return Attempt(work);
        }

        var item = new PendingWrite<T>(work);
        queue.Add(item, isUrgent);
        return item.Task;
    }

    public Task WriteAsync(Action<DbConnection> work) => WriteAsync(connection =>
    {
        work(connection);
        return true;
    });

    /// <summary>The same on the caller's own thread and in a transaction of its own. The task is complete when this returns; it
    /// keeps a failure instead of throwing it.</summary>
    /// <exception cref="ObjectDisposedException">The store is closed.</exception>
    public Task<T> Attempt<T>(Func<DbConnection, T> work)
    {
        ObjectDisposedException.ThrowIf(isClosing, this);
        var item = new PendingWrite<T>(work);
        Commit([item]);
        return item.Task;
    }

    /// <summary>The same, throwing: for commands, tests and the simulator.</summary>
    public T Write<T>(Func<DbConnection, T> work) => Attempt(work).GetAwaiter().GetResult();

    public void Write(Action<DbConnection> work) => Write(connection =>
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
    public T Read<T>(Func<DbConnection, T> read)
    {
        ObjectDisposedException.ThrowIf(isClosed, this);
        if (!readers.TryTake(out var connection))
        {
            connection = engine.ConnectReader();
        }

        try
        {
            return read(connection);
        }
        catch (DbException failure)
        {
            Keep(failure);
            throw;
        }
        finally
        {
            GiveBack(connection);
            if (isClosed)
            {
                CloseReaders();
            }
        }
    }

    /// <summary>The newest failure of the store itself since this was asked last. Null when there was none.</summary>
    public StoreFailure? TakeFailure() => Interlocked.Exchange(ref lastFailure, NoFailure) is var kept and not NoFailure ? (StoreFailure)kept : null;

    public void Dispose()
    {
        isClosing = true;
        queue.Close();
        thread?.Join();

        // Whoever hears of the last commits may still look at them.
        isClosed = true;
        CloseReaders();

        lock (writing)
        {
            writer.Dispose();
        }

        queue.Dispose();
    }

    private void GiveBack(StoreConnection reader)
    {
        if (reader.State == ConnectionState.Open)
        {
            readers.Add(reader);
        }
        else
        {
            reader.Dispose();
        }
    }

    private void CloseReaders()
    {
        while (readers.TryTake(out var reader))
        {
            reader.Dispose();
        }
    }

    /// <summary>Makes sure that what was deleted can no longer be read from the database's files. Cheap when nothing was deleted.</summary>
    /// <returns>False: somebody reads an older state just now; ask again.</returns>
    public bool FoldDeleted()
    {
        lock (writing)
        {
            changed.HasDeleted = changed.HasDeleted && !engine.Fold(writer);
            return !changed.HasDeleted;
        }
    }

    private static string? PostgreSql(string directory) => OwnSettings.Section(directory, "Store")["PostgreSql"] is { Length: > 0 } settings ? settings : null;

    private static Engine EngineOf(string directory, Schemas schemas, Durability durability) => PostgreSql(directory) is { } settings
        ? new PostgreSqlEngine(settings, directory, schemas.PostgreSql, durability)
        : new SqliteEngine(directory, schemas.Sqlite, durability);

    private void Begin()
    {
        changed.Clear();
        if (writer.State != ConnectionState.Open)
        {
            // The server was away.
            writer.Dispose();
            writer = engine.ConnectWriter(changed);
        }

        var version = engine.Begin(writer);
        if (version != othersVersion)
        {
            changed.ForgetAll();
            othersVersion = version;
        }
    }

    private void Keep(DbException? failure)
    {
        if (failure is not null && engine.FailureOf(failure) is { } own)
        {
            Interlocked.Exchange(ref lastFailure, (int)own);
        }
    }

    private void TakeBack()
    {
        engine.TakeBack(writer);
        wouldChange |= changed.Count > 0;
        changed.ForgetAll();
    }

    private void TakeBack(IReadOnlyList<PendingWrite> group, Exception failure)
    {
        TakeBack();
        foreach (var work in group)
        {
            work.Fail(failure);
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
            engine.Save(writer);
            work.Run(writer);
            if (work.Failure is null)
            {
                engine.Keep(writer);
            }
            else
            {
                engine.TakeBackWork(writer);
                changed.ForgetAll();
            }
        }
    }

    private void Commit(IReadOnlyList<PendingWrite> group)
    {
        IReadOnlySet<string>? tables = null;
        lock (writing)
        {
            try
            {
                Begin();
                Run(group);
                if (group is [{ Failure: not null }] || isRehearsal)
                {
                    wouldChange |= group.Any(work => work.Failure is not null);
                    TakeBack();
                }
                else
                {
                    engine.Commit(writer, changed);
                    CommitCount++;
                    tables = changed.Count > 0 ? changed.ToSet() : null;
                }
            }
            catch (DbException failure)
            {
                // Disk full, another process holding the file: nobody in this group may believe in a commit.
                TakeBack(group, failure);
            }
            catch (InvalidOperationException failure) when (writer.State != ConnectionState.Open)
            {
                // The server went away within the work.
                TakeBack(group, failure);
            }
        }

        if (tables is not null)
        {
            Changed?.Invoke(tables);
        }

        foreach (var work in group)
        {
            Keep(work.Failure as DbException);
            work.Complete();
        }
    }
}
