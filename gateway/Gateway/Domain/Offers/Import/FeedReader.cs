using System.Text;
using System.Text.Json;
using Quartier.Gateway.Domain.Offers.Import.Hsds;
using Quartier.Gateway.Domain.Offers.Import.ICal;
using Quartier.Gateway.Domain.Offers.Import.Rss;

namespace Quartier.Gateway.Domain.Offers.Import;

/// <summary>The one way into the readers: looks at the content first and at the file's name second, and never throws on any bytes.</summary>
public static class FeedReader
{
    public static Reading Read(byte[] bytes, ImportSettings settings)
    {
        if (bytes.Length > FeedBytes.LengthMax)
        {
            return Reading.Refused("", Refusals.TooLarge(FeedBytes.LengthMax));
        }

        var format = "";
        try
        {
            format = FormatOf(bytes, settings);
            return format switch
            {
                "icalendar" => CalendarReader.Read(FeedBytes.AsUtf8(bytes), settings),
                "json" => ReadJson(bytes, settings),
                "csv" => throw new RefusedException(Refusals.NotSupportedYet("line 1", "CSV")),
                _ => ReadXml(bytes, settings),
            };
        }
        catch (RefusedException refused)
        {
            return Reading.Refused(format, refused.Refusal);
        }
    }

    private static string FormatOf(byte[] bytes, ImportSettings settings)
    {
        var head = FeedBytes.Head(bytes);
        var extension = ExtensionOf(settings);
        if (head.StartsWith("BEGIN:", StringComparison.OrdinalIgnoreCase))
        {
            return head.StartsWith("BEGIN:VCALENDAR", StringComparison.OrdinalIgnoreCase) ? "icalendar" : throw new RefusedException(Refusals.WrongFormat("line 1", head.Split('\r', '\n')[0]));
        }

        if (head.StartsWith('{') || head.StartsWith('['))
        {
            return "json";
        }

        var isPage = FeedXml.LooksLikePage(head);
        switch (extension)
        {
            case ".ics" or ".ical" or ".ifb":
                throw new RefusedException(Refusals.WrongFormat("line 1", isPage ? "HTML" : "kein VCALENDAR / no VCALENDAR"));
            case ".json" or ".jsonld" when !head.StartsWith("<?xml", StringComparison.Ordinal):
                throw new RefusedException(Refusals.NotJson("line 1, column 1", isPage ? "HTML" : bytes.Length == 0 ? "leer / empty" : "Text"));
            case ".csv" or ".tsv" when !isPage:
                return "csv";
        }

        if (isPage && Encoding.Latin1.GetString(bytes).Contains("application/ld+json", StringComparison.OrdinalIgnoreCase))
        {
            throw new RefusedException(Refusals.NotSupportedYet("line 1", "JSON-LD"));
        }

        return "xml";
    }

    private static string ExtensionOf(ImportSettings settings)
    {
        var own = Path.GetExtension(settings.FileName).ToLowerInvariant();
        return own.Length > 0 || settings.SourceUrl is null ? own : Path.GetExtension(settings.SourceUrl.AbsolutePath).ToLowerInvariant();
    }

    private static Reading ReadXml(byte[] bytes, ImportSettings settings)
    {
        if (!FeedBytes.TryDecode(bytes, out var text, out var misdeclared, out var refusal) || !FeedXml.TryParse(text, out var document, out refusal))
        {
            return Reading.Refused("xml", refusal!);
        }

        var root = document.Root!;
        Feed feed;
        if (root.Name == "rss")
        {
            feed = RssReader.Read(root, settings);
        }
        else if (root.Name == AtomReader.Atom + "feed" || root.Name == AtomReader.Atom + "entry")
        {
            feed = AtomReader.Read(root, settings);
        }
        else
        {
            throw new RefusedException(root.Name.LocalName == "alert" && root.Name.NamespaceName.Contains("emergency:cap", StringComparison.Ordinal)
                ? Refusals.NotSupportedYet("alert", "CAP")
                : Refusals.WrongFormat($"line 1, element {root.Name.LocalName}", root.Name.LocalName));
        }

        if (misdeclared)
        {
            feed.Warnings.Insert(0, "encoding-misdeclared");
        }

        return FeedItemRules.Read(feed, settings);
    }

    private static Reading ReadJson(byte[] bytes, ImportSettings settings)
    {
        if (!FeedBytes.TryDecode(bytes, out var text, out _, out var refusal))
        {
            return Reading.Refused("json", refusal!);
        }

        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 64 });
            return HsdsReader.Read(document.RootElement, settings);
        }
        catch (InvalidOperationException)
        {
            // The only way the reader meets this: a text with half a surrogate pair, which no string can hold.
            return Reading.Refused("json", Refusals.NotJson("$", "lone surrogate in a text"));
        }
        catch (JsonException fault)
        {
            var line = (int)(fault.LineNumber ?? 0) + 1;
            var place = Refusals.Line(line, (int)(fault.BytePositionInLine ?? 0) + 1);
            return Reading.Refused("json", IsCut(text) ? Refusals.Truncated(place) : Refusals.NotJson(place, Brief(fault.Message)));
        }
    }

    private static string Brief(string message) => message.IndexOf(" LineNumber:", StringComparison.Ordinal) is var end && end > 0 ? message[..end] : message;

    /// <summary>Read as a part of something longer there is no fault in it: it was cut, not miswritten.</summary>
    private static bool IsCut(string text)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text), isFinalBlock: false, new JsonReaderState(new JsonReaderOptions { MaxDepth = 64 }));
        try
        {
            while (reader.Read())
            {
            }

            return text.AsSpan().Trim().Length > 0;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
