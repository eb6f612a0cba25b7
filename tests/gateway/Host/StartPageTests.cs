using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Quartier.Gateway.Pages;
using Quartier.Gateway.Store;
using Quartier.Simulator.Demo;
using Xunit;

namespace Quartier.Tests.Gateway.Host;

/// <summary>What is red stands on the page that a person's work begins on, for those who can do something about it.</summary>
public sealed class StartPageTests(GatewayUnderTest gateway) : IClassFixture<GatewayUnderTest>
{
    private static readonly Fault OfNoPage = new("probe", "Probe: gelingt nicht.", "Probe: fails.", "Etwas tun.", "Do something.");

    [Theory]
    [InlineData(null, "street facility admin")]
    [InlineData("/clock", "street facility editor planner admin")]
    [InlineData("/deliveries/7", "street facility admin")]
    [InlineData("/offers", "street facility editor admin")]
    [InlineData("/planning", "street facility planner admin")]
    public async Task A_fault_is_red_on_the_start_page_of_everybody_whom_it_concerns(string? page, string roles)
    {
        var health = gateway.Services.GetRequiredService<GatewayHealth>();
        health.Raise(OfNoPage with { Page = page }, gateway.Time.Now);
        try
        {
            foreach (var account in DemoQuarter.Accounts)
            {
                using var browser = await gateway.LogIn(account.Name);
                var start = (await browser.GetAsync("/")).Headers.Location!.OriginalString;
                var shown = WebUtility.HtmlDecode(await browser.GetStringAsync(start));
                Assert.Equal((account.Role, roles.Split(' ').Contains(account.Role)), (account.Role, shown.Contains("Etwas tun.", StringComparison.Ordinal)));
            }
        }
        finally
        {
            health.Clear(OfNoPage.Name);
        }
    }

    [Fact]
    public async Task A_red_line_leads_nobody_to_a_page_that_is_closed_to_them()
    {
        var health = gateway.Services.GetRequiredService<GatewayHealth>();
        health.Raise(OfNoPage with { Page = "/deliveries/7" }, gateway.Time.Now);
        try
        {
            using var admin = await gateway.LogIn(Roles.Admin);
            using var facility = await gateway.LogIn(Roles.Facility);
            Assert.Contains("href=\"/deliveries/7\"", await admin.GetStringAsync("/fleet"), StringComparison.Ordinal);
            Assert.DoesNotContain("href=\"/deliveries/7\"", await facility.GetStringAsync("/fleet"), StringComparison.Ordinal);
        }
        finally
        {
            health.Clear(OfNoPage.Name);
        }
    }

    [Theory]
    [InlineData("facility", "/fleet")]
    [InlineData("editor", "/offers")]
    public async Task An_open_start_page_learns_of_a_fault(string role, string path)
    {
        using var browser = await gateway.LogIn(role);
        Assert.Matches("data-live=\"[^\"]*\\bhealth\\b", await browser.GetStringAsync(path));
    }
}
