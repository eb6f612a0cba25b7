using Microsoft.Data.Sqlite;
using NodaTime;
using Quartier.Gateway.Domain.PodNights;

namespace Quartier.Gateway.Outputs.Planning;

/// <summary>Asks for a figure. Everything happens in the caller's write transaction, so that of many who ask at once one
/// draws and the others read its row.</summary>
/// <param name="podsOf">The pods of an area, in a fixed order; empty for an area that does not exist.</param>
public sealed class Releases(
    ReleasePolicy policy,
    IChance chance,
    Func<SqliteConnection, string, IReadOnlyList<string>> podsOf)
{
    public ReleasePolicy Policy => policy;

    public static Releases Of(PlanningOptions options) => new(options.Policy(), options.Chance, PlanningDuty.PodsOf);

    /// <summary>The row of the ledger if there is one; else a fresh draw, written to journal and ledger; else why not.</summary>
    public ReleaseAnswer Ask(SqliteConnection connection, string period, string area, string statistic, Instant now)
    {
        if (ReleasePeriod.TryParse(period) is not { } parsed)
        {
            return new ReleaseAnswer(null, ReleaseRefusal.UnknownPeriod, Drawn: false);
        }

        var key = new ReleaseKey(parsed, area, statistic);
        var journal = ReleaseJournal.Beside(connection.DataSource);
        var head = Reconcile(connection, journal);
        if (LedgerTable.Find(connection, key.Id) is { } row)
        {
            return new ReleaseAnswer(row, null, Drawn: false);
        }

        var facts = Gather(connection, key, head.Sequence + 1);
        if (ReleaseRules.Refuse(facts, policy, now) is { } refusal)
        {
            return new ReleaseAnswer(null, refusal, Drawn: false);
        }

        var line = ReleaseJournal.Seal(head.Digest, ReleaseRules.Draw(facts, policy, chance, now));
        journal.Append([line]);
        LedgerTable.Insert(connection, line);
        return new ReleaseAnswer(line.Row, null, Drawn: true);
    }

    /// <summary>Why a figure would be refused, without drawing it; null also when it is in the ledger already.</summary>
    public ReleaseRefusal? WouldRefuse(SqliteConnection connection, ReleasePeriod period, string area, Instant now)
    {
        var key = new ReleaseKey(period, area, ReleaseKey.OccupiedPodNights);
        return LedgerTable.Find(connection, key.Id) is null ? ReleaseRules.Refuse(Gather(connection, key, 0), policy, now) : null;
    }

    /// <summary>Brings ledger and journal together: whichever lacks rows that the other has, gets them.</summary>
    /// <returns>Sequence and digest of the last row.</returns>
    /// <exception cref="InvalidDataException">They contradict each other; nothing may be released.</exception>
    public static (long Sequence, string Digest) Reconcile(SqliteConnection connection, ReleaseJournal journal)
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

    /// <summary>The least that any pod-night of the period in the area has left.</summary>
    public Epsilon BudgetLeft(SqliteConnection connection, ReleasePeriod period, string area) =>
        policy.BudgetPerPodNight
        - ReleaseRules.SpentMost(period, podsOf(connection, area), LedgerTable.Overlapping(connection, period.First, period.Last));

    private ReleaseFacts Gather(SqliteConnection connection, ReleaseKey key, long sequence)
    {
        var period = key.Period;
        var pods = podsOf(connection, key.Area);
        return new ReleaseFacts(
            key,
            pods,
            OccupancyTable.Count(connection, pods, period.First, period.Last),
            ReleaseRules.SpentMost(period, pods, LedgerTable.Overlapping(connection, period.First, period.Last)),
            OccupancyTable.RecordedFrom(connection, pods),
            sequence);
    }
}
