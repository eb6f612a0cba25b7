using System.Text;
using NodaTime;
using Quartier.Gateway.Domain.Offers;
using Quartier.Gateway.Domain.Offers.Import;
using Xunit;

namespace Quartier.Tests.Gateway.Offers;

/// <summary>The rules of docs/offers.md on our own small vectors, so that a clone without the shared data is covered too.</summary>
public sealed class FeedRulesTests
{
    private static readonly Instant Now = Instant.FromUtc(2026, 11, 21, 8, 0);
    private static readonly ImportSettings Settings = new(Now) { SourceUrl = new Uri("https://haus.example.org/feed/") };

    [Theory]
    [InlineData("Sa 12.12., 15 Uhr: Backen", "2026-12-12T15:00:00+01:00", null)]
    [InlineData("Lesekreis am 7. Januar 2027 um 19.30 Uhr", "2027-01-07T19:30:00+01:00", null)]
    [InlineData("Markt 05.12.2026, 10–13 Uhr", "2026-12-05T10:00:00+01:00", "2026-12-05T13:00:00+01:00")]
    [InlineData("Offene Werkstatt 9.12. 9–12", "2026-12-09T09:00:00+01:00", "2026-12-09T12:00:00+01:00")]
    [InlineData("Nacht der Musik 12.12., 22–2 Uhr", "2026-12-12T22:00:00+01:00", "2026-12-13T02:00:00+01:00")]
    [InlineData("Fest 5.6.2027 von 18 bis 24 Uhr", "2027-06-05T18:00:00+02:00", "2027-06-06T00:00:00+02:00")]
    [InlineData("Treff am 3.3., 17h", "2027-03-03T17:00:00+01:00", null)]
    [InlineData("Brunch 01.01.27", "2027-01-01T00:00:00+01:00", "2027-01-02T00:00:00+01:00")]
    [InlineData("Freizeit 28.12.–2.1.", "2026-12-28T00:00:00+01:00", "2027-01-03T00:00:00+01:00")]
    [InlineData("Basar 12./13.12.", "2026-12-12T00:00:00+01:00", "2026-12-14T00:00:00+01:00")]
    [InlineData("Ausstellung vom 24. bis 26. Februar 2027", "2027-02-24T00:00:00+01:00", "2027-02-27T00:00:00+01:00")]
    [InlineData("Freizeit 30.12.–2.1.2027", "2026-12-30T00:00:00+01:00", "2027-01-03T00:00:00+01:00")]
    public void A_title_names_its_date(string title, string start, string? end)
    {
        var first = TitleDates.Find(title, new LocalDate(2026, 11, 20))[0];
        Assert.Equal(start, BerlinTime.Local(first.Start));
        Assert.Equal(end, first.End is { } at ? BerlinTime.Local(at) : null);
    }

    [Theory]
    [InlineData("Version 2.12 ist da")]
    [InlineData("Anmeldung bis 15.1.2027")]
    [InlineData("Bis zum 15. Januar 2027 geöffnet")]
    [InlineData("Neuer Quartiersbrief erschienen")]
    [InlineData("Silvester 32.12.2026")]
    [InlineData("Kurs morgen um 15 Uhr")]
    public void A_title_without_a_start_gives_none(string title) => Assert.Empty(TitleDates.Find(title, new LocalDate(2026, 11, 20)));

    [Theory]
    [InlineData("Sa, 12 Dez 2026 15:00:00 MEZ", "2026-12-12T14:00:00Z")]
    [InlineData("Sat, 08 May 2027 11:00:00 MESZ", "2027-05-08T09:00:00Z")]
    [InlineData("Fri, 27 Nov 26 18:00:00 +0100", "2026-11-27T17:00:00Z")]
    [InlineData("2027-03-28T02:30:00", "2027-03-28T01:30:00Z")]
    [InlineData("2027-06-26T24:00:00", "2027-06-26T22:00:00Z")]
    [InlineData("20270212T180000Z", "2027-02-12T18:00:00Z")]
    [InlineData("29.11.2026, 17:00 Uhr", "2026-11-29T16:00:00Z")]
    public void A_feed_date_is_a_moment(string text, string utc)
    {
        Assert.True(FeedDates.TryParse(text, out var date));
        Assert.Equal(utc, BerlinTime.Utc(date.At));
    }

    [Theory]
    [InlineData("Thu, 32 Dec 2026 10:00:00 +0100")]
    [InlineData("2026-02-30")]
    [InlineData("morgen")]
    [InlineData("2026-12-01T25:00:00")]
    public void What_is_no_date_is_not_read_as_one(string text) => Assert.False(FeedDates.TryParse(text, out _));

    [Theory]
    [InlineData("<p>Gro&szlig;er <b>Hof</b>.<br>A &lt; B &amp; C</p><script>alert(1)</script><!-- x -->", "Großer Hof.\nA < B & C")]
    [InlineData("<ul><li>eins</li><li>zwei</li></ul>", "eins\nzwei")]
    [InlineData("5 &#128; &#150; 7 &euro;", "5 € – 7 €")]
    [InlineData("a < b und &amp;uuml;", "a < b und &uuml;")]
    public void Html_becomes_text_once(string html, string text) => Assert.Equal(text.Replace("\n", "", StringComparison.Ordinal), FeedText.FromHtml(html).Replace("\n", "", StringComparison.Ordinal));

    [Fact]
    public void A_title_loses_what_cannot_be_seen_and_keeps_its_emoji()
    {
        Assert.Equal("Käse 👨\u200D👩\u200D👧 heute", FeedText.Line(" Ka\u0308se\u200B\t👨\u200D👩\u200D👧\u202E \r\n heute\u0007 "));
    }

    [Theory]
    [InlineData("<rss><channel><title>k</title><item><title>x", RefusalClass.Truncated)]
    [InlineData("<rss><channel><title>k</tilte></channel></rss>", RefusalClass.NotWellFormed)]
    [InlineData("<!DOCTYPE rss [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><rss><channel/></rss>", RefusalClass.EntityExpansion)]
    [InlineData("<!DOCTYPE rss [<!ENTITY % p SYSTEM \"http://x/\">]><rss><channel/></rss>", RefusalClass.ExternalEntity)]
    [InlineData("<html><body>Wartung</body></html>", RefusalClass.NotXml)]
    [InlineData("Wartung", RefusalClass.NotXml)]
    [InlineData("", RefusalClass.NotXml)]
    [InlineData("<opml version=\"2.0\"/>", RefusalClass.WrongFormat)]
    [InlineData("<rss version=\"2.0\"/>", RefusalClass.MissingField)]
    [InlineData("{\"id\":\"1\",\"name\":\"x\",\"status\":\"open\"}", RefusalClass.SchemaViolation)]
    [InlineData("{\"id\":\"1\",\"name\":7,\"status\":\"active\"}", RefusalClass.SchemaViolation)]
    [InlineData("{\"id\":\"1\",\"name\":\"x\",\"status\":\"active\",\"schedules\":[{\"id\":\"2\",\"freq\":\"DAILY\",\"opens_at\":\"09:00\"}]}", RefusalClass.SchemaViolation)]
    [InlineData("{\"id\":\"1\",\"name\":\"x\",\"status\":\"active\",\"schedules\":[{\"id\":\"2\",\"freq\":\"WEEKLY\",\"byday\":\"MO\",\"opens_at\":\"9 Uhr\"}]}", RefusalClass.MalformedDate)]
    [InlineData("{\"id\":\"1\",\"name\":\"x\",", RefusalClass.Truncated)]
    [InlineData("{\"id\":\"1\",,}", RefusalClass.NotJson)]
    [InlineData("{\"@context\":\"https://schema.org\",\"@type\":\"Event\"}", RefusalClass.WrongFormat)]
    [InlineData("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\n", RefusalClass.Truncated)]
    [InlineData("BEGIN:VCARD\r\nEND:VCARD\r\n", RefusalClass.WrongFormat)]
    public void A_bad_file_is_refused_with_its_class_and_place(string content, string expected)
    {
        var reading = FeedReader.Read(Encoding.UTF8.GetBytes(content), Settings);
        Assert.Equal(expected, reading.Refusal?.Class);
        Assert.NotEmpty(reading.Refusal!.Place);
        Assert.Empty(reading.Items);
    }

    [Fact]
    public void A_document_type_without_entities_is_read_past_and_lines_keep_their_number()
    {
        var feed = "<?xml version=\"1.0\"?>\n<!DOCTYPE rss PUBLIC \"-//X//EN\" \"http://intern.example.org/x.dtd\" [\n<!-- a > b -->\n]>\n<rss><channel><title>k</tilte></channel></rss>";
        Assert.StartsWith("line 5", FeedReader.Read(Encoding.UTF8.GetBytes(feed), Settings).Refusal!.Place, StringComparison.Ordinal);
    }

    [Fact]
    public void Mixed_encodings_are_refused_and_a_sharp_s_before_a_quote_is_not_mistaken_for_utf8()
    {
        Assert.Equal(RefusalClass.Encoding, FeedReader.Read([.. Encoding.UTF8.GetBytes("<rss><channel><title>ü"), 0xFC, .. "</title></channel></rss>"u8], Settings).Refusal?.Class);
        byte[] western = [.. Encoding.ASCII.GetBytes("<?xml version=\"1.0\" encoding=\"windows-1252\"?><rss><channel><title>Spa"), 0xDF, 0x93, 0xFC, .. Encoding.ASCII.GetBytes("</title></channel></rss>")];
        Assert.Null(FeedReader.Read(western, Settings).Refusal);
    }

    [Fact]
    public void Random_bytes_and_cut_files_never_throw()
    {
        var seed = 17;
        var whole = Encoding.UTF8.GetBytes(Feed(Item("a", "Angebot", "2026-12-01T10:00"), Item("b", "Zweites", "2026-12-02T10:00")));
        for (var length = 0; length < whole.Length; length += 7)
        {
            Assert.True(FeedReader.Read(whole[..length], Settings).Refusal is not null);
        }

        var random = new Random(seed);
        for (var round = 0; round < 300; round++)
        {
            var bytes = (byte[])whole.Clone();
            for (var i = 0; i < 12; i++)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            FeedReader.Read(bytes, Settings);
        }
    }

    [Fact]
    public void A_cancelled_date_leaves_its_series_and_a_tombstone_withdraws_its_entry()
    {
        var first = Plan([], Feed(Item("s1", "Café", "2026-12-01T10:00", "?t=1"), Item("s2", "Café", "2026-12-08T10:00", "?t=2")));
        var series = Assert.Single(first.Changes).Offer;
        Assert.Equal(2, ScheduleRules.Next(OfferView.Of(series, Now).Schedule, Now, 9).Count);

        var second = Plan([series], Feed(Item("s2", "Entfällt: Café", "2026-12-08T10:00", "?t=2")));
        var changed = Assert.Single(second.Changes);
        Assert.Equal(ChangeKind.Changed, changed.Kind);
        Assert.Single(ScheduleRules.Next(OfferView.Of(changed.Offer, Now).Schedule, Now, 9));

        var third = Plan([changed.Offer], Feed(Item("s1", "Abgesagt! Café", "2026-12-01T10:00", "?t=1")));
        Assert.Equal(ChangeKind.Withdrawn, Assert.Single(third.Changes).Kind);
    }

    [Fact]
    public void Importing_two_fetches_in_either_order_ends_alike_where_the_source_dates_its_items()
    {
        var older = Feed(Item("a", "Kurs", "2026-12-01T10:00", "", "Mon, 09 Nov 2026 10:00:00 +0100"));
        var newer = Feed(Item("a", "Kurs", "2026-12-01T11:00", "", "Fri, 20 Nov 2026 08:00:00 +0100"));
        string Result(string first, string second)
        {
            var offers = Plan([], first).ToStore;
            var plan = Plan(offers, second);
            return BerlinTime.Local(ScheduleRules.Next(OfferView.Of(plan.ToStore[0], Now).Schedule, Now, 1)[0].Start);
        }

        Assert.Equal("2026-12-01T11:00:00+01:00", Result(older, newer));
        Assert.Equal(Result(older, newer), Result(newer, older));
    }

    [Fact]
    public void The_same_file_twice_changes_nothing_and_an_editors_version_stays()
    {
        var feed = Feed(Item("a", "Kurs", "2026-12-01T10:00"), Item("b", "Treff", "2026-12-02T10:00"));
        var offers = Plan([], feed).ToStore.Select(offer => offer with { Edit = new OfferEdit { Hidden = true } }).ToList();
        var again = Plan(offers, feed);
        Assert.Equal(2, again.Changes.Count);
        Assert.All(again.Changes, change => Assert.Equal(ChangeKind.Unchanged, change.Kind));
        Assert.All(again.Changes, change => Assert.True(change.Offer.Edit.Hidden));
    }

    private static ImportPlan Plan(IReadOnlyList<Offer> before, string feed)
    {
        var reading = FeedReader.Read(Encoding.UTF8.GetBytes(feed), Settings);
        Assert.Null(reading.Refusal);
        return ImportRules.Plan("test", before, reading, Now);
    }

    private static string Feed(params string[] items) =>
        $"<rss version=\"2.0\" xmlns:ev=\"http://purl.org/rss/1.0/modules/event/\"><channel><title>K</title><link>https://haus.example.org/</link>{string.Concat(items)}</channel></rss>";

    private static string Item(string guid, string title, string start, string query = "", string published = "") =>
        $"<item><title>{title}</title><guid isPermaLink=\"false\">{guid}</guid><link>https://haus.example.org/{(query.Length > 0 ? "serie" + query : guid)}</link>"
        + $"{(published.Length > 0 ? $"<pubDate>{published}</pubDate>" : "")}<ev:startdate>{start}</ev:startdate></item>";
}
