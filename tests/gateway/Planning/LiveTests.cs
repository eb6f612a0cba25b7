using Dapper;
using NodaTime.Text;
using Quartier.Gateway.Domain.Registry;
using Quartier.Gateway.Outputs.Planning;
using Quartier.Simulator.Demo;
using Xunit;

namespace Quartier.Tests.Gateway.Planning;

public class LiveTests
{
    private static readonly NodaTime.Instant Now = InstantPattern.ExtendedIso.Parse("2026-11-21T10:00:00Z").Value;

    [Theory]
    [InlineData("planner", "planner_keys")]
    [InlineData("facility", "strangers")]
    [InlineData("street", "occupancy_night")]
    public async Task An_open_page_hears_of_its_own_tables_and_only_those_who_are_responsible_hear_of_a_pod(string name, string wanted)
    {
        await using var console = await PlannerConsole.Start(Now);
        await console.LogIn(name);
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var stream = await console.Http.GetAsync("/live", HttpCompletionOption.ResponseHeadersRead, stop.Token);
        using var lines = new StreamReader(await stream.Content.ReadAsStreamAsync(stop.Token));
        await Until(lines, "event: opened", stop.Token);

        console.Database.Write(connection => connection.Execute("INSERT INTO occupancy_night (pod, night) VALUES ('x', 1)"));
        console.Database.Write(connection => RegistryTable.Heard(connection, DemoQuarter.Karlsplatz, Now));
        console.Database.Write(connection => RegistryTable.NoteStranger(connection, "70b3d57ed00000bb", DeviceKind.Unassigned, "?", Now));
        console.Database.Write(connection => PlannerKeysTable.Create(connection, "Statistikstelle", Now));

        // Whatever else happens meanwhile, nobody but a street worker hears of what a pod's report writes.
        string[] tables;
        do
        {
            await Until(lines, "event: changed", stop.Token);
            tables = (await lines.ReadLineAsync(stop.Token))!["data: ".Length..].Split(' ');
            Assert.True(name == "street" || !tables.Intersect(["occupancy_night", "devices", "contacts", "pods", "stays", "alerts"]).Any(), string.Join(' ', tables));
        }
        while (!tables.Contains(wanted));
    }

    private static async Task Until(StreamReader lines, string wanted, CancellationToken stop)
    {
        while (await lines.ReadLineAsync(stop) is { } line && line != wanted)
        {
        }
    }
}
