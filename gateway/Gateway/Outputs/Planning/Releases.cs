using System.Data.Common;
using NodaTime;
using Quartier.Gateway.Domain.PodNights;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Outputs.Planning;

/// <summary>Asks for a figure. Everything happens in the caller's write transaction, so that of many who ask at once one
/// draws and the others read its row.</summary>
/// <param name="areasIn">Each area's pods as they were in a period.</param>
public sealed class Releases(
    ReleasePolicy policy,
    IChance chance,
    Func<DbConnection, ReleasePeriod, IReadOnlyList<AreaPods>> areasIn)
{
    public ReleasePolicy Policy => policy;

    /// <param name="chance">Only a simulated run, which must repeat exactly, has another than the operating system's; its rows say so.</param>
    public static Releases Of(PlanningOptions options, IChance? chance = null) =>
        new(options.Policy(), chance ?? RejectionChance.Cryptographic, static (connection, period) => OccupancyTable.AreasIn(connection, period.First, period.Last));

    /// <param name="area">An area, or a figure's name such as "Mitte + Söflingen"; an area that was put together with others gets their row.</param>
    public ReleaseAnswer Ask(DbConnection connection, string period, string area, string statistic, Instant now)
    {
        if (ReleasePeriod.TryParse(period) is not { } parsed)
        {
            return new ReleaseAnswer(null, ReleaseRefusal.UnknownPeriod, Drawn: false);
        }

        var journal = ReleaseJournal.In(Database.FolderOf(connection));
        var head = Reconcile(connection, journal);
        var key = new ReleaseKey(parsed, area, statistic);
        if (Written(connection, key) is { } row)
        {
            return new ReleaseAnswer(row, null, Drawn: false);
        }

        var facts = Gather(connection, key, head.Sequence + 1);
        if (Refuse(connection, facts, now) is { } refusal)
        {
            return new ReleaseAnswer(null, refusal, Drawn: false);
        }

        var line = ReleaseJournal.Seal(head.Digest, ReleaseRules.Draw(facts, policy, chance, now));
        journal.Append([line]);
        LedgerTable.Insert(connection, line);
        return new ReleaseAnswer(line.Row, null, Drawn: true);
    }

    /// <summary>What asking for a figure would do, without doing it.</summary>
    public ReleasePreview Preview(DbConnection connection, ReleasePeriod period, string area, Instant now)
    {
        var key = new ReleaseKey(period, area, ReleaseKey.OccupiedPodNights);
        if (Written(connection, key) is { } row)
        {
            return new ReleasePreview(row.Area, period, row, null, row.Offered, row.Reported, Epsilon.Zero, Epsilon.Zero, Epsilon.Zero);
        }

        var facts = Gather(connection, key, 0);
        var left = policy.BudgetPerPodNight - facts.SpentMost;
        var cost = policy.For(period.Kind);
        return new ReleasePreview(
            facts.Key.Area,
            period,
            null,
            Refuse(connection, facts, now),
            facts.Pods.Sum(span => span.Nights),
            facts.Reported,
            cost,
            left,
            left - cost);
    }

    /// <summary>What each figure of a period is about.</summary>
    public IReadOnlyList<Pool> Pools(DbConnection connection, ReleasePeriod period) => PoolRules.Of(areasIn(connection, period), policy.MinimumPods);

    /// <summary>Brings ledger and journal together: whichever lacks rows that the other has, gets them.</summary>
    /// <returns>Sequence and digest of the last row.</returns>
    /// <exception cref="InvalidDataException">They contradict each other; nothing may be released.</exception>
    public static (long Sequence, string Digest) Reconcile(DbConnection connection, ReleaseJournal journal)
    {
        var written = journal.Read();
        var head = LedgerTable.Head(connection);
        var shared = Math.Min(written.Count, head.Sequence);
        if (shared > 0 && LedgerTable.DigestAt(connection, shared) != written[(int)shared - 1].Digest)
        {
            throw new InvalidDataException(
                $"Row {shared} of the ledger differs between {ReleaseJournal.FileName} and the database. No figure is released until one of them is put right.");
        }

        if (head.Sequence > written.Count)
        {
            journal.Append(LedgerTable.After(connection, written.Count));
        }

        foreach (var line in written.Skip((int)head.Sequence))
        {
            LedgerTable.Insert(connection, line);
        }

        return LedgerTable.Head(connection);
    }

    /// <summary>The figure that is about the area in the period already, alone or with others.</summary>
    private static LedgerRow? Written(DbConnection connection, ReleaseKey key) =>
        LedgerTable.Find(connection, key.Id)
        ?? LedgerTable.OfPeriod(connection, key.Period.Name, key.Statistic).FirstOrDefault(row => Pool.IsAbout(row.Area, key.Area));

    /// <summary>Under a clock in doubt nothing is drawn, whoever asks; what was drawn is still read.</summary>
    private ReleaseRefusal? Refuse(DbConnection connection, ReleaseFacts facts, Instant now) =>
        ReleaseRules.Refuse(facts, policy, now) ?? (ClockTable.IsTrusted(connection) ? null : ReleaseRefusal.HeldBack);

    private ReleaseFacts Gather(DbConnection connection, ReleaseKey asked, long sequence)
    {
        var period = asked.Period;
        var pools = Pools(connection, period);
        var pool = pools.FirstOrDefault(one => one.Name == asked.Area) ?? pools.FirstOrDefault(one => one.Holds(asked.Area)) ?? new Pool([]);
        var spans = pool.Spans;
        return new ReleaseFacts(
            spans.Count > 0 ? asked with { Area = pool.Name } : asked,
            spans,
            OccupancyTable.Count(connection, spans),
            ReleaseRules.SpentMost(spans, LedgerTable.Overlapping(connection, period.First, period.Last)),
            OccupancyTable.WatchedFrom(connection, spans),
            sequence)
        {
            Reported = spans.Count > 0 ? pool.Reported : null,
            Steady = pool.Steady,
            KeptFrom = OccupancyTable.KeptFrom(connection),
            AreaKnown = PodPlaces.Knows(connection, asked.Area),
        };
    }
}
