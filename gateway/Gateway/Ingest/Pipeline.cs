using System.Data.Common;
using NodaTime;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Ingest;

/// <param name="AdmitUnknown">Register a stranger on its first message instead of refusing it.</param>
/// <param name="TopicPrefix">Segments in front of application/….</param>
/// <param name="TakesScreens">False: whoever speaks as a screen is refused, since nobody has checked that it is one.</param>
public sealed record PipelineOptions(bool AdmitUnknown = false, string TopicPrefix = "", bool TakesScreens = true)
{
    public static readonly PipelineOptions Default = new();

    /// <summary>What a pod's uplinks are read by.</summary>
    public IReadOnlyList<PodFormat> Formats { get; init; } = PodFormats.Uplinks;
}

/// <summary>A message and what the first step made of it.</summary>
/// <param name="Received">Null: the step is still to be taken.</param>
public readonly record struct Arrival(Envelope Envelope, Step<Received>? Received);

/// <summary>Receive → Identify → Deduplicate → Decode → Check → Record → React. Synchronous, on the caller's transaction and the
/// caller's clock: the broker's intake and the simulator drive the same code.</summary>
public static class Pipeline
{
    /// <summary>One verdict per envelope, in order. The caller commits, then acknowledges, then publishes the effects.</summary>
    public static IReadOnlyList<Verdict> Accept(
        DbConnection db, IReadOnlyList<Envelope> batch, Instant now, List<Publication> effects, PipelineOptions? options = null) =>
        Accept(db, [.. batch.Select(envelope => Arrive(envelope, options))], now, effects, options);

    /// <summary>The first step alone. It needs no store, so that it can be taken before the writer's turn.</summary>
    public static Arrival Arrive(Envelope envelope, PipelineOptions? options = null) =>
        new(envelope, Receive.Take(envelope, options ?? PipelineOptions.Default));

    /// <summary>The other steps, for messages of which the first was taken.</summary>
    public static IReadOnlyList<Verdict> Accept(
        DbConnection db, IReadOnlyList<Arrival> batch, Instant now, List<Publication> effects, PipelineOptions? options = null)
    {
        var verdicts = new List<Verdict>(batch.Count);
        options ??= PipelineOptions.Default;
        foreach (var arrival in batch)
        {
            var verdict = Pass(db, arrival.Received ?? Receive.Take(arrival.Envelope, options), now, effects, options);
            if (verdict is { Outcome: Outcome.Refused, Reason: { } reason })
            {
                RefusalsTable.Add(db, arrival.Envelope, reason, verdict.Device, verdict.Detail ?? "", now);
            }

            verdicts.Add(verdict);
        }

        return verdicts;
    }

    private static Verdict Pass(DbConnection db, Step<Received> received, Instant now, List<Publication> effects, PipelineOptions options) =>
        received.Next is null ? received.Stop! : Pass(db, received.Next, now, effects, options);

    private static Verdict Pass(DbConnection db, Received received, Instant now, List<Publication> effects, PipelineOptions options)
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

        var decoded = Decode.Take(fresh.Next, options.Formats);
        if (decoded.Next is null)
        {
            return decoded.Stop!;
        }

        var plausible = Check.Take(db, decoded.Next, now);
        if (plausible.Next is null)
        {
            return plausible.Stop!;
        }

        var recorded = Record.Take(db, plausible.Next, now);
        React.Take(db, recorded, now, effects);
        return new Verdict(Outcome.Recorded, null, recorded.Device.Id, recorded.Received, recorded.Message);
    }
}
