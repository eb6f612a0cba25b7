using NodaTime;
using Quartier.Gateway.Domain.Registry;
using Quartier.Gateway.Ingest;
using Quartier.Gateway.Store;
using Quartier.Wire;
using Xunit;

namespace Quartier.Tests.Gateway.Registry;

/// <summary>Who is offered the gateway's root: screens in service that understand it and do not verify against it yet.</summary>
public sealed class RootOfferTests : IDisposable
{
    private const string Screen = "eselsberg-1";
    private static readonly byte[] Root = [.. Enumerable.Range(0, 64).Select(i => (byte)i)];
    private readonly TestStore store = new();
    private readonly Instant now = TestStore.Evening;
    private long sequence;

    public RootOfferTests()
    {
        store.Database.Write(db => RegistryTable.Add(db, Device.New(Screen, DeviceKind.Screen, "Quartierszentrale", "Eselsberg", "Eselsberg", now)));
        store.Database.Write(db => RootOffers.Set(db, new DeviceTls(8883, Root), 1883));
        LogIn(encrypted: false);
    }

    public void Dispose() => store.Dispose();

    [Fact]
    public void A_screen_without_TLS_is_offered_port_and_root()
    {
        var offer = Assert.Single(Say(new ScreenTransport { Host = "gateway" }));
        Assert.Equal((8883, 1883, now.ToUnixTimeSeconds()), (offer.Port, offer.TimePort, offer.IssuedAt));
        Assert.Equal(Root, offer.Root);
    }

    [Fact]
    public void Old_firmware_says_nothing_of_it_and_is_left_alone()
    {
        var hello = new ScreenHello { Firmware = "0.1", WidthPixels = 320, HeightPixels = 240, PitchMicrometres = 153 };
        var telemetry = new ScreenTelemetry { Page = "now" };
        Assert.Empty(Send(ScreenTopics.Hello, hello.Encode));
        Assert.Empty(Send(ScreenTopics.Telemetry, telemetry.Encode));
        Assert.Equal((1, null), (Plain, Known!.Said));
    }

    [Fact]
    public void A_screen_that_verifies_against_it_is_left_alone_and_one_with_another_root_is_offered_it()
    {
        LogIn(encrypted: true);
        Assert.Empty(Say(new ScreenTransport { Tls = true, Host = "gateway", Root = System.Security.Cryptography.SHA256.HashData(Root)[..8] }));
        Assert.Single(Say(new ScreenTransport { Tls = true, Host = "gateway", Root = new byte[8] }));
        Assert.Equal(0, Plain);
    }

    /// <summary>What stands before the gateway there has a certificate of somebody else's.</summary>
    [Fact]
    public void A_screen_that_speaks_TLS_to_something_before_the_gateway_is_left_alone()
    {
        Assert.Empty(Say(new ScreenTransport { Tls = true, Host = "city.example", Root = new byte[8] }));
        Assert.Equal(0, Plain);
    }

    [Fact]
    public void A_gateway_without_TLS_offers_nothing_any_more()
    {
        store.Database.Write(db => RootOffers.Set(db, null, 0));
        Assert.Empty(Say(new ScreenTransport { Host = "gateway" }));
    }

    [Fact]
    public void What_a_screen_tried_is_kept_and_a_log_in_of_the_other_kind_ends_what_it_said()
    {
        Say(new ScreenTransport { Host = "192.168.1.5", Offered = new byte[8], Trials = 2, Fault = 4 });
        Assert.Equal((2, SwitchFault.NotVerified, "192.168.1.5", false), (Known!.Trials, Known.Fault, Known.Host, Known.HasSwitched));
        LogIn(encrypted: true);
        Say(new ScreenTransport { Tls = true, Host = "gateway", Root = new byte[8] });
        Assert.True(Known!.HasSwitched);
        LogIn(encrypted: false);
        Assert.Equal((false, 1), (Known!.HasSwitched, Plain));
    }

    [Fact]
    public void A_revoked_screen_is_not_waited_for()
    {
        Assert.Equal(1, Plain);
        store.Database.Write(db => RegistryTable.Revoke(db, Screen));
        Assert.Equal(0, Plain);
    }

    private ScreenTransportState? Known => store.Database.Read(db => ScreenTransports.Find(db, Screen));

    private int Plain => store.Database.Read(ScreenTransports.CountPlain);

    private void LogIn(bool encrypted) => store.Database.Write(db => ScreenTransports.NoteLogIn(db, Screen, encrypted, now));

    private List<RootOffer> Say(ScreenTransport transport)
    {
        transport.Sequence = ++sequence;
        return Send(ScreenTopics.Transport, transport.Encode);
    }

    private List<RootOffer> Send(string leaf, Func<byte[], int> encode)
    {
        var buffer = new byte[512];
        var effects = new List<Publication>();
        store.Accept(new Envelope(ScreenTopics.Build(Screen, leaf), buffer[..encode(buffer)], Screen, now), effects: effects);
        return [.. effects.Where(effect => effect.Topic == ScreenTopics.Build(Screen, ScreenTopics.Root)).Select(effect =>
            RootOffer.TryDecode(effect.Payload, effect.Payload.Length, out var offer) ? offer : throw new InvalidOperationException("does not decode"))];
    }
}
