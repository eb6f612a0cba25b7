using System.Data.Common;
using NodaTime.Extensions;
using Quartier.Gateway.Domain.Shelters;
using Quartier.Gateway.Ingest;
using Quartier.Gateway.Store;
using Quartier.Mqtt;

namespace Quartier.Gateway.Broker;

/// <summary>Hands what clients publish to the pipeline. The task it returns ends after the commit, and only then does the broker
/// acknowledge. A commit that fails (disk full) fails the task, so that the client keeps its message and sends it again.
/// Messages are understood on their connection's own thread; those of all clients that arrive until the writer's next turn are one
/// piece of work and share one fsync. Nobody waits for company: an idle writer takes a single message at once. What comes with an alarm
/// waits for one group at most, whatever floods the gateway; which of a device's messages is the younger is told by its counter.</summary>
public sealed partial class Intake(Database database, PipelineOptions pipeline, TimeProvider time, Outgoing outgoing, ILogger<Intake> log) : IPublishIntake
{
    private const int GroupMax = 512;

    private readonly Lock sync = new();
    private Group? open;
    private Group? openWithAlarm;

    /// <summary>Every verdict, after its commit and before its effects are published. Runs on the committing thread: be quick.</summary>
    public event Action<Envelope, Verdict>? Judged;

    /// <summary>How messages to the embedded broker are read.</summary>
    public PipelineOptions Pipeline => pipeline;

    public ValueTask TakeAsync(IReadOnlyList<InboundPublish> publishes) => new(CommitAsync([.. publishes.Select(publish => Understand(Wrap(publish), Pipeline))]));

    /// <summary>A message that came another way than to the embedded broker.</summary>
    public Task TakeAsync(Envelope envelope, PipelineOptions read) => CommitAsync([Understand(envelope, read)]);

    private Task CommitAsync(Arrival[] arrivals)
    {
        var hasAlarm = arrivals.Any(IsAlarm);
        lock (sync)
        {
            ref var mine = ref hasAlarm ? ref openWithAlarm : ref open;
            if (mine is { } group && group.Arrivals.Count < GroupMax)
            {
                group.Arrivals.AddRange(arrivals);
                return group.Committed;
            }

            mine = group = new Group(arrivals, hasAlarm);
            // A store in virtual time commits here and now.
            return group.Committed = CommitAsync(group);
        }
    }

    private bool IsAlarm(Arrival arrival) => arrival.Received?.Next is { Kind: "up" } received && pipeline.Formats.At(received.Port)?.Message == typeof(PodAlarm);

    private static Arrival Understand(Envelope envelope, PipelineOptions read)
    {
        try
        {
            return Ingest.Pipeline.Arrive(envelope, read);
        }
        catch (Exception)
        {
            // What breaks the first step will break it again in its turn, and be set aside there.
            return new Arrival(envelope, null);
        }
    }

    private static Envelope Wrap(InboundPublish publish) =>
        new(publish.Topic, publish.Payload, publish.User is { Length: > 0 } user ? $"{user} ({publish.ClientId})" : publish.ClientId, publish.ReceivedAt.ToInstant());

    private async Task CommitAsync(Group group)
    {
        try
        {
            if (await TryCommitAsync(() => Close(group), group.HasAlarm))
            {
                return;
            }
        }
        finally
        {
            // Also when the writer never came to it.
            Close(group);
        }

        // Something in the group broke the pipeline. One at a time, so that only the culprit is set aside.
        foreach (var arrival in group.Arrivals)
        {
            if (!await TryCommitAsync(() => [arrival], group.HasAlarm))
            {
                await database.WriteAsync(db => RefusalsTable.Add(
                    db, arrival.Envelope, RefusalReason.InternalFault, null, "the gateway's log names the fault", time.GetUtcNow().ToInstant()));
            }
        }
    }

    /// <summary>From here on, who comes has to wait for the next group.</summary>
    private List<Arrival> Close(Group group)
    {
        lock (sync)
        {
            open = open == group ? null : open;
            openWithAlarm = openWithAlarm == group ? null : openWithAlarm;
            return group.Arrivals;
        }
    }

    /// <returns>False when the pipeline itself failed; a failed commit throws.</returns>
    private async Task<bool> TryCommitAsync(Func<IReadOnlyList<Arrival>> turn, bool isUrgent)
    {
        var effects = new List<Publication>();
        IReadOnlyList<Arrival> batch = [];
        var write = database.WriteAsync(db => Ingest.Pipeline.Accept(db, batch = turn(), time.GetUtcNow().ToInstant(), effects, Pipeline), isUrgent);
        await ((Task)write).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (write.IsFaulted && write.Exception.InnerException is not DbException)
        {
            PipelineFailed(log, write.Exception.InnerException);
            return false;
        }

        Tell(batch, await write);
        outgoing.Publish(effects);
        return true;
    }

    private void Tell(IReadOnlyList<Arrival> batch, IReadOnlyList<Verdict> verdicts)
    {
        if (Judged is { } judged)
        {
            foreach (var (arrival, verdict) in batch.Zip(verdicts))
            {
                judged(arrival.Envelope, verdict);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The pipeline failed on a group of messages.")]
    private static partial void PipelineFailed(ILogger log, Exception? cause);

    /// <summary>Messages that will be committed together.</summary>
    private sealed class Group(IEnumerable<Arrival> first, bool hasAlarm)
    {
        public bool HasAlarm => hasAlarm;

        public List<Arrival> Arrivals { get; } = [.. first];

        public Task Committed { get; set; } = Task.CompletedTask;
    }
}
