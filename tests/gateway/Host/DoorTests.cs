using System.Net;
using NodaTime;
using Quartier.Gateway.Domain.Registry;
using Quartier.Gateway.Host;
using Quartier.Gateway.Outputs.Notify;
using Quartier.Gateway.Pages;
using Quartier.Gateway.Store.Outbox;
using Xunit;

namespace Quartier.Tests.Gateway.Host;

/// <summary>What comes in by an address, and what goes out into logs and letters.</summary>
public sealed class DoorTests(GatewayUnderTest gateway) : IClassFixture<GatewayUnderTest>
{
    [Theory]
    [InlineData("localhost", true)]
    [InlineData("demo.localhost", true)]
    [InlineData("192.0.2.7", true)]
    [InlineData("[2001:db8::1]", true)]
    [InlineData("nester.example", true)]
    [InlineData("NESTER.example.", true)]
    [InlineData("gateway", true)]
    [InlineData("evil.example", false)]
    [InlineData("localhost.evil.example", false)]
    [InlineData("192.0.2.7.evil.example", false)]
    public void The_console_answers_under_its_own_names_and_under_digits(string host, bool allowed)
    {
        var names = AllowedHosts.Of(new GatewayOptions { DataDirectory = "", PublicUrl = new Uri("https://nester.example/"), HostNames = ["gateway"] });
        Assert.Equal(allowed, AllowedHosts.IsAllowed(host, names));
    }

    [Fact]
    public async Task A_name_that_somebody_else_points_here_gets_no_page()
    {
        using var browser = gateway.Browser();
        browser.DefaultRequestHeaders.Host = "evil.example";
        Assert.Equal(HttpStatusCode.MisdirectedRequest, (await browser.GetAsync("/log-in")).StatusCode);
    }

    [Theory]
    [InlineData("/\u00fcbersicht?a=\u00e4 b", "/%C3%BCbersicht?a=%C3%A4%20b")]
    [InlineData("/\ud83d\ude00", "/%F0%9F%98%80")]
    [InlineData("/a\ufffd", "/a%EF%BF%BD")]
    [InlineData("/a\u0007", "/now")]
    [InlineData("//evil.example", "/now")]
    [InlineData("~/x", "/now")]
    public async Task The_way_back_never_faults(string back, string expected)
    {
        using var browser = gateway.Browser();
        var answer = await GatewayUnderTest.Post(browser, "/log-in", "/log-in", ("name", "street"), ("password", "street-demo"), ("back", back));
        Assert.Equal((HttpStatusCode.Redirect, expected), (answer.StatusCode, answer.Headers.Location?.OriginalString));
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/log-in?back=" + Uri.EscapeDataString(back))).StatusCode);
    }

    [Fact]
    public void No_control_character_reaches_a_log_a_letter_or_a_devices_name()
    {
        const string Text = "Nest\r\nfail: forged\u001b[31m \u202eevil\u0085";
        Assert.Equal("Nest  fail: forged·[31m ·evil·", PlainLine.Of(Text));
        var mail = MailText.Compose(new Mail("a@example.org", Text, "a\u001bb", false, null), "b@example.org", "1", Instant.FromUtc(2026, 11, 28, 8, 0)).ToString();
        Assert.DoesNotContain("=1B", mail, StringComparison.Ordinal);
        var device = Device.New("x", DeviceKind.Shelter, Text, Text, Text, TestStore.Evening);
        Assert.DoesNotContain(device.Name + device.Place + device.Area, char.IsControl);
    }
}

/// <summary>In the commands' collection, since it reads what the process says.</summary>
[Collection(nameof(CommandTests))]
public sealed class ServeUsageTests
{
    [Theory]
    [InlineData("--listen", "everywhere")]
    [InlineData("--listen", "")]
    [InlineData("--http-port", "70000")]
    [InlineData("--mqtt-port", "-2")]
    public void A_wrong_address_or_port_is_a_sentence(string option, string value)
    {
        var (code, _, errors) = CommandTests.Run("serve", option, value, "--data", Path.Combine(Path.GetTempPath(), "quartier-never-made"));
        Assert.Equal(Quartier.Gateway.Host.Commands.CommandLine.WrongUsage, code);
        Assert.Contains(option, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }
}
