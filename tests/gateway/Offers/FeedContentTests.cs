using System.Text;
using NodaTime;
using Quartier.Gateway.Domain.Offers.Import;
using Xunit;

namespace Quartier.Tests.Gateway.Offers;

/// <summary>R11 to R16: text, links, languages, encodings and what a file may not be.</summary>
public sealed class FeedContentTests
{
    private static readonly ImportSettings Settings = new(Instant.FromUtc(2026, 11, 21, 8, 0)) { SourceUrl = new Uri("https://quelle.example.org/rss/feed.xml") };

    [Theory]
    [InlineData("&lt;table&gt;&lt;tr&gt;&lt;td&gt;Mo&lt;/td&gt;&lt;td&gt;9 Uhr&lt;/td&gt;&lt;/tr&gt;&lt;/table&gt;", "Mo 9 Uhr")]
    [InlineData("<![CDATA[<img src=\"a>b\" alt='>'>nach]]>", "nach")]
    [InlineData("<![CDATA[a<br>b<style>x{}</style><script>1<2</script> c<!-- k -->d]]>", "a\nb cd")]
    [InlineData("&amp;lt;b&amp;gt; bleibt Text", "<b> bleibt Text")]
    [InlineData("5 &lt; 6 und 7 &gt; 3", "5 < 6 und 7 > 3")]
    [InlineData("&lt;b", "<b")]
    [InlineData("&lt;a href=\"offen&gt;weiter&lt;/a&gt;", "weiter")]
    [InlineData("R&amp;amp;D &amp;copy; 2026 &amp;bogus; &amp;#0;", "R&D © 2026 &bogus;")]
    [InlineData("<![CDATA[<p>eins</p><p>zwei</p>]]>", "eins\n\nzwei")]
    public void A_description_becomes_plain_text_once(string written, string text) =>
        Assert.Equal(text.Replace("\n\n", "\n", StringComparison.Ordinal), Read(Feed($"<item><title>12.12. x</title><description>{written}</description></item>")).Items[0].Text.Replace("\n\n", "\n", StringComparison.Ordinal));

    [Theory]
    [InlineData("javascript:alert(1)", null)]
    [InlineData("mailto:a@example.org", null)]
    [InlineData("data:text/html,x", null)]
    [InlineData("file:///etc/passwd", null)]
    [InlineData("ftp://example.org/x", null)]
    [InlineData("//cdn.example.org/x", "https://cdn.example.org/x")]
    [InlineData("?id=1", "https://kanal.example.org/termine/liste?id=1")]
    [InlineData("../up", "https://kanal.example.org/up")]
    [InlineData("/oben", "https://kanal.example.org/oben")]
    [InlineData("https://a.example.org/ü ö", "https://a.example.org/%C3%BC%20%C3%B6")]
    public void A_link_is_made_absolute_or_dropped(string written, string? url) =>
        Assert.Equal(url, Read(Feed($"<item><title>12.12. x</title><guid isPermaLink=\"false\">1</guid><link>{written}</link></item>", "https://kanal.example.org/termine/liste")).Items[0].Url);

    [Fact]
    public void A_link_is_resolved_against_xml_base_then_the_channel_then_the_source()
    {
        Assert.Equal("https://kanal.example.org/t/b/c", Read(Feed("<item xml:base=\"b/\"><title>12.12. x</title><link>c</link></item>", "https://kanal.example.org/t/")).Items[0].Url);
        Assert.Equal("https://quelle.example.org/rss/c", Read(Feed("<item><title>12.12. x</title><link>c</link></item>", "")).Items[0].Url);
        Assert.Equal("https://g.example.org/1", Read(Feed("<item><title>12.12. x</title><guid>https://g.example.org/1</guid></item>")).Items[0].Url);
        Assert.Null(Read(Feed("<item><title>12.12. x</title><guid isPermaLink=\"false\">https://g.example.org/1</guid></item>")).Items[0].Url);
    }

    [Fact]
    public void A_language_is_that_of_the_element_then_the_entry_then_the_channel()
    {
        var reading = Read(Feed("""
            <item><title>12.12. a</title><dc:language>en-GB</dc:language></item>
            <item xml:lang="tr-TR"><title>12.12. b</title></item>
            <item><title xml:lang="FR">12.12. c</title></item>
            <item><title>12.12. d</title></item>
            """).Replace("<item>", "<language>uk_UA</language><item>", StringComparison.Ordinal));
        Assert.Equal(["en", "tr", "fr", "uk"], reading.Items.Select(item => item.Language));
        Assert.Equal("de", Read(Feed("<item><title>12.12. d</title></item>")).Items[0].Language);
    }

    [Theory]
    [InlineData("utf-16", "utf-16LE", true, null)]
    [InlineData("utf-16", "utf-16BE", true, null)]
    [InlineData("utf-32", "utf-32", true, null)]
    [InlineData("utf-8", "utf-8", true, null)]
    [InlineData("iso-8859-1", "utf-8", false, "encoding-misdeclared")]
    [InlineData("utf-8", "windows-1252", false, "encoding-misdeclared")]
    [InlineData("ISO_8859-1", "windows-1252", false, "encoding-misdeclared")]
    [InlineData("Windows-1252", "windows-1252", false, null)]
    [InlineData("iso-8859-15", "iso-8859-15", false, null)]
    public void A_file_is_read_in_its_true_encoding(string declared, string real, bool mark, string? warning)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var encoding = Encoding.GetEncoding(real);
        var title = real == "iso-8859-15" ? "12.12. Größe 5 €" : "12.12. „Größe“ – 5 €";
        var text = $"<?xml version=\"1.0\" encoding=\"{declared}\"?>{Feed($"<item><title>{title}</title></item>")}";
        var reading = FeedReader.Read([.. mark ? encoding.GetPreamble() : [], .. encoding.GetBytes(text)], Settings);
        Assert.Equal(title, Assert.Single(reading.Items).Title);
        Assert.Equal(warning is null ? [] : [warning], reading.Warnings);
    }

    [Theory]
    [InlineData("utf-8", "C3BC", "FC")]
    [InlineData("windows-1252", "C3BC", "FC")]
    [InlineData("utf-8", "C3BC", "EDA080")]
    [InlineData("klingon", "61", "FC")]
    public void Two_encodings_in_one_file_or_an_unknown_one_are_refused_with_the_line(string declared, string first, string second)
    {
        byte[] bytes = [.. Encoding.ASCII.GetBytes($"<?xml version=\"1.0\" encoding=\"{declared}\"?>\n<rss><channel><title>"), .. Convert.FromHexString(first), (byte)'\n', .. Convert.FromHexString(second), .. "</title></channel></rss>"u8];
        var refusal = FeedReader.Read(bytes, Settings).Refusal;
        Assert.Equal(RefusalClass.Encoding, refusal?.Class);
        Assert.StartsWith(declared == "klingon" ? "line 1" : "line 3", refusal!.Place, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<rss><channel><title>k</title></channel></rss>rest", RefusalClass.NotWellFormed)]
    [InlineData("<rss><channel><title>k</title></channel></rs", RefusalClass.Truncated)]
    [InlineData("<rss><channel><title>a&nbsp;b</title></channel></rss>", RefusalClass.NotWellFormed)]
    [InlineData("<rss><channel><title>a\u0001b</title></channel></rss>", RefusalClass.NotWellFormed)]
    [InlineData("<!-- x --><meta charset=utf-8><title>503</title>", RefusalClass.NotXml)]
    [InlineData("<?xml version=\"1.0\"?><!DOCTYPE html PUBLIC \"x\" \"y\"><html xmlns=\"http://www.w3.org/1999/xhtml\"/>", RefusalClass.NotXml)]
    [InlineData("Warning: mysql\n<rss><channel/></rss>", RefusalClass.NotXml)]
    [InlineData("<!DOCTYPE rss [\n<!ENTITY a PUBLIC \"p\" \"http://x/\">]><rss><channel/></rss>", RefusalClass.ExternalEntity)]
    [InlineData("<!DOCTYPE rss [<!ENTITY a \"b\"><!ENTITY c SYSTEM \"file:///etc/passwd\">]><rss><channel/></rss>", RefusalClass.ExternalEntity)]
    [InlineData("<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"/>", RefusalClass.WrongFormat)]
    [InlineData("<urlset/>", RefusalClass.WrongFormat)]
    public void What_is_no_feed_is_refused_as_what_it_is(string content, string expected)
    {
        var refusal = FeedReader.Read(Encoding.UTF8.GetBytes(content), Settings).Refusal;
        Assert.Equal(expected, refusal?.Class);
        Assert.NotEmpty(refusal!.Place);
        Assert.NotEmpty(refusal.RemedyGerman);
    }

    /// <summary>Each of these took minutes or hours before it was bounded; together they take seconds.</summary>
    public static TheoryData<string, string> Heavy => new()
    {
        { "open tags", Feed($"<item><title>12.12. x</title><description><![CDATA[{Repeat("<a", 600_000)}]]></description></item>") },
        { "open quotes", Feed($"<item><title>12.12. x</title><description><![CDATA[{Repeat("<a \"", 400_000)}]]></description></item>") },
        { "closed only in quotes", Feed($"<item><title>12.12. x</title><description><![CDATA[{Repeat("<a \">\"", 200_000)}]]></description></item>") },
        { "ends in a title", Feed($"<item><title>12.12. {Repeat("bis 1.1. ", 100_000)}</title></item>") },
        { "places in a title", Feed($"<item><title>12.12. {Repeat("(Ort: ", 200_000)}</title></item>") },
        { "many items", Feed(string.Concat(Enumerable.Range(0, 20_000).Select(i => $"<item><title>12.12. {i}</title><guid isPermaLink=\"false\">{i}</guid></item>"))) },
    };

    [Theory]
    [MemberData(nameof(Heavy))]
    public async Task A_hostile_feed_costs_no_more_than_its_length(string what, string feed)
    {
        var work = Task.Run(() => ImportSize(feed));
        Assert.True(await Task.WhenAny(work, Expired(TimeSpan.FromSeconds(60))) == work, what);
        Assert.True(await work > 0, what);
    }

    private static int ImportSize(string feed)
    {
        var reading = Read(feed);
        return Quartier.Gateway.Domain.Offers.ImportRules.Plan("s", [], reading, Settings.Now).Changes.Count;
    }

    private static async Task Expired(TimeSpan after)
    {
        using var never = new SemaphoreSlim(0);
        await never.WaitAsync(after);
    }

    private static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));

    private static Reading Read(string feed)
    {
        var reading = FeedReader.Read(Encoding.UTF8.GetBytes(feed), Settings);
        Assert.Null(reading.Refusal);
        return reading;
    }

    private static string Feed(string items, string link = "https://kanal.example.org/") =>
        $"<rss version=\"2.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><channel><title>K</title>{(link.Length > 0 ? $"<link>{link}</link>" : "")}{items}</channel></rss>";
}
