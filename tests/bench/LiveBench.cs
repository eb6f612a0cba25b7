using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Quartier.Wire;

namespace Quartier.Tests.Bench;

/// <summary>Fifty console pages open on two hundred pods: what a page gets of one event, and how long after the publish.</summary>
internal static class LiveBench
{
    private const int Pages = 50;
    private const int Reports = 120;
    private const int Alarms = 40;
    private const int EveryMs = 250;
    private const double LimitMs = 1_000;

    public static async Task<IEnumerable<Result>> RunAsync()
    {
        using var house = await Peer.HouseAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(4));
        using var network = await LoadClient.ConnectAsync(house.Port, "network", limit.Token);
        var sent = 0;
        Task PublishAsync(int pod, int port, byte[] data) => network.PublishAsync(Load.UplinkTopic(pod), pod, 1, 1, (device, _) => House.Uplink(device, ++sent, port, data), limit.Token);
        for (var pod = 0; pod < House.Pods; pod++)
        {
            await PublishAsync(pod, 1, Status());
        }

        var people = new List<HttpClient>();
        for (var number = 0; number < House.StreetWorkers; number++)
        {
            people.Add(await House.LogInAsync(house.Console, House.StreetWorker(number), limit.Token));
        }

        var whole = (await people[0].GetByteArrayAsync("/board/pods", limit.Token)).Length;
        var results = new List<Result> { Result.Plain("live", "the whole list of the board", whole, "B", $"{House.Pods} pods; what each page got of each event before") };
        results.AddRange(await MeasureAsync("board", "/board", "/board/pods", people, Reports, pod => ($"id=\"pod-{Load.DevEui(pod)}\"", PublishAsync(pod, 1, Status())), limit.Token));
        results.AddRange(await MeasureAsync("smoke", "/now", "/now/list", people, Alarms, pod => (House.PodName(pod), PublishAsync(pod, 2, Smoke(pod))), limit.Token));
        people.ForEach(person => person.Dispose());
        return results;
    }

    private static byte[] Status() => Convert.FromBase64String("HwACZDdx4BU=");

    private static byte[] Smoke(int pod)
    {
        var frame = new byte[ShelterAlarmV1.Bytes];
        new ShelterAlarmV1 { Kind = AlarmKind.Smoke, Active = true, Sequence = (pod % 250) + 1 }.Encode(frame);
        return frame;
    }

    private static async Task<IEnumerable<Result>> MeasureAsync(
        string name, string page, string fragment, List<HttpClient> people, int events, Func<int, (string Mark, Task Published)> happen, CancellationToken stop)
    {
        using var closing = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var pages = Enumerable.Range(0, Pages).Select(number => new OpenPage(people[number % people.Count], page, fragment)).ToList();
        await Task.WhenAll(pages.Select(open => open.OpenAsync(closing.Token)));
        await Task.Delay(1_500, stop);
        pages.ForEach(open => open.Reset());
        for (var number = 0; number < events; number++)
        {
            var at = Stopwatch.GetTimestamp();
            var (mark, published) = happen(number % House.Pods);
            pages.ForEach(open => open.Expect(mark, at));
            await published;
            await Task.Delay(EveryMs, stop);
        }

        await Task.Delay(3_000, stop);
        await closing.CancelAsync();
        var taken = pages.SelectMany(open => open.TakenMs).ToList();
        var missing = pages.Sum(open => open.Missing);
        var p99 = taken.Count == 0 ? double.PositiveInfinity : Percentile.Of(taken, 99);
        return
        [
            new Result("live", $"{name}: publish to the page's receipt, p99", p99, "ms", "<= 1000", p99 <= LimitMs && missing == 0, string.Create(
                CultureInfo.InvariantCulture, $"{Pages} pages, {events} events {EveryMs} ms apart; median {(taken.Count == 0 ? 0 : Median.Of(taken)):0} ms, {missing} not received; 150 ms of it the page waits for company")),
            Result.Plain("live", $"{name}: bytes a page and event", pages.Sum(open => open.Bytes) / (double)(Pages * events), "B", string.Create(
                CultureInfo.InvariantCulture, $"bodies of {pages.Sum(open => open.Fetches)} answers")),
        ];
    }

    /// <summary>As much of wwwroot/site.js as the exchange needs.</summary>
    private sealed class OpenPage(HttpClient person, string page, string fragment)
    {
        private const int QuietMs = 150;
        private const int ApartMs = 400;
        private readonly ConcurrentDictionary<string, long> expected = new();
        private readonly ConcurrentBag<double> taken = [];
        private string seen = "";
        private string hash = "";
        private string[] tables = [];

        public IEnumerable<double> TakenMs => taken;

        public int Missing => expected.Count;

        public long Bytes { get; private set; }

        public int Fetches { get; private set; }

        public void Reset() => (Bytes, Fetches) = (0, 0);

        public void Expect(string mark, long at) => expected[mark] = at;

        public async Task OpenAsync(CancellationToken closed)
        {
            var html = await person.GetStringAsync(page, closed);
            seen = Attribute(html, "data-seen");
            tables = Attribute(html, "data-live").Split(' ');
            var stream = await person.GetStreamAsync("/live", closed);
            var changed = new SemaphoreSlim(0);
            _ = Task.Run(() => ListenAsync(stream, changed, closed), CancellationToken.None);
            _ = Task.Run(() => RefreshAsync(changed, closed), CancellationToken.None);
        }

        private static string Attribute(string html, string name)
        {
            var at = html.IndexOf(name + "=\"", StringComparison.Ordinal);
            return at < 0 ? "" : html[(at + name.Length + 2)..html.IndexOf('"', at + name.Length + 2)];
        }

        private async Task ListenAsync(Stream stream, SemaphoreSlim changed, CancellationToken closed)
        {
            using var lines = new StreamReader(stream, Encoding.UTF8);
            var isChange = false;
            try
            {
                while (await lines.ReadLineAsync(closed) is { } line)
                {
                    isChange = line.StartsWith("event:", StringComparison.Ordinal) ? line.EndsWith("changed", StringComparison.Ordinal) : isChange;
                    if (isChange && line.StartsWith("data:", StringComparison.Ordinal) && (line.Contains('*', StringComparison.Ordinal) || tables.Intersect(line[5..].Trim().Split(' ')).Any()) && changed.CurrentCount == 0)
                    {
                        changed.Release();
                    }
                }
            }
            catch (OperationCanceledException)
            {
                // The page is closed.
            }
        }

        private async Task RefreshAsync(SemaphoreSlim changed, CancellationToken closed)
        {
            try
            {
                while (true)
                {
                    await changed.WaitAsync(closed);
                    await Task.Delay(QuietMs, closed);
                    while (changed.CurrentCount > 0)
                    {
                        await changed.WaitAsync(closed);
                    }

                    var began = Stopwatch.GetTimestamp();
                    await FetchAsync(closed);
                    var rest = ApartMs - QuietMs - (int)Stopwatch.GetElapsedTime(began).TotalMilliseconds;
                    await Task.Delay(Math.Max(0, rest), closed);
                }
            }
            catch (OperationCanceledException)
            {
                // The page is closed.
            }
        }

        private async Task FetchAsync(CancellationToken closed)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, fragment);
            request.Headers.Add(seen.Length > 0 ? "Live-Seen" : "Live-Hash", seen.Length > 0 ? seen : hash);
            using var answer = await person.SendAsync(request, closed);
            var body = await answer.Content.ReadAsStringAsync(closed);
            var at = Stopwatch.GetTimestamp();
            seen = answer.Headers.TryGetValues("Live-Version", out var version) ? version.First() : seen;
            hash = answer.Headers.TryGetValues("Live-Hash", out var now) ? now.First() : hash;
            Bytes += Encoding.UTF8.GetByteCount(body);
            Fetches++;
            foreach (var (mark, since) in expected)
            {
                if (body.Contains(mark, StringComparison.Ordinal) && expected.TryRemove(mark, out _))
                {
                    taken.Add(Stopwatch.GetElapsedTime(since, at).TotalMilliseconds);
                }
            }
        }
    }
}
