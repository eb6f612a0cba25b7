using System.Collections.Concurrent;

namespace Quartier.Gateway.Store;

/// <summary>Work that waits for the writer, from any thread. Whoever waits while a group is committed is of the next one; what is urgent
/// is a group of its own and goes before all that waits.</summary>
internal sealed class WriterQueue : IDisposable
{
    /// <summary>As long as an urgent one waits at most.</summary>
    private const int GroupMax = 256;

    /// <summary>Null stands for an urgent one.</summary>
    private readonly BlockingCollection<PendingWrite?> usual = [];

    private readonly ConcurrentQueue<PendingWrite> urgent = [];

    public void Add(PendingWrite work, bool isUrgent)
    {
        if (isUrgent)
        {
            urgent.Enqueue(work);
        }

        usual.Add(isUrgent ? null : work);
    }

    /// <summary>Nothing more comes; what waits is still handed out.</summary>
    public void Close() => usual.CompleteAdding();

    /// <summary>Waits for each next group until the queue is closed and empty. A list counts until the next is asked for.</summary>
    public IEnumerable<IReadOnlyList<PendingWrite>> Groups()
    {
        var group = new List<PendingWrite>();
        foreach (var first in usual.GetConsumingEnumerable())
        {
            if (TakeUrgent(group))
            {
                yield return group;
            }

            if (first is not null)
            {
                TakeUsual(first, group);
                yield return group;
            }

            // Its place in the queue may have been taken with that group.
            if (TakeUrgent(group))
            {
                yield return group;
            }
        }
    }

    public void Dispose() => usual.Dispose();

    private bool TakeUrgent(List<PendingWrite> group)
    {
        group.Clear();
        while (urgent.TryDequeue(out var work))
        {
            group.Add(work);
        }

        return group.Count > 0;
    }

    private void TakeUsual(PendingWrite first, List<PendingWrite> group)
    {
        group.Clear();
        group.Add(first);
        while (group.Count < GroupMax && usual.TryTake(out var next))
        {
            if (next is not null)
            {
                group.Add(next);
            }
        }
    }
}
