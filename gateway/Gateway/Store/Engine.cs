using System.Data.Common;

namespace Quartier.Gateway.Store;

/// <summary>What differs between the databases that can be below the store.</summary>
internal abstract class Engine
{
    private static readonly Statement CommitText = new("COMMIT");
    private static readonly Statement SaveText = new("SAVEPOINT work");
    private static readonly Statement KeepText = new("RELEASE SAVEPOINT work");
    private static readonly Statement BackText = new("ROLLBACK TO SAVEPOINT work");

    /// <summary>The connection of the one writer, with everything in it that the program needs.</summary>
    public abstract StoreConnection ConnectWriter(ChangedTables changed);

    /// <summary>A connection that reads what was committed and cannot write.</summary>
    public abstract StoreConnection ConnectReader();

    /// <summary>Waits for the writer's turn and takes it.</summary>
    /// <returns>Another number than the last time: somebody else has committed in between.</returns>
    public abstract long Begin(StoreConnection writer);

    /// <summary>Takes everything since <see cref="Begin"/> back, also where a failure has done so already.</summary>
    public abstract void TakeBack(StoreConnection writer);

    /// <summary>Makes sure that what was deleted can no longer be read from the database's files.</summary>
    /// <returns>False: somebody reads an older state just now; ask again.</returns>
    public abstract bool Fold(StoreConnection writer);

    /// <returns>Null for a failure of the caller's own, such as a key that is there already.</returns>
    public abstract StoreFailure? FailureOf(DbException failure);

    public virtual void Commit(StoreConnection writer, ChangedTables changed) => CommitText.Run(writer);

    public void Save(StoreConnection writer) => SaveText.Run(writer);

    public void Keep(StoreConnection writer) => KeepText.Run(writer);

    public void TakeBackWork(StoreConnection writer)
    {
        BackText.Run(writer);
        KeepText.Run(writer);
    }
}

/// <summary>A failure of the store itself.</summary>
public enum StoreFailure
{
    /// <summary>No room on its disk.</summary>
    Full,

    /// <summary>A page that cannot be read, or no database at all.</summary>
    Damaged,

    /// <summary>Anything else: read-only, no rights, a disk that answers with errors.</summary>
    Refuses,
}
