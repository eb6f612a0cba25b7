using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NodaTime.Text;
using Quartier.Gateway.Domain.Offers;
using Quartier.Gateway.Outputs.Planning;
using Quartier.Gateway.Store;
using Xunit;

namespace Quartier.Tests.Gateway.Planning;

public partial class PlanningApiTests
{
    private static readonly NodaTime.Instant Now = InstantPattern.ExtendedIso.Parse("2026-11-21T10:00:00Z").Value;

    [Fact]
    public async Task A_planner_sees_released_weeks_with_their_range_and_downloads_the_same_rows()
    {
        await using var console = await PlannerConsole.Start(Now);
        console.Tick(Now);
        await console.LogIn("planner");

        // Decoded: a week that the noise has hidden has a dash for its figure.
        var page = WebUtility.HtmlDecode(await console.Http.GetStringAsync("/planning"));
        var ledger = console.Database.Read(LedgerTable.All);
        Assert.Equal(8, ledger.Count);
        Assert.Equal("2026-W45", ledger[^1].Period);
        foreach (var row in ledger)
        {
            var (low, high) = ReleaseRules.Interval(row);
            var shown = row.Value?.ToString() ?? "unter 3";
            Assert.Matches($@"<th scope=""row""[^>]*>{row.Period}</th>\s*<td>{shown}</td>\s*<td[^>]*>{low} bis {high}</td>\s*<td>{row.Noised?.ToString() ?? "–"}</td>\s*<td>14</td>\s*<td>0</td>\s*<td>1</td>\s*<td>1/2</td>", page);
        }

        Assert.Contains("role=\"img\"", page);
        var json = JsonNode.Parse(await console.Http.GetStringAsync("/planning/releases.json"))!;
        Assert.Equal(ledger.Select(row => row.Id), json["releases"]!.AsArray().Select(row => (string)row!["id"]!));
        var csv = (await console.Http.GetStringAsync("/planning/releases.csv")).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(ReleaseDocuments.Columns.Select(column => column.Name), csv[0].Split(','));
        Assert.Equal(ledger.Select(row => $"{row.Id},{row.Period},"), csv.Skip(1).Select((line, i) => line[..$"{ledger[i].Id},{ledger[i].Period},".Length]));
        var dictionary = JsonNode.Parse(await console.Http.GetStringAsync("/planning/releases.csv-metadata.json"))!;
        Assert.Equal(csv[0].Split(','), dictionary["tableSchema"]!["columns"]!.AsArray().Select(column => (string)column!["name"]!));
    }

    [Fact]
    public async Task The_timer_draws_each_week_once_however_often_it_ticks()
    {
        await using var console = await PlannerConsole.Start(Now);
        for (var i = 0; i < 5; i++)
        {
            console.Tick(Now);
        }

        Assert.Equal(8, console.Database.Read(LedgerTable.All).Count);
        console.Tick(Now + NodaTime.Duration.FromDays(7));
        Assert.Equal(9, console.Database.Read(LedgerTable.All).Count);
    }

    [Fact]
    public async Task A_month_is_released_on_request_and_a_second_time_for_nothing()
    {
        await using var console = await PlannerConsole.Start(Now);
        console.Tick(Now);
        await console.LogIn("planner");
        var asked = await console.Post("/planning", "/planning/ask", new() { ["period"] = "2026-10", ["area"] = "Mitte", ["cost"] = "1/2" });
        Assert.Equal("/planning", asked.Headers.Location!.OriginalString);
        var october = console.Database.Read(connection => LedgerTable.Find(connection, "2026-10:occupied_pod_nights:Mitte"))!;
        Assert.Equal((62, new Epsilon(1, 2)), (october.Offered, october.Epsilon));

        await console.Post("/planning", "/planning/ask", new() { ["period"] = "2026-10", ["area"] = "Mitte" });
        Assert.Equal(9, console.Database.Read(LedgerTable.All).Count);

        var early = await console.Post("/planning", "/planning/ask", new() { ["period"] = "2026-11", ["area"] = "Mitte" });
        Assert.Equal("/planning?refused=TooEarly&period=2026-11", early.Headers.Location!.OriginalString);
        Assert.Contains("noch nicht vorbei", await console.Http.GetStringAsync(early.Headers.Location));
    }

    [Fact]
    public async Task A_person_sees_what_a_figure_will_cost_before_it_is_drawn()
    {
        await using var console = await PlannerConsole.Start(Now);
        console.Tick(Now);
        await console.LogIn("planner");
        foreach (var cost in new[] { null, "", "1", "0" })
        {
            var fields = new Dictionary<string, string> { ["period"] = "2026-10", ["area"] = "Mitte" };
            if (cost is not null)
            {
                fields["cost"] = cost;
            }

            var asked = await console.Post("/planning", "/planning/ask", fields);
            Assert.Equal(HttpStatusCode.OK, asked.StatusCode);
            var page = WebUtility.HtmlDecode(await asked.Content.ReadAsStringAsync());
            Assert.Contains("name=\"cost\" value=\"1/2\"", page);
            Assert.Contains("62, davon 0 ohne Meldung", page.Replace("<span>", "", StringComparison.Ordinal));
            Assert.Matches(@"ε = 1/2, danach <strong>ε = 0</strong>", page);
            Assert.Contains("keine weitere Zahl mehr möglich", page);
            Assert.Equal(8, console.Database.Read(LedgerTable.All).Count);
        }
    }

    [Fact]
    public async Task A_key_opens_the_figures_to_a_program_until_it_is_revoked_and_nothing_else()
    {
        await using var console = await PlannerConsole.Start(Now);
        console.Tick(Now);
        await console.LogIn("planner");
        var created = await (await console.Post("/planning", "/planning/keys", new() { ["name"] = "Statistikstelle" })).Content.ReadAsStringAsync();
        var key = Key().Match(created).Value;
        Assert.NotEmpty(key);
        Assert.DoesNotContain(key, await console.Http.GetStringAsync("/planning"));

        using var program = console.NewClient();
        program.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        Assert.Equal(HttpStatusCode.OK, (await program.GetAsync("/planning/releases.json")).StatusCode);
        Assert.NotEqual(HttpStatusCode.OK, (await program.GetAsync("/planning")).StatusCode);
        Assert.NotEqual(HttpStatusCode.OK, (await program.GetAsync("/board")).StatusCode);
        var asked = await program.PostAsJsonAsync("/planning/releases", new { period = "2026-W45", area = "Mitte" });
        Assert.Equal(HttpStatusCode.OK, asked.StatusCode);
        Assert.Equal("2026-W45:occupied_pod_nights:Mitte", (string?)(await asked.Content.ReadFromJsonAsync<JsonNode>())!["id"]);
        var early = await program.PostAsJsonAsync("/planning/releases", new { period = "2026-W47", area = "Mitte" });
        Assert.Equal((HttpStatusCode.Conflict, "application/problem+json"), (early.StatusCode, early.Content.Headers.ContentType!.MediaType));

        var id = console.Database.Read(PlannerKeysTable.All).Single().Id;
        await console.Post("/planning", $"/planning/keys/{id}/revoke", []);
        Assert.Equal(HttpStatusCode.Unauthorized, (await program.GetAsync("/planning/releases.json")).StatusCode);
    }

    [Fact]
    public async Task While_the_clock_is_in_doubt_nobody_draws_a_figure_and_all_are_told_why()
    {
        await using var console = await PlannerConsole.Start(Now);
        console.Tick(Now);
        await console.LogIn("planner");
        var key = Key().Match(await (await console.Post("/planning", "/planning/keys", new() { ["name"] = "Statistikstelle" })).Content.ReadAsStringAsync()).Value;
        using var program = console.NewClient();
        program.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        program.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en");
        console.Database.Write(connection => ClockTable.Put(connection, new ClockStep(Now, NodaTime.Duration.FromDays(365), AtStart: true)));

        foreach (var cost in (string[])["", "1/2"])
        {
            var asked = await console.Post("/planning", "/planning/ask", new() { ["period"] = "2026-10", ["area"] = "Mitte", ["cost"] = cost });
            Assert.Equal("/planning?refused=HeldBack&period=2026-10", asked.Headers.Location?.OriginalString);
            Assert.Contains("Bis die Verwaltung sie bestätigt, wird nichts freigegeben", WebUtility.HtmlDecode(await console.Http.GetStringAsync(asked.Headers.Location)));
        }

        var refused = await program.PostAsJsonAsync("/planning/releases", new { period = "2026-10", area = "Mitte" });
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Contains("Until an administrator confirms it nothing is released", await refused.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.OK, (await program.PostAsJsonAsync("/planning/releases", new { period = "2026-W45", area = "Mitte" })).StatusCode);
        Assert.Equal(8, console.Database.Read(LedgerTable.All).Count);

        console.Database.Write(ClockTable.Clear);
        Assert.Equal(HttpStatusCode.OK, (await program.PostAsJsonAsync("/planning/releases", new { period = "2026-10", area = "Mitte" })).StatusCode);
    }

    [Fact]
    public async Task The_catalogue_is_served_in_pages_and_one_by_one()
    {
        await using var console = await PlannerConsole.Start(Now);
        console.Database.Write(connection =>
        {
            foreach (var id in new[] { "quartier-test-a", "quartier-test-b", "quartier-test-c" })
            {
                OffersTable.Put(connection, HsdsTests.OwnOffer(id, title: $"Sprachcafé {id}"));
            }
        });
        Assert.Equal(HttpStatusCode.Unauthorized, (await console.Http.GetAsync("/hsds/services")).StatusCode);
        await console.LogIn("planner");

        var first = JsonNode.Parse(await console.Http.GetStringAsync("/hsds/services?per_page=2&search=quartier-test"))!;
        Assert.Equal((3, 2, 2), ((int?)first["total_items"], (int?)first["total_pages"], (int?)first["size"]));
        var id = (string)first["contents"]![0]!["id"]!;
        var whole = JsonNode.Parse(await console.Http.GetStringAsync($"/hsds/services/{id}"))!;
        Assert.Equal("WEEKLY", (string?)whole["schedules"]![0]!["freq"]);
        Assert.Equal(HttpStatusCode.NotFound, (await console.Http.GetAsync("/hsds/services/00000000-0000-8000-8000-000000000000")).StatusCode);
        foreach (var bad in new[] { "page=0", "page=x", "per_page=501", "format=xml", "modified_after=gestern" })
        {
            Assert.Equal(HttpStatusCode.BadRequest, (await console.Http.GetAsync($"/hsds/services?{bad}")).StatusCode);
        }

        Assert.Equal("3.0", (string?)JsonNode.Parse(await console.Http.GetStringAsync("/hsds"))!["version"]);
    }

    [Theory]
    [InlineData("street")]
    [InlineData("editor")]
    [InlineData("facility")]
    public async Task Nobody_but_planners_and_administrators_gets_in(string name)
    {
        await using var console = await PlannerConsole.Start(Now);
        Assert.Equal(HttpStatusCode.Unauthorized, (await console.Http.GetAsync("/planning/releases.json")).StatusCode);
        await console.LogIn(name);
        foreach (var path in new[] { "/planning", "/planning/releases.json", "/planning/releases.csv" })
        {
            Assert.NotEqual(HttpStatusCode.OK, (await console.Http.GetAsync(path)).StatusCode);
        }
    }

    [Fact]
    public async Task A_planner_is_kept_from_every_page_that_shows_a_pod()
    {
        await using var console = await PlannerConsole.Start(Now);
        await console.LogIn("planner");
        foreach (var path in new[] { "/board", "/board/pods", "/fleet", "/refusals", "/audit" })
        {
            Assert.NotEqual(HttpStatusCode.OK, (await console.Http.GetAsync(path)).StatusCode);
        }
    }

    [GeneratedRegex("quartier-[0-9a-f]{40}")]
    private static partial Regex Key();
}
