using System.Globalization;
using System.Text.RegularExpressions;
using NodaTime;

namespace Quartier.Gateway.Domain.Offers.Import;

/// <summary>A date as a feed wrote it: a day alone, or a moment. Warnings name what was bent to read it.</summary>
public sealed record FeedDate(Instant At, LocalDate Day, bool IsDayOnly)
{
    public bool WeekdayMismatch { get; init; }

    public bool MovedOutOfGap { get; init; }
}

/// <summary>
/// Reads the dates of feeds (R1, R3 to R5): ISO 8601 extended and basic, RFC 822 with its German variants, and German day.month.year.
/// A time without offset is Berlin's; MEZ and MESZ are fixed offsets in any season.
/// </summary>
public static partial class FeedDates
{
    private const string Zone = @"(?<zone>Z|UTC?|GMT|MESZ|MEZ|CEST|CET|EST|EDT|CST|CDT|MST|MDT|PST|PDT|(?:GMT|UTC)[+-][0-9]{1,2}(?::?[0-9]{2})?|[+-][0-9]{2}(?::?[0-9]{2})?)?(?:\s*\([^)]*\))?(?:\[[^\]]*\])?";

    private const string Day = @"(?:(?<y>[0-9]{4})(?:-(?<m>[0-9]{1,2})-|/(?<m>[0-9]{1,2})/)(?<d>[0-9]{1,2})|(?<y>[0-9]{4})(?<m>[0-9]{2})(?<d>[0-9]{2})|(?<d>[0-9]{1,2})\.\s?(?<m>[0-9]{1,2})\.(?:\s?(?<y>[0-9]{4}|[0-9]{2}))?"
        + @"|(?<d>[0-9]{1,2})\.?[\s-]*(?!th\b|st\b|nd\b|rd\b)(?<month>\p{L}+)\.?,?[\s-]+(?<y>[0-9]{4}|[0-9]{2})|(?<month>\p{L}+)\.?\s+(?<d>[0-9]{1,2})(?:st|nd|rd|th)?,?\s+(?<y>[0-9]{4}))";

    private const string Clock = @"(?:(?<t>T)(?<h>[0-9]{2})(?:(?<n>[0-9]{2})(?<s>[0-9]{2})?)?|(?:(?<t>T)|\s*[,|]\s*|\s+)(?:(?:um|at|ab|von)\s+)?(?<h>[0-9]{1,2})(?:[:.](?<n>[0-9]{2})(?::(?<s>[0-9]{2})(?:[.,][0-9]+)?)?)?\s*(?:(?<unit>Uhr|h\b|h(?=[0-9]))\s*(?<n>[0-9]{2})?)?\s*(?<half>[ap]\.?m\b\.?)?)";

    [GeneratedRegex("^(?:(?<w>\\p{L}+)(?<mark>\\.?,?)\\s+|(?<w>\\p{L}+)(?<mark>,))?(?:(?:den|dem|am)\\s+)?" + Day + "(?:" + Clock + "\\s*" + Zone + ")?$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Written();

    private static readonly string[][] MonthNames =
    [
        ["jan", "january", "januar", "jän", "jänner"], ["feb", "february", "februar", "feber"], ["mar", "march", "mär", "märz", "mrz", "maerz"],
        ["apr", "april"], ["may", "mai"], ["jun", "june", "juni"], ["jul", "july", "juli"], ["aug", "august"],
        ["sep", "sept", "september"], ["oct", "october", "okt", "oktober"], ["nov", "november"], ["dec", "december", "dez", "dezember"],
    ];

    private static readonly string[][] WeekdayNames =
    [
        ["mo", "mon", "monday", "montag"], ["di", "die", "tue", "tues", "tuesday", "dienstag"], ["mi", "mit", "wed", "wednesday", "mittwoch"],
        ["do", "don", "thu", "thur", "thurs", "thursday", "donnerstag"], ["fr", "fre", "fri", "friday", "freitag"],
        ["sa", "sam", "sat", "saturday", "samstag", "sonnabend"], ["so", "son", "sun", "sunday", "sonntag"],
    ];

    public static int MonthOf(string name) => 1 + Array.FindIndex(MonthNames, names => names.Contains(name.ToLowerInvariant()));

    public static IsoDayOfWeek WeekdayOf(string name) => (IsoDayOfWeek)(1 + Array.FindIndex(WeekdayNames, names => names.Contains(name.ToLowerInvariant())));

    /// <summary>Reference: the day on or after which a date without year lies; without one such a date is none.</summary>
    public static bool TryParse(string? text, out FeedDate date, LocalDate? reference = null)
    {
        date = new FeedDate(default, default, true);
        var line = FeedText.Line(text);
        return line.Length is > 0 and <= 80 && Written().Match(line) is { Success: true } match && TryRead(match, reference, out date);
    }

    private static bool TryRead(Match match, LocalDate? reference, out FeedDate date)
    {
        date = new FeedDate(default, default, true);
        var month = match.Groups["month"].Success ? MonthOf(match.Groups["month"].Value) : Number(match, "m");
        int? year = match.Groups["y"].Success ? Number(match, "y") : null;
        if (!TryDay(match.Groups["y"].Length == 2 ? 2000 + year : year, month, Number(match, "d"), reference, out var day))
        {
            return false;
        }

        var weekday = match.Groups["w"].Success ? WeekdayOf(match.Groups["w"].Value) : day.DayOfWeek;
        if (weekday == IsoDayOfWeek.None && match.Groups["mark"].Length == 0)
        {
            return false; // "bis 12. Dezember": a word that may change the meaning. "Sta, 12 Dec" is a weekday miswritten.
        }

        var mismatch = weekday != day.DayOfWeek;
        if (!match.Groups["h"].Success)
        {
            date = new FeedDate(BerlinTime.StartOf(day), day, true) { WeekdayMismatch = mismatch };
            return true;
        }

        var isClock = match.Groups["n"].Success || match.Groups["t"].Success || match.Groups["unit"].Success || match.Groups["half"].Success;
        if (!isClock || !TryHalf(Number(match, "h"), match.Groups["half"].Value, out var hour)
            || !TryTime(day, hour, match.Groups["n"].Success ? Number(match, "n") : 0, match.Groups["s"].Success ? Number(match, "s") : 0, out var local))
        {
            return false;
        }

        var hasZone = match.Groups["zone"].Length > 0;
        var at = hasZone ? local.WithOffset(OffsetOf(match.Groups["zone"].Value)).ToInstant() : BerlinTime.Resolve(local);
        date = new FeedDate(at, BerlinTime.DayOf(at), false) { WeekdayMismatch = mismatch, MovedOutOfGap = !hasZone && BerlinTime.IsInGap(local) };
        return true;
    }

    /// <summary>Without a year: the first such day on or after the reference; a leap day may need some years.</summary>
    public static bool TryDay(int? year, int month, int dayOfMonth, LocalDate? reference, out LocalDate day)
    {
        if (year is { } given)
        {
            return TryDay(given, month, dayOfMonth, out day);
        }

        for (var candidate = reference?.Year ?? 0; reference is { } earliest && candidate <= earliest.Year + 8; candidate++)
        {
            if (TryDay(candidate, month, dayOfMonth, out day) && day >= earliest)
            {
                return true;
            }
        }

        day = default;
        return false;
    }

    /// <summary>"3 pm" is 15; an hour without am or pm stays as it is (R5).</summary>
    public static bool TryHalf(int written, string half, out int hour)
    {
        hour = half.Length == 0 ? written : (written % 12) + (half[0] is 'p' or 'P' ? 12 : 0);
        return half.Length == 0 || written is >= 1 and <= 12;
    }

    private static int Number(Match match, string group) => int.Parse(match.Groups[group].Value, NumberStyles.None, CultureInfo.InvariantCulture);

    public static bool TryDay(int year, int month, int dayOfMonth, out LocalDate day)
    {
        day = default;
        if (year is < 1900 or > 9000 || month is < 1 or > 12 || dayOfMonth < 1 || dayOfMonth > CalendarSystem.Iso.GetDaysInMonth(year, month))
        {
            return false;
        }

        day = new LocalDate(year, month, dayOfMonth);
        return true;
    }

    /// <summary>24:00 is the first moment of the next day (R4); second 60 is second 59.</summary>
    public static bool TryTime(LocalDate day, int hour, int minute, int second, out LocalDateTime local)
    {
        local = day.AtMidnight();
        if (hour == 24 && minute == 0 && second == 0)
        {
            local = day.PlusDays(1).AtMidnight();
            return true;
        }

        if (hour is < 0 or > 23 || minute is < 0 or > 59 || second is < 0 or > 60)
        {
            return false;
        }

        local = day.At(new LocalTime(hour, minute, Math.Min(second, 59)));
        return true;
    }

    internal static Offset OffsetOf(string zone)
    {
        switch (zone.ToUpperInvariant())
        {
            case "Z" or "UT" or "UTC" or "GMT": return Offset.Zero;
            case "MEZ" or "CET": return Offset.FromHours(1);
            case "MESZ" or "CEST": return Offset.FromHours(2);
            case "EDT": return Offset.FromHours(-4);
            case "EST" or "CDT": return Offset.FromHours(-5);
            case "CST" or "MDT": return Offset.FromHours(-6);
            case "MST" or "PDT": return Offset.FromHours(-7);
            case "PST": return Offset.FromHours(-8);
        }

        zone = zone.TrimStart('g', 'm', 't', 'u', 'c', 'G', 'M', 'T', 'U', 'C');
        var digits = zone[1..].Replace(":", "", StringComparison.Ordinal);
        digits = (digits.Length is 1 or 3 ? "0" + digits : digits).PadRight(4, '0');
        var minutes = (int.Parse(digits[..2], CultureInfo.InvariantCulture) * 60) + int.Parse(digits[2..], CultureInfo.InvariantCulture);
        minutes = Math.Min(minutes, 18 * 60);
        return Offset.FromSeconds((zone[0] == '-' ? -minutes : minutes) * 60);
    }
}
