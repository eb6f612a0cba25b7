using System.Net;
using Quartier.Gateway.Host;
using Quartier.Simulator.Demo;
using Xunit;

namespace Quartier.Tests.Gateway;

/// <summary>What a person reads where a request came to nothing: words and a way on, never a browser's own error page.</summary>
public sealed class ErrorPageTests(GatewayUnderTest gateway) : IClassFixture<GatewayUnderTest>
{
    [Theory]
    [InlineData("/alerts/9999", "Diese Seite gibt es nicht")]
    [InlineData("/deliveries/9999", "Diese Seite gibt es nicht")]
    [InlineData("/nowhere", "Diese Seite gibt es nicht")]
    public async Task What_is_gone_is_said_in_words(string path, string words)
    {
        using var browser = Person(await gateway.LogIn("street"));
        var answer = await browser.GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        await Says(answer, words);
    }

    [Fact]
    public async Task A_form_that_was_open_for_too_long_says_that_nothing_was_changed()
    {
        using var browser = Person(await gateway.LogIn("facility"));
        var answer = await browser.PostAsync("/fleet/revoke", new FormUrlEncodedContent([new("id", DemoQuarter.Screen)]));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        await Says(answer, "Es wurde nichts geändert.");
    }

    [Fact]
    public async Task Too_large_an_upload_says_how_much_is_taken()
    {
        using var browser = Person(await gateway.LogIn("editor"));
        using var form = new MultipartFormDataContent { { new ByteArrayContent(new byte[6 * 1024 * 1024]), "file", "feed.xml" } };
        var answer = await browser.PostAsync("/offers/import", form);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        await Says(answer, "Mehr als 5 MB");
    }

    [Fact]
    public async Task A_button_pressed_after_the_session_ran_out_leads_back_to_its_page()
    {
        using var browser = Person(gateway.Browser());
        using var press = new HttpRequestMessage(HttpMethod.Post, "/alerts/1/acknowledge");
        press.Headers.Referrer = new Uri(gateway.Console, "/alerts/1?late=1");
        Assert.EndsWith("/log-in?back=%2Falerts%2F1%3Flate%3D1", (await browser.SendAsync(press)).Headers.Location!.OriginalString, StringComparison.Ordinal);

        using var foreign = new HttpRequestMessage(HttpMethod.Post, "/alerts/1/acknowledge");
        foreign.Headers.Referrer = new Uri("https://evil.example/alerts/1");
        Assert.EndsWith("/log-in?back=%2F", (await browser.SendAsync(foreign)).Headers.Location!.OriginalString, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_gets_the_bare_status()
    {
        using var program = await gateway.LogIn("street");
        Assert.Equal("", await (await program.GetAsync("/alerts/9999")).Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_fault_is_never_an_empty_answer()
    {
        var builder = Microsoft.AspNetCore.Builder.WebApplication.CreateSlimBuilder();
        await using var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        ErrorPages.Use(app, _ => { });
        Microsoft.AspNetCore.Builder.EndpointRouteBuilderExtensions.MapGet(app, "/fault", string () => throw new InvalidOperationException("seen"));
        await app.StartAsync();
        using var program = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        var answer = await program.GetAsync("/fault");
        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.StartsWith("Im Gateway ist ein Fehler aufgetreten", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static HttpClient Person(HttpClient browser)
    {
        browser.DefaultRequestHeaders.Accept.ParseAdd("text/html,application/xhtml+xml;q=0.9,*/*;q=0.8");
        return browser;
    }

    private static async Task Says(HttpResponseMessage answer, string words)
    {
        Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains(words, WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync()), StringComparison.Ordinal);
        Assert.StartsWith("default-src 'none'", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
    }
}
