using System.Data.Common;
using NodaTime;
using Quartier.Gateway.Domain.Offers.Import;

namespace Quartier.Gateway.Domain.Offers;

/// <summary>One file or page to import, and what the person said about it. Null means: as the source's settings or the format suggest.</summary>
public sealed record ImportRequest(string Origin)
{
    public string? Source { get; init; }

    public OfferKind? Kind { get; init; }

    public string? SourceUrl { get; init; }

    public bool? PubDateIsStart { get; init; }

    public string? Language { get; init; }

    public bool KeepPast { get; init; }
}

/// <summary>What happened to one entry of the file.</summary>
public sealed record ImportLine(string Status, string Item, string Title)
{
    public string? Reason { get; init; }

    public string? Of { get; init; }

    public OfferView? View { get; init; }

    public IReadOnlyList<TextProblem> Problems { get; init; } = [];
}

/// <summary>What an import did, or would do.</summary>
public sealed record ImportReport(string Origin, string Source, Refusal? Refusal, IReadOnlyList<ImportLine> Lines)
{
    public string Format { get; init; } = "";

    public IReadOnlyList<string> Warnings { get; init; } = [];

    public string? NextPage { get; init; }

    /// <summary>Entries of the source that this file no longer lists and that stay until they are over (R10).</summary>
    public int Kept { get; init; }

    public int Count(string status) => Lines.Count(line => line.Status == status);
}

/// <summary>What an import would do to the offers as they are while it is planned.</summary>
/// <param name="Plan">Null with Source: the file was refused.</param>
/// <param name="Stamp">Changes with every other import of the source.</param>
public sealed record PreparedImport(ImportReport Report, ImportPlan? Plan, OfferSource? Source, string Stamp);

/// <summary>Reads a file and plans what it changes. <see cref="ImportRunner"/> stores the plan beside running work.</summary>
public static class ImportRun
{
    public const string Added = "added";
    public const string Changed = "changed";
    public const string Unchanged = "unchanged";
    public const string SkippedStatus = "skipped";
    public const string Withdrawn = "withdrawn";

    /// <summary>Stores it all in the caller's one transaction: for a data folder that nobody else works on.</summary>
    public static ImportReport Run(DbConnection db, byte[] content, ImportRequest request, Instant now)
    {
        var prepared = Prepare(db, content, request, now);
        if (prepared.Plan is { } plan)
        {
            Store(db, plan, prepared.Source!);
        }

        return prepared.Report;
    }

    public static PreparedImport Prepare(DbConnection db, byte[] content, ImportRequest request, Instant now)
    {
        var known = request.Source is { } named ? OffersTable.Source(db, named) : null;
        var reading = FeedReader.Read(content, SettingsOf(request, known, now));
        if (reading.Refusal is { } refusal)
        {
            return new PreparedImport(new ImportReport(request.Origin, request.Source ?? "", refusal, []) { Format = reading.Format }, null, null, "");
        }

        var source = request.Source ?? reading.SourceName ?? Path.GetFileNameWithoutExtension(request.Origin);
        known ??= OffersTable.Source(db, source);
        if (request.Source is null && known is not null && (known.Kind != request.Kind || known.PubDateIsStart))
        {
            // The file named its own source, and that source has settings: read once more with them.
            reading = FeedReader.Read(content, SettingsOf(request, known, now));
        }

        var stamp = OffersTable.Stamp(db, source);
        var existing = OffersTable.OfSource(db, source);
        var plan = ImportRules.Plan(source, existing, reading, now);
        var report = Report(request, source, reading, plan, now, existing.Count);
        return new PreparedImport(report, plan, new OfferSource(
            source, request.Kind ?? known?.Kind, request.SourceUrl ?? known?.Url, request.PubDateIsStart ?? known?.PubDateIsStart ?? false,
            request.Language ?? known?.Language ?? "de", now, $"+{report.Count(Added)} ~{report.Count(Changed)} ={report.Count(Unchanged)} -{report.Count(SkippedStatus)}"), stamp);
    }

    private static ImportSettings SettingsOf(ImportRequest request, OfferSource? known, Instant now) => new(now)
    {
        Kind = request.Kind ?? known?.Kind,
        FileName = Path.GetFileName(request.Origin),
        SourceUrl = Uri.TryCreate(request.SourceUrl ?? known?.Url, UriKind.Absolute, out var url) ? url : null,
        PubDateIsStart = request.PubDateIsStart ?? known?.PubDateIsStart ?? false,
        Language = request.Language ?? known?.Language ?? "de",
        KeepPast = request.KeepPast,
    };

    private static void Store(DbConnection db, ImportPlan plan, OfferSource source)
    {
        foreach (var change in plan.Changes)
        {
            OffersTable.Put(db, change.Offer);
        }

        foreach (var id in plan.Merged)
        {
            OffersTable.Delete(db, id);
        }

        OffersTable.PutSource(db, source);
    }

    private static ImportReport Report(ImportRequest request, string source, Reading reading, ImportPlan plan, Instant now, int existing)
    {
        var lines = plan.Changes.Select(change => LineOf(change, now)).ToList();
        lines.AddRange(reading.Skipped.Select(skipped => new ImportLine(SkippedStatus, skipped.Item, FeedText.Line(skipped.Title)) { Reason = skipped.Reason, Of = skipped.Of }));
        return new ImportReport(request.Origin, source, null, lines)
        {
            Format = reading.Format,
            Warnings = reading.Warnings,
            NextPage = reading.NextPage,
            Kept = existing - plan.Changes.Count(change => change.Before is not null),
        };
    }

    private static ImportLine LineOf(OfferChange change, Instant now)
    {
        var view = OfferView.Of(change.Offer, now);
        var status = change.Kind switch
        {
            ChangeKind.Added => Added,
            ChangeKind.Changed => Changed,
            ChangeKind.Withdrawn => Withdrawn,
            _ => Unchanged,
        };
        return new ImportLine(status, view.Lead.Label, view.Lead.Title) { Reason = change.Reason, View = view, Problems = CatalogueRules.Problems(view) };
    }
}
