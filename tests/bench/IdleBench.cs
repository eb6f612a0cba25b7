namespace Quartier.Tests.Bench;

/// <summary>Resident memory of connections that are admitted and silent.</summary>
internal static class IdleBench
{
    private const int Connections = 10_000;
    private const int AtOnce = 100;
    private const double BudgetMegabytes = 300;

    public static async Task<IEnumerable<Result>> RunAsync()
    {
        var results = new List<Result>();
        foreach (var start in new[] { Peer.BrokerAsync, Peer.MosquittoAsync })
        {
            using var peer = await start();
            using var limit = new CancellationTokenSource(Load.RunMax);
            var clients = new List<LoadClient>();
            for (var number = 0; number < Connections; number += AtOnce)
            {
                var next = Enumerable.Range(number, AtOnce).Select(id => LoadClient.ConnectAsync(peer.Port, $"idle-{id}", limit.Token));
                clients.AddRange(await Task.WhenAll(next));
            }

            var megabytes = peer.ResidentBytes / 1e6;
            var ours = peer.Name == "broker";
            results.Add(new Result(
                "idle", $"{Connections} connections, {(ours ? "embedded broker" : "Mosquitto")}", megabytes, "MB RSS",
                ours ? $"<= {BudgetMegabytes:0}" : "", ours ? megabytes <= BudgetMegabytes : null, "no TLS, CONNECT done, nothing since"));
            clients.ForEach(client => client.Dispose());
        }

        return results;
    }
}
