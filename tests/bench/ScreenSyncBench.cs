using System.Globalization;
using NodaTime;
using Quartier.Gateway.Domain.Offers;
using Quartier.Simulator;
using Quartier.Simulator.Boards;

namespace Quartier.Tests.Bench;

/// <summary>How long a screen takes to a full catalogue and to one change, and what travels, over slow lines with the limits of the
/// device's link and MQTT library. In the simulator's time: a measure of the protocol, not of this machine.</summary>
internal static class ScreenSyncBench
{
    private const int Entries = 500;
    private const int ChangeBytesMax = 2_000;
    private const int QuickSecondsMax = 30;
    private const int SecondsMax = 3_600;

    public static IEnumerable<Result> Run() => new[] { (100_000, 100), (4_000, 1_000), (1_000, 1_000) }.SelectMany(line => Over(line.Item1, line.Item2));

    private static IEnumerable<Result> Over(int bytesPerSecond, int roundTripMs)
    {
        using var run = new Simulation(1, Quarter.UsualStart, people: false);
        var own = run.Gateway.Database.Read(db => OffersTable.All(db).Count);
        run.Gateway.Database.Write(db => ManyOffers.Import(db, Entries - own, Quarter.UsualStart));
        (run.Link.Line.BytesPerSecond, run.Link.Line.RoundTripMs) = (bytesPerSecond, roundTripMs);
        var (seconds, bytes) = UntilShown(run);
        var name = $"{bytesPerSecond / 1_000} kB/s";
        var conditions = string.Create(CultureInfo.InvariantCulture, $"{run.Quarter.Screen.App.Catalogue.Count} entries, round trip {roundTripMs} ms");
        var quick = bytesPerSecond >= 100_000;
        yield return new Result("screen-sync", $"whole catalogue, {name}", seconds, "s", quick ? $"<= {QuickSecondsMax}" : "", quick ? seconds <= QuickSecondsMax : null, $"{conditions}, the simulator's time");
        yield return Result.Plain("screen-sync", $"whole catalogue, {name}", bytes / 1_000.0, "kB", "MQTT packets down, without TCP");

        // Until the gateway has heard what is shown; before that it can only send the whole list.
        run.Advance(Duration.FromMinutes(1));
        run.Gateway.Database.Write(db => ManyOffers.Import(db, Entries - own, run.Quarter.World.Now, changed: 7));
        (seconds, bytes) = UntilShown(run);
        yield return Result.Plain("screen-sync", $"one change, {name}", seconds, "s", "from the editor's save");
        yield return new Result("screen-sync", $"one change, {name}", bytes, "bytes", $"<= {ChangeBytesMax}", bytes <= ChangeBytesMax, "MQTT packets down, without TCP");
    }

    private static (double Seconds, long Bytes) UntilShown(Simulation run)
    {
        var (start, before) = (run.Quarter.World.NowMs, run.Link.BytesDown);
        // The duties come round each second: the catalogue that is wanted is there from the first on.
        run.Advance(Duration.FromSeconds(1.1));
        while (Wanted(run) != Convert.ToHexStringLower(run.Quarter.Screen.App.Catalogue.Digest))
        {
            run.Advance(Duration.FromMilliseconds(100));
            if (run.Quarter.World.NowMs - start > SecondsMax * 1_000L)
            {
                throw new InvalidOperationException($"The screen shows {run.Quarter.Screen.App.Catalogue.Count} entries after an hour; {run.Link.Lost} messages were lost.");
            }
        }

        return ((run.Quarter.World.NowMs - start) / 1_000.0, run.Link.BytesDown - before);
    }

    private static string Wanted(Simulation run) => run.Gateway.Database.Read(db => CatalogueTable.State(db).Digest);
}
