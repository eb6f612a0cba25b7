using System.Globalization;
using NodaTime;
using Quartier.Gateway.Pages;
using Quartier.Simulator.World;

namespace Quartier.Simulator.Window;

/// <summary>The whole page at one moment, taken on the world's thread.</summary>
public sealed record WindowView(Instant Now, int Speed, bool RadioCut, bool WifiCut, bool People, double OutsideCelsius, IReadOnlyList<PodView> Pods, string ScreenText)
{
    private static readonly string[] GermanDays = ["Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"];
    private static readonly string[] EnglishDays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

    public static Task<WindowView> Take(Demo demo) => demo.Pacer.Ask(() =>
    {
        var quarter = demo.Quarter;
        return new WindowView(
            quarter.World.Now,
            demo.Pacer.Speed,
            quarter.Server.Conditions.Cut,
            !quarter.Screen.Wifi.InRange,
            quarter.Pods[0].Guests.Active,
            quarter.Weather.Celsius(quarter.World.Now),
            [.. quarter.Pods.Select(pod => PodView.Of(pod, quarter.World.NowMs))],
            ScreenWords(quarter.Screen.Canvas.ToText()));
    });

    /// <summary>What stands on the panel, without places and fonts: for those who cannot see it.</summary>
    public static string ScreenWords(string layout) =>
        string.Join(" · ", System.Text.RegularExpressions.Regex.Replace(layout, @" \[[^\]]*\]", "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    public static string Clock(ReaderLanguage say, Instant now)
    {
        var local = now.InZone(WorldPlace.Zone);
        var day = (say.IsGerman ? GermanDays : EnglishDays)[(int)local.DayOfWeek - 1];
        return say.IsGerman
            ? string.Create(CultureInfo.InvariantCulture, $"{day}, {local.Day}.{local.Month}.{local.Year}, {local.Hour:00}:{local.Minute:00}:{local.Second:00}")
            : string.Create(CultureInfo.InvariantCulture, $"{day} {local.Year}-{local.Month:00}-{local.Day:00}, {local.Hour:00}:{local.Minute:00}:{local.Second:00}");
    }
}

/// <summary>What the open page is told: numbers that grow when a part changed.</summary>
public sealed record WindowBeat(string Clock, long Pods, long Log, long Screen, long State)
{
    public static WindowBeat Of(Demo demo, ReaderLanguage say) => new(
        WindowView.Clock(say, demo.Quarter.World.Now),
        demo.Quarter.Pods.Sum(pod => pod.Runner.StepsRun),
        demo.Quarter.World.Trace.Count,
        demo.Quarter.Screen.Canvas.Version,
        demo.Pacer.Speed + (demo.Quarter.Screen.Wifi.InRange ? 0 : 40_000) + (demo.Quarter.Server.Conditions.Cut ? 10_000 : 0) + (demo.Quarter.Pods[0].Guests.Active ? 20_000 : 0));
}
