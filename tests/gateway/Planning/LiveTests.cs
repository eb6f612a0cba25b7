using Dapper;
using NodaTime.Text;
using Quartier.Gateway.Outputs.Planning;
using Xunit;

namespace Quartier.Tests.Gateway.Planning;

public class LiveTests
{
    private static readonly NodaTime.Instant Now = InstantPattern.ExtendedIso.Parse("2026-11-21T10:00:00Z").Value;

    [Theory]
    [InlineData("planner", "planner_keys")]
    [InlineData("street", "occupancy_night")]
    public async Task An_open_page_hears_of_its_own_tables_and_a_planner_never_of_a_pod(string name, string heardFirst)
    {
        await using var console = await PlannerConsole.Start(Now);
        await console.LogIn(name);
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var stream = await console.Http.GetAsync("/live", HttpCompletionOption.ResponseHeadersRead, stop.Token);
        using var lines = new StreamReader(await stream.Content.ReadAsStreamAsync(stop.Token));
        await Until(lines, "event: opened", stop.Token);

        console.Database.Write(connection => connection.Execute("INSERT INTO occupancy_night (pod, night) VALUES ('x', 1)"));
        console.Database.Write(connection => PlannerKeysTable.Create(connection, "Statistikstelle", Now));

        await Until(lines, "event: changed", stop.Token);
        var tables = (await lines.ReadLineAsync(stop.Token))!["data: ".Length..].Split(' ');
        Assert.Contains(heardFirst, tables);
        Assert.True(name == "street" || tables.All(table => table.StartsWith("planner_", StringComparison.Ordinal) || table.StartsWith("release_", StringComparison.Ordinal)), string.Join(' ', tables));
    }

    private static async Task Until(StreamReader lines, string wanted, CancellationToken stop)
    {
        while (await lines.ReadLineAsync(stop) is { } line && line != wanted)
        {
        }
    }
}
