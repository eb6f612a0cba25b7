using System.Xml.Linq;

namespace Quartier.Gateway.Domain.Offers.Import.Rss;

/// <summary>Atom 1.0 (RFC 4287) with tombstones (RFC 6721), drafts (RFC 5023) and the event, xcal and GeoRSS modules.</summary>
internal static class AtomReader
{
    public static readonly XNamespace Atom = "http://www.w3.org/2005/Atom";
    private static readonly XNamespace Tombstone = "http://purl.org/atompub/tombstones/1.0";
    private static readonly XNamespace App = "http://www.w3.org/2007/app";
    private static readonly XNamespace XhtmlSpace = "http://www.w3.org/1999/xhtml";

    public static Feed Read(XElement root, ImportSettings settings)
    {
        var entries = root.Name == Atom + "entry" ? [root] : root.Elements(Atom + "entry").ToList();
        var title = TextOf(root.Element(Atom + "title"), isTitle: true);
        var alternate = LinkOf(root, "alternate", settings.SourceUrl);
        var linkBase = alternate is not null && Uri.TryCreate(alternate, UriKind.Absolute, out var link) ? link : settings.SourceUrl;
        var author = AuthorOf(root);
        var items = entries.Select((entry, index) => ReadEntry(entry, index + 1, linkBase, settings) with { Provider = AuthorOf(entry) ?? author ?? FeedText.LineOrNull(title) }).ToList();
        return new Feed("atom", FeedText.LineOrNull((string?)root.Element(Atom + "id")) ?? alternate, title, items)
        {
            Deleted = root.Elements(Tombstone + "deleted-entry").Select(element => FeedText.Line((string?)element.Attribute("ref"))).Where(key => key.Length > 0).ToList(),
            NextPage = LinkOf(root, "next", settings.SourceUrl),
        };
    }

    private static FeedItem ReadEntry(XElement entry, int number, Uri? linkBase, ImportSettings settings)
    {
        var content = entry.Element(Atom + "content");
        var isInline = content is not null && content.Attribute("src") is null && IsReadable((string?)content.Attribute("type"));
        var text = isInline ? TextOf(content, isTitle: false) : "";
        return new FeedItem(number)
        {
            Id = FeedText.LineOrNull((string?)entry.Element(Atom + "id")),
            Title = TextOf(entry.Element(Atom + "title"), isTitle: true),
            Text = text.Length > 0 ? text : TextOf(entry.Element(Atom + "summary"), isTitle: false),
            Link = LinkOf(entry, "alternate", linkBase),
            Language = FeedLinks.LanguageOf(entry.Element(Atom + "title") ?? entry, settings.Language),
            EventStart = (string?)entry.Element(RssReader.Event + "startdate"),
            EventEnd = (string?)entry.Element(RssReader.Event + "enddate"),
            CalendarStart = (string?)entry.Element(RssReader.Calendar + "dtstart"),
            CalendarEnd = (string?)entry.Element(RssReader.Calendar + "dtend"),
            Published = (string?)entry.Element(Atom + "published"),
            Updated = (string?)entry.Element(Atom + "updated"),
            Location = FeedText.LineFromText((string?)entry.Element(RssReader.Event + "location")) ?? FeedText.LineFromText((string?)entry.Element(RssReader.Calendar + "location")),
            Categories = RssReader.Distinct(entry.Elements(Atom + "category").Select(category => FeedText.LineOrNull((string?)category.Attribute("label")) ?? (string?)category.Attribute("term"))),
            Hints = RssReader.Distinct(entry.Elements(RssReader.Event + "type").Concat(entry.Elements(RssReader.DublinCore + "subject")).Select(hint => (string?)hint)),
            Attachments = RssReader.Distinct(entry.Elements(Atom + "link").Where(link => (string?)link.Attribute("rel") == "enclosure").Select(link => FeedLinks.Resolve(link, (string?)link.Attribute("href"), linkBase))),
            Point = FeedPoints.Find(entry),
            IsDraft = string.Equals(((string?)entry.Element(App + "control")?.Element(App + "draft"))?.Trim(), "yes", StringComparison.OrdinalIgnoreCase),
        };
    }

    private static bool IsReadable(string? type) => type is null or "text" or "html" or "xhtml" || type.StartsWith("text/", StringComparison.OrdinalIgnoreCase);

    private static string? LinkOf(XElement holder, string relation, Uri? linkBase)
    {
        var links = holder.Elements(Atom + "link").Where(link => ((string?)link.Attribute("rel") ?? "alternate") == relation).ToList();
        var best = links.FirstOrDefault(link => ((string?)link.Attribute("type") ?? "text/html").Contains("html", StringComparison.OrdinalIgnoreCase)) ?? links.FirstOrDefault();
        return best is null ? null : FeedLinks.Resolve(best, (string?)best.Attribute("href"), linkBase);
    }

    private static string? AuthorOf(XElement holder) => FeedText.LineOrNull((string?)holder.Element(Atom + "author")?.Element(Atom + "name"));

    /// <summary>A text construct: type html is decoded once more, xhtml is its elements, anything else stays as it is (R11).</summary>
    private static string TextOf(XElement? element, bool isTitle)
    {
        if (element is null)
        {
            return "";
        }

        var type = ((string?)element.Attribute("type") ?? "text").Trim().ToLowerInvariant();
        var text = type switch
        {
            "html" or "text/html" => FeedText.FromHtml(element.Value),
            "xhtml" => FeedText.FromHtml(Markup(element.Element(XhtmlSpace + "div") ?? element)),
            _ => FeedText.Clean(element.Value),
        };
        return isTitle ? FeedText.Line(text) : text;
    }

    /// <summary>XHTML written back as HTML, so that one reader turns both into text.</summary>
    private static string Markup(XElement element) =>
        string.Concat(element.Nodes().Select(node => node.ToString(SaveOptions.DisableFormatting)));
}
