using Microsoft.Data.Sqlite;
using NodaTime;

namespace Quartier.Gateway.Ingest;

/// <param name="AdmitUnknown">Register a stranger on its first message instead of refusing it.</param>
/// <param name="TopicPrefix">Segments in front of application/….</param>
public sealed record PipelineOptions(bool AdmitUnknown = false, string TopicPrefix = "")
{
    public static readonly PipelineOptions Default = new();
}

/// <summary>Receive → Identify → Deduplicate → Decode → Check → Record → React. Synchronous, on the caller's transaction and the
/// caller's clock: the broker's intake and the simulator drive the same code.</summary>
public static class Pipeline
{
    /// <summary>One verdict per envelope, in order. The caller commits, then acknowledges, then publishes the effects.</summary>
    public static IReadOnlyList<Verdict> Accept(
        SqliteConnection db, IReadOnlyList<Envelope> batch, Instant now, List<Publication> effects, PipelineOptions? options = null)
    {
        var verdicts = new List<Verdict>(batch.Count);
        foreach (var envelope in batch)
        {
            var verdict = Pass(db, envelope, now, effects, options ?? PipelineOptions.Default);
            if (verdict is { Outcome: Outcome.Refused, Reason: { } reason })
            {
                RefusalsTable.Add(db, envelope, reason, verdict.Device, verdict.Detail ?? "", now);
            }

            verdicts.Add(verdict);
        }

        return verdicts;
    }

    private static Verdict Pass(SqliteConnection db, Envelope envelope, Instant now, List<Publication> effects, PipelineOptions options)
    {
        var received = Receive.Take(envelope, options);
        if (received.Next is null)
        {
            return received.Stop!;
        }

        return Pass(db, received.Next, now, effects, options) with { Event = received.Next.Kind };
    }

    private static Verdict Pass(SqliteConnection db, Received received, Instant now, List<Publication> effects, PipelineOptions options)
    {
        var identified = Identify.Take(db, received, options, now);
        if (identified.Next is null)
        {
            return identified.Stop!;
        }

        var fresh = Deduplicate.Take(db, identified.Next);
        if (fresh.Next is null)
        {
            return fresh.Stop!;
        }

        var decoded = Decode.Take(fresh.Next);
        if (decoded.Next is null)
        {
            return decoded.Stop!;
        }

        var plausible = Check.Take(decoded.Next, now);
        if (plausible.Next is null)
        {
            return plausible.Stop!;
        }

        var recorded = Record.Take(db, plausible.Next, now);
        React.Take(db, recorded, now, effects);
        return new Verdict(Outcome.Recorded, null, recorded.Device.Id, recorded.Fields);
    }
}
