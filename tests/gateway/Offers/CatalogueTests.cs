using System.Text;
using NodaTime;
using Quartier.Gateway.Domain.Offers;
using Quartier.Gateway.Host;
using Quartier.Gateway.Ingest;
using Quartier.Gateway.Store;
using Quartier.Simulator.Demo;
using Xunit;

namespace Quartier.Tests.Gateway.Offers;

/// <summary>The catalogue on its way to a screen that behaves as the wire format says: hello, want, confirm.</summary>
public sealed class CatalogueTests : IDisposable
{
    private static readonly Instant Start = Instant.FromUtc(2026, 11, 21, 8, 0);
    private readonly string folder = StoreFolder.Create("catalogue").FullName;
    private readonly Database database;

    public CatalogueTests() => database = Database.Open(folder, Tables.All, Durability.None);

    public void Dispose()
    {
        database.Dispose();
        Directory.Delete(folder, true);
    }

    [Fact]
    public void One_change_among_five_hundred_offers_costs_at_most_two_kilobytes()
    {
        Import(Feed(500, changed: -1));
        var screen = new DeskScreen(database);
        screen.Hello(Start);
        Assert.Equal(500, screen.Shown.Count);
        screen.Bytes = 0;

        Import(Feed(500, changed: 250));
        screen.Receive(Step(Start + Duration.FromSeconds(1)), Start);

        Assert.Equal(500, screen.Shown.Count);
        Assert.InRange(screen.Bytes, 1, 2_000);
        Assert.Equal(database.Read(CatalogueTable.State).Digest, screen.Digest);
        Assert.Equal(screen.Digest, Assert.Single(database.Read(CatalogueTable.Screens)).Shown);
    }

    [Fact]
    public void A_screen_with_an_unknown_catalogue_gets_the_complete_list()
    {
        Import(Feed(20, changed: -1));
        var screen = new DeskScreen(database) { Digest = "0011223344556677" };
        screen.Hello(Start);
        Assert.Equal(20, screen.Shown.Count);
    }

    [Fact]
    public void A_lost_manifest_is_offered_again_after_a_pause_and_not_before()
    {
        Import(Feed(3, changed: -1));
        var screen = new DeskScreen(database);
        Registered.Screens(database, DeskScreen.DefaultDevice);
        database.Write(db => CatalogueTable.Confirm(db, DeskScreen.DefaultDevice, "", Start));
        Assert.NotEmpty(Step(Start));
        Assert.Empty(Step(Start + Duration.FromMinutes(9)));
        Assert.NotEmpty(Step(Start + Duration.FromMinutes(11)));
        screen.Hello(Start + Duration.FromMinutes(12));
        Assert.Empty(Step(Start + Duration.FromMinutes(30)));
    }

    [Fact]
    public void Passing_days_change_the_digests_of_a_weekly_offer_only_when_few_dates_are_left()
    {
        database.Write(db => DemoOffers.Seed(db, Start));
        var editions = new HashSet<string>();
        for (var hour = 0; hour < 24; hour += 6)
        {
            editions.Add(database.Write(db => Catalogue.EnsureBuilt(db, Start + Duration.FromHours(hour))));
        }

        Assert.InRange(editions.Count, 1, 2);
    }

    [Fact]
    public void What_is_over_hidden_or_withdrawn_leaves_the_catalogue()
    {
        Import(Feed(3, changed: -1));
        var screen = new DeskScreen(database);
        screen.Hello(Start);
        database.Write(db =>
        {
            var offer = OffersTable.All(db)[0];
            OffersTable.Put(db, offer with { Edit = offer.Edit with { Hidden = true } });
        });
        screen.Receive(Step(Start + Duration.FromSeconds(1)), Start);
        Assert.Equal(2, screen.Shown.Count);
        screen.Receive(Step(Start + Duration.FromDays(400)), Start + Duration.FromDays(400));
        Assert.Empty(screen.Shown);
    }

    [Fact]
    public void A_screens_words_never_build_the_catalogue_in_the_writers_turn()
    {
        Import(Feed(20, changed: -1));
        var screen = new DeskScreen(database);
        screen.Hello(Start);
        Import(Feed(20, changed: 3), build: false);
        var digest = screen.Digest;
        screen.Hello(Start);
        Assert.Equal(digest, screen.Digest);
        Assert.True(database.Read(CatalogueTable.State).Changes > 0);
    }

    [Fact]
    public void A_change_that_comes_while_the_catalogue_is_built_is_built_next()
    {
        Import(Feed(3, changed: -1), build: false);
        var build = database.Read(db => Catalogue.Prepare(db, Start));
        Import(Feed(4, changed: -1), build: false);
        database.Write(db => Catalogue.Apply(db, build!, Start));
        Assert.Equal(3, database.Read(CatalogueTable.Entries).Count);
        Assert.True(database.Read(CatalogueTable.State).IsDueAt(Start));
        database.Write(db => Catalogue.EnsureBuilt(db, Start));
        Assert.Equal(4, database.Read(CatalogueTable.Entries).Count);
        Assert.False(database.Read(CatalogueTable.State).IsDueAt(Start));
    }

    [Fact]
    public void Five_hundred_screens_are_told_of_a_new_catalogue_in_turns()
    {
        Import(Feed(500, changed: -1));
        Registered.Screens(database, Enumerable.Range(0, 500).Select(i => $"screen-{i}"));
        database.Write(db =>
        {
            for (var i = 0; i < 500; i++)
            {
                CatalogueTable.Confirm(db, $"screen-{i}", "", Start);
            }
        });
        var told = new List<string>();
        for (var second = 0; second < 6; second++)
        {
            var devices = Step(Start + Duration.FromSeconds(second)).Select(effect => effect.Topic).Distinct().ToList();
            Assert.InRange(devices.Count, second < 5 ? 1 : 0, 100);
            told.AddRange(devices);
        }

        Assert.Equal(500, told.Distinct().Count());
        Assert.Equal(500, told.Count);
    }

    private void Import(byte[] feed, bool build = true)
    {
        Assert.Null(database.Write(db => ImportRun.Run(db, feed, new ImportRequest("feed.xml") { Source = "test" }, Start)).Refusal);
        if (build)
        {
            database.Write(db => Catalogue.EnsureBuilt(db, Start));
        }
    }

    private List<Publication> Step(Instant now)
    {
        var effects = new List<Publication>();
        database.Write(db => Catalogue.Step(db, now, effects));
        return effects;
    }

    private static byte[] Feed(int count, int changed)
    {
        var items = Enumerable.Range(0, count).Select(i => $"""
            <item><title>Angebot {i}</title><guid isPermaLink="false">g{i}</guid><link>https://kalender.example.org/{i}</link>
            <description>{(i == changed ? "Neue Uhrzeit, bitte beachten." : "Alle sind willkommen. Kaffee und Kuchen stehen bereit, ein Aufzug ist vorhanden.")}</description>
            <ev:startdate>2026-12-{1 + (i % 28):00}T{9 + (i % 10):00}:00</ev:startdate></item>
            """);
        return Encoding.UTF8.GetBytes($"""<rss version="2.0" xmlns:ev="http://purl.org/rss/1.0/modules/event/"><channel><title>K</title>{string.Concat(items)}</channel></rss>""");
    }
}
