using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Quartier.Wire;

namespace Quartier.Tests.Bench;

/// <summary>After each attack, on one gateway that takes them all: how long a page takes and how long an alarm, each over a connection of
/// its own that is opened while the attacker is still there or, where the attack takes every connection, has just gone.</summary>
internal static class AttackBench
{
    /// <summary>Below it, attackers of a few thousand sockets do not come to the bound.</summary>
    private const int FilesMax = 2_400;

    private const double LimitMs = 1_000;
    private const int AgainMs = 20;

    public static async Task<IEnumerable<Result>> RunAsync()
    {
        using var house = await Peer.HouseAsync(FilesMax);
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(10));
        using var worker = await House.LogInAsync(house.Console, House.StreetWorker(0), limit.Token);
        await ServeAsync(house, worker, 0, limit.Token);
        var results = new List<Result>();
        foreach (var (number, attack) in Attack.All.Index())
        {
            Console.Error.WriteLine($"  {attack.Name}");
            var attackers = await attack.BeginAsync(attack.OnConsole ? house.Console.Port : house.Port, limit.Token);
            var takesAll = attack.Sockets >= FilesMax / 2;
            var during = takesAll ? (0, 0) : await ServeAsync(house, worker, (2 * number) + 1, limit.Token);
            foreach (var attacker in attackers)
            {
                attacker.Dispose();
            }

            var after = await ServeAsync(house, worker, (2 * number) + 2, limit.Token);
            var slowest = new[] { during.Page, during.Alarm, after.Page, after.Alarm }.Max();
            results.Add(Result.AtMost("attacks", attack.Name, slowest, "ms", LimitMs, string.Create(
                CultureInfo.InvariantCulture,
                $"{attack.Sockets} sockets, {attack.Times} times; page {(takesAll ? "-" : $"{during.Page:0}")} ms during, {after.Page:0} after; alarm {(takesAll ? "-" : $"{during.Alarm:0}")} and {after.Alarm:0}; {house.ResidentBytes / 1_048_576} MB")));
        }

        return results;
    }

    private static async Task<(double Page, double Alarm)> ServeAsync(Peer house, HttpClient worker, int pod, CancellationToken stop) =>
        (await UntilAsync(() => PageAsync(worker, stop), stop), await UntilAsync(() => AlarmAsync(house, pod, stop), stop));

    /// <returns>Milliseconds until it came about; who is turned away tries again at once.</returns>
    private static async Task<double> UntilAsync(Func<Task> serve, CancellationToken stop)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await serve();
                return clock.Elapsed.TotalMilliseconds;
            }
            catch (Exception fault) when (fault is HttpRequestException or IOException or SocketException)
            {
                stop.ThrowIfCancellationRequested();
                await Task.Delay(AgainMs, stop);
            }
        }
    }

    private static async Task PageAsync(HttpClient worker, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/now") { Headers = { ConnectionClose = true } };
        using var answer = await worker.SendAsync(request, stop);
        await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync(stop);
    }

    private static async Task AlarmAsync(Peer house, int pod, CancellationToken stop)
    {
        using var network = await LoadClient.ConnectAsync(house.Port, $"network-{pod}", stop);
        var frame = new byte[ShelterAlarmV1.Bytes];
        new ShelterAlarmV1 { Kind = AlarmKind.Smoke, Active = true, Sequence = pod + 1 }.Encode(frame);
        await network.PublishAsync(Load.UplinkTopic(pod), pod, 1, 1, (device, _) => House.Uplink(device, 1, 2, frame), stop);
    }
}
