namespace Quartier.Gateway.Domain.Offers.Import;

/// <summary>Bounds what all series of one file cost together whenever somebody looks at their dates: a small file can list thousands of
/// series with COUNT that have to be counted from a century ago.</summary>
internal sealed class CountingLimit(ImportSettings settings)
{
    private const int StepsMax = 2_000_000;

    private int steps;

    public void Take(OfferItem item)
    {
        steps += ScheduleRules.StepsBefore(item.Schedule, settings.WindowStart);
        if (steps > StepsMax)
        {
            throw new RefusedException(Refusals.TooRepetitive(item.Label));
        }
    }
}
