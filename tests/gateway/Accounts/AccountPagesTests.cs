using System.Net;
using System.Text.RegularExpressions;
using NodaTime;
using Quartier.Gateway.Domain.Accounts;
using Quartier.Gateway.Domain.Audit;
using Quartier.Gateway.Pages;
using Xunit;

namespace Quartier.Tests.Gateway.Accounts;

/// <summary>What administrators do on the pages of accounts.</summary>
public sealed partial class AccountPagesTests : IAsyncLifetime
{
    private const string Chosen = "lampe regen tisch";
    private readonly GatewayUnderTest gateway = new();

    public Task InitializeAsync() => gateway.InitializeAsync();

    public Task DisposeAsync() => gateway.DisposeAsync();

    [Fact]
    public async Task An_administrator_invites_a_person_and_the_letter_has_what_they_need_in_both_languages()
    {
        using var admin = await gateway.LogIn("admin");
        var answer = await Post(admin, "/accounts", "/accounts", ("name", " mia.huber "), ("role", "street"), ("role", "editor"));
        var letter = await Text(answer);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var link = Link().Match(letter).Value;
        Assert.StartsWith(gateway.Console + "invitation/", link, StringComparison.Ordinal);
        Assert.Contains("src=\"data:image/png;base64,", letter, StringComparison.Ordinal);
        Assert.Contains("<section lang=\"de\">", letter, StringComparison.Ordinal);
        Assert.Contains("<section lang=\"en\">", letter, StringComparison.Ordinal);
        Assert.Equal(2, Name().Count(letter));

        // The demo listens to its own machine: the letter must not pretend to work elsewhere.
        Assert.Contains("gilt nur an diesem Rechner", letter, StringComparison.Ordinal);
        Assert.Contains("eingeladen", await Text(await admin.GetAsync("/accounts")), StringComparison.Ordinal);

        using var mia = gateway.Browser();
        Assert.Equal("/now", (await GatewayUnderTest.Post(mia, link, link, ("password", Chosen), ("again", Chosen))).Headers.Location!.OriginalString);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.Redirect), ((await mia.GetAsync("/now")).StatusCode, (await mia.GetAsync("/offers")).StatusCode, (await mia.GetAsync("/accounts")).StatusCode));
        Assert.DoesNotContain("eingeladen", await Text(await admin.GetAsync("/accounts")), StringComparison.Ordinal);
        var row = Audited("account.invited").Single();
        Assert.Equal(("admin", "mia.huber", "street editor", gateway.Time.Now), (row.Who, row.Subject, row.Detail, row.At));
        var secret = link.Split('/')[^1];
        Assert.DoesNotContain(gateway.Database.Read(db => AuditTable.Latest(db, 50)), entry => $"{entry.Who}{entry.Subject}{entry.Detail}".Contains(secret, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("mia huber", "street", HttpStatusCode.UnprocessableEntity, "name")]
    [InlineData("", "street", HttpStatusCode.UnprocessableEntity, "name")]
    [InlineData("mia", "", HttpStatusCode.UnprocessableEntity, "role")]
    [InlineData("mia", "king", HttpStatusCode.UnprocessableEntity, "role")]
    [InlineData("STREET", "street", HttpStatusCode.Conflict, "name")]
    public async Task What_is_wrong_with_a_new_account_stands_at_its_field_and_nothing_is_added(string name, string role, HttpStatusCode expected, string field)
    {
        using var admin = await gateway.LogIn("admin");
        var before = gateway.Database.Read(AccountsTable.Count);
        var answer = await Post(admin, "/accounts", "/accounts", role.Length > 0 ? [("name", name), ("role", role)] : [("name", name)]);
        var page = await Text(answer);
        Assert.Equal(expected, answer.StatusCode);
        Assert.Contains($"id=\"{field}-fault\"", page, StringComparison.Ordinal);
        Assert.Contains($"value=\"{name}\"", page, StringComparison.Ordinal);
        Assert.Equal(before, gateway.Database.Read(AccountsTable.Count));
    }

    [Fact]
    public async Task Other_roles_count_at_once_and_end_the_sessions_of_before()
    {
        using var admin = await gateway.LogIn("admin");
        using var street = await gateway.LogIn("street");
        var answer = await Post(admin, "/accounts/street", "/accounts/street/roles", ("known", "street"), ("role", "editor"), ("role", "facility"));
        Assert.Equal("/accounts/street?done=roles", answer.Headers.Location!.OriginalString);
        Assert.Equal(HttpStatusCode.Redirect, (await street.GetAsync("/me")).StatusCode);
        using var again = await gateway.LogIn("street");
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Redirect), ((await again.GetAsync("/offers")).StatusCode, (await again.GetAsync("/now")).StatusCode));
        Assert.Equal(("admin", "street", "street → facility editor"), Audited("account.roles-changed").Select(row => (row.Who, row.Subject, row.Detail)).Single());

        // Saved without a change: nobody is thrown out and nothing is written.
        await Post(admin, "/accounts/street", "/accounts/street/roles", ("known", "facility editor"), ("role", "editor"), ("role", "facility"));
        Assert.Equal(HttpStatusCode.OK, (await again.GetAsync("/me")).StatusCode);
        Assert.Single(Audited("account.roles-changed"));
    }

    [Fact]
    public async Task Of_two_administrators_who_change_the_same_roles_the_second_is_told_and_overwrites_nothing()
    {
        using var one = await gateway.LogIn("admin");
        Add("second", Roles.Admin);
        using var two = await Enter("second");
        await Post(one, "/accounts/street", "/accounts/street/roles", ("known", "street"), ("role", "street"), ("role", "facility"));
        var late = await Post(two, "/accounts/street", "/accounts/street/roles", ("known", "street"), ("role", "street"), ("role", "editor"));
        Assert.Equal(HttpStatusCode.Conflict, late.StatusCode);
        Assert.Contains("Jemand anders hat die Aufgaben inzwischen geändert", await Text(late), StringComparison.Ordinal);
        Assert.Equal("street facility", RolesOf("street"));
    }

    [Fact]
    public async Task Of_two_administrators_who_end_each_other_at_once_one_stays()
    {
        using var one = await gateway.LogIn("admin");
        Add("second", Roles.Admin);
        using var two = await Enter("second");
        await Task.WhenAll(Post(one, "/me", "/accounts/second/end"), Post(two, "/me", "/accounts/admin/end"));
        Assert.Single(gateway.Database.Read(AccountsTable.All), account => account.RoleList.Contains(Roles.Admin));
    }

    [Fact]
    public async Task The_last_administrator_who_can_log_in_is_neither_ended_nor_loses_the_role_or_the_password()
    {
        using var admin = await gateway.LogIn("admin");

        // An invited administrator who has not chosen a password is none.
        await Post(admin, "/accounts", "/accounts", ("name", "second"), ("role", "admin"));
        var ended = await Post(admin, "/accounts/admin", "/accounts/admin/end");
        var changed = await Post(admin, "/accounts/admin", "/accounts/admin/roles", ("known", "admin"), ("role", "street"));
        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.Conflict), (ended.StatusCode, changed.StatusCode));
        Assert.Contains("Danach könnte sich niemand mehr als Verwaltung anmelden", await Text(ended), StringComparison.Ordinal);
        Assert.Equal(AccountRefusal.LastAdministrator, gateway.Database.Write(db => Invitations.Renew(db, gateway.Time.Now, "second", "admin")).Refusal);
        Assert.Equal(HttpStatusCode.Conflict, (await Post(admin, "/accounts/admin", "/accounts/admin/invitation")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await admin.GetAsync("/accounts")).StatusCode);
        Assert.Equal("admin", RolesOf("admin"));

        Add("third", Roles.Admin);
        Assert.Equal(HttpStatusCode.Redirect, (await Post(admin, "/accounts/admin", "/accounts/admin/roles", ("known", "admin"), ("role", "street"))).StatusCode);
        Assert.Equal("street", RolesOf("admin"));
    }

    [Fact]
    public async Task An_ended_account_is_out_at_once_its_open_stream_too()
    {
        using var admin = await gateway.LogIn("admin");
        using var street = await gateway.LogIn("street");
        using var stream = await street.GetAsync("/live", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await stream.Content.ReadAsStreamAsync());
        Assert.Equal("event: opened", await reader.ReadLineAsync());
        Assert.Equal("/accounts?ended=street", (await Post(admin, "/accounts/street", "/accounts/street/end")).Headers.Location!.OriginalString);
        Assert.Contains("event: ended", await reader.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(30)), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await street.GetAsync("/now")).StatusCode);
        Assert.Equal(("admin", "street"), Audited("account.removed").Select(row => (row.Who, row.Subject)).Single());

        // Pressed once more, or an address from before: the list says how things stand.
        Assert.Equal("/accounts?ended=street", (await Post(admin, "/accounts", "/accounts/street/end")).Headers.Location!.OriginalString);
        Assert.Equal(HttpStatusCode.Redirect, (await admin.GetAsync("/accounts/street")).StatusCode);
    }

    [Fact]
    public async Task A_reset_ends_the_old_password_and_every_session_at_once()
    {
        using var admin = await gateway.LogIn("admin");
        using var street = await gateway.LogIn("street");
        var link = Link().Match(await Text(await Post(admin, "/accounts/street", "/accounts/street/invitation"))).Value;
        Assert.Equal(HttpStatusCode.Redirect, (await street.GetAsync("/now")).StatusCode);
        using var old = gateway.Browser();
        Assert.Equal(HttpStatusCode.Unauthorized, (await GatewayUnderTest.Post(old, "/log-in", "/log-in", ("name", "street"), ("password", "street-demo"))).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await GatewayUnderTest.Post(old, link, link, ("password", Chosen), ("again", Chosen))).StatusCode);
        Assert.Equal("street", RolesOf("street"));
        Assert.Equal(("admin", "street", ""), Audited("account.password-reset").Select(row => (row.Who, row.Subject, row.Detail)).Single());
    }

    [Fact]
    public async Task An_administrator_sees_and_ends_an_accounts_sessions()
    {
        using var admin = await gateway.LogIn("admin");
        using var one = await gateway.LogIn("street");
        using var two = await gateway.LogIn("street");
        var handle = gateway.Database.Read(db => SessionsTable.Of(db, "street", gateway.Time.Now))[0].Handle;
        await Post(admin, "/accounts/street", "/accounts/street/sessions/end", ("session", handle));
        Assert.Single(gateway.Database.Read(db => SessionsTable.Of(db, "street", gateway.Time.Now)));
        await Post(admin, "/accounts/street", "/accounts/street/sessions/end");
        Assert.Equal((HttpStatusCode.Redirect, HttpStatusCode.Redirect, HttpStatusCode.OK), ((await one.GetAsync("/now")).StatusCode, (await two.GetAsync("/now")).StatusCode, (await admin.GetAsync("/accounts")).StatusCode));
        Assert.All(Audited("account.session-ended"), row => Assert.Equal(("admin", "street"), (row.Who, row.Subject)));
        Assert.Single(Audited("account.sessions-ended"));
    }

    [Fact]
    public async Task A_provider_sees_their_start_page_and_their_account_and_nothing_else()
    {
        Add("club", Roles.Provider);
        using var club = await Enter("club");
        Assert.Equal("/provider", (await club.GetAsync("/")).Headers.Location!.OriginalString);
        Assert.Contains("noch nichts", await Text(await club.GetAsync("/provider")), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await club.GetAsync("/me")).StatusCode);
        foreach (var page in new[] { "/now", "/board", "/deliveries", "/offers", "/fleet", "/refusals", "/planning", "/connections", "/clock", "/audit", "/accounts" })
        {
            Assert.Equal((page, "/no-access"), (page, (await club.GetAsync(page)).Headers.Location?.AbsolutePath));
        }

        Assert.Equal(HttpStatusCode.Forbidden, (await club.GetAsync("/hsds/services")).StatusCode);
        using var street = await gateway.LogIn("street");
        Assert.Equal("/no-access", (await street.GetAsync("/provider")).Headers.Location!.AbsolutePath);
    }

    [Fact]
    public async Task The_list_says_the_day_of_the_last_log_in_and_no_time()
    {
        using var admin = await gateway.LogIn("admin");
        using var street = await gateway.LogIn("street");
        gateway.Time.Now += Duration.FromDays(3);
        using var again = await gateway.LogIn("admin");
        var page = await Text(await again.GetAsync("/accounts"));
        Assert.Matches("street</th>(?:(?!<tr>).|\\n)*?22\\.11\\.\\s*</td>", page);
        Assert.Matches("planner</th>(?:(?!<tr>).|\\n)*?noch nie", page);
        Assert.Matches("admin</th>(?:(?!<tr>).|\\n)*?heute\\s*</td>", page);
    }

    // Two fields of one name: several roles.
    private static async Task<HttpResponseMessage> Post(HttpClient browser, string page, string action, params (string Name, string Value)[] fields)
    {
        var token = Token().Match(await browser.GetStringAsync(page)).Groups[1].Value;
        var form = fields.Select(field => KeyValuePair.Create(field.Name, field.Value)).Append(new("__RequestVerificationToken", token));
        return await browser.PostAsync(action, new FormUrlEncodedContent(form));
    }

    private static async Task<string> Text(HttpResponseMessage answer) => WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());

    private void Add(string name, string role) =>
        gateway.Database.Write(db => AccountsTable.Put(db, name, Chosen, [role], "stamp"));

    private async Task<HttpClient> Enter(string name)
    {
        var browser = gateway.Browser();
        Assert.Equal(HttpStatusCode.Redirect, (await GatewayUnderTest.Post(browser, "/log-in", "/log-in", ("name", name), ("password", Chosen))).StatusCode);
        return browser;
    }

    private string RolesOf(string name) => gateway.Database.Read(db => AccountsTable.Find(db, name))!.Roles;

    private IReadOnlyList<AuditEntry> Audited(string action) => [.. gateway.Database.Read(db => AuditTable.Latest(db, 50)).Where(row => row.Action == action)];

    [GeneratedRegex("http://[^<\"]*/invitation/[2-9a-z-]+")]
    private static partial Regex Link();

    [GeneratedRegex("<strong>mia\\.huber</strong>")]
    private static partial Regex Name();

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]*)\"")]
    private static partial Regex Token();
}
