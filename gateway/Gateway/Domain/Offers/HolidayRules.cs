using NodaTime;

namespace Quartier.Gateway.Domain.Offers;

/// <summary>
/// Days on which an offer is closed if its text says so (R17): the public holidays of Baden-Württemberg, computed from Easter,
/// and its school holidays as published for the years listed below.
/// </summary>
public static class HolidayRules
{
    /// <summary>First and last day as published. A year that is missing here closes nothing.</summary>
    private static readonly (LocalDate First, LocalDate Last)[] SchoolHolidays =
    [
        (new LocalDate(2026, 10, 26), new LocalDate(2026, 10, 31)),
        (new LocalDate(2026, 12, 23), new LocalDate(2027, 1, 9)),
        (new LocalDate(2027, 3, 25), new LocalDate(2027, 3, 25)),
        (new LocalDate(2027, 3, 30), new LocalDate(2027, 4, 3)),
        (new LocalDate(2027, 5, 18), new LocalDate(2027, 5, 29)),
        (new LocalDate(2027, 7, 29), new LocalDate(2027, 9, 11)),
    ];

    /// <summary>Weekends and public holidays beside the published days come on top.</summary>
    public static bool IsSchoolHoliday(LocalDate day) => IsListed(day) || Reaches(day, 1) || Reaches(day, -1);

    private static bool Reaches(LocalDate day, int step)
    {
        var at = day;
        while (at.DayOfWeek is IsoDayOfWeek.Saturday or IsoDayOfWeek.Sunday || IsPublicHoliday(at))
        {
            at = at.PlusDays(step);
            if (IsListed(at))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsListed(LocalDate day) => SchoolHolidays.Any(period => day >= period.First && day <= period.Last);

    public static bool IsPublicHoliday(LocalDate day)
    {
        switch (day.Month, day.Day)
        {
            case (1, 1) or (1, 6) or (5, 1) or (10, 3) or (11, 1) or (12, 25) or (12, 26):
                return true;
        }

        var easter = EasterSunday(day.Year);
        var distance = Period.DaysBetween(easter, day);
        return distance is -2 or 1 or 39 or 50 or 60;
    }

    /// <summary>The Gregorian computus (Meeus, Jones, Butcher).</summary>
    public static LocalDate EasterSunday(int year)
    {
        int a = year % 19, b = year / 100, c = year % 100;
        int d = b / 4, e = b % 4, f = (b + 8) / 25;
        var g = (b - f + 1) / 3;
        var h = ((19 * a) + b - d - g + 15) % 30;
        int i = c / 4, k = c % 4;
        var l = (32 + (2 * e) + (2 * i) - h - k) % 7;
        var m = (a + (11 * h) + (22 * l)) / 451;
        var n = h + l - (7 * m) + 114;
        return new LocalDate(year, n / 31, (n % 31) + 1);
    }
}
