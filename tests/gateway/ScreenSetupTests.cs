using NodaTime;
using Quartier.Gateway.Domain.Registry;
using Quartier.Gateway.Ingest;
using Quartier.Gateway.Store;
using Quartier.Wire;
using Xunit;

namespace Quartier.Tests.Gateway;

/// <summary>A screen learns its place, languages and emergency numbers after its hello, once.</summary>
public sealed class ScreenSetupTests : IDisposable
{
    private const string Screen = "eselsberg-1";
    private readonly TestStore store = new();
    private Instant now = TestStore.Evening;
    private int sequence;

    public ScreenSetupTests() => Register("Alter Eselsberg");

    public void Dispose() => store.Dispose();

    [Fact]
    public void Its_first_hello_is_answered_with_place_languages_and_numbers()
    {
        var settings = Assert.Single(Hello(""));
        Assert.Equal("Alter Eselsberg", settings.Place);
        Assert.Equal(["de", "en"], settings.Languages);
        Assert.Equal(["112", "110", "116 117", "0800 1110111"], settings.EmergencyNumbers[..4]);
        Assert.Equal(("Polizei", "Police"), (settings.EmergencyGerman[1], settings.EmergencyEnglish[1]));
    }

    [Fact]
    public void A_screen_that_has_them_is_told_again_only_when_they_changed_or_after_a_day()
    {
        Assert.Single(Hello("0011223344556677"));
        Assert.Empty(Hello("0011223344556677"));
        Register("Bürgerhaus");
        Assert.Equal("Bürgerhaus", Assert.Single(Hello("0011223344556677")).Place);
        Assert.Empty(Hello("0011223344556677"));
        now += Duration.FromHours(25);
        Assert.Single(Hello("0011223344556677"));
    }

    [Fact]
    public void A_screen_that_forgot_its_content_is_told_again()
    {
        Assert.Single(Hello(""));
        Assert.Single(Hello(""));
    }

    [Fact]
    public void A_very_long_place_is_cut_between_letters()
    {
        Register(new string('ü', 80));
        Assert.Equal(new string('ü', 48), Assert.Single(Hello("")).Place);
    }

    private void Register(string place) =>
        store.Database.Write(db => RegistryTable.Add(db, Device.New(Screen, DeviceKind.Screen, "Quartierszentrale", place, "Eselsberg", now)));

    private List<ScreenSettings> Hello(string catalogue)
    {
        var buffer = new byte[256];
        var hello = new ScreenHello
        {
            Sequence = ++sequence, Firmware = "0.1", WidthPixels = 320, HeightPixels = 240, PitchMicrometres = 153, Catalogue = Convert.FromHexString(catalogue),
        };
        var effects = new List<Publication>();
        store.Accept(new Envelope(ScreenTopics.Build(Screen, ScreenTopics.Hello), buffer[..hello.Encode(buffer)], Screen, now), effects: effects);
        return [.. effects.Where(effect => effect.Topic == ScreenTopics.Build(Screen, ScreenTopics.Settings)).Select(effect =>
        {
            Assert.False(effect.Retain);
            Assert.True(ScreenSettings.TryDecode(effect.Payload, effect.Payload.Length, out var settings));
            return settings;
        })];
    }
}
