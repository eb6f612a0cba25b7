using System.Net;
using NodaTime;
using Quartier.Gateway.Domain.Audit;
using Quartier.Gateway.Host;
using Quartier.Gateway.Store;
using Quartier.Simulator.Demo;
using Xunit;

namespace Quartier.Tests.Gateway.Host;

/// <summary>Somebody set the gateway's clock three hours ahead; an administrator looks and presses.</summary>
public sealed class ClockPageTests(GatewayUnderTest gateway) : IClassFixture<GatewayUnderTest>
{
    private const string Press = "Die Zeit dieses Rechners stimmt";

    [Fact]
    public async Task An_administrator_sees_both_times_and_confirms_and_nobody_else_can()
    {
        var red = ClockWatch.Fault.German;
        var admin = await gateway.LogIn("admin");
        Assert.DoesNotContain(red, await Text(admin, "/clock"));

        gateway.Time.SetAhead = Duration.FromHours(3);
        ((ClockWatch)gateway.Services.GetService(typeof(ClockWatch))!).Step(gateway.Database, (GatewayHealth)gateway.Services.GetService(typeof(GatewayHealth))!);
        Assert.Contains("clock: red since", await (await admin.GetAsync("/healthz")).Content.ReadAsStringAsync());
        Assert.Contains(red, await Text(admin, "/now"));
        var page = await Text(admin, "/clock");
        Assert.Contains("22.11.2026 19:30", page);
        Assert.Contains("22.11.2026 22:30", page);
        Assert.Contains(Press, page);

        foreach (var account in DemoQuarter.Accounts.Where(account => account.Name != "admin"))
        {
            using var other = await gateway.LogIn(account.Name);
            Assert.DoesNotContain(Press, await Text(other, "/clock"));
            await GatewayUnderTest.Post(other, "/log-in", "/clock/confirm");
        }

        using var nobody = gateway.Browser();
        await GatewayUnderTest.Post(nobody, "/log-in", "/clock/confirm");
        Assert.StartsWith("/log-in", (await nobody.GetAsync("/clock")).Headers.Location?.PathAndQuery);
        Assert.NotNull(gateway.Database.Read(ClockTable.Find));

        await GatewayUnderTest.Post(admin, "/clock", "/clock/confirm");
        Assert.Null(gateway.Database.Read(ClockTable.Find));
        Assert.DoesNotContain("clock", await (await admin.GetAsync("/healthz")).Content.ReadAsStringAsync());
        Assert.DoesNotContain(red, await Text(admin, "/clock"));
        Assert.DoesNotContain(red, await Text(admin, "/now"));
        var kept = Assert.Single(gateway.Database.Read(db => AuditTable.Latest(db, 100)), entry => entry.Action == "clock.confirmed");
        Assert.Equal("admin", kept.Who);
    }

    private static async Task<string> Text(HttpClient browser, string path) => WebUtility.HtmlDecode(await browser.GetStringAsync(path));
}
