using System.Globalization;
using System.Text.RegularExpressions;

namespace Quartier.Gateway.Domain.Offers.Import;

/// <summary>Clock times in titles (R5): "15 Uhr", "9–12", "15.30 Uhr", and several at once: "15 und 17 Uhr", "9–12 und 14–17 Uhr", "9.30/11 Uhr".</summary>
internal static partial class TitleClocks
{
    [GeneratedRegex(@"(?<![0-9.,:])(?<h1>[01]?[0-9]|2[0-4])(?:[:.](?<n1>[0-5][0-9]))?\s*(?:Uhr|h)?\s*(?<p1>[ap]\.?m\.?)?\s*(?:–|—|-|bis)\s*(?<h2>[01]?[0-9]|2[0-4])(?:[:.](?<n2>[0-5][0-9]))?(?![0-9]|[.:][0-9]|\.\s?\p{L})\s*(?<p2>[ap]\.?m\b\.?)?(?<unit>\s*(?:Uhr|h)\b)?(?!\s*(?:Jahre|J\.|Personen|Plätze|Kinder|Klasse|€|Euro|%))", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex ClockRange();

    [GeneratedRegex(@"(?<![0-9.,:])(?:(?<h1>[01]?[0-9]|2[0-4])[:.](?<n1>[0-5][0-9])\s*(?:Uhr|h)\b|(?<h1>[01]?[0-9]|2[0-4])(?:h|\s*Uhr\s+)(?<n1>[0-5][0-9])(?=$|\s*[,;:)(|]|\s*[–—-]\s)|(?<=\b(?:um|ab)\s+)(?<h1>[01]?[0-9]|2[0-4])\.(?<n1>[0-5][0-9])(?![0-9.])|(?<h1>[01]?[0-9]|2[0-4])\s*(?:Uhr|h)\b|(?<h1>[01]?[0-9]|2[0-4]):(?<n1>[0-5][0-9])(?![0-9])\s*(?<p1>[ap]\.?m\b\.?)?|(?<h1>1[0-2]|0?[0-9])(?:[:.](?<n1>[0-5][0-9]))?\s*(?<p1>[ap]\.?m\b\.?))", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex SingleClock();

    private const string Time = @"(?:[01]?[0-9]|2[0-4])(?:[:.][0-5][0-9])?(?:\s*(?:Uhr|h)\b)?";

    private const string Entry = @"(?<e>" + Time + @"(?:\s*(?:–|—|-|bis)\s*" + Time + ")?)";

    [GeneratedRegex(@"(?<![0-9.,:])" + Entry + @"(?:\s*(?:und|sowie|oder|&|\+|/|,\s*und|,)\s*(?:um\s+)?" + Entry + @")+(?<=(?:Uhr|h))(?!\p{L})", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex ClockList();

    /// <summary>"Raum 3, 10 und 14 Uhr": a number behind such a word and before a comma is no time.</summary>
    [GeneratedRegex(@"(?<![\p{L}])(?!(?:um|ab|je|jeweils|von)\s)\p{L}{2,}\s*$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex WordBefore();

    /// <summary>The times at which something begins, and their ends, ascending; ignored names the clock times that are none of them.</summary>
    public static IReadOnlyList<((int Hour, int Minute) Start, (int Hour, int Minute)? End)> Find(string text, out IReadOnlyList<string> ignored)
    {
        var found = Several(text);
        if (found.Count == 0 && TryOne(text, out var start, out var end))
        {
            found = [(start, end)];
        }

        var used = found.SelectMany(clock => new[] { clock.Start, clock.End ?? clock.Start }).ToHashSet();
        ignored = found.Count == 0 ? [] : SingleClock().Matches(text)
            .Where(match => TryHour(match, "1", "p1", out var clock) && !used.Contains(clock))
            .Select(match => match.Value.Trim()).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        return found;
    }

    private static List<((int Hour, int Minute) Start, (int Hour, int Minute)? End)> Several(string text)
    {
        var found = new List<((int Hour, int Minute) Start, (int Hour, int Minute)? End)>();
        if (ClockList().Match(text) is not { Success: true } list)
        {
            return found;
        }

        var entries = list.Groups["e"].Captures.ToList();
        if (WordBefore().IsMatch(text[..list.Index]) && list.Value.LastIndexOf(',') is >= 0 and var comma)
        {
            entries.RemoveAll(entry => entry.Index < list.Index + comma && int.TryParse(entry.Value.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out _));
        }

        foreach (var entry in entries)
        {
            // A bare number takes its unit from the last of the list.
            var written = entry.Value.Contains("Uhr", StringComparison.OrdinalIgnoreCase) ? entry.Value : entry.Value + " Uhr";
            if (!TryOne(written, out var start, out var end) || (found.Count > 0 && start.CompareTo(found[^1].Start) <= 0))
            {
                return [];
            }

            found.Add((start, end));
        }

        return found.Count > 1 ? found : [];
    }

    private static bool TryOne(string text, out (int Hour, int Minute) start, out (int Hour, int Minute)? end)
    {
        if (TryRange(text, explicitly: true, out start, out end) || TrySingle(text, out start))
        {
            return true;
        }

        return TryRange(text, explicitly: false, out start, out end);
    }

    /// <summary>Explicit ranges carry a unit, minutes or am/pm; a bare "9–12" is taken only where nothing clearer stands in the title.</summary>
    private static bool TryRange(string text, bool explicitly, out (int Hour, int Minute) start, out (int Hour, int Minute)? end)
    {
        end = null;
        foreach (Match match in ClockRange().Matches(text))
        {
            var isExplicit = match.Groups["unit"].Success || match.Groups["n1"].Success || match.Groups["n2"].Success || match.Groups["p2"].Success;
            if (isExplicit == explicitly && TryHour(match, "1", match.Groups["p1"].Success ? "p1" : "p2", out start) && TryHour(match, "2", "p2", out var last))
            {
                end = last;
                return true;
            }
        }

        start = default;
        return false;
    }

    private static bool TrySingle(string text, out (int Hour, int Minute) start)
    {
        foreach (Match match in SingleClock().Matches(text))
        {
            if (TryHour(match, "1", "p1", out start))
            {
                return true;
            }
        }

        start = default;
        return false;
    }

    private static bool TryHour(Match match, string which, string half, out (int Hour, int Minute) clock)
    {
        var hour = Number(match, "h" + which);
        var minute = match.Groups["n" + which].Success ? Number(match, "n" + which) : 0;
        var isHour = FeedDates.TryHalf(hour, match.Groups[half].Value, out var of24);
        clock = (of24, minute);
        return isHour && (of24 < 24 || minute == 0);
    }

    private static int Number(Match match, string group) => int.Parse(match.Groups[group].Value, NumberStyles.None, CultureInfo.InvariantCulture);
}
