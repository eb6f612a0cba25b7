using System.Net;
using System.Net.Http.Json;
using NodaTime;
using Quartier.Gateway.Domain.Accounts;
using Quartier.Gateway.Domain.Audit;
using Xunit;

namespace Quartier.Tests.Gateway.Accounts;

/// <summary>Guessing is slowed down and nobody is locked out; a session ends when it should. Everybody comes from one address, as
/// behind a proxy, unless a forwarded header says otherwise.</summary>
public sealed class LogInTests : IAsyncLifetime
{
    private const string Password = "street-demo";
    private readonly GatewayUnderTest gateway = new();

    public Task InitializeAsync() => gateway.InitializeAsync();

    public Task DisposeAsync() => gateway.DisposeAsync();

    [Fact]
    public async Task Guessing_is_slowed_down_for_the_account_however_many_addresses_try()
    {
        var answers = new List<HttpStatusCode>();
        for (var address = 1; address <= AttemptRules.FreeOfOne + 1; address++)
        {
            answers.Add((await Try("street", "guess", $"198.51.100.{address}")).StatusCode);
        }

        Assert.All(answers[..^1], answer => Assert.Equal(HttpStatusCode.Unauthorized, answer));
        Assert.Equal(HttpStatusCode.TooManyRequests, answers[^1]);

        // Not even the right password is looked at too early; a second later it is.
        var early = await Try("street", Password, "198.51.100.99");
        Assert.Equal((HttpStatusCode.TooManyRequests, TimeSpan.FromSeconds(1)), (early.StatusCode, early.Headers.RetryAfter!.Delta));
        Assert.Contains("Bitte 1 Sekunden warten", WebUtility.HtmlDecode(await early.Content.ReadAsStringAsync()), StringComparison.Ordinal);
        gateway.Time.Now += Duration.FromSeconds(1);
        Assert.Equal(HttpStatusCode.Redirect, (await Try("street", Password, "198.51.100.99")).StatusCode);
    }

    [Fact]
    public async Task A_phone_that_has_logged_in_before_comes_in_while_its_name_and_its_address_are_under_attack()
    {
        using var phone = await gateway.LogIn("street");
        for (var guess = 0; guess < 40; guess++)
        {
            await Try("street", "guess");
            await Try($"nobody-{guess}", "guess");
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, (await Try("street", Password)).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await Enter(phone, "street", Password)).StatusCode);

        // Its own limit, and only under its own name.
        for (var guess = 0; guess < AttemptRules.FreeOfOne; guess++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await Enter(phone, "street", "guess")).StatusCode);
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, (await Enter(phone, "street", Password)).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await Enter(phone, "facility", "guess")).StatusCode);
    }

    [Fact]
    public async Task Nobody_who_logs_in_rightly_counts_against_an_address()
    {
        for (var colleague = 0; colleague < AttemptRules.FreeOfMany * 3; colleague++)
        {
            using var browser = await gateway.LogIn("street");
        }
    }

    [Fact]
    public async Task The_usb_tool_is_slowed_down_too()
    {
        using var tool = gateway.Browser();
        HttpStatusCode answer = default;
        for (var guess = 0; guess <= AttemptRules.FreeOfOne; guess++)
        {
            answer = (await tool.PostAsJsonAsync("/api/provision/session", new { name = "facility", password = "guess" })).StatusCode;
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, answer);
    }

    [Fact]
    public async Task The_audit_log_names_whom_somebody_tried_to_be_and_where_from()
    {
        await Try("admin", "guess", "198.51.100.7");
        await Try("abcd-efgh-2345-6789", "typed into the wrong field", "2001:db8:1:2:3:4:5:6");
        await Try("a\tb", "x", "198.51.100.8");
        var rows = gateway.Database.Read(db => AuditTable.Latest(db, 3));
        Assert.Equal(
            [("account.log-in-refused", "a·b", "198.51.100.8"), ("account.log-in-refused", "…", "2001:db8:1:2::/64"), ("account.log-in-refused", "admin", "198.51.100.7")],
            rows.Select(row => (row.Action, row.Subject, row.Detail)));
    }

    [Fact]
    public async Task A_log_out_ends_the_session_on_the_server_for_whoever_kept_the_cookie()
    {
        using var browser = gateway.Browser();
        var entered = await Enter(browser, "street", Password);
        var cookie = entered.Headers.GetValues("Set-Cookie").Single(set => set.StartsWith("quartier=", StringComparison.Ordinal)).Split(';')[0];
        Assert.Equal(HttpStatusCode.OK, await With(cookie, "/now"));
        Assert.Equal(HttpStatusCode.Redirect, (await GatewayUnderTest.Post(browser, "/now", "/log-out")).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, await With(cookie, "/now"));
    }

    [Fact]
    public async Task A_session_ends_after_twelve_hours_however_busy_it_was()
    {
        using var browser = await gateway.LogIn("street");
        for (var hour = 0; hour < 11; hour++)
        {
            gateway.Time.Now += Duration.FromHours(1);
            Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/now")).StatusCode);
        }

        gateway.Time.Now += Duration.FromHours(1);
        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync("/now")).StatusCode);
    }

    [Fact]
    public async Task A_forged_link_is_looked_at_less_and_less_often_and_a_right_one_always()
    {
        using var browser = gateway.Browser();
        HttpStatusCode answer = default;
        for (var guess = 0; guess <= AttemptRules.FreeOfMany; guess++)
        {
            answer = (await browser.GetAsync($"/l/1.{guess}.forged")).StatusCode;
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, answer);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await browser.PostAsync("/l/1.2.forged", null)).StatusCode);
        var key = (Quartier.Gateway.Domain.Alerts.LinkKey)gateway.Services.GetService(typeof(Quartier.Gateway.Domain.Alerts.LinkKey))!;
        var token = Quartier.Gateway.Domain.Alerts.AcknowledgeLink.Token(key, 1, gateway.Time.Now);
        Assert.Equal(HttpStatusCode.Gone, (await browser.GetAsync("/l/" + token)).StatusCode);
    }

    /// <summary>A browser of its own, that nobody has seen before.</summary>
    private async Task<HttpResponseMessage> Try(string name, string password, string? from = null)
    {
        using var browser = gateway.Browser();
        if (from is not null)
        {
            browser.DefaultRequestHeaders.Add("X-Forwarded-For", from);
        }

        return await Enter(browser, name, password);
    }

    private static Task<HttpResponseMessage> Enter(HttpClient browser, string name, string password) =>
        GatewayUnderTest.Post(browser, "/log-in", "/log-in", ("name", name), ("password", password));

    private async Task<HttpStatusCode> With(string cookie, string page)
    {
        using var thief = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = gateway.Console };
        thief.DefaultRequestHeaders.Add("Cookie", cookie);
        return (await thief.GetAsync(page)).StatusCode;
    }
}
