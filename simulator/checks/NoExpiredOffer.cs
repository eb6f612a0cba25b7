using Quartier.Gateway.Ingest;
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

    private readonly Dictionary<string, long> overAtMinute = [];

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
        var panel = string.Join(' ', quarter.Screen.Sketch.Words);
        foreach (var (title, over) in overAtMinute)
        {
            if (minute - over is > ToleratedMinutes and <= ToleratedMinutes + 2 && panel.Contains(title, StringComparison.Ordinal))
            {
                Violated(quarter, $"\"{title}\" was over {minute - over} min ago and still stands on the panel");
            }
        }
    });
}
