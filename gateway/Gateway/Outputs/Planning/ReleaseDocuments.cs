using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using NodaTime.Text;

namespace Quartier.Gateway.Outputs.Planning;

/// <summary>The ledger as planners' tools read it. Every format shows the same rows and the same fields.</summary>
public static class ReleaseDocuments
{
    /// <summary>Name, datatype (XML Schema) and meaning of each column, in German and English; the data dictionary.</summary>
    public static IReadOnlyList<(string Name, string Type, string German, string English)> Columns { get; } =
    [
        ("id", "string", "Kennung der Zahl; ändert sich nie", "identifier of the figure; never changes"),
        ("period", "string", "Zeitraum: Kalenderwoche nach ISO 8601 oder Monat", "period: ISO 8601 week or month"),
        ("first_night", "date", "Tag, an dem die erste Nacht beginnt", "day on which the first night begins"),
        ("last_night", "date", "Tag, an dem die letzte Nacht beginnt", "day on which the last night begins"),
        ("area", "string", "Sozialraum; mehrere, die zusammen gezählt wurden, mit + verbunden", "area; several that were counted together are joined by +"),
        ("statistic", "string", "Kenngröße: occupied_pod_nights = belegte Schlafkapseln je Nacht, summiert", "statistic: occupied_pod_nights = pods occupied per night, summed"),
        ("value", "integer", "Zahl mit Rauschen; leer, wenn klein (siehe suppress_below)", "figure with noise; empty when small (see suppress_below)"),
        ("noised", "integer", "Zählung mit Rauschen vor dem Kappen und Runden, auch unter 0 oder über offered; für Summen und Mittelwerte; leer, wenn value leer ist", "noised count before clamping and rounding, may be below 0 or above offered; for sums and means; empty when value is"),
        ("low", "integer", "untere Grenze des 95-%-Bereichs", "lower end of the 95 % interval"),
        ("high", "integer", "obere Grenze des 95-%-Bereichs", "upper end of the 95 % interval"),
        ("offered", "integer", "angebotene Kapselnächte: jede Nacht, in der eine Schlafkapsel zum Sozialraum gehörte", "pod-nights offered: each night in which a pod belonged to the area"),
        ("nights_reported", "integer", "davon mit einer Meldung der Schlafkapsel; leer in Zahlen älterer Versionen", "of these with a report of the pod; empty in figures of older versions"),
        ("nights_unreported", "integer", "davon ohne Meldung; sie zählen als nicht belegt", "of these without a report; they count as not occupied"),
        ("epsilon", "string", "Kosten für jede enthaltene Nacht einer Schlafkapsel, als Bruch", "cost to each pod-night in it, as a fraction"),
        ("round_to", "integer", "Zahlen sind Vielfache hiervon", "figures are multiples of this"),
        ("suppress_below", "integer", "kleinere Zahlen werden nicht gezeigt", "smaller figures are not shown"),
        ("simulated", "boolean", "wahr: Zahl eines simulierten Laufs, schützt niemanden", "true: figure of a simulated run, protects nobody"),
        ("released_at", "dateTime", "Zeitpunkt der Freigabe (UTC)", "time of release (UTC)"),
    ];

    public static JsonObject ToJson(LedgerRow row)
    {
        var (low, high) = ReleaseRules.Interval(row);
        return new JsonObject
        {
            ["id"] = row.Id,
            ["period"] = row.Period,
            ["first_night"] = row.First.ToString(),
            ["last_night"] = row.Last.ToString(),
            ["area"] = row.Area,
            ["statistic"] = row.Statistic,
            ["value"] = row.Value,
            ["noised"] = row.Noised,
            ["low"] = low,
            ["high"] = high,
            ["offered"] = row.Offered,
            ["nights_reported"] = row.Reported,
            ["nights_unreported"] = row.Offered - row.Reported,
            ["epsilon"] = row.Epsilon.ToString(),
            ["round_to"] = row.RoundTo,
            ["suppress_below"] = row.SuppressBelow,
            ["simulated"] = row.Simulated,
            ["released_at"] = InstantPattern.General.Format(row.ReleasedAt),
        };
    }

    public static JsonObject ToJson(IReadOnlyList<LedgerRow> rows, string ledgerDigest) => new()
    {
        ["ledger_digest"] = ledgerDigest,
        ["releases"] = new JsonArray([.. rows.Select(row => (JsonNode)ToJson(row))]),
    };

    /// <summary>RFC 4180: comma, CRLF, quotes where needed, a header line.</summary>
    public static string ToCsv(IReadOnlyList<LedgerRow> rows)
    {
        var csv = new StringBuilder();
        csv.AppendJoin(',', Columns.Select(column => column.Name)).Append("\r\n");
        foreach (var row in rows)
        {
            var json = ToJson(row);
            csv.AppendJoin(',', Columns.Select(column => Cell(json[column.Name]))).Append("\r\n");
        }

        return csv.ToString();
    }

    /// <summary>The data dictionary as W3C CSV on the Web metadata, which tools read beside the CSV.</summary>
    public static JsonObject Dictionary() => new()
    {
        ["@context"] = "http://www.w3.org/ns/csvw",
        ["url"] = "releases.csv",
        ["dc:title"] = "Belegte Nächte der Schlafkapseln, mit Rauschen geschützt",
        ["dc:description"] = "docs/privacy.md",
        ["dialect"] = new JsonObject { ["header"] = true, ["delimiter"] = ",", ["encoding"] = "utf-8" },
        ["tableSchema"] = new JsonObject
        {
            ["primaryKey"] = "id",
            ["columns"] = new JsonArray([.. Columns.Select(column => (JsonNode)new JsonObject
            {
                ["name"] = column.Name,
                ["titles"] = column.Name,
                ["datatype"] = column.Type,
                ["required"] = column.Name is not ("value" or "noised" or "nights_reported" or "nights_unreported"),
                ["dc:description"] = new JsonArray(
                    new JsonObject { ["@value"] = column.German, ["@language"] = "de" },
                    new JsonObject { ["@value"] = column.English, ["@language"] = "en" }),
            })]),
        },
    };

    private static string Cell(JsonNode? value)
    {
        var text = value switch
        {
            null => string.Empty,
            _ when value.GetValueKind() is System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False => value.GetValue<bool>() ? "true" : "false",
            _ when value.GetValueKind() == System.Text.Json.JsonValueKind.Number => value.GetValue<int>().ToString(CultureInfo.InvariantCulture),
            _ => value.GetValue<string>(),
        };

        // A cell that a spreadsheet would take for a formula gets an apostrophe in front: areas are free text.
        text = text.Length > 0 && "=+-@\t\r".Contains(text[0], StringComparison.Ordinal) && !int.TryParse(text, out _) ? "'" + text : text;
        return text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"")}\"" : text;
    }
}
