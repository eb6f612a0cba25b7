namespace Quartier.Mqtt;

/// <summary>Joins the publishes of all clients that arrive while a commit is under way into the next one, so that many share one sync of the disk.
/// <paramref name="commit"/> is synchronous, is never called concurrently, and has committed durably when it returns.</summary>
/// <param name="commit">Called with the publishes of one or more clients; each client's in their order.</param>
/// <param name="publishesMax">Most publishes of one call, but that one client's batch is never split.</param>
public sealed class GroupIntake(Action<IReadOnlyList<InboundPublish>> commit, int publishesMax = 4096) : IPublishIntake
{
    private readonly Lock sync = new();
    private readonly Queue<Entry> waiting = new();
    private bool committing;
    private Task running = Task.CompletedTask;

    /// <summary>Ends when nothing waits any more.</summary>
    public Task Idle => running;

    /// <summary>Calls of commit so far; with the count of publishes it tells how well the groups fill.</summary>
    public long Commits { get; private set; }

    public ValueTask TakeAsync(IReadOnlyList<InboundPublish> publishes)
    {
        var entry = new Entry(publishes, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        bool start;
        lock (sync)
        {
            waiting.Enqueue(entry);
            start = !committing;
            committing = true;
        }

        if (start)
        {
            running = Task.Run(RunAsync);
        }

        return new ValueTask(entry.Taken.Task);
    }

    private async Task RunAsync()
    {
        var group = new List<Entry>();
        while (NextGroup(group))
        {
            List<InboundPublish> publishes = [.. group.SelectMany(entry => entry.Publishes)];
            var committed = Task.Run(() => commit(publishes));
            await committed.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Commits++;
            if (committed.IsCompletedSuccessfully)
            {
                group.ForEach(entry => entry.Taken.SetResult());
            }
            else if (group.Count == 1)
            {
                group[0].Fail(committed);
            }
            else
            {
                await CommitSinglyAsync(group).ConfigureAwait(false);
            }
        }
    }

    /// <summary>A group failed: one client's bad message must not cost the others their connection.</summary>
    private async Task CommitSinglyAsync(List<Entry> group)
    {
        foreach (var entry in group)
        {
            var committed = Task.Run(() => commit(entry.Publishes));
            await committed.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Commits++;
            if (committed.IsCompletedSuccessfully)
            {
                entry.Taken.SetResult();
            }
            else
            {
                entry.Fail(committed);
            }
        }
    }

    private bool NextGroup(List<Entry> group)
    {
        group.Clear();
        var count = 0;
        lock (sync)
        {
            while (waiting.TryPeek(out var entry) && (group.Count == 0 || count + entry.Publishes.Count <= publishesMax))
            {
                group.Add(waiting.Dequeue());
                count += entry.Publishes.Count;
            }

            committing = group.Count > 0;
        }

        return group.Count > 0;
    }

    private sealed record Entry(IReadOnlyList<InboundPublish> Publishes, TaskCompletionSource Taken)
    {
        public void Fail(Task committed)
        {
            if (committed.Exception is { } cause)
            {
                Taken.SetException(cause.InnerExceptions);
            }
            else
            {
                Taken.SetCanceled();
            }
        }
    }
}
