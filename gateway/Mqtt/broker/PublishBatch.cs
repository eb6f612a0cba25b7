namespace Quartier.Mqtt;

/// <summary>What a PUBLISH brought: a message, an acknowledgement owed, or both. Repetitions and publishes without a right owe only the acknowledgement.</summary>
internal readonly record struct ReceivedPublish(InboundPublish? Publish, Qos Qos, ushort Id, ReasonCode Reason = ReasonCode.Success);

/// <summary>The publishes of one read, on their way through the intake.</summary>
internal sealed class PublishBatch
{
    public List<ReceivedPublish> Received { get; } = [];

    public List<InboundPublish> Publishes { get; } = [];

    /// <summary>Completes when the intake has taken the publishes over; fails when it could not.</summary>
    public Task Taken { get; private set; } = Task.CompletedTask;

    /// <summary>Null: committed. Else why not; a cancelled intake has no reason of its own.</summary>
    public Exception? Failure => Taken.IsCompletedSuccessfully ? null : Taken.Exception?.InnerException ?? new OperationCanceledException("The intake was cancelled.");

    /// <summary>Completes when the intake has answered, well or not: <see cref="Failure"/> says which.</summary>
    public async Task AnswerAsync() => await Taken.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    public void Add(InboundPublish publish, ushort id)
    {
        Publishes.Add(publish);
        Received.Add(new ReceivedPublish(publish, publish.Qos, id));
    }

    /// <param name="reason">Said in MQTT 5 only; 3.1.1 has no word for a refusal.</param>
    public void AddAcknowledgement(Qos qos, ushort id, ReasonCode reason = ReasonCode.Success) => Received.Add(new ReceivedPublish(null, qos, id, reason));

    public void GiveTo(IPublishIntake? intake)
    {
        if (intake is not null && Publishes.Count > 0)
        {
            Taken = TakeAsync(intake, Publishes);
        }
    }

    // An intake that throws before its first await fails the task as well.
    private static async Task TakeAsync(IPublishIntake intake, List<InboundPublish> publishes) =>
        await intake.TakeAsync(publishes).ConfigureAwait(false);
}

/// <summary>Settles the batches of one connection in the order they came (MQTT-4.6.0-2, -3), however the intake's tasks end.
/// <see cref="Add"/> is called by the read loop only.</summary>
internal sealed class CommitLine(Func<PublishBatch, ValueTask> settle, int uncommittedMax)
{
    private readonly Lock sync = new();
    private readonly Queue<PublishBatch> line = new();
    private int uncommitted;
    private bool pumping;
    private TaskCompletionSource? room;
    private Task pump = Task.CompletedTask;

    /// <summary>Ends when nothing is under way any more; only meaningful once the read loop has ended.</summary>
    public Task Drained => pump;

    public void Add(PublishBatch batch)
    {
        lock (sync)
        {
            line.Enqueue(batch);
            uncommitted += batch.Received.Count;
            if (pumping)
            {
                return;
            }

            pumping = true;
        }

        // Runs to its end here and now when nothing has to be waited for.
        pump = PumpAsync();
    }

    /// <summary>Completes when fewer publishes than the limit are uncommitted.</summary>
    public Task WhenRoom()
    {
        lock (sync)
        {
            return uncommitted < uncommittedMax
                ? Task.CompletedTask
                : (room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    private async Task PumpAsync()
    {
        while (true)
        {
            PublishBatch? batch;
            lock (sync)
            {
                if (!line.TryPeek(out batch))
                {
                    pumping = false;
                    return;
                }
            }

            await batch.AnswerAsync().ConfigureAwait(false);
            await settle(batch).ConfigureAwait(false);
            lock (sync)
            {
                line.Dequeue();
                uncommitted -= batch.Received.Count;
                if (uncommitted < uncommittedMax)
                {
                    room?.TrySetResult();
                    room = null;
                }
            }
        }
    }
}
