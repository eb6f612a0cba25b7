using System.Globalization;
using System.Text.Json.Nodes;
using NodaTime;
using NodaTime.Text;
using Quartier.Gateway.Domain.Offers;

namespace Quartier.Gateway.Outputs.Planning;

/// <summary>Dates in HSDS's form of RFC 5545, times of the clock on the wall in Berlin. HSDS knows weekly and monthly rules without
/// exceptions; a schedule with anything else is given as the list of its dates in the coming year.</summary>
public static class HsdsScheduleRules
{
    private const string Zone = BerlinTime.ZoneId;
    private const int DatesMax = 200;

    private static readonly DateTimeZone Berlin = BerlinTime.Zone;
    private static readonly string[] Known = ["FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "WKST", "UNTIL", "COUNT"];

    /// <param name="from">Beginning of the year for which dates are listed; the same all month, so that a service does not change daily.</param>
    public static IReadOnlyList<JsonObject> Of(Schedule schedule, Instant from) =>
        schedule.Changes.Count == 0 && schedule.Series.All(IsExpressible)
            ? [.. schedule.Series.Select(FromSeries).Concat(schedule.Once.Select(FromOnce))]
            : [.. ScheduleRules.Between(schedule, from, from + Duration.FromDays(366)).Take(DatesMax).Select(FromOnce)];

    private static bool IsExpressible(Series series)
    {
        var parts = Parts(series.Rule);
        var isPlain = series.Zone == Zone && series.ExtraDates.Count + series.RemovedDates.Count + series.Shifts.Count == 0 && parts.Keys.All(Known.Contains);
        var isKnown = series.Rule is null || parts.GetValueOrDefault("FREQ") is "WEEKLY" or "MONTHLY" || (parts.GetValueOrDefault("FREQ") == "DAILY" && IsEveryDay(parts));
        return isPlain && isKnown && (!series.StartCounts || series.Rule is null || StartsOnItsRule(series));
    }

    private static bool IsEveryDay(IReadOnlyDictionary<string, string> parts) =>
        parts.GetValueOrDefault("INTERVAL", "1") == "1" && !parts.ContainsKey("BYDAY") && !parts.ContainsKey("BYMONTHDAY");

    // iCalendar counts the first date even where the rule misses it; HSDS does not.
    private static bool StartsOnItsRule(Series series)
    {
        var start = series.Start.InZoneLeniently(Berlin).ToInstant();
        var byRule = new Schedule([], [series with { StartCounts = false }], []);
        return ScheduleRules.Between(byRule, start, start + Duration.FromSeconds(1)).Any(date => date.Start == start);
    }

    private static JsonObject FromOnce(Occurrence once)
    {
        var start = once.Start.InZone(Berlin).LocalDateTime;
        var schedule = new JsonObject { ["dtstart"] = Day(start.Date), ["count"] = 1 };
        if (once.AllDay)
        {
            return schedule;
        }

        schedule["opens_at"] = Clock(start.TimeOfDay);
        if (once.End is { } end && end - once.Start <= Duration.FromDays(1))
        {
            schedule["closes_at"] = Clock(end.InZone(Berlin).TimeOfDay);
        }

        return schedule;
    }

    private static JsonObject FromSeries(Series series)
    {
        var schedule = new JsonObject { ["dtstart"] = Day(series.Start.Date) };
        if (series.Rule is null)
        {
            schedule["count"] = 1;
        }
        else
        {
            Rule(schedule, Parts(series.Rule));
        }

        if (!series.AllDay)
        {
            schedule["opens_at"] = Clock(series.Start.TimeOfDay);
            if (series.Length is { Days: 0 } length && length.LocalSeconds + length.ExactSeconds is > 0 and <= NodaConstants.SecondsPerDay)
            {
                schedule["closes_at"] = Clock(series.Start.PlusSeconds(length.LocalSeconds + length.ExactSeconds).TimeOfDay);
            }
        }

        Validity(schedule, series);
        return schedule;
    }

    private static void Rule(JsonObject schedule, IReadOnlyDictionary<string, string> parts)
    {
        var isDaily = parts["FREQ"] == "DAILY";
        schedule["freq"] = isDaily ? "WEEKLY" : parts["FREQ"];
        schedule["interval"] = Whole(parts.GetValueOrDefault("INTERVAL")) ?? 1;
        Put(schedule, "byday", isDaily ? "MO,TU,WE,TH,FR,SA,SU" : parts.GetValueOrDefault("BYDAY"));
        Put(schedule, "bymonthday", parts.GetValueOrDefault("BYMONTHDAY"));
        Put(schedule, "wkst", parts.GetValueOrDefault("WKST"));
        if (Whole(parts.GetValueOrDefault("COUNT")) is { } count)
        {
            schedule["count"] = count;
        }

        if (parts.GetValueOrDefault("UNTIL") is { Length: >= 8 } until)
        {
            schedule["until"] = Until(until);
        }
    }

    /// <summary>UNTIL as the last day in Berlin: 20261231, 20261231T225959Z or 20261231T235959.</summary>
    private static string Until(string until)
    {
        var utc = LocalDateTimePattern.CreateWithInvariantCulture("uuuuMMdd'T'HHmmss'Z'").Parse(until);
        return utc.Success
            ? Day(utc.Value.InUtc().ToInstant().InZone(Berlin).Date)
            : $"{until[..4]}-{until[4..6]}-{until[6..8]}";
    }

    private static void Validity(JsonObject schedule, Series series)
    {
        Put(schedule, "valid_from", series.FirstDay is { } first ? Day(first) : null);
        Put(schedule, "valid_to", series.LastDay is { } last ? Day(last) : null);
        var closed = new[]
        {
            series.ClosedOnPublicHolidays ? "an Feiertagen geschlossen" : null,
            series.ClosedInSchoolHolidays ? "in den Schulferien geschlossen" : null,
        }.OfType<string>();
        Put(schedule, "notes", string.Join(", ", closed) is { Length: > 0 } notes ? notes : null);
    }

    private static SortedDictionary<string, string> Parts(string? rule) => new(
        (rule ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries)
            .Select(part => part.Split('=', 2))
            .Where(pair => pair.Length == 2)
            .ToDictionary(pair => pair[0].ToUpperInvariant(), pair => pair[1]),
        StringComparer.Ordinal);

    private static void Put(JsonObject schedule, string name, string? value)
    {
        if (value is not null)
        {
            schedule[name] = value;
        }
    }

    private static int? Whole(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string Day(LocalDate day) => LocalDatePattern.Iso.Format(day);

    private static string Clock(LocalTime time) => time.ToString("HH:mm", CultureInfo.InvariantCulture);
}
