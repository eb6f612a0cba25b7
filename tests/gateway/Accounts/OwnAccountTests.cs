using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Quartier.Gateway.Domain.Accounts;
using Quartier.Gateway.Domain.Audit;
using Xunit;

namespace Quartier.Tests.Gateway.Accounts;

/// <summary>What a person does on the page of their own account.</summary>
public sealed partial class OwnAccountTests : IAsyncLifetime
{
    private const string Old = "street-demo";
    private const string Chosen = "lampe regen tisch";
    private readonly GatewayUnderTest gateway = new();

    public Task InitializeAsync() => gateway.InitializeAsync();

    public Task DisposeAsync() => gateway.DisposeAsync();

    [Fact]
    public async Task A_changed_password_ends_every_other_session_and_leaves_this_device_logged_in()
    {
        using var here = await gateway.LogIn("street");
        using var elsewhere = await gateway.LogIn("street");
        using var other = await gateway.LogIn("facility");
        var answer = await Change(here, Old, Chosen, Chosen);
        Assert.Equal((HttpStatusCode.Redirect, "/me?done=password"), (answer.StatusCode, answer.Headers.Location!.OriginalString));
        Assert.Contains("Das Passwort ist geändert", await Text(here, "/me?done=password"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await here.GetAsync("/now")).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await elsewhere.GetAsync("/now")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await other.GetAsync("/fleet")).StatusCode);
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Redirect), (await Enter("street", Old), await Enter("street", Chosen)));
        var rows = Audited();
        Assert.Contains(rows, row => row is { Action: "account.password-changed", Who: "street", Subject: "street" });
        Assert.DoesNotContain(rows, row => $"{row.Who} {row.Subject} {row.Detail}".Contains(Chosen, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("guess", Chosen, Chosen, "Das ist nicht das bisherige Passwort", "old")]
    [InlineData(Old, "kurz", "kurz", "Zu kurz", "new")]
    [InlineData(Old, "street-street-street", "street-street-street", "Zu leicht zu raten", "new")]
    [InlineData(Old, Chosen, "lampe regen stuhl", "Die Wiederholung ist eine andere", "again")]
    public async Task What_is_wrong_stands_at_its_field_and_nothing_is_changed(string old, string password, string again, string said, string field)
    {
        using var here = await gateway.LogIn("street");
        using var elsewhere = await gateway.LogIn("street");
        var answer = await Change(here, old, password, again);
        var page = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Matches($"<input id=\"{field}\"[^>]*aria-invalid=\"true\"[^>]*aria-describedby=\"{field}-fault", page);
        Assert.Matches($"id=\"{field}-fault\">{said}", page);
        Assert.Single(Invalid().Matches(page));
        Assert.DoesNotContain(password, Inputs(page), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await elsewhere.GetAsync("/now")).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, await Enter("street", Old));
    }

    [Fact]
    public async Task Who_found_an_open_session_guesses_at_the_old_password_slower_and_slower_and_keeps_nobody_else_out()
    {
        using var found = await gateway.LogIn("street");
        using var owner = await gateway.LogIn("street");
        for (var guess = 0; guess < AttemptRules.FreeOfOne; guess++)
        {
            Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Change(found, "guess", Chosen, Chosen)).StatusCode);
        }

        var early = await Change(found, Old, Chosen, Chosen);
        Assert.Equal((HttpStatusCode.TooManyRequests, TimeSpan.FromSeconds(1)), (early.StatusCode, early.Headers.RetryAfter!.Delta));
        Assert.Equal(HttpStatusCode.Redirect, (await Change(owner, Old, Chosen, Chosen)).StatusCode);
        Assert.Equal(AttemptRules.FreeOfOne, Audited().Count(row => row.Action == "account.password-change-refused"));
    }

    [Fact]
    public async Task A_person_sees_their_sessions_and_ends_one_or_all_others()
    {
        using var desk = await gateway.LogIn("street");
        gateway.Time.Now += Duration.FromMinutes(20);
        using var phone = gateway.Browser();
        phone.DefaultRequestHeaders.UserAgent.ParseAdd("Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/142.0 Mobile Safari/537.36");
        await GatewayUnderTest.Post(phone, "/log-in", "/log-in", ("name", "street"), ("password", Old));
        using var third = await gateway.LogIn("street");
        gateway.Time.Now += Duration.FromMinutes(10);
        await phone.GetAsync("/now");

        var page = await Text(desk, "/me");
        Assert.Equal(3, Handle().Count(page));
        Assert.Single(Here().Matches(page));
        var handle = PhoneHandle().Match(page).Groups[1].Value;
        Assert.Contains("Chrome, Android", page, StringComparison.Ordinal);
        var opened = gateway.Database.Read(db => SessionsTable.Of(db, "street", gateway.Time.Now)).Single(session => session.Handle == handle);
        Assert.Equal(gateway.Time.Now - Duration.FromMinutes(10), opened.SeenAt);

        // Seen in memory until it is written.
        var seen = gateway.Services.GetRequiredService<SeenSessions>();
        Assert.Equal(gateway.Time.Now, seen.Of([opened])[0].SeenAt);
        await seen.WriteAsync(gateway.Database);
        Assert.Equal(gateway.Time.Now, gateway.Database.Read(db => SessionsTable.Of(db, "street", gateway.Time.Now)).Single(session => session.Handle == handle).SeenAt);

        await GatewayUnderTest.Post(desk, "/me", "/me/sessions/end", ("session", handle));
        Assert.Equal((HttpStatusCode.Redirect, HttpStatusCode.OK), ((await phone.GetAsync("/now")).StatusCode, (await third.GetAsync("/now")).StatusCode));
        await GatewayUnderTest.Post(desk, "/me", "/me/sessions/end");
        Assert.Equal((HttpStatusCode.Redirect, HttpStatusCode.OK), ((await third.GetAsync("/now")).StatusCode, (await desk.GetAsync("/now")).StatusCode));
        Assert.Equal(
            [("account.sessions-ended", "1"), ("account.session-ended", "Chrome, Android")],
            Audited().Where(row => row.Action.StartsWith("account.session", StringComparison.Ordinal)).Select(row => (row.Action, row.Detail)));
    }

    [Fact]
    public async Task Nobody_ends_a_session_of_somebody_else()
    {
        using var street = await gateway.LogIn("street");
        using var facility = await gateway.LogIn("facility");
        var handle = gateway.Database.Read(db => SessionsTable.Of(db, "street", gateway.Time.Now)).Single().Handle;
        Assert.DoesNotContain(handle, await Text(facility, "/me"), StringComparison.Ordinal);
        await GatewayUnderTest.Post(facility, "/me", "/me/sessions/end", ("session", handle));
        await GatewayUnderTest.Post(facility, "/me", "/me/sessions/end");
        Assert.Equal(HttpStatusCode.OK, (await street.GetAsync("/now")).StatusCode);
    }

    private static Task<HttpResponseMessage> Change(HttpClient browser, string old, string password, string again) =>
        GatewayUnderTest.Post(browser, "/me", "/me/password", ("old", old), ("password", password), ("again", again));

    private static async Task<string> Text(HttpClient browser, string path) => WebUtility.HtmlDecode(await browser.GetStringAsync(path));

    private static string Inputs(string page) => string.Join('\n', Input().Matches(page).Select(match => match.Value));

    private IReadOnlyList<AuditEntry> Audited() => gateway.Database.Read(db => AuditTable.Latest(db, 50));

    private async Task<HttpStatusCode> Enter(string name, string password)
    {
        using var browser = gateway.Browser();
        return (await GatewayUnderTest.Post(browser, "/log-in", "/log-in", ("name", name), ("password", password))).StatusCode;
    }

    [GeneratedRegex("aria-invalid=\"true\"")]
    private static partial Regex Invalid();

    [GeneratedRegex("<input (?!type=\"hidden\")[^>]*>")]
    private static partial Regex Input();

    [GeneratedRegex("name=\"session\" value=\"[0-9a-f]{64}\"")]
    private static partial Regex Handle();

    [GeneratedRegex("Chrome, Android(?:(?!<tr>).)*?name=\"session\" value=\"([0-9a-f]{64})\"", RegexOptions.Singleline)]
    private static partial Regex PhoneHandle();

    [GeneratedRegex("dieses Gerät")]
    private static partial Regex Here();
}
