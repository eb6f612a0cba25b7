using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Quartier.Tests.Bench;

/// <summary>What a report waits for its PUBACK while the largest imports run, beside the same on the idle gateway.</summary>
internal static partial class ImportBench
{
    private const int IdleCount = 400;
    private const double LimitMs = 100;
    private const string Description = "Alle sind willkommen. Kaffee und Kuchen stehen bereit, ein Aufzug ist vorhanden, eine Anmeldung braucht es dazu nicht.";

    private const int LargestBytes = 5 * 1024 * 1024;

    public static async Task<IEnumerable<Result>> RunAsync()
    {
        using var house = await Peer.HouseAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        using var pod = await LoadClient.ConnectAsync(house.Port, "pod", limit.Token);
        using var editor = await House.LogInAsync(house.Console, House.Editor, limit.Token);
        var sent = 0;
        async Task<List<double>> PublishWhile(Func<bool> goesOn)
        {
            var taken = new List<double>();
            while (goesOn())
            {
                var number = sent++;
                var clock = Stopwatch.StartNew();
                await pod.PublishAsync(Load.UplinkTopic(number % House.Pods), number % House.Pods, 1, 1, (device, _) => House.Uplink(device, number, 1, Convert.FromBase64String("HwACZDdx4BU=")), limit.Token);
                taken.Add(clock.Elapsed.TotalMilliseconds);
                await Task.Delay(3, limit.Token);
            }

            return taken;
        }

        await PublishWhile(() => sent < IdleCount);
        var start = sent;
        var idle = await PublishWhile(() => sent < start + IdleCount);
        var results = new List<Result> { Result.Plain("import", "PUBACK, idle, p99", Percentile.Of(idle, 99), "ms", $"{idle.Count} reports one after the other, each with its fsync; the peer of the next lines") };
        foreach (var (what, calendar) in new[] { ("200 series of a million dates since 1900", LongSeries()), ("5 MiB of weekly series", Largest()), ("the same once more", Largest()) })
        {
            var clock = Stopwatch.StartNew();
            var import = ImportAsync(editor, calendar, limit.Token);
            var taken = await PublishWhile(() => !import.IsCompleted);
            await import;
            var seconds = clock.Elapsed.TotalSeconds;
            taken.AddRange(await PublishWhile(AfterWards(clock)));
            var p99 = Percentile.Of(taken, 99);
            results.Add(new Result("import", $"PUBACK, {what}, p99", p99, "ms", "<= 100", p99 <= LimitMs, string.Create(
                CultureInfo.InvariantCulture, $"{taken.Count} reports, longest {taken.Max():0} ms; preview and import took {seconds:0.0} s; p99 is {p99 / Percentile.Of(idle, 99):0.0} x idle")));
        }

        results.Add(await BesidePagesAsync(editor, idle, PublishWhile, limit.Token));
        return results;
    }

    /// <summary>The heaviest page there is: a list drawn from all that was imported.</summary>
    private static async Task<Result> BesidePagesAsync(HttpClient editor, List<double> idle, Func<Func<bool>, Task<List<double>>> publishWhile, CancellationToken stop)
    {
        var fetched = 0;
        var clock = Stopwatch.StartNew();
        async Task FetchAsync()
        {
            while (clock.Elapsed < TimeSpan.FromSeconds(8))
            {
                await editor.GetStringAsync("/offers?show=all&page=3", stop);
                fetched++;
            }
        }

        var pages = FetchAsync();
        var taken = await publishWhile(() => !pages.IsCompleted);
        await pages;
        var p99 = Percentile.Of(taken, 99);
        return new Result("import", "PUBACK, the list of all offers fetched on end, p99", p99, "ms", "<= 100", p99 <= LimitMs, string.Create(
            CultureInfo.InvariantCulture, $"{taken.Count} reports, longest {taken.Max():0} ms; {fetched} pages in {clock.Elapsed.TotalSeconds:0.0} s; p99 is {p99 / Percentile.Of(idle, 99):0.0} x idle"));
    }

    /// <summary>The catalogue is built after the import.</summary>
    private static Func<bool> AfterWards(Stopwatch clock)
    {
        var end = clock.Elapsed + TimeSpan.FromSeconds(3);
        return () => clock.Elapsed < end;
    }

    public static async Task ImportAsync(HttpClient editor, byte[] calendar, CancellationToken stop)
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent(House.TokenOf(await editor.GetStringAsync("/offers/import", stop))), House.TokenName },
            { new StringContent("Bench"), "source" },
            { new ByteArrayContent(calendar), "file", "bench.ics" },
        };
        using var preview = await editor.PostAsync("/offers/import", form, stop);
        var page = await preview.Content.ReadAsStringAsync(stop);
        if (preview.StatusCode != HttpStatusCode.OK)
        {
            throw new InvalidDataException($"The preview failed: {preview.StatusCode} {page[Math.Max(0, page.IndexOf("id=\"refusal\"", StringComparison.Ordinal))..]}");
        }

        using var decision = new FormUrlEncodedContent(new Dictionary<string, string> { [House.TokenName] = House.TokenOf(page), ["upload"] = UploadPattern().Match(page).Groups[1].Value });
        using var done = await editor.PostAsync("/offers/import/apply", decision, stop);
        if (done.StatusCode != HttpStatusCode.Redirect)
        {
            throw new InvalidDataException($"The import failed: {done.StatusCode}");
        }
    }

    private static byte[] LongSeries() => Calendar(200, i => $"DTSTART:19000101T100000Z\r\nRRULE:FREQ=DAILY;COUNT={1_000_000 - i}\r\n", int.MaxValue);

    private static byte[] Largest() => Calendar(int.MaxValue, i => $"DTSTART:20260{1 + (i % 9)}{10 + (i % 18)}T{10 + (i % 10)}0000Z\r\nDTEND:20260{1 + (i % 9)}{10 + (i % 18)}T{11 + (i % 10)}0000Z\r\nRRULE:FREQ=WEEKLY;COUNT=900\r\nDESCRIPTION:{Description}\r\n", LargestBytes - 1024);

    public static byte[] Calendar(int events, Func<int, string> dates, int bytesMax)
    {
        var text = new StringBuilder("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:bench\r\n");
        for (var i = 0; i < events && text.Length < bytesMax; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"BEGIN:VEVENT\r\nUID:u{i}\r\nDTSTAMP:20260101T000000Z\r\nSUMMARY:Treffen {i}\r\n{dates(i)}END:VEVENT\r\n");
        }

        return Encoding.UTF8.GetBytes(text.Append("END:VCALENDAR\r\n").ToString());
    }

    [GeneratedRegex("name=\"upload\" value=\"([0-9a-f]+)\"")]
    private static partial Regex UploadPattern();
}
