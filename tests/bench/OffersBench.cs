using System.Diagnostics;
using System.Globalization;

namespace Quartier.Tests.Bench;

/// <summary>What an editor waits for a page of the list when there are five thousand offers.</summary>
internal static class OffersBench
{
    private const int Offers = 5_000;
    private const int Rounds = 15;
    private const double LimitMs = 300;

    private static readonly (string What, string Path)[] Pages =
    [
        ("first page", "/offers"), ("middle page", "/offers?page=50"), ("words", "/offers?q=Treffen+49"), ("heading", "/offers?category=meals"),
        ("with remarks", "/offers?show=problems"), ("not everywhere", "/offers?show=full"), ("all", "/offers?show=all&page=3"), ("the live part", "/offers/list"),
    ];

    public static async Task<IEnumerable<Result>> RunAsync()
    {
        using var house = await Peer.HouseAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        using var editor = await House.LogInAsync(house.Console, House.Editor, limit.Token);
        await ImportBench.ImportAsync(editor, ImportBench.Calendar(Offers, Dates, int.MaxValue), limit.Token);
        var results = new List<Result>();
        foreach (var (what, path) in Pages)
        {
            var taken = new List<double>();
            var before = house.Processor;
            for (var round = 0; round < Rounds; round++)
            {
                var clock = Stopwatch.StartNew();
                await editor.GetStringAsync(path, limit.Token);
                taken.Add(clock.Elapsed.TotalMilliseconds);
            }

            var median = Median.Of(taken.Skip(1));
            var processor = (house.Processor - before).TotalMilliseconds / Rounds;
            results.Add(new Result("offers", $"{what}, median", median, "ms", "<= 300", median <= LimitMs, string.Create(
                CultureInfo.InvariantCulture, $"{path}, {Offers} offers, {Rounds} fetches, first {taken[0]:0} ms, longest {taken.Max():0} ms, {processor:0} ms of processor time each")));
        }

        return results;
    }

    /// <summary>Half are weekly, half on one day of the next years; each has a text of a usual length.</summary>
    private static string Dates(int i)
    {
        var day = new DateTime(2026, 1, 5).AddDays(i % 7);
        var dates = i % 2 == 0
            ? string.Create(CultureInfo.InvariantCulture, $"DTSTART:{day:yyyyMMdd}T{10 + (i % 9)}0000Z\r\nDTEND:{day:yyyyMMdd}T{11 + (i % 9)}0000Z\r\nRRULE:FREQ=WEEKLY\r\n")
            : string.Create(CultureInfo.InvariantCulture, $"DTSTART:{DateTime.UtcNow.Date.AddDays(1 + (i % 700)):yyyyMMdd}T{10 + (i % 9)}0000Z\r\n");
        return dates + string.Create(CultureInfo.InvariantCulture, $"LOCATION:Quartierszentrale Alter Eselsberg {i % 40}\r\nDESCRIPTION:Alle sind willkommen. Kaffee und Kuchen stehen bereit\\, ein Aufzug ist vorhanden\\, eine Anmeldung braucht es dazu nicht. Gruppe {i}.\r\n");
    }
}
