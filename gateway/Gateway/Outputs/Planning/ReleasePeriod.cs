using System.Globalization;
using NodaTime;
using NodaTime.Calendars;
using Quartier.Gateway.Domain.PodNights;

namespace Quartier.Gateway.Outputs.Planning;

public enum PeriodKind
{
    Week,
    Month,
}

/// <summary>A time for which figures are released: an ISO calendar week "2026-W47" or a month "2026-11".
/// A night belongs to the week and month of the day on which it begins.</summary>
public sealed record ReleasePeriod(string Name, PeriodKind Kind, Night First, Night Last)
{
    public int Nights => Last.Number - First.Number + 1;

    public bool Contains(Night night) => First.CompareTo(night) <= 0 && night.CompareTo(Last) <= 0;

    public static ReleasePeriod WeekOf(Night night)
    {
        var rule = WeekYearRules.Iso;
        return Week(rule.GetWeekYear(night.Date), rule.GetWeekOfWeekYear(night.Date));
    }

    public ReleasePeriod Next() => Kind == PeriodKind.Week
        ? WeekOf(new Night(Last.Date.PlusDays(1)))
        : Month(Last.Date.PlusDays(1).Year, Last.Date.PlusDays(1).Month);

    public static ReleasePeriod? TryParse(string? name)
    {
        var parts = (name ?? string.Empty).Split('-');
        if (parts.Length != 2 || parts[0].Length != 4 || !Number(parts[0], out var year) || year is < 2000 or > 2999)
        {
            return null;
        }

        if (parts[1].Length == 3 && parts[1][0] == 'W' && Number(parts[1][1..], out var week)
            && week >= 1 && week <= WeekYearRules.Iso.GetWeeksInWeekYear(year))
        {
            return Week(year, week);
        }

        return parts[1].Length == 2 && Number(parts[1], out var month) && month is >= 1 and <= 12 ? Month(year, month) : null;
    }

    private static ReleasePeriod Week(int weekYear, int week)
    {
        var monday = WeekYearRules.Iso.GetLocalDate(weekYear, week, IsoDayOfWeek.Monday);
        var name = string.Create(CultureInfo.InvariantCulture, $"{weekYear:0000}-W{week:00}");
        return new ReleasePeriod(name, PeriodKind.Week, new Night(monday), new Night(monday.PlusDays(6)));
    }

    private static ReleasePeriod Month(int year, int month)
    {
        var first = new LocalDate(year, month, 1);
        var name = string.Create(CultureInfo.InvariantCulture, $"{year:0000}-{month:00}");
        return new ReleasePeriod(name, PeriodKind.Month, new Night(first), new Night(first.PlusMonths(1).PlusDays(-1)));
    }

    private static bool Number(string text, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
