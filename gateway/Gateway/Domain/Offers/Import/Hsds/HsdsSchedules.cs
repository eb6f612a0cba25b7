using System.Globalization;
using System.Text.RegularExpressions;
using NodaTime;
using NodaTime.Text;

namespace Quartier.Gateway.Domain.Offers.Import.Hsds;

/// <summary>HSDS schedules to series (R17, R18): Berlin clock times unless an offset is given; until, valid_from and valid_to are inclusive days.</summary>
internal static partial class HsdsSchedules
{
    /// <summary>A Monday long before any offer: where no first day is given, weeks and months are counted from here, so that a later import counts alike.</summary>
    private static readonly LocalDate Anchor = new(2001, 1, 1);

    /// <summary>"0001-01-01" and "9999-12-31" are how exports write "always"; beyond them there is no calendar left to compute in.</summary>
    private static readonly LocalDate FirstDayMin = new(1900, 1, 1);
    private static readonly LocalDate LastDayMax = new(9000, 12, 31);

    [GeneratedRegex(@"^(?<h>[0-9]{1,2}):(?<m>[0-9]{2})(?::(?<s>[0-9]{2})(?:\.[0-9]+)?)?\s*(?<zone>Z|[+-][0-9]{2}(?::?[0-9]{2})?)?$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex ClockPattern();

    private readonly record struct Clock(LocalTime Time, Offset? Offset, bool NextDay);

    /// <param name="label">The service, for warnings.</param>
    public static Schedule Read(string label, IEnumerable<JsonPlace> schedules, string serviceText, List<string> warnings)
    {
        var series = new List<Series>();
        foreach (var schedule in schedules)
        {
            if (SeriesOf(label, schedule, serviceText, warnings) is { } read && !series.Any(other => Same(other, read)))
            {
                series.Add(read);
            }
        }

        return series.Count == 0 ? Schedule.None : new Schedule([], series, []);
    }

    private static bool Same(Series left, Series right) =>
        left with { ExtraDates = right.ExtraDates, RemovedDates = right.RemovedDates, Shifts = right.Shifts } == right;

    private static Series? SeriesOf(string label, JsonPlace schedule, string serviceText, List<string> warnings)
    {
        var first = Day(schedule, "dtstart");
        var validFrom = Day(schedule, "valid_from");
        var lastDay = Earlier(Day(schedule, "until"), Day(schedule, "valid_to"));
        var opens = ClockOf(schedule, "opens_at");
        var closes = ClockOf(schedule, "closes_at");
        var rule = RuleOf(label, schedule, first, first ?? validFrom, warnings, out var isOnce);
        if (rule is null && !isOnce)
        {
            return null;
        }

        var start = first ?? validFrom ?? Anchor;
        var own = string.Join('\n', schedule.Text("description"), schedule.Text("notes"), serviceText);
        var zone = opens?.Offset is { } offset ? DateTimeZone.ForOffset(offset).Id : BerlinTime.ZoneId;
        return new Series(zone, start.At(opens?.Time ?? LocalTime.Midnight), opens is null, LengthOf(opens, closes), rule)
        {
            StartCounts = isOnce,
            FirstDay = isOnce ? validFrom : Later(first, validFrom),
            LastDay = lastDay,
            ClosedOnPublicHolidays = ClosingWords.OnPublicHolidays(own),
            ClosedInSchoolHolidays = ClosingWords.InSchoolHolidays(own),
        };
    }

    private static LocalDate? Earlier(LocalDate? left, LocalDate? right) => left is { } a && right is { } b ? LocalDate.Min(a, b) : left ?? right;

    private static LocalDate? Later(LocalDate? left, LocalDate? right) => left is { } a && right is { } b ? LocalDate.Max(a, b) : left ?? right;

    /// <summary>R18: closing before opening is on the next day; no opening time is the whole day; no closing time is no end.</summary>
    private static SeriesLength? LengthOf(Clock? opens, Clock? closes)
    {
        if (opens is not { } open)
        {
            return new SeriesLength(Days: 1);
        }

        if (closes is not { } close)
        {
            return null;
        }

        var shift = open.Offset is { } from && close.Offset is { } to ? from.Seconds - to.Seconds : 0;
        var seconds = ((close.Time.NanosecondOfDay - open.Time.NanosecondOfDay) / NodaConstants.NanosecondsPerSecond) + shift + (close.NextDay ? NodaConstants.SecondsPerDay : 0);
        return new SeriesLength(LocalSeconds: seconds <= 0 ? seconds + NodaConstants.SecondsPerDay : seconds);
    }

    /// <summary>Null with isOnce: the first day alone. Null without: the schedule does not say on which days, or not clearly; a warning tells so.</summary>
    private static string? RuleOf(string label, JsonPlace schedule, LocalDate? first, LocalDate? counted, List<string> warnings, out bool isOnce)
    {
        var isMonthly = string.Equals(schedule.Text("freq")?.Trim(), "MONTHLY", StringComparison.OrdinalIgnoreCase);
        var byDay = Compact(schedule.Text("byday"));
        var byMonthDay = Compact(schedule.Text("bymonthday"));
        IReadOnlyList<WeekdayOrdinal> days = [];
        if (byDay is not null && !Recurrence.TryWeekdays(byDay, out days))
        {
            throw JsonPlace.Violation(schedule["byday"], $"Wochentage wie MO,WE oder 1TU erwartet, nicht „{byDay}“", $"weekdays like MO,WE or 1TU expected, not “{byDay}”");
        }

        isOnce = string.IsNullOrWhiteSpace(schedule.Text("freq")) && byDay is null && byMonthDay is null && first is not null;
        if (isOnce)
        {
            return null;
        }

        var interval = Whole(schedule, "interval") ?? 1;
        var count = Whole(schedule, "count");
        var unclear = !isMonthly && days.Any(day => day.Ordinal != 0) ? "byday"
            : first is null && byDay is null && (!isMonthly || byMonthDay is null) ? "dtstart"
            : counted is null && (interval > 1 || count is not null) ? "dtstart"
            : null;
        if (unclear is not null)
        {
            warnings.Add($"schedule-unclear: {label} ({schedule.PathOf(unclear)})");
            return null;
        }

        // The standard reads bymonthday for MONTHLY, byweekno for WEEKLY and byyearday for YEARLY alone, which it does not have.
        var rule = string.Create(CultureInfo.InvariantCulture, $"FREQ={(isMonthly ? "MONTHLY" : "WEEKLY")};INTERVAL={interval}");
        rule += count is null ? "" : string.Create(CultureInfo.InvariantCulture, $";COUNT={count}");
        rule += byDay is null ? "" : $";BYDAY={byDay}";
        rule += isMonthly && byMonthDay is not null ? $";BYMONTHDAY={byMonthDay}" : "";
        rule += !isMonthly && Compact(schedule.Text("byweekno")) is { } weeks ? $";BYWEEKNO={weeks}" : "";
        rule += Compact(schedule.Text("wkst")) is { } weekStart ? $";WKST={weekStart}" : "";
        return Recurrence.TryParse(rule, out _, out var fault)
            ? rule
            : throw JsonPlace.Violation(schedule, $"Wiederholung nicht lesbar: {fault}", $"recurrence not readable: {fault}");
    }

    private static string? Compact(string? list) => string.IsNullOrWhiteSpace(list) ? null : list.Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant();

    private static int? Whole(JsonPlace schedule, string name)
    {
        if (schedule.Number(name) is not { } number)
        {
            return null;
        }

        return number >= 1 && number <= 10_000 && number == Math.Floor(number)
            ? (int)number
            : throw JsonPlace.Violation(schedule[name], "ganze Zahl ab 1 erwartet", "whole number from 1 expected");
    }

    private static LocalDate? Day(JsonPlace schedule, string name)
    {
        var text = schedule.Text(name)?.Trim();
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        var day = text.Length > 10 && text[10] is 'T' or ' ' ? text[..10] : text;
        return LocalDatePattern.Iso.Parse(day) is { Success: true } read
            ? LocalDate.Max(FirstDayMin, LocalDate.Min(read.Value, LastDayMax))
            : throw new RefusedException(Refusals.MalformedDate(schedule.PathOf(name), text));
    }

    private static Clock? ClockOf(JsonPlace schedule, string name)
    {
        var text = schedule.Text(name)?.Trim();
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        var match = ClockPattern().Match(text);
        if (!match.Success || !FeedDates.TryTime(Anchor, Part(match, "h"), Part(match, "m"), match.Groups["s"].Success ? Part(match, "s") : 0, out var local))
        {
            throw new RefusedException(Refusals.MalformedDate(schedule.PathOf(name), text));
        }

        return new Clock(local.TimeOfDay, match.Groups["zone"].Length > 0 ? FeedDates.OffsetOf(match.Groups["zone"].Value) : null, local.Date > Anchor);
    }

    private static int Part(Match match, string group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);
}
