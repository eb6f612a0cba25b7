using NodaTime;

namespace Quartier.Gateway.Domain.Offers;

/// <summary>
/// Rules whose dates come in cycles of equally many, so that a hundred years of them are counted by one multiplication: daily and
/// weekly ones without months or numbered days, monthly and yearly ones whose days every month has. Pure.
/// </summary>
internal static class RecurrenceCycles
{
    private const int WeekdaysEach = 4;

    private const int ShortestMonthDays = 28;

    /// <summary>Whether every cycle after the first period gives equally many dates.</summary>
    public static bool IsKnown(Recurrence rule, LocalDateTime start) => rule.Frequency switch
    {
        RecurrenceFrequency.Yearly => rule.ByYearDay.Count + rule.ByWeekNo.Count + rule.ByDay.Count == 0 && IsInEveryMonth(rule.ByMonthDay, start),
        RecurrenceFrequency.Monthly => rule.ByDay.Count == 0
            ? IsInEveryMonth(rule.ByMonthDay, start)
            : rule.ByMonthDay.Count == 0 && IsOneSided(rule.ByDay.Select(day => day.Ordinal), WeekdaysEach),
        RecurrenceFrequency.Weekly => rule.ByMonth.Count + rule.ByWeekNo.Count == 0,
        _ => rule.ByMonth.Count + rule.ByMonthDay.Count + rule.ByYearDay.Count == 0,
    };

    /// <summary>In periods of the rule. The weekdays of every n-th day repeat after seven of them, the months of every n-th after twelve.</summary>
    public static int Length(Recurrence rule) => rule.Frequency switch
    {
        RecurrenceFrequency.Yearly or RecurrenceFrequency.Weekly => 1,
        RecurrenceFrequency.Monthly => rule.ByMonth.Count == 0 ? 1 : 12,
        _ => rule.ByDay.Count == 0 ? 1 : 7,
    };

    private static bool IsInEveryMonth(IReadOnlyList<int> days, LocalDateTime start) =>
        days.Count == 0 ? start.Day <= ShortestMonthDays : IsOneSided(days, ShortestMonthDays);

    /// <summary>Counted from one end only: the first and the last fourth Monday may be the same day or not.</summary>
    private static bool IsOneSided(IEnumerable<int> places, int highest) =>
        places.All(place => place >= 1 && place <= highest) || places.All(place => place <= -1 && place >= -highest);
}
