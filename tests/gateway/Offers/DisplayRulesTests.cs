using NodaTime;
using Quartier.Gateway.Domain.Offers;
using Quartier.Gateway.Domain.Registry;
using Xunit;

namespace Quartier.Tests.Gateway.Offers;

/// <summary>"Shows the current state" is said of a screen that proved it, and of no other.</summary>
public sealed class DisplayRulesTests
{
    private const string Now = "aaaaaaaaaaaaaaaa";
    private static readonly Instant At = Instant.FromUtc(2026, 11, 28, 8, 0);

    [Theory]
    [InlineData(Display.Current, true, false, true, Now, 5, 0, 0)]
    [InlineData(Display.Blocked, true, true, true, Now, 5, 0, 0)]
    [InlineData(Display.Blocked, false, false, true, Now, 5, 0, 0)]
    [InlineData(Display.Disconnected, true, false, false, Now, 5, 0, 0)]
    [InlineData(Display.Silent, true, false, true, Now, 13, 0, 0)]
    [InlineData(Display.Updating, true, false, true, "bbbbbbbbbbbbbbbb", 5, 0, 0)]
    [InlineData(Display.Updating, true, false, true, Now, 5, 1, 0)] // An offer changed, and the catalogue of it is not built yet.
    [InlineData(Display.Refusing, true, false, true, "bbbbbbbbbbbbbbbb", 5, 0, 3)]
    [InlineData(Display.Disconnected, true, false, false, "bbbbbbbbbbbbbbbb", 5, 0, 3)]
    [InlineData(Display.NeverConfirmed, true, false, true, null, 0, 0, 0)]
    public void A_screen_shows_the_current_state_only_with_proof_of_display(Display expected, bool registered, bool revoked, bool online, string? shown, int minutesAgo, int changes, int refusals)
    {
        Device[] devices = registered ? [Device.New("eselsberg-1", DeviceKind.Screen, "Fenster", "", "", At) with { Revoked = revoked }] : [];
        var state = new ScreenState("eselsberg-1", online, 320, 240, 153, shown ?? "", "now", 0, null, true, At);
        ScreenCatalogue[] confirmed = shown is null ? [] : [new ScreenCatalogue("eselsberg-1", shown, At - Duration.FromMinutes(minutesAgo), Now, At) { Target = Now, Refusals = refusals }];
        Assert.Equal(expected, Assert.Single(DisplayRules.Of(devices, [state], confirmed, new CatalogueState(Now, changes, At), At)).Display);
    }

    [Fact]
    public void No_screen_shows_the_current_state_while_there_is_no_catalogue()
    {
        var device = Device.New("eselsberg-1", DeviceKind.Screen, "Fenster", "", "", At);
        var state = new ScreenState("eselsberg-1", true, 320, 240, 153, "", "now", 0, null, true, At);
        Assert.Equal(Display.Updating, DisplayRules.Of([device], [state], [new ScreenCatalogue("eselsberg-1", "", At, "", null)], new CatalogueState("", 0, At), At)[0].Display);
    }

    [Fact]
    public void A_pod_is_no_screen() =>
        Assert.Empty(DisplayRules.Of([Device.New("0016c001f153a14c", DeviceKind.Shelter, "Nest", "", "", At)], [], [], new CatalogueState(Now, 0, At), At));
}
