using NodaTime;
using Quartier.Gateway.Host;
using Quartier.Gateway.Ingest;
using Quartier.Gateway.Outputs.Planning;
using Quartier.Gateway.Store;

namespace Quartier.Simulator;

/// <summary>The host's round of duties every second of the world, without the rounds that would do nothing: over a store that nobody
/// changed, what does not fall due until later is found by a rehearsal of the duties themselves at that later time. Whatever falls due
/// by time stays due until it is done, so what is idle then is idle at every moment before.</summary>
internal sealed class DutyHours(DutyRound round, Database database, GatewayOptions options, ClockWatch clock, GatewayHealth health, bool skips)
{
    /// <summary>The longest first. The store's own pulse is due after a minute.</summary>
    private static readonly Duration[] Ahead = [.. new[] { 59, 29, 14, 6, 2 }.Select(seconds => Duration.FromSeconds(seconds))];

    private bool isStirred = true;
    private Instant quietUntil = Instant.MinValue;

    public void Stir() => isStirred = true;

    public void Tick()
    {
        var now = clock.Now;
        if (!isStirred && now <= quietUntil)
        {
            return;
        }

        isStirred = false;
        round.Run();
        quietUntil = isStirred || !skips ? now : now + Idle(now);
    }

    private Duration Idle(Instant now) => health.Red(now).Count > 0 ? Duration.Zero : Ahead.FirstOrDefault(ahead => IsIdle(now + ahead));

    private bool IsIdle(Instant then)
    {
        var effects = new List<Publication>();
        var scratch = new GatewayHealth(clock);
        var changes = database.Rehearse(() => Duties.Step(database, then, effects, options, scratch, NoChance.Instance));
        return !changes && effects.Count == 0 && scratch.Red(then).Count == 0;
    }

    /// <summary>A release would be drawn and journalled for good: that is no idle round, and no matter for a rehearsal.</summary>
    private sealed class NoChance : IChance
    {
        public static readonly NoChance Instance = new();

        public long Below(long bound) => throw Refuse();

        public bool Hit(long numerator, long denominator) => throw Refuse();

        private static InvalidOperationException Refuse() => new("Nothing is drawn in a rehearsal.");
    }
}
