using System.Text;
using NodaTime;
using Quartier.Gateway.Domain.Offers;
using Quartier.Gateway.Host;
using Quartier.Gateway.Store;
using Xunit;

namespace Quartier.Tests.Gateway.Offers;

/// <summary>R7 to R10 on a store, fetch after fetch: who is who, what is over, what was called off and what stays.</summary>
public sealed class IdentityTests : IDisposable
{
    private const string Early = "Mon, 09 Nov 2026 10:00:00 +0100";
    private const string Late = "Tue, 10 Nov 2026 10:00:00 +0100";
    private const string Coming = "2026-12-01T10:00";
    private const string Past = "2026-11-01T10:00";
    private static readonly Instant Now = Instant.FromUtc(2026, 11, 21, 8, 0);

    private readonly string folder = StoreFolder.Create("identity").FullName;
    private readonly Database database;

    public IdentityTests() => database = Database.Open(folder, Tables.All, Durability.None);

    public void Dispose()
    {
        database.Dispose();
        Directory.Delete(folder, true);
    }

    [Theory]
    [InlineData("Kurs", Coming, Early, "Kurs", Past, Late, "skipped duplicate, skipped past")] // The newer state is over: the old date must not be shown.
    [InlineData("Kurs", Coming, Early, "Abgesagt: Kurs", Coming, Late, "skipped duplicate, skipped cancelled")]
    [InlineData("Kurs", Coming, Late, "Abgesagt: Kurs", Coming, Early, "added, skipped duplicate")] // Reinstated since.
    [InlineData("Kurs", Coming, "", "Abgesagt: Kurs", Coming, "", "skipped duplicate, skipped cancelled")]
    [InlineData("Kurs", Coming, "", "Kurs", "2026-12-02T10:00", "", "added, skipped duplicate")] // Else the first.
    [InlineData("Kurs", Coming, "", "Kurs", "2026-12-02T10:00", Early, "added, skipped duplicate")]
    public void Of_two_items_with_one_identity_the_newer_counts_whatever_becomes_of_it(string title, string start, string published, string title2, string start2, string published2, string expected) =>
        Assert.Equal(expected, Import(Item(title, "g", start, published), Item(title2, "g", start2, published2)));

    [Fact]
    public void An_entry_that_moves_into_the_past_loses_its_old_date()
    {
        Import(Item("Kurs", "g", Coming));
        Assert.Equal("changed, skipped past", Import(Item("Kurs", "g", Past)));
        Assert.Empty(Shown());
    }

    [Fact]
    public void An_entry_that_is_over_and_unchanged_is_only_skipped()
    {
        Import(Item("Kurs", "g", Coming));
        Assert.Equal("skipped past", Import(Now + Duration.FromDays(30), Item("Kurs", "g", Coming)));
    }

    [Theory]
    [InlineData("Abgesagt: Kurs", "g", Coming)] // The same id.
    [InlineData("ENTFÄLLT!! Kurs", "neu", Coming)] // A new id, but title and start.
    [InlineData("Leider abgesagt – Kurs", "neu", "")] // A new id and no date, but link and place.
    [InlineData("Verschoben auf unbestimmte Zeit: Kurs", "g", Coming)]
    [InlineData("Postponed: Kurs", "neu", Coming)]
    public void What_its_source_calls_off_leaves_the_screens(string title, string guid, string start)
    {
        Import(Item("Kurs", "g", Coming));
        Assert.StartsWith("withdrawn ", Import(Item(title, guid, start)), StringComparison.Ordinal);
        Assert.Empty(Shown());
        Assert.Equal("changed", Import(Item("Kurs", "g", Coming, Late)));
        Assert.Equal(["Kurs"], Shown());
    }

    [Fact]
    public void A_cancellation_that_is_older_than_the_entry_changes_nothing()
    {
        Import(Item("Kurs", "g", Coming, Late));
        Import(Item("Abgesagt: Kurs", "g", Coming, Early));
        Assert.Equal(["Kurs"], Shown());
    }

    [Fact]
    public void What_was_called_off_before_it_was_ever_here_is_not_added()
    {
        Assert.Equal("skipped cancelled", Import(Item("Kurs", "g", Coming), Item("Abgesagt: Kurs", "h", Coming)));
        Assert.Empty(Shown());
    }

    [Theory]
    [InlineData("Absagekultur: Vortrag")]
    [InlineData("Gestrichener Beton: Vortrag")]
    [InlineData("Ausfallstraße gesperrt")]
    [InlineData("Verschoben auf 20 Uhr: Vortrag")]
    public void A_title_that_only_looks_like_a_cancellation_is_none(string title) => Assert.Equal("added", Import(Item(title, "g", Coming)));

    [Fact]
    public void A_new_id_with_link_and_place_of_an_entry_that_is_no_longer_listed_is_that_entry()
    {
        Import(Item("Kurs", "a", Coming));
        Assert.Equal("changed", Import(Item("Kurs", "b", "2026-12-01T11:00")));
        Assert.Equal("unchanged", Import(Item("Kurs", "c", "2026-12-01T11:00")));
        Assert.Equal("unchanged, added", Import(Item("Kurs", "c", "2026-12-01T11:00"), Item("Anderer Kurs", "d", Coming)));
        Assert.Equal(2, Shown().Count);
    }

    [Fact]
    public void Without_id_and_link_title_start_and_place_are_compared_without_case_and_repeated_spaces()
    {
        Import("<item><title>Große  Runde @ Haus A</title><ev:startdate>2026-12-01T10:00</ev:startdate></item>");
        Assert.Equal("changed", Import("<item><title>große runde @ Haus  a</title><ev:startdate>2026-12-01T10:00</ev:startdate></item>"));
        Assert.Equal("added", Import("<item><title>große runde @ Haus a</title><ev:startdate>2026-12-02T11:00</ev:startdate></item>"));
    }

    [Fact]
    public void An_empty_feed_and_a_refused_one_keep_what_is_here()
    {
        Import(Item("Kurs", "g", Coming));
        Assert.Equal("", Import());
        Assert.NotNull(Run(Now, "<rss><channel><title>K</title><item>").Refusal);
        Assert.Equal(["Kurs"], Shown());
    }

    [Fact]
    public void A_call_for_volunteers_with_an_unreadable_date_is_taken_and_told()
    {
        var report = Run(Now, Feed(Item("Helfen", "g", "demnächst")), OfferKind.Volunteering);
        Assert.Equal("added", Assert.Single(report.Lines).Status);
        Assert.Equal(["date-malformed: g"], report.Warnings);
    }

    private List<string> Shown() => database.Read(OffersTable.All).Select(offer => OfferView.Of(offer, Now)).Where(view => view.IsShownAt(Now)).Select(view => view.Lead.Title).ToList();

    private string Import(params string[] items) => Import(Now, items);

    private string Import(Instant now, params string[] items)
    {
        var report = Run(now, Feed(string.Concat(items)));
        Assert.Null(report.Refusal);
        return string.Join(", ", report.Lines.Select(line => line.Reason is null ? line.Status : $"{line.Status} {line.Reason}"));
    }

    private ImportReport Run(Instant now, string feed, OfferKind kind = OfferKind.Event) =>
        database.Write(db => ImportRun.Run(db, Encoding.UTF8.GetBytes(feed), new ImportRequest("feed.xml") { Source = "test", Kind = kind }, now));

    private static string Feed(string items) => $"<rss version=\"2.0\" xmlns:ev=\"http://purl.org/rss/1.0/modules/event/\"><channel><title>K</title>{items}</channel></rss>";

    private static string Item(string title, string guid, string start, string published = "") =>
        $"<item><title>{title}</title><guid isPermaLink=\"false\">{guid}</guid>{(title == "Anderer Kurs" ? "" : "<link>https://haus.example.org/kurs</link>")}"
        + $"{(published.Length > 0 ? $"<pubDate>{published}</pubDate>" : "")}{(start.Length > 0 ? $"<ev:startdate>{start}</ev:startdate>" : "")}</item>";
}
