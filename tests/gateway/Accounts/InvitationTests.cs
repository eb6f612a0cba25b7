using System.Net;
using NodaTime;
using Quartier.Gateway.Domain.Accounts;
using Quartier.Gateway.Domain.Audit;
using Quartier.Gateway.Pages;
using Xunit;

namespace Quartier.Tests.Gateway.Accounts;

/// <summary>A link to choose a password by: once, for seven days, and known to nobody but whoever has the letter.</summary>
public sealed class InvitationTests : IAsyncLifetime
{
    private const string Chosen = "lampe regen tisch";
    private readonly GatewayUnderTest gateway = new();

    public Task InitializeAsync() => gateway.InitializeAsync();

    public Task DisposeAsync() => gateway.DisposeAsync();

    [Fact]
    public async Task Whoever_opens_the_link_chooses_a_password_and_is_logged_in_and_the_link_is_used_up()
    {
        var link = Invite();
        using var browser = gateway.Browser();
        Assert.Contains("value=\"mia\"", await browser.GetStringAsync(link), StringComparison.Ordinal);
        var entered = await Use(browser, link);
        Assert.Equal((HttpStatusCode.Redirect, "/now"), (entered.StatusCode, entered.Headers.Location!.OriginalString));
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/now")).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, await Enter("mia", Chosen));

        using var late = gateway.Browser();
        var used = await late.GetAsync(link);
        Assert.Equal(HttpStatusCode.Gone, used.StatusCode);
        Assert.Contains("schon benutzt", await Text(used), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Gone, (await GatewayUnderTest.Post(late, "/log-in", link, ("password", "anderes Wort hier"), ("again", "anderes Wort hier"))).StatusCode);
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Redirect), (await Enter("mia", "anderes Wort hier"), await Enter("mia", Chosen)));
        Assert.Contains(Audited(), row => row is { Action: "account.password-chosen", Who: "mia", Subject: "mia", Detail: "" });
    }

    [Fact]
    public async Task Of_two_who_use_one_link_at_once_one_is_first()
    {
        var link = Invite();
        HttpClient[] browsers = [gateway.Browser(), gateway.Browser(), gateway.Browser()];
        var answers = await Task.WhenAll(browsers.Select((browser, at) =>
            GatewayUnderTest.Post(browser, link, link, ("password", $"{Chosen} {at}"), ("again", $"{Chosen} {at}"))));
        Assert.Equal([HttpStatusCode.Redirect, HttpStatusCode.Gone, HttpStatusCode.Gone], answers.Select(answer => answer.StatusCode).Order());
        var first = Array.FindIndex(answers, answer => answer.StatusCode == HttpStatusCode.Redirect);
        for (var at = 0; at < browsers.Length; at++)
        {
            Assert.Equal(at == first ? HttpStatusCode.Redirect : HttpStatusCode.Unauthorized, await Enter("mia", $"{Chosen} {at}"));
            browsers[at].Dispose();
        }
    }

    [Fact]
    public async Task A_bad_password_is_told_at_its_field_and_the_link_stays_good()
    {
        var link = Invite();
        using var browser = gateway.Browser("en");
        var answer = await GatewayUnderTest.Post(browser, link, link, ("password", "short"), ("again", "short"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Matches("id=\"new-fault\">Too short", await Text(answer));
        Assert.Equal(HttpStatusCode.Redirect, (await Use(browser, link)).StatusCode);
    }

    [Fact]
    public async Task Before_the_password_is_chosen_nothing_opens_the_account()
    {
        Invite();
        foreach (var guess in new[] { "", "nobody", "mia" })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await Enter("mia", guess));
        }
    }

    /// <summary>A clock that ran a year ahead makes links that would be good for a year; one that runs ahead for a while ends none.</summary>
    [Theory]
    [InlineData(0, 7, HttpStatusCode.Gone)]
    [InlineData(0, 6.99, HttpStatusCode.OK)]
    [InlineData(0, 80, HttpStatusCode.Gone)]
    [InlineData(365, -365, HttpStatusCode.Gone)]
    [InlineData(0, -0.5, HttpStatusCode.OK)]
    public async Task A_link_is_good_for_seven_days_whatever_the_clock_does(int aheadDays, double passedDays, HttpStatusCode expected)
    {
        gateway.Time.Now += Duration.FromDays(aheadDays);
        var link = Invite();
        gateway.Time.Now += Duration.FromDays(passedDays);
        using var browser = gateway.Browser();
        var answer = await browser.GetAsync(link);
        Assert.Equal(expected, answer.StatusCode);
        Assert.Equal(expected == HttpStatusCode.Gone, (await Text(answer)).Contains("Bitten Sie die Verwaltung um einen neuen", StringComparison.Ordinal));
        Assert.Equal(expected, (await GatewayUnderTest.Post(browser, "/log-in", link, ("password", Chosen), ("again", Chosen))).StatusCode is HttpStatusCode.Redirect ? HttpStatusCode.OK : HttpStatusCode.Gone);
    }

    [Fact]
    public async Task A_newer_link_and_a_password_of_the_command_line_end_the_one_before()
    {
        var first = Invite();
        var second = "/invitation/" + gateway.Database.Write(db => Invitations.Renew(db, gateway.Time.Now, "admin", "mia")).Secret;
        using var browser = gateway.Browser();
        Assert.Equal((HttpStatusCode.Gone, HttpStatusCode.OK), ((await browser.GetAsync(first)).StatusCode, (await browser.GetAsync(second)).StatusCode));
        gateway.Database.Write(db => AccountChanges.Renew(db, gateway.Time.Now, "command line", "mia"));
        Assert.Equal(HttpStatusCode.Gone, (await browser.GetAsync(second)).StatusCode);
        gateway.Database.Write(db => AccountChanges.Remove(db, gateway.Time.Now, "command line", "mia"));
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync(second)).StatusCode);
    }

    [Fact]
    public async Task Who_tries_other_secrets_is_looked_at_less_and_less_often_and_a_right_link_always()
    {
        var link = Invite();
        using var browser = gateway.Browser();
        HttpStatusCode answer = default;
        for (var guess = 0; guess <= AttemptRules.FreeOfMany; guess++)
        {
            answer = (await browser.GetAsync($"/invitation/abcd-efgh-{guess}")).StatusCode;
        }

        Assert.Equal((HttpStatusCode.TooManyRequests, HttpStatusCode.OK), (answer, (await browser.GetAsync(link)).StatusCode));
    }

    [Fact]
    public void The_secret_has_140_bits_stands_nowhere_in_the_store_and_is_read_as_people_type_it()
    {
        var secret = Invite()["/invitation/".Length..];
        Assert.Matches("^([2-9a-km-np-z]{4}-){6}[2-9a-km-np-z]{4}$", secret);
        Assert.Equal(Invitation.Digest(secret), Invitation.Digest(secret.ToUpperInvariant().Replace("-", " ", StringComparison.Ordinal)));
        Assert.NotEqual(secret, Invite("lea")["/invitation/".Length..]);
        foreach (var file in Directory.EnumerateFiles(gateway.Folder, "quartier.db*"))
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
            Assert.DoesNotContain(secret, reader.ReadToEnd(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Whoever_is_logged_in_is_told_and_goes_when_somebody_else_chooses_their_password_there()
    {
        var link = Invite();
        using var browser = await gateway.LogIn("facility");
        Assert.Contains("als facility angemeldet", await Text(await browser.GetAsync(link)), StringComparison.Ordinal);
        await Use(browser, link);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Redirect), ((await browser.GetAsync("/now")).StatusCode, (await browser.GetAsync("/fleet")).StatusCode));
        Assert.Empty(gateway.Database.Read(db => SessionsTable.Of(db, "facility", gateway.Time.Now)));
    }

    private string Invite(string name = "mia") =>
        "/invitation/" + gateway.Database.Write(db => Invitations.Add(db, gateway.Time.Now, "admin", name, [Roles.Street])).Secret;

    private static Task<HttpResponseMessage> Use(HttpClient browser, string link) =>
        GatewayUnderTest.Post(browser, link, link, ("password", Chosen), ("again", Chosen));

    private static async Task<string> Text(HttpResponseMessage answer) => WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());

    private IReadOnlyList<AuditEntry> Audited() => gateway.Database.Read(db => AuditTable.Latest(db, 50));

    private async Task<HttpStatusCode> Enter(string name, string password)
    {
        using var browser = gateway.Browser();
        return (await GatewayUnderTest.Post(browser, "/log-in", "/log-in", ("name", name), ("password", password))).StatusCode;
    }
}
