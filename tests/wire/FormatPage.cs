using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Quartier.Tests.Support;

namespace Quartier.Tests.Wire;

/// <summary>The table of a radio format's page, firmware/wire/formats/NAME.md: the one list of its fields. It is read as it stands there,
/// so that what is written for people decodes frames too.</summary>
public sealed partial class FormatPage
{
    private FormatPage(string format, int port, int bytes, IReadOnlyList<PageField> fields) => (Format, Port, Bytes, Fields) = (format, port, bytes, fields);

    public string Format { get; }

    public int Port { get; }

    public int Bytes { get; }

    public IReadOnlyList<PageField> Fields { get; }

    /// <summary>The JSON names, in the page's order.</summary>
    public IReadOnlyList<string> Names => [.. Fields.Select(row => row.Json).Where(name => name.Length > 0).Distinct()];

    public static FormatPage Of(string format)
    {
        var text = File.ReadAllText(Checkout.PathTo("firmware", "wire", "formats", format + ".md"));
        var head = Head().Match(text);
        var table = text.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Select(Cells).ToList();
        return new FormatPage(
            format,
            int.Parse(head.Groups["port"].Value, CultureInfo.InvariantCulture),
            int.Parse(head.Groups["bytes"].Value, CultureInfo.InvariantCulture),
            [.. table.Skip(2).Select(row => PageField.Read(table[0].Zip(row).ToDictionary(cell => cell.First, cell => cell.Second)))]);
    }

    /// <param name="refusal">"length", or the first field that is wrong.</param>
    /// <returns>Null when the frame is refused.</returns>
    public JsonObject? Decode(byte[] frame, out string? refusal)
    {
        refusal = frame.Length == Bytes ? null : "length";
        var read = new JsonObject();
        foreach (var field in refusal is null ? Fields : [])
        {
            if (field.OfKind.Length > 0 && !field.OfKind.Contains((string?)read["kind"]))
            {
                continue;
            }

            var code = field.Code(frame);
            if (code != field.Unknown && (code < field.First || code > field.Last))
            {
                refusal = field.Name.ToLowerInvariant();
                return null;
            }

            if (field.Json.Length > 0)
            {
                read[field.Json] = code == field.Unknown ? null : field.Value(code);
            }
        }

        return refusal is null ? read : null;
    }

    private static string[] Cells(string line) => [.. line.Trim().Trim('|').Split('|').Select(cell => cell.Trim())];

    [GeneratedRegex(@"FPort (?<port>\d+), exactly (?<bytes>\d+) bytes")]
    private static partial Regex Head();
}

/// <summary>One row.</summary>
/// <param name="Places">Byte, highest and lowest bit, the most significant part first.</param>
/// <param name="OfKind">The alarm kinds that the row is for; empty: for all.</param>
/// <param name="Unknown">The code that says that there is no value; null: none does.</param>
/// <param name="Says">Words by code, or a formula of n.</param>
public sealed partial record PageField(
    string Name, string Json, IReadOnlyList<(int Byte, int High, int Low)> Places, string[] OfKind, int First, int Last, int? Unknown, string Says)
{
    public static PageField Read(IReadOnlyDictionary<string, string> row)
    {
        var bytes = Whole(row["byte"]);
        var codes = Whole(row["codes"]);
        return new PageField(
            row["field"],
            row["JSON"],
            [.. Words(row["bits"]).Select((bits, i) => (bytes[0] + i, Whole(bits)[0], Whole(bits)[^1]))],
            Words(row.GetValueOrDefault("of kind", "")),
            codes[0],
            codes[^1],
            row.GetValueOrDefault("unknown", "") is { Length: > 0 } unknown ? Whole(unknown)[0] : null,
            row["value"]);
    }

    public int Code(byte[] frame) =>
        Places.Aggregate(0, (code, place) => (code << (place.High - place.Low + 1)) | ((frame[place.Byte] >> place.Low) & ((1 << (place.High - place.Low + 1)) - 1)));

    public JsonNode Value(int code) => Says switch
    {
        "no, yes" => code == 1,
        _ when Words(Says) is { Length: > 1 } words => words[code],
        _ => Calculated(code),
    };

    /// <summary>n, 20 × n, −40 + n ÷ 10: in decimals, as a person would.</summary>
    private double Calculated(int code)
    {
        var formula = Formula().Match(Says);
        if (!formula.Success)
        {
            throw new FormatException($"{Name}: \"{Says}\" is no formula of n");
        }

        decimal Part(string name, decimal otherwise) =>
            formula.Groups[name] is { Success: true } part ? decimal.Parse(part.Value.Replace('−', '-'), CultureInfo.InvariantCulture) : otherwise;
        return (double)(Part("start", 0) + (Part("times", 1) * code / Part("parts", 1)));
    }

    private static int[] Whole(string text) => [.. Number().Matches(text).Select(number => int.Parse(number.Value, CultureInfo.InvariantCulture))];

    private static string[] Words(string text) => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    [GeneratedRegex(@"\d+")]
    private static partial Regex Number();

    [GeneratedRegex(@"^((?<start>−?\d+) \+ )?((?<times>\d+) × )?n( ÷ (?<parts>\d+))?$")]
    private static partial Regex Formula();
}
