using System.Globalization;
using System.Text.RegularExpressions;
using NodaTime;

namespace Quartier.Gateway.Domain.Offers.Import.ICal;

/// <summary>
/// Zones as Windows shows them to people and Exchange writes them into calendars: "(UTC+01:00) Amsterdam, Berlin, Bern, Rom, Stockholm, Wien".
/// The first of the cities that has a zone with that distance in winter names it.
/// </summary>
internal static partial class ZoneNames
{
    /// <summary>German names, and cities without a zone of their own.</summary>
    private static readonly Dictionary<string, string> Cities = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Athen"] = "Europe/Athens", ["Belgrad"] = "Europe/Belgrade", ["Bern"] = "Europe/Zurich", ["Brüssel"] = "Europe/Brussels", ["Bukarest"] = "Europe/Bucharest",
        ["Edinburgh"] = "Europe/London", ["Jerewan"] = "Asia/Yerevan", ["Kairo"] = "Africa/Cairo", ["Kiew"] = "Europe/Kiev", ["Kopenhagen"] = "Europe/Copenhagen",
        ["Lissabon"] = "Europe/Lisbon", ["Moskau"] = "Europe/Moscow", ["Peking"] = "Asia/Shanghai", ["Beijing"] = "Asia/Shanghai", ["Prag"] = "Europe/Prague", ["Rom"] = "Europe/Rome",
        ["St. Petersburg"] = "Europe/Moscow", ["Tiflis"] = "Asia/Tbilisi", ["Tokio"] = "Asia/Tokyo", ["Warschau"] = "Europe/Warsaw", ["Wien"] = "Europe/Vienna",
        ["Eastern Time (US & Canada)"] = "America/New_York", ["Central Time (US & Canada)"] = "America/Chicago", ["Pacific Time (US & Canada)"] = "America/Los_Angeles",
    };

    private static readonly ILookup<string, string> ByCity = DateTimeZoneProviders.Tzdb.Ids.Where(id => id.Contains('/', StringComparison.Ordinal))
        .ToLookup(id => id[(id.LastIndexOf('/') + 1)..].Replace('_', ' '), StringComparer.OrdinalIgnoreCase);

    [GeneratedRegex(@"^\((?:UTC|GMT)(?:(?<sign>[+-])(?<h>[0-9]{2})[:.](?<m>[0-5][0-9]))?\)\s*(?<cities>.*)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex DisplayName();

    public static string? ByDisplayName(string name)
    {
        if (!TryRead(name, out var winter, out var cities))
        {
            return name.Contains("Berlin", StringComparison.OrdinalIgnoreCase) ? BerlinTime.ZoneId : null;
        }

        return cities.Split(',', StringSplitOptions.TrimEntries)
            .SelectMany(city => Cities.TryGetValue(city, out var known) ? [known] : ByCity[city])
            .FirstOrDefault(id => DateTimeZoneProviders.Tzdb[id].GetUtcOffset(Instant.FromUtc(2026, 1, 15, 12, 0)) == winter);
    }

    /// <summary>Of cities that nobody knows at least the distance in winter is known.</summary>
    public static string? ByDistance(string name) => TryRead(name, out var winter, out _) ? DateTimeZone.ForOffset(winter).Id : null;

    private static bool TryRead(string name, out Offset winter, out string cities)
    {
        winter = Offset.Zero;
        cities = "";
        if (DisplayName().Match(name) is not { Success: true } match)
        {
            return false;
        }

        cities = match.Groups["cities"].Value;
        if (match.Groups["h"].Success)
        {
            var minutes = (Part(match, "h") * 60) + Part(match, "m");
            winter = Offset.FromSeconds(Math.Min(minutes, 18 * 60) * (match.Groups["sign"].Value == "-" ? -60 : 60));
        }

        return true;
    }

    private static int Part(Match match, string group) => int.Parse(match.Groups[group].Value, NumberStyles.None, CultureInfo.InvariantCulture);
}
