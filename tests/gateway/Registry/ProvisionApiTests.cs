using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using NodaTime;
using Quartier.Gateway.Domain.Audit;
using Quartier.Gateway.Domain.Registry;
using Quartier.Simulator.Demo;
using Xunit;

namespace Quartier.Tests.Gateway.Registry;

/// <summary>What facility staff learn and change through the provisioning API: devices, and nothing of who comes and goes.</summary>
public sealed class ProvisionApiTests : IAsyncLifetime
{
    private readonly GatewayUnderTest gateway = new();
    private HttpClient tool = null!;

    public async Task InitializeAsync()
    {
        await gateway.InitializeAsync();
        tool = gateway.Browser();
        var session = await tool.PostAsJsonAsync("/api/provision/session", new { name = "facility", password = "facility-demo" });
        var token = (await session.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("token").GetString();
        tool.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public async Task DisposeAsync()
    {
        tool.Dispose();
        await gateway.DisposeAsync();
    }

    [Fact]
    public async Task The_moment_of_a_pods_report_is_not_told_because_it_tells_who_comes_and_goes()
    {
        var report = TestStore.Evening + Duration.FromNanoseconds(421_337_421_000L);
        gateway.Time.Now = report;
        gateway.Accept(Uplink.Status(Uplink.Occupied(), 1, report, DemoQuarter.Karlsplatz));
        var contact = await Contact(DemoQuarter.Karlsplatz, TestStore.Evening + Duration.FromMinutes(1));
        Assert.Equal(TestStore.Evening.ToDateTimeOffset(), contact.GetProperty("lastContact").GetDateTimeOffset());
        Assert.False(contact.GetProperty("called").GetBoolean());
    }

    [Fact]
    public async Task A_pod_that_was_set_up_has_called_once_its_join_is_there()
    {
        // Between two heartbeats: what is told of its last contact lies before the start.
        gateway.Time.Now += Duration.FromMinutes(7);
        var start = gateway.Time.Now;
        Assert.False((await Contact(DemoQuarter.Karlsplatz, start)).GetProperty("called").GetBoolean());
        gateway.Time.Now += Duration.FromSeconds(20);
        var join = Uplink.Event(DemoQuarter.Karlsplatz, 0, [], 9);
        join.Remove("fPort");
        join.Remove("fCnt");
        join.Remove("data");
        gateway.Accept(Uplink.Envelope(join, gateway.Time.Now, Uplink.Topic(DemoQuarter.Karlsplatz, "join")));
        Assert.True((await Contact(DemoQuarter.Karlsplatz, start)).GetProperty("called").GetBoolean());
        Assert.False((await Contact(DemoQuarter.Karlsplatz, gateway.Time.Now + Duration.FromSeconds(1))).GetProperty("called").GetBoolean());
    }

    [Theory]
    [InlineData(DemoQuarter.NetworkServer, "name-taken")]
    [InlineData(DemoQuarter.Screen, "registered")]
    public async Task A_screen_never_takes_a_name_that_is_somebody_elses_at_the_broker(string id, string reason)
    {
        var answer = await Register(new { kind = "screen", id, name = "Fenster", place = "Fenster" });
        Assert.Equal((HttpStatusCode.Conflict, reason), (answer.StatusCode, await Reason(answer)));
        Assert.Equal(MqttRights.NetworkServer, gateway.Database.Read(db => Credentials.Verify(db, DemoQuarter.NetworkServer, DemoQuarter.NetworkServerSecret)));
        Assert.Equal(MqttRights.Screen, gateway.Database.Read(db => Credentials.Verify(db, DemoQuarter.Screen, DemoQuarter.ScreenSecret)));
        Assert.Null(gateway.Database.Read(db => RegistryTable.Find(db, DemoQuarter.NetworkServer)));
    }

    [Fact]
    public async Task Revoking_a_screen_that_was_given_the_network_servers_name_leaves_the_network_server_its_log_in()
    {
        gateway.Database.Write(db => RegistryTable.Add(db, Device.New(DemoQuarter.NetworkServer, DeviceKind.Screen, "x", "", "", TestStore.Evening)));
        using var browser = await gateway.LogIn("facility");
        Assert.Equal(HttpStatusCode.Redirect, (await GatewayUnderTest.Post(browser, "/fleet", "/fleet/revoke", ("id", DemoQuarter.NetworkServer))).StatusCode);
        Assert.NotNull(gateway.Database.Read(db => Credentials.Verify(db, DemoQuarter.NetworkServer, DemoQuarter.NetworkServerSecret)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_pod_never_becomes_a_screen(bool overTheApi)
    {
        var before = Find(DemoQuarter.Karlsplatz);
        if (overTheApi)
        {
            Assert.Equal(HttpStatusCode.BadRequest, (await Register(new { kind = "screen", id = DemoQuarter.Karlsplatz, name = "x", replace = true })).StatusCode);
        }
        else
        {
            using var browser = await gateway.LogIn("facility");
            var fields = new[] { ("id", DemoQuarter.Karlsplatz), ("kind", "sensor"), ("name", "x"), ("area", "Anderswo") };
            Assert.Equal(HttpStatusCode.Conflict, (await GatewayUnderTest.Post(browser, "/fleet", "/fleet/admit", fields)).StatusCode);
            fields[1] = ("kind", "screen");
            Assert.Equal(HttpStatusCode.BadRequest, (await GatewayUnderTest.Post(browser, "/fleet", "/fleet/admit", fields)).StatusCode);
        }

        Assert.Equal(before, Find(DemoQuarter.Karlsplatz));
    }

    [Fact]
    public async Task Replacing_keeps_what_is_not_said()
    {
        var before = Find(DemoQuarter.Karlsplatz);
        var answer = await Register(new { kind = "pod", id = DemoQuarter.Karlsplatz, name = "", place = "", area = "", replace = true });
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal(before, Find(DemoQuarter.Karlsplatz));
        Assert.Equal(before.Place, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("place").GetString());

        await Register(new { kind = "pod", id = DemoQuarter.Karlsplatz, place = "Karlsplatz, Nordseite", replace = true });
        Assert.Equal(before with { Place = "Karlsplatz, Nordseite", Name = Find(DemoQuarter.Karlsplatz).Name }, Find(DemoQuarter.Karlsplatz));
    }

    [Fact]
    public async Task A_change_of_area_is_an_act_of_its_own_with_a_warning_and_an_audit_row()
    {
        var before = Find(DemoQuarter.Karlsplatz);
        var answer = await Register(new { kind = "pod", id = DemoQuarter.Karlsplatz, area = "Anderswo", replace = true });
        Assert.Equal((HttpStatusCode.Conflict, "area-change"), (answer.StatusCode, await Reason(answer)));
        Assert.Equal(before, Find(DemoQuarter.Karlsplatz));

        using var browser = await gateway.LogIn("facility");
        Assert.Contains("Achtung: Planungszahlen gelten je Quartier", WebUtility.HtmlDecode(await browser.GetStringAsync("/fleet")), StringComparison.Ordinal);
        await GatewayUnderTest.Post(browser, "/fleet", "/fleet/area", ("id", DemoQuarter.Karlsplatz), ("area", " Anderswo "));
        Assert.Equal(before with { Area = "Anderswo" }, Find(DemoQuarter.Karlsplatz));
        var row = gateway.Database.Read(db => AuditTable.Latest(db, 1))[0];
        Assert.Equal(("facility", "device.area-changed", DemoQuarter.Karlsplatz, $"{before.Area} → Anderswo"), (row.Who, row.Action, row.Subject, row.Detail));
    }

    private Device Find(string id) => gateway.Database.Read(db => RegistryTable.Find(db, id))!;

    private Task<HttpResponseMessage> Register(object body) => tool.PostAsJsonAsync("/api/provision/devices", body);

    private async Task<JsonElement> Contact(string id, Instant since) =>
        await tool.GetFromJsonAsync<JsonElement>($"/api/provision/devices/{id}?since={Uri.EscapeDataString(since.ToString())}");

    private static async Task<string> Reason(HttpResponseMessage answer) => (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("reason").GetString()!;
}
