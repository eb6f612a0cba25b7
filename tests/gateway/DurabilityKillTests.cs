using Dapper;
using Quartier.Gateway.Host;
using Quartier.Gateway.Store;
using Quartier.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace Quartier.Tests.Gateway;

/// <summary>Ten thousand QoS 1 publishes by mosquitto's clients while the gateway is killed at seeded moments:
/// what was acknowledged is in the store, and nothing is there twice. QUARTIER_KILLS and QUARTIER_SEED ask for more than CI's two.</summary>
public class DurabilityKillTests(ITestOutputHelper output)
{
    private const int Peers = 5;
    private const int ReportsEach = 2_000;

    [Fact]
    public async Task Killed_at_any_moment_the_gateway_keeps_everything_it_acknowledged_and_nothing_twice()
    {
        var kills = int.TryParse(Environment.GetEnvironmentVariable("QUARTIER_KILLS"), out var asked) ? asked : 2;
        var seed = ulong.TryParse(Environment.GetEnvironmentVariable("QUARTIER_SEED"), out var given) ? given : 20261121;
        var gen = new Gen(seed);
        var moments = Enumerable.Range(0, kills).Select(_ => gen.Next(1, Peers * ReportsEach * 9 / 10)).Order().ToArray();
        output.WriteLine($"seed {seed}, kills after {string.Join(", ", moments)} acknowledgements");
        var folder = StoreFolder.Create("kill").FullName;
        var port = GatewayProcess.FreePort();
        var progress = new Progress();
        var gateway = await GatewayProcess.StartAsync(folder, port);
        var peers = Enumerable.Range(1, Peers).Select(number => new PublishingPeer(number, port, progress.Count)).ToArray();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        try
        {
            var sending = Task.WhenAll(peers.Select(peer => peer.SendAsync(ReportsEach)));
            foreach (var moment in moments)
            {
                await progress.ReachedAsync(moment).WaitAsync(limit.Token);
                gateway.Kill();
                var acknowledged = peers.SelectMany(peer => peer.AcknowledgedKeys()).ToArray();
                var stored = StoredKeys(folder);
                output.WriteLine($"killed: {acknowledged.Length} acknowledged, {stored.Count} stored");
                Assert.Empty(acknowledged.Except(stored));
                gateway.Dispose();
                gateway = await GatewayProcess.StartAsync(folder, port);
            }

            await sending.WaitAsync(limit.Token);
            await Task.WhenAll(peers.Select(peer => peer.FinishedAsync(limit.Token)));
            gateway.Kill();
            var all = StoredKeys(folder);
            Assert.Equal(Peers * ReportsEach, all.Count);
            Assert.Equal(all.Count, all.Distinct().Count());
            Assert.Equal(0, Count(folder, "SELECT COUNT(*) FROM refusals"));
        }
        finally
        {
            Array.ForEach(peers, peer => peer.Dispose());
            gateway.Dispose();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static List<string> StoredKeys(string folder)
    {
        using var database = Database.Open(folder, Tables.All);
        return database.Read(db => db.Query<string>("SELECT device || ' ' || key FROM events WHERE kind = 'up'").ToList());
    }

    private static long Count(string folder, string sql)
    {
        using var database = Database.Open(folder, Tables.All);
        return database.Read(db => db.ExecuteScalar<long>(sql));
    }

    /// <summary>Acknowledgements over all peers, and a way to await a number of them.</summary>
    private sealed class Progress
    {
        private readonly Lock sync = new();
        private int count;
        private int wanted = int.MaxValue;
        private TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Count()
        {
            lock (sync)
            {
                if (++count >= wanted)
                {
                    reached.TrySetResult();
                }
            }
        }

        public Task ReachedAsync(int acknowledgements)
        {
            lock (sync)
            {
                wanted = acknowledgements;
                reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                if (count >= wanted)
                {
                    reached.TrySetResult();
                }

                return reached.Task;
            }
        }
    }
}
