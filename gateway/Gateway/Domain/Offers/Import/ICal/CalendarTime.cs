using System.Globalization;
using System.Text.RegularExpressions;
using NodaTime;
using NodaTime.Text;

namespace Quartier.Gateway.Domain.Offers.Import.ICal;

/// <summary>A DATE or DATE-TIME value: its local form and the zone in which that form is meant.</summary>
internal sealed record CalendarTime(LocalDateTime Local, string Zone, bool IsDay)
{
    // Beyond these no zone has rules and no length can be added.
    private const int YearMin = 1;
    private const int YearMax = 9000;

    private static readonly LocalDatePattern DayPattern = LocalDatePattern.CreateWithInvariantCulture("uuuuMMdd");
    private static readonly LocalDateTimePattern TimePattern = LocalDateTimePattern.CreateWithInvariantCulture("uuuuMMdd'T'HHmmss");
    private static readonly LocalDateTimePattern ShortPattern = LocalDateTimePattern.CreateWithInvariantCulture("uuuuMMdd'T'HHmm");

    public Instant At => BerlinTime.Resolve(Local, BerlinTime.ZoneOf(Zone));

    /// <summary>The same moment on the clock of another zone; a day stays that day.</summary>
    public LocalDateTime In(string zone) => IsDay || zone == Zone ? Local : At.InZone(BerlinTime.ZoneOf(zone)).LocalDateTime;

    public static string Write(LocalDateTime local) => TimePattern.Format(local);

    public static bool TryParse(string value, string? tzid, CalendarZones zones, out CalendarTime time)
    {
        var text = value.Trim().ToUpperInvariant();
        time = new CalendarTime(default, BerlinTime.ZoneId, false);
        if (DayPattern.Parse(text) is { Success: true, Value: { Year: >= YearMin and <= YearMax } } day)
        {
            time = new CalendarTime(day.Value.AtMidnight(), BerlinTime.ZoneId, true);
            return true;
        }

        var isUtc = text.EndsWith('Z');
        var local = isUtc ? text[..^1] : text;
        var read = TimePattern.Parse(local);
        read = read.Success ? read : ShortPattern.Parse(local);
        if (!read.Success && local.EndsWith("60", StringComparison.Ordinal))
        {
            read = TimePattern.Parse(local[..^2] + "59");
        }

        if (!read.Success || read.Value.Year is < YearMin or > YearMax)
        {
            return false;
        }

        time = new CalendarTime(read.Value, isUtc ? "UTC" : zones.IdOf(tzid), false);
        return true;
    }
}

/// <summary>A DURATION value (RFC 5545 §3.3.6): weeks and days by the calendar, the rest by elapsed time.</summary>
internal static partial class CalendarDuration
{
    [GeneratedRegex(@"^(?<sign>[+-])?P(?:(?<w>[0-9]{1,4})W)?(?:(?<d>[0-9]{1,5})D)?(?:T(?:(?<h>[0-9]{1,5})H)?(?:(?<m>[0-9]{1,6})M)?(?:(?<s>[0-9]{1,7})S)?)?$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Pattern();

    public static bool TryParse(string text, out SeriesLength length)
    {
        length = new SeriesLength();
        var match = Pattern().Match(text.Trim());
        if (!match.Success || text.Trim().Length < 3)
        {
            return false;
        }

        int Part(string name) => match.Groups[name].Success ? int.Parse(match.Groups[name].Value, CultureInfo.InvariantCulture) : 0;
        var days = (Part("w") * 7) + Part("d");
        var seconds = (Part("h") * 3600L) + (Part("m") * 60L) + Part("s");
        length = match.Groups["sign"].Value == "-" ? new SeriesLength(-days, 0, -seconds) : new SeriesLength(days, 0, seconds);
        return true;
    }
}
