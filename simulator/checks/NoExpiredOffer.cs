using Quartier.Gateway.Store;
using Quartier.Simulator.Boards;
using Quartier.Wire;

namespace Quartier.Simulator.Checks;

/// <summary>Always: the screen shows no offer that is over. The checker reads the words on the panel and the offers as the gateway sent
/// them, and knows nothing of the firmware's own lists.</summary>
public sealed class NoExpiredOffer : Checker
{
    private const long LookMs = 60_000;
    private const int ToleratedMinutes = 2;
    private const int OpenEndMinutes = 60;
    private const int TitleLengthLeast = 6;
    private const int CutLettersLeast = 10;

    private readonly Dictionary<string, long> overAtMinute = [];
    private readonly HashSet<string> reported = [];

    public override string Name => "no expired offer";

    /// <summary>Hears what the gateway publishes.</summary>
    public void Hear(Publication publication)
    {
        if (!ScreenTopics.TryParse(publication.Topic, out _, out var leaf) || leaf != ScreenTopics.Entry
            || !CatalogueEntry.TryDecode(publication.Payload, publication.Payload.Length, out var entry))
        {
            return;
        }

        var over = long.MaxValue;
        for (var i = 0; i < entry.StartUnixMinutes.Length; i++)
        {
            var end = entry.StartUnixMinutes[i] + (long)Math.Max(entry.DurationMinutes[i], entry.AllDay[i] ? 1440 : entry.DurationMinutes[i] == 0 ? OpenEndMinutes : 1);
            over = i == 0 ? end : Math.Max(over, end);
        }

        foreach (var title in entry.Titles.Where(title => title.Length >= TitleLengthLeast))
        {
            // Two offers may share a title: only when the later is over, the words must have gone.
            overAtMinute[title] = Math.Max(over, overAtMinute.GetValueOrDefault(title));
        }
    }

    public override void Watch(Quarter quarter) => quarter.World.Every(LookMs, () =>
    {
        var minute = quarter.World.Now.ToUnixTimeSeconds() / 60;
        foreach (var title in OverOnPanel(quarter.Screen.Sketch.Words, overAtMinute, minute - ToleratedMinutes).Where(reported.Add))
        {
            Violated(quarter, $"\"{title}\" was over {minute - overAtMinute[title]} min ago and still stands on the panel");
        }
    });

    /// <summary>The titles on the panel whose last date ended before that minute. A title may be parted over lines with hyphens or cut
    /// with "…"; where it is also part of a title that still holds, it is that title that stands there.</summary>
    public static IEnumerable<string> OverOnPanel(IEnumerable<string> words, IReadOnlyDictionary<string, long> overAtMinute, long minute)
    {
        if (!overAtMinute.Values.Any(over => over < minute))
        {
            return [];
        }

        var lines = words.ToList();
        var panel = string.Concat(lines.Select(Letters));
        var cut = lines.Where(line => line.EndsWith('…')).Select(Letters).Where(start => start.Length >= CutLettersLeast).ToList();
        bool Stands(string letters) => panel.Contains(letters, StringComparison.Ordinal) || cut.Any(start => letters.StartsWith(start, StringComparison.Ordinal));

        var over = overAtMinute.Where(title => title.Value < minute).Select(title => title.Key).Where(title => Stands(Letters(title))).ToList();
        if (over.Count == 0)
        {
            return [];
        }

        var holding = overAtMinute.Where(title => title.Value >= minute).Select(title => Letters(title.Key)).Where(Stands).ToList();
        return over.Where(title => !holding.Any(other =>
            other.Contains(Letters(title), StringComparison.Ordinal) || cut.Any(start => other.StartsWith(start, StringComparison.Ordinal))));
    }

    private static string Letters(string text) => string.Concat(text.Where(char.IsLetterOrDigit));
}
