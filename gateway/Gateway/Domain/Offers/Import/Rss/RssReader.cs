using System.Xml.Linq;

namespace Quartier.Gateway.Domain.Offers.Import.Rss;

/// <summary>RSS 2.0 with the event, xcal, content, Dublin Core, GeoRSS and Atom modules, as far as offers need them.</summary>
internal static class RssReader
{
    internal static readonly XNamespace Event = "http://purl.org/rss/1.0/modules/event/";
    internal static readonly XNamespace Calendar = "urn:ietf:params:xml:ns:xcal";
    private static readonly XNamespace Content = "http://purl.org/rss/1.0/modules/content/";
    internal static readonly XNamespace DublinCore = "http://purl.org/dc/elements/1.1/";
    private static readonly XNamespace Atom = "http://www.w3.org/2005/Atom";

    public static Feed Read(XElement root, ImportSettings settings)
    {
        var channel = root.Element("channel") ?? throw new RefusedException(Refusals.MissingField("rss", "channel"));
        var warnings = new List<string>();
        var name = FeedLinks.Resolve(channel, (string?)channel.Element("link"), settings.SourceUrl);
        var linkBase = name is not null && Uri.TryCreate(name, UriKind.Absolute, out var link) ? link : settings.SourceUrl;
        var language = FeedLinks.FirstSubtag((string?)channel.Element("language")) ?? FeedLinks.FirstSubtag((string?)channel.Element(DublinCore + "language")) ?? settings.Language;
        var title = FeedText.TitleFromHtml((string?)channel.Element("title") ?? "");
        var items = channel.Elements("item").Concat(root.Elements("item"))
            .Select((element, index) => ReadItem(element, index + 1, linkBase, language) with { Provider = Organizer(element) ?? FeedText.LineOrNull(title) })
            .ToList();
        var next = channel.Elements(Atom + "link").FirstOrDefault(element => (string?)element.Attribute("rel") == "next");
        return new Feed("rss", name ?? FeedText.LineOrNull(title), title, items)
        {
            NextPage = next is null ? null : FeedLinks.Resolve(next, (string?)next.Attribute("href"), linkBase),
            Warnings = warnings,
        };
    }

    private static FeedItem ReadItem(XElement element, int number, Uri? linkBase, string language)
    {
        var guid = element.Element("guid");
        var id = FeedText.LineOrNull((string?)guid);
        var link = FeedLinks.Resolve(element.Element("link") ?? element, (string?)element.Element("link"), linkBase)
            ?? AtomLink(element, linkBase)
            ?? ((string?)guid?.Attribute("isPermaLink") != "false" && Uri.TryCreate(id, UriKind.Absolute, out _) ? FeedLinks.Resolve(id, null) : null);
        var html = (string?)element.Element(Content + "encoded");
        html = string.IsNullOrWhiteSpace(html) ? (string?)element.Element("description") ?? "" : html;
        return new FeedItem(number)
        {
            Id = id,
            Title = FeedText.TitleFromHtml((string?)element.Element("title") ?? ""),
            Text = FeedText.FromHtml(html),
            Link = link,
            Language = FeedLinks.LanguageOf(element.Element("title") ?? element, (string?)element.Element(DublinCore + "language") ?? language),
            EventStart = (string?)element.Element(Event + "startdate"),
            EventEnd = (string?)element.Element(Event + "enddate"),
            CalendarStart = (string?)element.Element(Calendar + "dtstart"),
            CalendarEnd = (string?)element.Element(Calendar + "dtend"),
            Published = (string?)element.Element("pubDate") ?? (string?)element.Element(DublinCore + "date"),
            Location = FeedText.LineFromText((string?)element.Element(Event + "location")) ?? FeedText.LineFromText((string?)element.Element(Calendar + "location")),
            Categories = Distinct(element.Elements("category").Select(category => FeedText.FromText((string?)category))),
            Hints = Distinct(element.Elements(Event + "type").Concat(element.Elements(DublinCore + "subject")).Concat(element.Elements(Calendar + "categories")).Select(hint => (string?)hint)),
            Attachments = Distinct(element.Elements("enclosure").Select(enclosure => FeedLinks.Resolve(enclosure, (string?)enclosure.Attribute("url"), linkBase))),
            Point = FeedPoints.Find(element),
        };
    }

    private static string? AtomLink(XElement element, Uri? linkBase)
    {
        var link = element.Elements(Atom + "link").FirstOrDefault(candidate => (string?)candidate.Attribute("rel") is null or "alternate");
        return link is null ? null : FeedLinks.Resolve(link, (string?)link.Attribute("href"), linkBase);
    }

    private static string? Organizer(XElement element) =>
        FeedText.LineFromText((string?)element.Element(Event + "organizer")) ?? FeedText.LineFromText((string?)element.Element(Calendar + "organizer"));

    internal static IReadOnlyList<string> Distinct(IEnumerable<string?> values) =>
        values.Select(FeedText.Line).Where(value => value.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
}

/// <summary>The point of an item, as written: GeoRSS simple, GeoRSS GML, or the W3C geo vocabulary.</summary>
internal static class FeedPoints
{
    private static readonly XNamespace GeoRss = "http://www.georss.org/georss";
    private static readonly XNamespace Gml = "http://www.opengis.net/gml";
    private static readonly XNamespace Geo = "http://www.w3.org/2003/01/geo/wgs84_pos#";

    public static string? Find(XElement element)
    {
        if ((string?)element.Element(GeoRss + "point") is { } simple)
        {
            return simple;
        }

        if (element.Element(GeoRss + "where")?.Descendants(Gml + "pos").FirstOrDefault() is { } position)
        {
            return position.Value;
        }

        var holder = element.Element(Geo + "Point") ?? element;
        return holder.Element(Geo + "lat") is { } latitude && holder.Element(Geo + "long") is { } longitude ? $"{latitude.Value.Trim()} {longitude.Value.Trim()}" : null;
    }
}
