using System.Globalization;
using System.Text.RegularExpressions;
using NodaTime;
using NodaTime.TimeZones;

namespace Quartier.Gateway.Domain.Offers.Import.ICal;

/// <summary>
/// What a TZID means: an IANA name, a Windows name, a path that ends in an IANA name, or the calendar's own VTIMEZONE,
/// matched by its offsets to a zone that has the same ones, or what Windows shows to people. Unknown names are Berlin's, with a warning.
/// </summary>
internal sealed partial class CalendarZones
{
    [GeneratedRegex(@"^(?:GMT|UTC)(?<sign>[+-])(?<h>[0-9]{1,2})(?::?(?<m>[0-5][0-9]))?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex FixedOffset();

    private readonly Dictionary<string, string> known = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> warnings;

    public CalendarZones(IEnumerable<CalendarComponent> components, List<string> warnings)
    {
        this.warnings = warnings;
        foreach (var zone in components.Where(component => component.Name == "VTIMEZONE"))
        {
            if (zone.Value("TZID") is { } written && NameOf(written) is var id && ByName(id) is null)
            {
                known[id] = ByOffsets(zone) ?? ZoneNames.ByDisplayName(id) ?? BerlinTime.ZoneId;
            }
        }
    }

    public string IdOf(string? tzid)
    {
        if (tzid is null)
        {
            return BerlinTime.ZoneId;
        }

        tzid = NameOf(tzid);
        if (known.TryGetValue(tzid, out var id))
        {
            return id;
        }

        id = ByName(tzid) ?? ZoneNames.ByDisplayName(tzid);
        if (id is null && ZoneNames.ByDistance(tzid) is { } distant)
        {
            id = distant;
            warnings.Add($"zone-by-distance: {tzid}");
        }

        if (id is null)
        {
            id = BerlinTime.ZoneId;
            warnings.Add($"zone-unknown: {tzid}");
        }

        known[tzid] = id;
        return id;
    }

    /// <summary>As a TEXT value it escapes its commas, as a parameter it should not and sometimes does.</summary>
    private static string NameOf(string written) => ContentLines.Unescape(written).Trim('"', ' ');

    private static string? ByName(string name)
    {
        if (DateTimeZoneProviders.Tzdb.GetZoneOrNull(name) is { } zone)
        {
            return zone.Id;
        }

        if (TzdbDateTimeZoneSource.Default.WindowsMapping.PrimaryMapping.TryGetValue(name, out var windows))
        {
            return windows;
        }

        // Such as "/freeassociation.sourceforge.net/Europe/Berlin".
        var parts = name.Split('/');
        if (parts.Length > 2 && DateTimeZoneProviders.Tzdb.GetZoneOrNull(string.Join('/', parts[^2..])) is { } tail)
        {
            return tail.Id;
        }

        // "GMT+0100", "UTC+02:00": a fixed distance, east of Greenwich unlike the Etc/ names.
        if (FixedOffset().Match(name) is { Success: true } match && int.Parse(match.Groups["h"].Value, CultureInfo.InvariantCulture) is <= 14 and var hours)
        {
            var seconds = (hours * 3600) + (match.Groups["m"].Success ? int.Parse(match.Groups["m"].Value, CultureInfo.InvariantCulture) * 60 : 0);
            return DateTimeZone.ForOffset(Offset.FromSeconds(match.Groups["sign"].Value == "-" ? -seconds : seconds)).Id;
        }

        return name.ToUpperInvariant() switch
        {
            "CET" or "CEST" or "MEZ" or "MESZ" => BerlinTime.ZoneId,
            "Z" or "UTC" or "GMT" or "TZONE://MICROSOFT/UTC" => "UTC",
            _ => null,
        };
    }

    /// <summary>A private zone: its latest standard and daylight offsets decide. One offset alone is a fixed zone.</summary>
    private static string? ByOffsets(CalendarComponent zone)
    {
        var standard = OffsetOf(zone.Parts.LastOrDefault(part => part.Name == "STANDARD"));
        var daylight = OffsetOf(zone.Parts.LastOrDefault(part => part.Name == "DAYLIGHT"));
        if (standard is null && daylight is null)
        {
            return null;
        }

        if (standard == Offset.FromHours(1) && daylight == Offset.FromHours(2))
        {
            return BerlinTime.ZoneId;
        }

        return (standard, daylight) switch
        {
            ({ } winter, { } summer) when winter != summer => TzdbDateTimeZoneSource.Default.WindowsMapping.PrimaryMapping.Values
                .OrderBy(id => id.StartsWith("Europe/", StringComparison.Ordinal) ? 0 : 1).ThenBy(id => id, StringComparer.Ordinal)
                .FirstOrDefault(id => HasOffsets(DateTimeZoneProviders.Tzdb[id], winter, summer)),
            _ => DateTimeZone.ForOffset(standard ?? daylight!.Value).Id,
        };
    }

    private static bool HasOffsets(DateTimeZone zone, Offset winter, Offset summer)
    {
        var january = zone.GetUtcOffset(Instant.FromUtc(2026, 1, 15, 12, 0));
        var july = zone.GetUtcOffset(Instant.FromUtc(2026, 7, 15, 12, 0));
        return (january == winter && july == summer) || (january == summer && july == winter);
    }

    private static Offset? OffsetOf(CalendarComponent? part)
    {
        var written = part?.Value("TZOFFSETTO")?.Trim();
        if (written is null || written.Length < 5 || !int.TryParse(written.AsSpan(1, 2), NumberStyles.None, CultureInfo.InvariantCulture, out var hours)
            || !int.TryParse(written.AsSpan(3, 2), NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) || hours > 17 || minutes > 59)
        {
            return null;
        }

        var seconds = ((hours * 60) + minutes) * 60;
        return Offset.FromSeconds(written[0] == '-' ? -seconds : seconds);
    }
}
