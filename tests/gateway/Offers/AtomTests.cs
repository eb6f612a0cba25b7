using System.Text;
using NodaTime;
using Quartier.Gateway.Domain.Offers;
using Quartier.Gateway.Domain.Offers.Import;
using Xunit;

namespace Quartier.Tests.Gateway.Offers;

/// <summary>Atom 1.0 and the order in which places for dates are looked at, on vectors of our own (R2 to R4, R8, R10 to R14).</summary>
public sealed class AtomTests
{
    private static readonly ImportSettings Settings = new(Instant.FromUtc(2026, 11, 21, 8, 0)) { SourceUrl = new Uri("https://quelle.example.org/feed.atom") };

    [Theory]
    [InlineData("<title>A &amp;amp; B</title>", "A &amp; B")] // type text: no HTML decoding.
    [InlineData("<title type=\"html\">A &amp;amp; B &amp;lt;b&gt;</title>", "A & B <b>")]
    [InlineData("<title type=\"html\">&lt;b&gt;fett&lt;/b&gt;</title>", "fett")]
    [InlineData("<title type=\"xhtml\"><div xmlns=\"http://www.w3.org/1999/xhtml\">A <em>&lt;</em> B</div></title>", "A < B")]
    public void A_title_is_read_by_its_type(string title, string expected) => Assert.Equal(expected, Read(Entry(title + Start)).Items[0].Title);

    [Fact]
    public void Links_follow_every_xml_base_and_the_alternate_page_is_the_one_shown()
    {
        var item = Read($"""
            <feed xmlns="http://www.w3.org/2005/Atom" xmlns:ev="http://purl.org/rss/1.0/modules/event/" xml:base="https://a.example.org/x/" xml:lang="de-AT">
            <entry xml:base="y/" xml:lang="TR"><id>1</id><title>t</title><link rel="self" href="selbst"/><link rel="alternate" type="application/pdf" href="p.pdf"/><link href="seite"/>
            <link rel="enclosure" href="../e.pdf"/><category term="t1" label="L1"/><category term="t2"/>{Start}</entry></feed>
            """).Items[0];
        Assert.Equal(("https://a.example.org/x/y/seite", "tr"), (item.Url, item.Language));
        Assert.Equal(["https://a.example.org/x/e.pdf"], item.Attachments);
        Assert.Equal(["L1", "t2"], item.Categories);
    }

    [Fact]
    public void Drafts_are_left_out_and_tombstones_take_away()
    {
        var before = ImportRules.Plan("s", [], Read(Entry("<id>1</id><title>t</title>" + Start)), Settings.Now).ToStore;
        var reading = Read("<feed xmlns=\"http://www.w3.org/2005/Atom\" xmlns:at=\"http://purl.org/atompub/tombstones/1.0\" xmlns:app=\"http://www.w3.org/2007/app\">"
            + "<at:deleted-entry ref=\"1\" when=\"2026-11-20T10:00:00Z\"/><entry><id>2</id><title>12.12. Entwurf</title><app:control><app:draft>yes</app:draft></app:control></entry></feed>");
        Assert.Equal(SkipReason.Draft, Assert.Single(reading.Skipped).Reason);
        Assert.Equal(ChangeKind.Withdrawn, Assert.Single(ImportRules.Plan("s", before, reading, Settings.Now).Changes).Kind);
    }

    [Fact]
    public void Of_two_entries_with_one_id_the_later_update_counts_in_whatever_order()
    {
        string Two(string first, string second) => $"<feed xmlns=\"http://www.w3.org/2005/Atom\">{first}{second}</feed>";
        const string Old = "<entry><id>1</id><title>12.12. alt</title><updated>2026-11-01T10:00:00Z</updated></entry>", New = "<entry><id>1</id><title>12.12. neu</title><updated>2026-11-02T10:00:00Z</updated></entry>";
        Assert.Equal("12.12. neu", Assert.Single(Read(Two(Old, New)).Items).Title);
        Assert.Equal("12.12. neu", Assert.Single(Read(Two(New, Old)).Items).Title);
    }

    [Theory]
    [InlineData("<ev:startdate>2026-12-01</ev:startdate><xcal:dtstart>20261202</xcal:dtstart>", "2026-12-01")]
    [InlineData("<ev:startdate>demnächst</ev:startdate><xcal:dtstart>20261202</xcal:dtstart>", "2026-12-02")]
    [InlineData("<ev:startdate/><xcal:dtstart>  </xcal:dtstart>", "2026-12-05")]
    [InlineData("<published>2026-12-20T10:00:00Z</published>", "2027-12-05")] // The year after publication; never the day of it.
    [InlineData("<summary>am 9.12.2026</summary>", "2026-12-05")]
    public void A_start_is_looked_for_in_the_order_of_the_rule(string elements, string day) =>
        Assert.Equal(day, BerlinTime.Local(Read(Entry("<id>1</id><title>5.12. t</title>" + elements)).Items[0].Schedule.Once[0].Start)[..10]);

    [Theory]
    [InlineData("2026-12-05", "2026-12-06", "2026-12-05T00:00:00+01:00 2026-12-07T00:00:00+01:00", null)]
    [InlineData("2026-12-05", "2026-12-04", "2026-12-05T00:00:00+01:00 2026-12-06T00:00:00+01:00", "end-before-start: 1")]
    [InlineData("2026-12-05T10:00", "2026-12-05T09:00", "2026-12-05T10:00:00+01:00", "end-before-start: 1")]
    [InlineData("2026-12-05T10:00", "2026-12-05", "2026-12-05T10:00:00+01:00", null)]
    [InlineData("2026-12-05T10:00", "später", "2026-12-05T10:00:00+01:00", "end-malformed: 1")]
    [InlineData("2026-12-05T20:00", "2026-12-05T24:00", "2026-12-05T20:00:00+01:00 2026-12-06T00:00:00+01:00", null)]
    [InlineData("2026-12-05T20:00", "2026-12-06T02:00", "2026-12-05T20:00:00+01:00 2026-12-06T02:00:00+01:00", null)]
    public void An_end_is_taken_or_dropped_with_a_warning(string start, string end, string expected, string? warning)
    {
        var reading = Read(Entry($"<id>1</id><title>t</title><ev:startdate>{start}</ev:startdate><ev:enddate>{end}</ev:enddate>"));
        var once = reading.Items[0].Schedule.Once[0];
        Assert.Equal(expected, $"{BerlinTime.Local(once.Start)} {(once.End is { } ends ? BerlinTime.Local(ends) : "")}".Trim());
        Assert.Equal(warning is null ? [] : [warning], reading.Warnings);
    }

    [Theory]
    [InlineData("Frühstück @ Teestube Uferlicht", "", "Teestube Uferlicht")]
    [InlineData("Boule (Ort: Spielplatz Ahornhain) am Abend", "", "Spielplatz Ahornhain")]
    [InlineData("Frühstück @ Teestube", "Haus B", "Haus B")]
    [InlineData("Schreib an a@b.example", "", null)]
    public void A_place_is_the_field_or_stands_in_the_title_which_stays_whole(string title, string location, string? place)
    {
        var item = Read(Entry($"<id>1</id><title>{title}</title><ev:location>{location}</ev:location>{Start}")).Items[0];
        Assert.Equal((title, place), (item.Title, item.Place));
    }

    private const string Start = "<ev:startdate>2026-12-01T10:00</ev:startdate>";

    private static string Entry(string content) =>
        $"<feed xmlns=\"http://www.w3.org/2005/Atom\" xmlns:ev=\"http://purl.org/rss/1.0/modules/event/\" xmlns:xcal=\"urn:ietf:params:xml:ns:xcal\"><title>F</title><entry>{content}</entry></feed>";

    private static Reading Read(string feed)
    {
        var reading = FeedReader.Read(Encoding.UTF8.GetBytes(feed), Settings);
        Assert.True(reading.Refusal is null, reading.Refusal?.ToString());
        return reading;
    }
}
