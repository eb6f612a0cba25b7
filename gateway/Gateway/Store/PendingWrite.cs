using System.Data.Common;

namespace Quartier.Gateway.Store;

/// <summary>One piece of work in a group commit.</summary>
internal abstract class PendingWrite
{
    /// <summary>Why it failed; null while it has not.</summary>
    public abstract Exception? Failure { get; }

    /// <summary>A failure, of whatever kind, belongs to whoever asked for the work and not to the writer.</summary>
    public abstract void Run(DbConnection connection);

    public abstract void Fail(Exception failure);

    public abstract void Complete();
}

internal sealed class PendingWrite<T>(Func<DbConnection, T> work) : PendingWrite
{
    private readonly TaskCompletionSource<T> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? result;
    private Exception? failure;

    public override Exception? Failure => failure;

    public Task<T> Task => completion.Task;

    public override void Run(DbConnection connection)
    {
        try
        {
            result = work(connection);
        }
        catch (Exception thrown)
        {
            failure = thrown;
        }
    }

    public override void Fail(Exception cause) => failure ??= cause;

    public override void Complete()
    {
        if (failure is null)
        {
            completion.TrySetResult(result!);
        }
        else
        {
            completion.TrySetException(failure);
        }
    }
}
