namespace Quartier.Gateway.Domain.Offers.Import.Hsds;

/// <summary>Collects what becomes of the services of one document.</summary>
internal sealed class HsdsOutcomes(ImportSettings settings, List<string> warnings)
{
    private readonly HashSet<string> keys = new(StringComparer.Ordinal);

    private readonly CountingLimit counting = new(settings);

    public ImportSettings Settings => settings;

    public List<string> Warnings => warnings;

    /// <summary>The keys of all services that were named.</summary>
    public IReadOnlyCollection<string> Named => keys;

    public List<OfferItem> Items { get; } = [];

    public List<OfferItem> Over { get; } = [];

    public List<Skipped> Skipped { get; } = [];

    public List<CalledOff> CalledOff { get; } = [];

    /// <summary>R18: only what is active is offered. What was active once and is not any more leaves the screens.</summary>
    public void Add(OfferItem item, string status)
    {
        var reason = status switch
        {
            "inactive" => SkipReason.Inactive,
            "defunct" => SkipReason.Defunct,
            "temporarily closed" => SkipReason.TemporarilyClosed,
            _ => null,
        };
        counting.Take(item);
        if (!keys.Add(item.Key))
        {
            Skipped.Add(new Skipped(item.Label, SkipReason.Duplicate, item.Title) { Of = item.Label });
        }
        else if (reason is not null)
        {
            Skipped.Add(new Skipped(item.Label, reason, item.Title));
            CalledOff.Add(new CalledOff(item.Key, item.Title) { Reason = reason, Updated = item.Updated });
        }
        else if (!settings.KeepPast && ScheduleRules.IsOver(item.Schedule, settings.WindowStart))
        {
            Skipped.Add(new Skipped(item.Label, SkipReason.Past, item.Title));
            Over.Add(item);
        }
        else
        {
            Items.Add(item);
        }
    }
}
