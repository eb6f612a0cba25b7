using System.Data.Common;
using System.Security.Cryptography;
using NodaTime;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Domain.Offers;

/// <summary>
/// Imports beside running work: read and planned on the caller's time, written in steps of some milliseconds. One at a time in this
/// process; another process on the same data folder makes a plan invalid, and it is made again.
/// </summary>
public sealed class ImportRunner(Database database) : IDisposable
{
    private const int OffersEach = 100;

    private const int BytesEach = 128 * 1024;

    private const int PlansMax = 5;

    private readonly SemaphoreSlim turn = new(1);

    public void Dispose() => turn.Dispose();

    /// <summary>What the import would do; changes nothing.</summary>
    public async Task<ImportReport> RehearseAsync(byte[] content, ImportRequest request, Instant now, CancellationToken stop)
    {
        await turn.WaitAsync(stop);
        try
        {
            return (await PrepareAsync(content, request, now)).Report;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Plans and carries out. Once decided, a crash delays it and no more.</summary>
    /// <param name="decide">In the transaction that decides; false: it is not wanted any more.</param>
    /// <returns>Null when it was not wanted any more.</returns>
    /// <exception cref="InvalidOperationException">Another process imported the same source again and again.</exception>
    public async Task<ImportReport?> TakeOverAsync(byte[] content, ImportRequest request, Instant now, Func<DbConnection, ImportReport, bool> decide, CancellationToken stop)
    {
        await turn.WaitAsync(stop);
        try
        {
            for (var attempt = 0; attempt < PlansMax; attempt++)
            {
                await FinishAsync();
                var prepared = await PrepareAsync(content, request, now);
                if (prepared.Plan is not { } plan)
                {
                    return prepared.Report;
                }

                var import = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
                await StageAsync(import, plan, now);
                var decision = await database.WriteAsync(db => Decide(db, import, prepared, decide));
                if (decision == Decision.Taken)
                {
                    await FinishAsync();
                    return prepared.Report;
                }

                while (await database.WriteAsync(db => ImportStepsTable.Discard(db, import)))
                {
                }

                if (decision == Decision.Unwanted)
                {
                    return null;
                }
            }

            throw new InvalidOperationException("Another process keeps importing the same source.");
        }
        finally
        {
            turn.Release();
        }
    }

    private enum Decision
    {
        Taken,
        Outdated,
        Unwanted,
    }

    private static Decision Decide(DbConnection db, string import, PreparedImport prepared, Func<DbConnection, ImportReport, bool> decide)
    {
        if (ImportStepsTable.IsUnderWay(db) || OffersTable.Stamp(db, prepared.Source!.Name) != prepared.Stamp)
        {
            return Decision.Outdated;
        }

        if (!decide(db, prepared.Report))
        {
            return Decision.Unwanted;
        }

        OffersTable.PutSource(db, prepared.Source);
        ImportStepsTable.Decide(db, import);
        return Decision.Taken;
    }

    private Task<PreparedImport> PrepareAsync(byte[] content, ImportRequest request, Instant now) =>
        Task.Run(() => database.Read(db => ImportRun.Prepare(db, content, request, now)));

    private async Task StageAsync(string import, ImportPlan plan, Instant now)
    {
        await database.WriteAsync(db => ImportStepsTable.Begin(db, import, now));
        var step = 0;
        foreach (var part in Steps(plan))
        {
            var number = step++;
            await database.WriteAsync(db => ImportStepsTable.Stage(db, import, number, part));
        }
    }

    private async Task FinishAsync()
    {
        while (await database.WriteAsync(ImportStepsTable.Step))
        {
        }
    }

    private static IEnumerable<IReadOnlyList<StagedOffer>> Steps(ImportPlan plan)
    {
        var part = new List<StagedOffer>();
        var bytes = 0;
        foreach (var staged in plan.Changes.Select(Staged).Concat(plan.Merged.Select(Merged)))
        {
            part.Add(staged);
            bytes += staged.Bytes;
            if (part.Count == OffersEach || bytes > BytesEach)
            {
                yield return part;
                (part, bytes) = ([], 0);
            }
        }

        if (part.Count > 0)
        {
            yield return part;
        }
    }

    private static StagedOffer Staged(OfferChange change)
    {
        var items = OfferJson.Write(change.Offer.Items);
        var isSame = change.Before is { } before && before.Withdrawn == change.Offer.Withdrawn && OfferJson.Write(before.Items) == items;
        return new StagedOffer(change.Offer, isSame ? null : items, Gone: false);
    }

    private static StagedOffer Merged(string id) =>
        new(new Offer(id, "", [], OfferEdit.None, Instant.FromUnixTimeTicks(0), Instant.FromUnixTimeTicks(0), Instant.FromUnixTimeTicks(0)), null, Gone: true);
}
