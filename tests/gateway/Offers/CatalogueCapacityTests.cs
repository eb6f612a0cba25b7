using Dapper;
using NodaTime;
using Quartier.Gateway.Domain.Offers;
using Quartier.Gateway.Ingest;
using Quartier.Gateway.Store;
using Quartier.Wire;
using Xunit;

namespace Quartier.Tests.Gateway.Offers;

/// <summary>No screen is sent more than it can keep, and one that refuses all the same is not worn out.</summary>
public sealed class CatalogueCapacityTests : IDisposable
{
    private static readonly Instant Start = Instant.FromUtc(2026, 11, 21, 8, 0);
    private readonly TestStore store = new();

    public void Dispose() => store.Dispose();

    [Fact]
    public void A_screen_gets_as_many_offers_as_it_says_that_it_can_keep_the_soonest()
    {
        Put(600);
        var screen = Says(500, 1_000_000);
        screen.Hello(Start);
        Assert.Equal(Enumerable.Range(0, 500).Select(Id), screen.Offers);
        var place = Place(screen);
        Assert.Equal((screen.Digest, 500, true), (place.Target, place.TargetCount, place.SaysCapacity));
        Assert.Equal(600, store.Database.Read(CatalogueTable.State).Total);
    }

    [Fact]
    public void The_bytes_of_the_payloads_are_a_limit_too()
    {
        Put(600);
        var screen = Says(1000, 40_000);
        screen.Hello(Start);
        Assert.InRange(screen.PayloadBytes, 38_000, 40_000);
        Assert.Equal(Enumerable.Range(0, screen.Shown.Count).Select(Id), screen.Offers);
    }

    [Fact]
    public void A_screen_that_says_no_capacity_gets_what_three_times_fits_the_smallest_module()
    {
        Put(600);
        var screen = Says(0, 0);
        screen.Hello(Start);
        Assert.Equal(Enumerable.Range(0, 18).Select(Id), screen.Offers);
        Assert.InRange(3 * screen.Shown.Count, 0, 57);
        Assert.False(Place(screen).SaysCapacity);
    }

    [Fact]
    public void Screens_that_say_the_same_share_a_catalogue_and_others_have_their_own()
    {
        Put(600);
        DeskScreen[] screens = [Says(500, 1_000_000, "a-1"), Says(500, 1_000_000, "a-2"), Says(100, 1_000_000, "a-3"), Says(0, 0, "a-4"), Says(18, ScreenCapacity.Unsaid.Bytes, "a-5")];
        foreach (var screen in screens)
        {
            screen.Hello(Start);
        }

        Assert.Equal([500, 500, 100, 18, 18], screens.Select(screen => screen.Shown.Count));
        Assert.Equal(screens[0].Digest, screens[1].Digest);
        Assert.Equal(screens[3].Digest, screens[4].Digest);
        Assert.Equal(4, store.Database.Read(CatalogueTable.Capacities).Count);
    }

    [Fact]
    public void A_screen_with_room_for_all_shows_all_whatever_its_capacity()
    {
        Put(40);
        DeskScreen[] screens = [Says(500, 1_000_000, "a-1"), Says(40, 16_000_000, "a-2")];
        foreach (var screen in screens)
        {
            screen.Hello(Start);
            Assert.Equal(40, screen.Shown.Count);
        }

        Assert.Equal(store.Database.Read(CatalogueTable.State).Digest, screens[0].Digest);
        Assert.Equal(screens[0].Digest, screens[1].Digest);
    }

    [Fact]
    public void A_screen_that_says_more_than_before_gets_more_at_once_and_the_old_capacity_is_forgotten()
    {
        Put(600);
        var screen = Says(100, 1_000_000);
        screen.Hello(Start);
        Assert.Equal(100, screen.Shown.Count);
        screen.Capacity = new ScreenCapacity(300, 1_000_000);
        screen.Hello(Start + Duration.FromMinutes(1));
        Assert.Equal(300, screen.Shown.Count);
        Put(601);
        Build(Start + Duration.FromMinutes(2));
        // Its own, that of screens that say nothing, and the greatest.
        Assert.Equal(3, store.Database.Read(db => db.ExecuteScalar<long>("SELECT COUNT(*) FROM catalogue_cuts")));
    }

    [Fact]
    public void A_change_is_sent_to_each_screen_against_its_own_catalogue()
    {
        Put(600);
        DeskScreen[] screens = [Says(500, 1_000_000, "a-1"), Says(100, 1_000_000, "a-2")];
        foreach (var screen in screens)
        {
            screen.Hello(Start);
            screen.Bytes = 0;
        }

        Put(600, changed: 50);
        var effects = Step(Start + Duration.FromSeconds(1));
        Assert.All(screens, screen =>
        {
            screen.Receive([.. effects.Where(effect => effect.Topic.Contains(screen.Device, StringComparison.Ordinal))], Start);
            Assert.Equal(Place(screen).Target, screen.Digest);
            Assert.InRange(screen.Bytes, 1, 2_000);
        });
    }

    [Fact]
    public void An_older_data_folder_is_cut_before_anything_is_sent()
    {
        Put(600);
        store.Database.Write(db => db.Execute("UPDATE catalogue_state SET ranked = NULL, due_at = 9000000000000000; DELETE FROM catalogue_cuts"));
        Assert.True(store.Database.Read(CatalogueTable.State).IsDueAt(Start));
        var screen = Says(500, 1_000_000);
        Assert.Empty(screen.Connect(Start)); // Not an empty catalogue.
        screen.Receive(Step(Start + Duration.FromSeconds(1)), Start);
        Assert.Equal(500, screen.Shown.Count);
    }

    [Fact]
    public void A_screen_that_refuses_is_not_sent_the_same_manifest_without_end()
    {
        Put(600);
        var screen = new DeskScreen(store.Database) { Refuses = true, Digest = "0011223344556677" };
        var whole = 0;
        var small = 0;
        screen.Connect(Start);
        for (var minute = 1; minute <= 24 * 60; minute++)
        {
            // As the firmware does: hello again a minute after each refusal. The gateway's own turn comes in between.
            var now = Start + Duration.FromMinutes(minute);
            var sent = Step(now - Duration.FromSeconds(30)).Concat(screen.Hello(now)).ToList();
            Assert.NotEmpty(sent);
            whole += sent.Count(effect => effect.Payload.Length > 1_000) > 0 ? 1 : 0;
            small += sent.All(effect => effect.Payload.Length < 100) ? 1 : 0;
        }

        Assert.InRange(whole, 10, 32); // 3 at once, then after 10, 20, 40 minutes, then hourly; before, 1,440.
        Assert.Equal(24 * 60, whole + small);
        Assert.True(RetryRules.IsRefusing(Place(screen)));
    }

    [Fact]
    public void A_screen_in_its_pause_hears_that_there_is_something_newer_and_refuses_that_too()
    {
        Put(600);
        var screen = new DeskScreen(store.Database) { Refuses = true, Digest = "0011223344556677" };
        screen.Connect(Start);
        for (var hello = 0; hello < 3; hello++)
        {
            screen.Hello(Start + Duration.FromMinutes(hello + 1));
        }

        var answer = Assert.Single(screen.Hello(Start + Duration.FromMinutes(4)));
        Assert.True(CatalogueManifest.TryDecode(answer.Payload, answer.Payload.Length, out var manifest));
        Assert.NotEqual(screen.Digest, Convert.ToHexStringLower(manifest!.Base));
        Assert.NotEqual(screen.Digest, Convert.ToHexStringLower(manifest.Digest));
        Assert.Equal(0, manifest.Add.Count + manifest.Drop.Count);
    }

    [Fact]
    public void A_new_session_is_answered_in_full_whatever_was_refused_before()
    {
        Put(600);
        var screen = new DeskScreen(store.Database) { Refuses = true, Digest = "0011223344556677" };
        screen.Connect(Start);
        for (var minute = 1; minute < 8; minute++)
        {
            screen.Hello(Start + Duration.FromMinutes(minute));
        }

        Assert.Contains(screen.Connect(Start + Duration.FromMinutes(8)), effect => effect.Payload.Length > 1_000);
        var mended = new DeskScreen(store.Database) { Digest = "0011223344556677" };
        mended.Connect(Start + Duration.FromMinutes(9));
        Assert.Equal(600, mended.Shown.Count);
        Assert.False(RetryRules.IsRefusing(Place(mended)));
    }

    [Fact]
    public void Reconnecting_over_and_over_is_no_refusal()
    {
        Put(600);
        var screen = new DeskScreen(store.Database) { Refuses = true, Digest = "0011223344556677" };
        for (var minute = 0; minute < 60; minute++)
        {
            Assert.Contains(screen.Connect(Start + Duration.FromMinutes(minute)), effect => effect.Payload.Length > 1_000);
        }

        Assert.Equal(0, Place(screen).Refusals);
    }

    private DeskScreen Says(int entries, int bytes, string device = DeskScreen.DefaultDevice) =>
        new(store.Database) { Device = device, Capacity = entries == 0 ? null : new ScreenCapacity(entries, bytes) };

    private ScreenCatalogue Place(DeskScreen screen) => store.Database.Read(db => CatalogueTable.Screen(db, screen.Device))!;

    private List<Publication> Step(Instant now)
    {
        var effects = new List<Publication>();
        store.Database.Write(db => Catalogue.Step(db, now, effects));
        return effects;
    }

    private static string Id(int number) => $"offer-{number:000}";

    /// <summary>Offers that begin one after the other, an hour apart from tomorrow on.</summary>
    private void Put(int count, int changed = -1)
    {
        store.Database.Write(db =>
        {
            for (var i = 0; i < count; i++)
            {
                var begins = Start + Duration.FromDays(1) + Duration.FromHours(i);
                var item = new OfferItem(Id(i), Id(i), OfferKind.Event, "de", $"Angebot {i}", i == changed ? "Neue Uhrzeit." : "Alle sind willkommen.", Schedule.Single(new Occurrence(begins, begins + Duration.FromHours(1), false)));
                OffersTable.Put(db, new Offer(Id(i), "test", [item], OfferEdit.None, Start, Start, Start));
            }
        });
        Build(Start);
    }

    private void Build(Instant now) => store.Database.Write(db => Catalogue.EnsureBuilt(db, now));
}
