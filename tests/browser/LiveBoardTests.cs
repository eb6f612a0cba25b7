using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using NodaTime;
using Quartier.Gateway.Domain.Registry;
using Quartier.Gateway.Store;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Quartier.Tests.Browser;

/// <summary>The board while it stands open: cards that changed are exchanged, the others stay the very elements they were.</summary>
public sealed class LiveBoardTests(Quarter quarter) : IClassFixture<Quarter>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Only_what_changed_is_exchanged_and_new_pods_come_and_revoked_ones_go(bool phone)
    {
        var (first, second, third) = phone ? ("70b3d57ed00000a1", "70b3d57ed00000a2", "70b3d57ed00000a3") : ("70b3d57ed00000b1", "70b3d57ed00000b2", "70b3d57ed00000b3");
        Register(first, "Erstes", "Hof");
        Register(second, "Zweites", "Hof");
        var page = await quarter.OpenConsole("street", "/board", phone: phone);
        await Expect(page.Locator($"[data-part='{second}']")).ToContainTextAsync("Zweites");
        await page.EvaluateAsync("() => document.querySelectorAll('[data-part]').forEach(part => { part.wasHere = true; })");

        Register(first, "Erstes", "Garten");
        await Expect(page.Locator($"[data-part='{first}']")).ToContainTextAsync("Garten");
        Assert.True(await WasHere(page, second));
        Assert.False(await WasHere(page, first));

        Register(third, "Drittes", "Dach");
        await Expect(page.Locator($"[data-part='{third}']")).ToContainTextAsync("Dach");
        Assert.True(await WasHere(page, second));

        Database.Write(db => RegistryTable.Revoke(db, third));
        await Expect(page.Locator($"[data-part='{third}']")).ToHaveCountAsync(0);
        Assert.True(await WasHere(page, second));
        await Quarter.Picture(page, phone ? "board-live-phone" : "board-live");
    }

    private Database Database => quarter.Demo.GatewayServices.GetRequiredService<Database>();

    private static Task<bool> WasHere(IPage page, string device) => page.EvaluateAsync<bool>($"() => document.querySelector(\"[data-part='{device}']\").wasHere === true");

    private void Register(string device, string name, string place) => Database.Write(
        db => RegistryTable.Add(db, Device.New(device, DeviceKind.Shelter, name, place, "Eselsberg", Instant.FromUtc(2026, 11, 28, 8, 0))));
}
