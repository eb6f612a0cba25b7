using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Quartier.Tests.Bench;

// bench [--only NAME] [--json]: measures beside the named peers and prints one table. Exit code 1 when a budget is missed, 2 on wrong usage.
if (args is [ChildBroker.Verb, var role, var folder])
{
    return await ChildBroker.RunAsync(role, folder);
}

var benches = new (string Name, Func<Task<IEnumerable<Result>>> Run)[]
{
    ("uplink", () => Task.FromResult(UplinkBench.Run())),
    ("simulation", () => Task.Run(SimulationBench.Run)),
    ("screen-sync", () => Task.Run(ScreenSyncBench.Run)),
    ("fan-in", BrokerBench.FanInAsync),
    ("fan-out", BrokerBench.FanOutAsync),
    ("accept", () => Task.Run(AcceptBench.Run)),
    ("ingest", IngestBench.RunAsync),
    ("import", ImportBench.RunAsync),
    ("offers", OffersBench.RunAsync),
    ("live", LiveBench.RunAsync),
    ("idle", IdleBench.RunAsync),
    ("attacks", AttackBench.RunAsync),
};
var json = args.Contains("--json");
var only = Array.IndexOf(args, "--only") is var at and >= 0 ? args.ElementAtOrDefault(at + 1) : null;
var known = args.Where((argument, index) => argument is "--json" or "--only" || (index > 0 && args[index - 1] == "--only")).Count();
if (known != args.Length || (Array.IndexOf(args, "--only") >= 0 && !benches.Any(bench => bench.Name == only)))
{
    Console.Error.WriteLine($"Usage: bench [--only {string.Join('|', benches.Select(bench => bench.Name))}] [--json]");
    return 2;
}

var facts = string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:yyyy-MM-dd}, {Machine.Processor()}, {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}, load {Machine.LoadAverage()} at the start");
Console.Error.WriteLine(facts);
var all = new List<Result>();
foreach (var bench in benches.Where(bench => only is null || bench.Name == only))
{
    Console.Error.WriteLine($"{bench.Name} ...");
    all.AddRange(await bench.Run());
}

foreach (var result in all)
{
    Console.WriteLine(json ? JsonSerializer.Serialize(result, JsonSerializerOptions.Web) : result.Line());
}

if (!json)
{
    Console.WriteLine($"\n{facts}");
}

return all.Any(result => result.Met == false) ? 1 : 0;
