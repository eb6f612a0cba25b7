using System.Globalization;
using NodaTime;
using NodaTime.Text;

namespace Quartier.Gateway.Domain.Offers;

public enum RecurrenceFrequency
{
    Secondly,
    Minutely,
    Hourly,
    Daily,
    Weekly,
    Monthly,
    Yearly,
}

/// <summary>A BYDAY part: the weekday and, in a month or year, which one (1 first, -1 last, 0 every).</summary>
public readonly record struct WeekdayOrdinal(IsoDayOfWeek Day, int Ordinal);

/// <summary>
/// A recurrence rule of RFC 5545 §3.3.10, read but not yet expanded.
/// Until is one of: an instant (written in UTC), a local date-time, or a whole local day.
/// </summary>
public sealed record Recurrence(RecurrenceFrequency Frequency)
{
    public int Interval { get; init; } = 1;

    public int? Count { get; init; }

    public Instant? UntilInstant { get; init; }

    public LocalDateTime? UntilLocal { get; init; }

    public LocalDate? UntilDay { get; init; }

    public IsoDayOfWeek WeekStart { get; init; } = IsoDayOfWeek.Monday;

    public IReadOnlyList<WeekdayOrdinal> ByDay { get; init; } = [];

    public IReadOnlyList<int> ByMonth { get; init; } = [];

    public IReadOnlyList<int> ByMonthDay { get; init; } = [];

    public IReadOnlyList<int> ByYearDay { get; init; } = [];

    public IReadOnlyList<int> ByWeekNo { get; init; } = [];

    public IReadOnlyList<int> BySetPos { get; init; } = [];

    public IReadOnlyList<int> ByHour { get; init; } = [];

    public IReadOnlyList<int> ByMinute { get; init; } = [];

    public IReadOnlyList<int> BySecond { get; init; } = [];

    private static readonly Dictionary<string, IsoDayOfWeek> Weekdays = new(StringComparer.OrdinalIgnoreCase)
    {
        ["MO"] = IsoDayOfWeek.Monday, ["TU"] = IsoDayOfWeek.Tuesday, ["WE"] = IsoDayOfWeek.Wednesday, ["TH"] = IsoDayOfWeek.Thursday,
        ["FR"] = IsoDayOfWeek.Friday, ["SA"] = IsoDayOfWeek.Saturday, ["SU"] = IsoDayOfWeek.Sunday,
    };

    /// <summary>Reads an RRULE value. False names the part that could not be read in <paramref name="fault"/>.</summary>
    public static bool TryParse(string text, out Recurrence rule, out string fault)
    {
        rule = new Recurrence(RecurrenceFrequency.Yearly);
        fault = "";
        var hasFrequency = false;
        foreach (var part in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            fault = part;
            if (equals <= 0)
            {
                return false;
            }

            var name = part[..equals].ToUpperInvariant();
            var value = part[(equals + 1)..].Trim();
            if (name == "FREQ")
            {
                if (!Enum.TryParse<RecurrenceFrequency>(value, ignoreCase: true, out var frequency) || int.TryParse(value, out _))
                {
                    return false;
                }

                hasFrequency = true;
                rule = rule with { Frequency = frequency };
            }
            else if (!TryPart(rule, name, value, out rule))
            {
                return false;
            }
        }

        // RFC 5545 §3.3.10: "1MO" means the first Monday of a month or year; in a week it means nothing.
        var isOrdinal = rule.Frequency < RecurrenceFrequency.Monthly && rule.ByDay.Any(day => day.Ordinal != 0);
        fault = !hasFrequency ? "FREQ" : isOrdinal ? "BYDAY" : "";
        return fault.Length == 0;
    }

    private static bool TryPart(Recurrence rule, string name, string value, out Recurrence result)
    {
        result = rule;
        var numbers = new List<int>();
        switch (name)
        {
            case "INTERVAL" when TryNumber(value, 1, 10_000, out var interval): result = rule with { Interval = interval }; return true;
            case "COUNT" when TryNumber(value, 1, 1_000_000, out var count): result = rule with { Count = count }; return true;
            case "UNTIL": return TryUntil(rule, value, out result);
            case "WKST" when Weekdays.TryGetValue(value, out var start): result = rule with { WeekStart = start }; return true;
            case "BYDAY" when TryWeekdays(value, out var days): result = rule with { ByDay = days }; return true;
            case "BYMONTH" when TryNumbers(value, 1, 12, false, numbers): result = rule with { ByMonth = numbers }; return true;
            case "BYMONTHDAY" when TryNumbers(value, 1, 31, true, numbers): result = rule with { ByMonthDay = numbers }; return true;
            case "BYYEARDAY" when TryNumbers(value, 1, 366, true, numbers): result = rule with { ByYearDay = numbers }; return true;
            case "BYWEEKNO" when TryNumbers(value, 1, 53, true, numbers): result = rule with { ByWeekNo = numbers }; return true;
            case "BYSETPOS" when TryNumbers(value, 1, 366, true, numbers): result = rule with { BySetPos = numbers }; return true;
            case "BYHOUR" when TryNumbers(value, 0, 23, false, numbers): result = rule with { ByHour = numbers }; return true;
            case "BYMINUTE" when TryNumbers(value, 0, 59, false, numbers): result = rule with { ByMinute = numbers }; return true;
            case "BYSECOND" when TryNumbers(value, 0, 60, false, numbers): result = rule with { BySecond = numbers }; return true;
            default: return name.StartsWith("X-", StringComparison.Ordinal);
        }
    }

    private static bool TryUntil(Recurrence rule, string value, out Recurrence result)
    {
        result = rule;
        if (InstantPattern.CreateWithInvariantCulture("uuuuMMdd'T'HHmmss'Z'").Parse(value) is { Success: true } instant)
        {
            result = rule with { UntilInstant = instant.Value };
        }
        else if (LocalDateTimePattern.CreateWithInvariantCulture("uuuuMMdd'T'HHmmss").Parse(value) is { Success: true } local)
        {
            result = rule with { UntilLocal = local.Value };
        }
        else if (LocalDatePattern.CreateWithInvariantCulture("uuuuMMdd").Parse(value) is { Success: true } day)
        {
            result = rule with { UntilDay = day.Value };
        }
        else
        {
            return false;
        }

        return true;
    }

    public static bool TryWeekdays(string value, out IReadOnlyList<WeekdayOrdinal> days)
    {
        var read = new List<WeekdayOrdinal>();
        days = read;
        foreach (var part in value.Split(',', StringSplitOptions.TrimEntries))
        {
            if (part.Length < 2 || !Weekdays.TryGetValue(part[^2..], out var day))
            {
                return false;
            }

            var ordinal = 0;
            if (part.Length > 2 && (!int.TryParse(part[..^2], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out ordinal) || ordinal is 0 or > 53 or < -53))
            {
                return false;
            }

            read.Add(new WeekdayOrdinal(day, ordinal));
        }

        return true;
    }

    private static bool TryNumber(string value, int lowest, int highest, out int number) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= lowest && number <= highest;

    private static bool TryNumbers(string value, int lowest, int highest, bool alsoNegative, List<int> numbers)
    {
        foreach (var part in value.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!int.TryParse(part, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            {
                return false;
            }

            var size = alsoNegative ? Math.Abs(number) : number;
            if (size < lowest || size > highest)
            {
                return false;
            }

            numbers.Add(number);
        }

        return numbers.Count > 0;
    }
}
