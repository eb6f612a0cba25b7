using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Quartier.Gateway.Ingest;
using Quartier.Gateway.Store;
using Quartier.Simulator.Demo;
using Quartier.Tests.Support;
using Quartier.Wire;
using Xunit;

namespace Quartier.Tests.Gateway;

/// <summary>What the console's pages say in one fixed evening: a pod with smoke, a pod that is occupied, refused messages.</summary>
public sealed class GoldenPageTests(GoldenPageTests.Evening evening) : IClassFixture<GoldenPageTests.Evening>
{
    private readonly GatewayUnderTest gateway = evening.Gateway;

    [Theory]
    [InlineData("street", "/board/pods", "de", "board")]
    [InlineData("street", "/board/pods", "en", "board")]
    [InlineData("facility", "/fleet/list", "de", "fleet")]
    [InlineData("facility", "/fleet/list", "en", "fleet")]
    [InlineData("facility", "/refusals/list", "de", "refusals")]
    [InlineData("facility", "/refusals/list", "en", "refusals")]
    public async Task A_page_is_as_its_golden_file(string account, string path, string language, string name)
    {
        using var browser = await gateway.LogIn(account, language);
        var html = System.Net.WebUtility.HtmlDecode(GatewayUnderTest.WithoutTokens(await browser.GetStringAsync(path)));
        Golden.Matches($"tests/gateway/golden/{name}.{language}.html", html);
    }

    [Fact]
    public async Task The_log_in_page_is_as_its_golden_file() =>
        Golden.Matches("tests/gateway/golden/log-in.de.html", System.Net.WebUtility.HtmlDecode(GatewayUnderTest.WithoutTokens(await gateway.Browser().GetStringAsync("/log-in"))));

    [Fact]
    public async Task A_silent_pod_is_unknown_on_the_page_too()
    {
        var evening = gateway.Time.Now;
        gateway.Time.Now += Duration.FromMinutes(30);
        using var browser = await gateway.LogIn("street");
        var page = System.Net.WebUtility.HtmlDecode(await browser.GetStringAsync("/board"));
        gateway.Time.Now = evening;
        Assert.Contains("Keine Meldung seit heute 19:30", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<strong>Frei</strong>", page, StringComparison.Ordinal);
    }

    /// <summary>One host for all the pages: none of them changes it.</summary>
    public sealed class Evening : IAsyncLifetime
    {
        public GatewayUnderTest Gateway { get; } = new();

        public async Task InitializeAsync()
        {
            await Gateway.InitializeAsync();
            var now = Gateway.Time.Now;
            Gateway.Accept(Uplink.Status(Uplink.Occupied(12), 1, now, DemoQuarter.Karlsplatz));
            Gateway.Accept(Uplink.Status(Uplink.Free(612), 1, now, DemoQuarter.AlterFriedhof));
            Gateway.Accept(Uplink.Alarm(AlarmKind.Smoke, true, 5, 2, now, DemoQuarter.AlterFriedhof));
            Gateway.Accept(Uplink.Status(Uplink.Free(), 1, now, "70b3d57ed00000aa"));
            Gateway.Accept(new Envelope("somewhere/else", "hello <b>"u8.ToArray(), "chirpstack", now));
            Gateway.Time.Now = now + Duration.FromMinutes(4);

            // Or duties would seem to have stood still until the host's next round.
            Gateway.Services.GetRequiredService<GatewayHealth>().Stepped();
        }

        public Task DisposeAsync() => Gateway.DisposeAsync();
    }
}
