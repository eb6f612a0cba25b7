using System.Net;
using NodaTime;
using Quartier.Gateway.Domain.Accounts;
using Quartier.Gateway.Domain.Audit;
using Quartier.Gateway.Domain.Registry;
using Quartier.Gateway.Host;
using Quartier.Gateway.Pages;
using Quartier.Simulator.Demo;
using Xunit;

namespace Quartier.Tests.Gateway;

/// <summary>The console over HTTP: who gets where, what a forged or hurried request gets.</summary>
public sealed class ConsoleTests(GatewayUnderTest gateway) : IClassFixture<GatewayUnderTest>
{
    [Theory]
    [InlineData("/board", "street admin")]
    [InlineData("/board/pods", "street admin")]
    [InlineData("/fleet", "facility admin")]
    [InlineData("/fleet/list", "facility admin")]
    [InlineData("/refusals", "facility admin")]
    [InlineData("/audit", "admin")]
    public async Task A_page_opens_for_its_roles_and_for_nobody_else(string path, string roles)
    {
        var anonymous = await gateway.Browser().GetAsync(path);
        Assert.Equal(HttpStatusCode.Redirect, anonymous.StatusCode);
        Assert.StartsWith("/log-in?back=", anonymous.Headers.Location!.PathAndQuery, StringComparison.Ordinal);
        foreach (var account in DemoQuarter.Accounts)
        {
            using var browser = await gateway.LogIn(account.Name);
            var status = (await browser.GetAsync(path)).StatusCode;
            Assert.Equal(roles.Split(' ').Contains(account.Role) ? HttpStatusCode.OK : HttpStatusCode.Redirect, status);
        }
    }

    [Fact]
    public async Task The_list_of_offers_is_paged_and_keeps_its_search_from_page_to_page()
    {
        var items = string.Concat(Enumerable.Range(0, 120).Select(i => $"BEGIN:VEVENT\r\nUID:p{i}\r\nSUMMARY:Seitenprobe {i:000}\r\nDTSTART:20261224T{i / 60 + 10:00}{i % 60:00}00Z\r\nEND:VEVENT\r\n"));
        gateway.Database.Write(db => Quartier.Gateway.Domain.Offers.ImportRun.Run(
            db, System.Text.Encoding.UTF8.GetBytes($"BEGIN:VCALENDAR\r\n{items}END:VCALENDAR\r\n"), new Quartier.Gateway.Domain.Offers.ImportRequest("p.ics") { Source = "Seiten" }, gateway.Time.Now));
        var editor = await gateway.LogIn("editor");
        var first = await editor.GetStringAsync("/offers?q=Seitenprobe");
        var last = await editor.GetStringAsync("/offers?q=Seitenprobe&page=3");

        Assert.Contains("120 von", first, StringComparison.Ordinal);
        Assert.Contains("Seitenprobe 049", first, StringComparison.Ordinal);
        Assert.DoesNotContain("Seitenprobe 050", first, StringComparison.Ordinal);
        Assert.Contains("/offers?q=Seitenprobe&amp;page=2", first, StringComparison.Ordinal);
        Assert.Contains("Seitenprobe 119", last, StringComparison.Ordinal);
        Assert.DoesNotContain("page=4", last, StringComparison.Ordinal);
        Assert.Contains("data-src=\"/offers/list?q=Seitenprobe&amp;page=3\"", last, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_password_says_so_and_not_which_half_was_wrong()
    {
        using var browser = gateway.Browser();
        var wrongPassword = await GatewayUnderTest.Post(browser, "/log-in", "/log-in", ("name", "street"), ("password", "x"));
        var wrongName = await GatewayUnderTest.Post(browser, "/log-in", "/log-in", ("name", "nobody"), ("password", "x"));
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (wrongPassword.StatusCode, wrongName.StatusCode));
        Assert.Contains("Name oder Passwort stimmen nicht.", WebUtility.HtmlDecode(await wrongName.Content.ReadAsStringAsync()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/log-in")]
    [InlineData("/log-out")]
    [InlineData("/language")]
    [InlineData("/fleet/admit")]
    [InlineData("/fleet/revoke")]
    public async Task A_form_without_its_token_is_refused(string action)
    {
        using var browser = await gateway.LogIn("facility");
        var answer = await browser.PostAsync(action, new FormUrlEncodedContent([new("id", DemoQuarter.Screen)]));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.False(gateway.Database.Read(db => RegistryTable.Find(db, DemoQuarter.Screen))!.Revoked);
    }

    [Theory]
    [InlineData("//evil.example", "/now")]
    [InlineData("/\\evil.example", "/now")]
    [InlineData("https://evil.example", "/now")]
    [InlineData("/audit", "/audit")]
    public async Task A_log_in_leads_back_inside_this_site_only(string back, string expected)
    {
        using var browser = gateway.Browser();
        var answer = await GatewayUnderTest.Post(browser, "/log-in", "/log-in", ("name", "street"), ("password", "street-demo"), ("back", back));
        Assert.Equal(expected, answer.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task Every_answer_carries_the_strict_headers()
    {
        using var browser = gateway.Browser();
        foreach (var path in new[] { "/log-in", "/site.css", "/nowhere" })
        {
            var headers = (await browser.GetAsync(path)).Headers;
            var policy = Assert.Single(headers.GetValues("Content-Security-Policy"));
            Assert.StartsWith("default-src 'none'; script-src 'self'; style-src 'self'", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.Equal("nosniff", Assert.Single(headers.GetValues("X-Content-Type-Options")));
            Assert.False(headers.Contains("Server"));
        }
    }

    [Fact]
    public async Task Behind_a_TLS_proxy_cookies_travel_by_https_only()
    {
        using var browser = gateway.Browser();
        browser.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        var answer = await browser.GetAsync("/log-in");
        Assert.Contains("; secure", Assert.Single(answer.Headers.GetValues("Set-Cookie")), StringComparison.Ordinal);
        Assert.Equal("max-age=31536000", Assert.Single(answer.Headers.GetValues("Strict-Transport-Security")));
        using var plain = gateway.Browser();
        Assert.DoesNotContain("; secure", Assert.Single((await plain.GetAsync("/log-in")).Headers.GetValues("Set-Cookie")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_cookie_is_out_of_reach_of_scripts_and_of_other_sites()
    {
        using var browser = gateway.Browser();
        var answer = await GatewayUnderTest.Post(browser, "/log-in", "/log-in", ("name", "street"), ("password", "street-demo"));
        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"), line => line.StartsWith("quartier=", StringComparison.Ordinal));
        Assert.Contains("; httponly", cookie, StringComparison.Ordinal);
        Assert.Contains("; samesite=lax", cookie, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_password_ends_the_sessions_that_were_open()
    {
        using var browser = await gateway.LogIn("planner");
        Assert.NotEqual("/log-in", (await browser.GetAsync("/")).Headers.Location!.OriginalString.Split('?')[0]);
        gateway.Database.Write(db => AccountsTable.Put(db, "planner", "planner-demo", [Roles.Planner], "another stamp"));
        Assert.Contains("/log-in", (await browser.GetAsync("/")).Headers.Location!.OriginalString, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_language_follows_the_browser_until_somebody_chooses()
    {
        using var browser = gateway.Browser("en-GB,en;q=0.9");
        Assert.Contains("<html lang=\"en\">", await browser.GetStringAsync("/log-in"), StringComparison.Ordinal);
        await GatewayUnderTest.Post(browser, "/log-in", "/language", ("to", "de"), ("back", "/log-in"));
        Assert.Contains("<html lang=\"de\">", await browser.GetStringAsync("/log-in"), StringComparison.Ordinal);
        using var other = gateway.Browser("fr");
        Assert.Contains("<html lang=\"de\">", await other.GetStringAsync("/log-in"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_administrators_look_at_the_board_is_logged_and_a_street_workers_is_not()
    {
        using var admin = await gateway.LogIn("admin");
        using var street = await gateway.LogIn("street");
        await admin.GetAsync("/board");
        await street.GetAsync("/board");
        var looks = gateway.Database.Read(db => AuditTable.Latest(db, 1_000)).Where(entry => entry.Action == "board.looked-at").Select(entry => entry.Who);
        Assert.Equal(["admin"], looks.Distinct());
    }

    [Fact]
    public async Task Staff_admit_a_stranger_and_revoke_a_device()
    {
        const string Stranger = "70b3d57ed00000aa";
        using var browser = await gateway.LogIn("facility");
        gateway.Accept(Uplink.Status(Uplink.Free(), 1, gateway.Time.Now, device: Stranger));
        Assert.Contains(Stranger, await browser.GetStringAsync("/fleet"), StringComparison.Ordinal);
        var admitted = await GatewayUnderTest.Post(
            browser, "/fleet", "/fleet/admit", ("id", Stranger), ("kind", "shelter"), ("name", "Wilhelmshöhe"), ("place", ""), ("area", "Mitte"));
        Assert.Equal(HttpStatusCode.Redirect, admitted.StatusCode);
        Assert.Equal("Wilhelmshöhe", gateway.Database.Read(db => RegistryTable.Find(db, Stranger))!.Name);
        await GatewayUnderTest.Post(browser, "/fleet", "/fleet/revoke", ("id", Stranger));
        Assert.True(gateway.Database.Read(db => RegistryTable.Find(db, Stranger))!.Revoked);
        Assert.Equal(HttpStatusCode.BadRequest, (await GatewayUnderTest.Post(browser, "/fleet", "/fleet/admit", ("id", "x"), ("kind", "shelter"), ("name", "y"))).StatusCode);
    }

    [Fact]
    public async Task The_fleet_never_tells_whether_a_pod_is_occupied()
    {
        gateway.Accept(Uplink.Status(Uplink.Occupied(), 900, gateway.Time.Now));
        using var browser = await gateway.LogIn("facility");
        var page = WebUtility.HtmlDecode(await browser.GetStringAsync("/fleet"));
        Assert.DoesNotContain("Belegt", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("verriegelt", page, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task An_open_page_is_told_which_tables_a_commit_changed()
    {
        using var browser = await gateway.LogIn("street");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var stream = new StreamReader(await browser.GetStreamAsync("/live", patience.Token));
        Assert.Equal("event: opened", await stream.ReadLineAsync(patience.Token));
        gateway.Accept(Uplink.Status(Uplink.Occupied(), 901, gateway.Time.Now + Duration.FromSeconds(1)));
        string? line;
        do
        {
            line = await stream.ReadLineAsync(patience.Token);
        }
        while (line is not null && !(line.StartsWith("data: ", StringComparison.Ordinal) && line.Split(' ').Contains("pods")));
        Assert.NotNull(line);
    }
}
