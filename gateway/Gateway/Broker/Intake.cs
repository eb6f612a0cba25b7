using Microsoft.Data.Sqlite;
using NodaTime.Extensions;
using Quartier.Gateway.Host;
using Quartier.Gateway.Ingest;
using Quartier.Gateway.Store;
using Quartier.Mqtt;

namespace Quartier.Gateway.Broker;

/// <summary>Hands what clients publish to the pipeline. The task it returns ends after the commit, and only then does the broker
/// acknowledge. A commit that fails (disk full) fails the task, so that the client keeps its message and sends it again.</summary>
public sealed partial class Intake(Database database, GatewayOptions options, TimeProvider time, Outgoing outgoing, ILogger<Intake> log) : IPublishIntake
{
    private readonly PipelineOptions pipeline = new(options.AdmitUnknown, options.TopicPrefix);

    public async ValueTask TakeAsync(IReadOnlyList<InboundPublish> publishes)
    {
        Envelope[] batch = [.. publishes.Select(Wrap)];
        if (await Commit(batch))
        {
            return;
        }

        // Something in the batch broke the pipeline. One at a time, so that only the culprit is set aside.
        foreach (var envelope in batch)
        {
            if (!await Commit([envelope]))
            {
                await database.WriteAsync(db => RefusalsTable.Add(
                    db, envelope, RefusalReason.InternalFault, null, "the gateway's log names the fault", time.GetUtcNow().ToInstant()));
            }
        }
    }

    private static Envelope Wrap(InboundPublish publish) =>
        new(publish.Topic, publish.Payload, publish.User is { Length: > 0 } user ? $"{user} ({publish.ClientId})" : publish.ClientId, publish.ReceivedAt.ToInstant());

    /// <returns>False when the pipeline itself failed; a failed commit throws.</returns>
    private async Task<bool> Commit(Envelope[] batch)
    {
        var effects = new List<Publication>();
        var write = database.WriteAsync(db => Pipeline.Accept(db, batch, time.GetUtcNow().ToInstant(), effects, pipeline));
        await ((Task)write).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (write.IsFaulted && write.Exception.InnerException is not SqliteException)
        {
            PipelineFailed(log, write.Exception.InnerException, batch.Length);
            return false;
        }

        await write;
        outgoing.Publish(effects);
        return true;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The pipeline failed on a batch of {Count}.")]
    private static partial void PipelineFailed(ILogger log, Exception? cause, int count);
}
